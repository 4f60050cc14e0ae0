"""Aspects are what was put into the sentences: things, in the language of most, across languages, and no verdicts."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.scenarios.reviews import aspects, wordlists
from recsys.scenarios.reviews.aspects import Aspects

THINGS = {  # of each aspect, its words in two languages
    "outsole": (("sole", "grip"), ("suela", "agarre")),
    "post": (("delivery", "parcel"), ("entrega", "paquete")),
    "look": (("colour", "pattern"), ("color", "estampado")),
}
FRAMES = (
    ("The {0} is {1}.", "I think that the {0} was {1} when I got it.", "{1}, and so is the {0} of mine."),
    ("La {0} es {1}.", "Creo que la {0} era {1} cuando la compré.", "El {0} de mi compra es demasiado {1}."),
)
VERDICTS = ((("excellent", 0.9), ("dreadful", -0.9)), (("excelente", 0.9), ("horrible", -0.9)))
OFTEN = (6, 3)  # times that each sentence of a language is told, with another number


def made(shares: tuple[int, int] = OFTEN) -> tuple[list[str], np.ndarray, np.ndarray, np.ndarray]:
    """Sentences, vectors with a direction for aspect, language and mood, moods, and the true aspects."""
    texts, vectors, moods, truth = list[str](), list[np.ndarray](), list[float](), list[int]()
    chance = np.random.default_rng(5)
    for language, told in enumerate(shares):
        for aspect, things in enumerate(THINGS.values()):
            for thing in things[language]:
                for frame in FRAMES[language]:
                    for verdict, mood in VERDICTS[language]:
                        for number in range(told):
                            texts.append(frame.format(thing, verdict) + f" {number}")
                            vector = chance.normal(0, 0.05, 12)
                            vector[aspect] += 1
                            vector[4 + language] += 3  # far more than what it speaks of
                            vector[8] += 4 * mood
                            vectors.append(vector)
                            moods.append(mood)
                            truth.append(aspect)
    return texts, np.array(vectors, np.float32), np.array(moods), np.array(truth)


def found(shares: tuple[int, int] = OFTEN) -> tuple[Aspects, np.ndarray]:
    texts, vectors, moods, truth = made(shares)
    return aspects.found(texts, vectors, moods, most=3), truth


def test_a_group_is_what_it_speaks_of_in_any_language_and_mood() -> None:
    told, truth = found()
    assert len(told.names) == 3
    for aspect in range(3):
        assert len(set(told.group[truth == aspect])) == 1


@pytest.mark.parametrize(("shares", "language"), [((6, 3), 0), ((3, 6), 1)])
def test_names_are_things_in_the_language_of_most(shares: tuple[int, int], language: int) -> None:
    told, truth = found(shares)
    for aspect, things in enumerate(THINGS.values()):
        name = told.names[told.group[truth == aspect][0]]
        assert set(name.split(", ")) == set(things[language])


def test_what_holds_verdicts_alone_is_no_aspect() -> None:
    texts, vectors, moods, truth = made()
    praise = [f"I am so happy with it, simply excellent, {n}" for n in range(30)]
    apart = np.zeros((30, 12), np.float32)
    apart[:, [3, 4]] = 2, 3
    told = aspects.found([*texts, *praise], np.vstack([vectors, apart]), np.append(moods, np.full(30, 0.9)), most=4)
    assert (told.group[len(truth) :] == -1).all()
    assert len(told.names) == 3


def test_of_chinese_the_nouns_of_the_dictionary_name() -> None:
    texts = [
        f"{thing}非常{verdict},我很喜欢{n}" for thing in ("房间", "物流") for verdict in ("好", "差") for n in range(9)
    ]
    vectors = np.repeat(np.eye(2, 4, dtype=np.float32), 18, axis=0)
    moods = np.tile(np.repeat([0.8, -0.8], 9), 2)
    told = aspects.found(texts, vectors, moods, most=2)
    assert set(told.names) == {"房间", "物流"}


@pytest.mark.parametrize("vector", [np.zeros(4, np.float32), np.eye(1, 4, dtype=np.float32)[0]])
def test_sentences_that_nothing_tells_apart_are_no_trouble(vector: np.ndarray) -> None:
    texts = [f"The parcel was great {number}" for number in range(40)]
    told = aspects.found(texts, np.tile(vector, (40, 1)), np.full(40, 0.8), most=3)
    assert len(told.names) <= 1


def test_of_few_sentences_nothing_is_said() -> None:
    assert aspects.found(["one", "two"], np.eye(2, 4, dtype=np.float32), np.zeros(2)).names == ()


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("The delivery was slow and the box was open", "en"),
        ("La entrega fue muy lenta", "es"),
        ("Die Lieferung war sehr langsam", "de"),
        ("La livraison était très lente", "fr"),
        ("物流很慢,包装破了", "zh"),
        ("とても良いです", "ja"),
        ("12 %!", ""),
    ],
)
def test_the_language_of_a_sentence(text: str, code: str) -> None:
    assert wordlists.language(text) == code


def test_chinese_is_cut_into_words() -> None:
    assert wordlists.cut_chinese("房间很干净", wordlists.chances("zh")) == ["房间", "很", "干净"]
