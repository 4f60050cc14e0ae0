"""What words beside a thing's name say of it, in spaces of few numbers in which what is right can be seen."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.errors import ArtifactError
from recsys.query.asides import CLAIM, NAME, OCCASION, THING, Asides
from recsys.query.label_words import NO_WORDS, LabelWords
from recsys.query.word_vectors import WordVectors

WHERE = {
    "salted": (1.0, 0.1, 0.0, 0.0),
    "lean": (1.0, 0.0, 0.1, 0.0),
    "acme": (0.0, 1.0, 0.1, 0.0),
    "zenith": (0.1, 1.0, 0.0, 0.0),
    "picnic": (0.0, 0.1, 1.0, 0.0),
    "wedding": (0.1, 0.0, 1.0, 0.0),
    "milk": (0.0, 0.0, 0.1, 1.0),
    "beef": (0.1, 0.0, 0.0, 1.0),
    "keto": (0.9, 0.2, 0.1, 0.1),
    "umbra": (0.1, 0.9, 0.1, 0.1),
    "umbral": (0.1, 0.9, 0.1, 0.1),
    "puppy": (0.1, 0.9, 0.1, 0.1),
    "tailgate": (0.1, 0.1, 0.9, 0.1),
    "ceviche": (0.3, 0.1, 0.1, 0.9),
    "super": (0.2, 0.1, 0.6, 0.1),
    "bowl": (0.1, 0.1, 0.5, 0.5),
}
FOODS = LabelWords(("beef", "milk"), ("lean", "salted"), ("acme", "zenith"), ())
ENGLISH = {"puppy": 10_000, "umbra": 10}


def made() -> Asides:
    vectors = np.array(list(WHERE.values()), np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    space = WordVectors(vectors, {word: row for row, word in enumerate(WHERE)}, str)
    return Asides.of([space, space], FOODS, {"picnic", "wedding"}, ENGLISH)


@pytest.mark.parametrize(
    ("phrase", "role"),
    [("keto", CLAIM), ("KETO", CLAIM), ("umbra", NAME), ("tailgate", OCCASION), ("super bowl", OCCASION)],
)
def test_a_phrase_is_what_the_lists_near_it_are(phrase: str, role: str) -> None:
    assert made().role(phrase) == role


def test_what_the_shop_holds_is_said_every_day_or_ends_as_an_adjective_is_no_name() -> None:
    asides = made()
    assert asides.role("umbra", new=False) == CLAIM
    assert asides.role("puppy") != NAME
    assert asides.role("umbral") != NAME


def test_of_an_unknown_word_letters_alone_are_a_name_and_the_rest_a_claim() -> None:
    asides = made()
    assert asides.role("xyzzy") == NAME
    assert asides.role("whole30") == CLAIM
    assert asides.role("hypoallergenic") == CLAIM
    assert asides.role("xyzzy", new=False) == CLAIM


def test_alone_a_word_may_be_a_thing_too() -> None:
    asides = made()
    assert asides.alone("ceviche") == THING
    assert asides.role("ceviche") == CLAIM
    assert asides.alone("keto") == CLAIM


def test_without_lists_or_spaces_everything_is_a_claim() -> None:
    for asides in (Asides.of((), FOODS, {"picnic"}, {}), Asides.of((), NO_WORDS, {"picnic"}, {})):
        assert len(asides) == 0
        assert asides.role("picnic") == asides.alone("acme") == CLAIM
    assert made().role("") == CLAIM


def test_what_is_saved_says_the_same(tmp_path: Path) -> None:
    asides = made()
    asides.save(tmp_path)
    opened = Asides.load(tmp_path)
    assert [opened.role(word) for word in WHERE] == [asides.role(word) for word in WHERE]
    (tmp_path / "role.npy").unlink()
    (tmp_path / "aside_text.npy").write_bytes(b"no array")
    with pytest.raises(ArtifactError, match="prepare"):
        Asides.load(tmp_path)
