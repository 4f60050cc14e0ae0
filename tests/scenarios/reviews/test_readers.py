"""What other reviews taught is found by its card, moves moods the right way, and is refused in words where damaged."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.adapting.grading import BIAS, HEAD
from recsys.encoders.weights import WEIGHTS
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.scenarios.reviews import heads, judging, readers, vectors
from recsys.scenarios.reviews.analysing import Read
from recsys.scenarios.reviews.heads import Ground, Head
from recsys.scenarios.reviews.readers import CARD, Card, Reader, listed, reread
from recsys.schema import Floats
from tests.scenarios.reviews.planted_reader import GOOD, POOR, SAID, keep_planted, write_card

TEXTS = [*(f"{each}." for each in GOOD[:40]), *(f"{each}." for each in POOR[:40]), ""]
NEVER = np.full(len(TEXTS), np.datetime64("NaT", "ns"))
NONE = np.full(len(TEXTS), np.nan)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return keep_planted(tmp_path_factory.mktemp("readers") / "planted")


@pytest.fixture
def kept(made: Path, tmp_path: Path) -> Path:
    """One that a test may damage."""
    return Path(shutil.copytree(made, tmp_path / "kept" / "planted"))


def head_of(good: list[str], poor: list[str]) -> Head:
    """A head over words that learned which texts are good."""
    return heads.fit_sentiment(Ground.of([*good, *poor]), np.array([True] * len(good) + [False] * len(poor)))


@pytest.fixture
def wrong(monkeypatch: pytest.MonkeyPatch) -> Head:
    """Other shops' head, which has every word the wrong way round; no encoder is asked for vectors."""

    def encoded(texts: list[str], progress: Progress = silent, *_: object) -> Floats:
        progress(len(texts), len(texts))
        return np.random.default_rng(len(texts)).normal(size=(len(texts), 4)).astype(np.float32)

    monkeypatch.setattr(vectors, "of_texts", encoded)
    return head_of(POOR, GOOD)


def test_its_moods_stand_where_other_shops_sentences_were_wrong(made: Path, wrong: Head) -> None:
    told: list[float] = []

    def progress(done: int, total: int, note: str = "") -> None:
        told.append(done / total)

    assert (wrong.chances(TEXTS[:40]) < 0.5).all()
    read = readers.judged(Card.of(made), TEXTS, NONE, [""] * 81, NEVER, wrong, progress)
    assert (read.mood[:40] > 0).mean() > 0.95
    assert (read.mood[40:80] < 0).mean() > 0.95
    assert np.isnan(read.mood[80])
    assert (read.sentence_mood[:40] < 0).all()  # sentences are still the others'
    assert not read.verdict[:80][np.sign(read.mood[:80]) == [1] * 40 + [-1] * 40].any()  # the witnesses do not agree
    assert told == sorted(told)
    assert told[-1] == 1.0


def test_the_head_beside_it_judges_sentences_and_counts_as_the_card_says(kept: Path, wrong: Head) -> None:
    right = head_of(GOOD, POOR)
    right.save(kept, readers.BESIDE)
    write_card(kept, reading={"head": 3.0, "encoder": 0.0, "bias": 0.5})
    read = readers.judged(Card.of(kept), TEXTS, NONE, [""] * 81, NEVER, wrong)
    assert (read.sentence_mood[:40] > 0).all()
    assert (read.sentence_mood[40:] < 0).all()
    assert (read.verdict[:40] > 0).all()
    assert not read.sure.any()  # what knows other kinds of reviews says the other side
    assert readers.judged(Card.of(kept), TEXTS, NONE, [""] * 81, NEVER, right).sure.mean() > 0.9
    odds = 3.0 * right.scores(TEXTS[:80])[:, 0] + 0.5
    np.testing.assert_allclose(read.mood[:80], 2 / (1 + np.exp(-odds)) - 1, atol=1e-9)


def test_a_mood_is_what_it_is_worth_in_the_reviews_own_stars(made: Path, wrong: Head) -> None:
    stars = np.array([4.0] * 40 + [2.0] * 40 + [3.0])
    texts = [*TEXTS[:80], "milk"]
    assert not judging.teaches(texts, stars)
    stars, texts, never = np.tile(stars, 2), texts * 2, np.tile(NEVER, 2)
    assert judging.teaches(texts, stars)
    read = readers.judged(Card.of(made), texts, stars, [""] * 162, never, wrong)
    assert np.median(read.mood[:40]) == pytest.approx(0.5, abs=0.1)  # four stars
    assert np.median(read.mood[40:80]) == pytest.approx(-0.5, abs=0.1)  # two


def test_stars_give_their_side_as_labels_do(tmp_path: Path) -> None:
    reader = Reader.load(Card.of(keep_planted(tmp_path / "stars", thresholds=4)))
    moods = reader.moods(["milk a b", "shampoo a b", ""])
    assert moods[0] > 0 > moods[1]
    assert np.isnan(moods[2])
    odds = np.array([[9.0, 2.0, 1.0, -5.0]])
    assert readers.side_of(odds).tolist() == [[1.5]]  # more than 2, more than 3
    assert readers.side_of(odds[:, :1]).tolist() == [[9.0]]
    assert reader.moods([]).shape == (0,)


def test_words_stand_against_stars_where_all_witnesses_agree() -> None:
    nothing, group = np.zeros(0, np.int64), np.full(3, -1)
    read = Read(
        ["a", "b", "c"], np.array([1.0, 1.0, 1.0]), [""] * 3, NEVER[:3], np.array([0.8, 0.8, np.nan]), [], nothing,
        np.zeros(0), nothing, (), np.array([0.8, 0.8, 0.0]), np.zeros(0, bool), np.zeros(0), group, group,
    )  # fmt: skip
    found = reread(read, np.array([0.9, -0.9, 0.9]), by_stars=False)
    assert found.verdict.tolist() == [0.9, 0.0, 0.0]
    assert found.mood[:2].tolist() == [0.9, -0.9]
    assert np.isnan(found.mood[2])


def test_the_latest_are_listed_and_what_cannot_be_asked_is_named(tmp_path: Path) -> None:
    assert listed(tmp_path / "nothing") == readers.Listed()
    for age in range(readers.MOST + 2):
        write_card(tmp_path / f"r{age}", made=1e9 + age)
    for name in ("empty", ".half.tmp"):
        (tmp_path / name).mkdir()
    (tmp_path / "a file").write_text("", encoding="utf-8")
    found = listed(tmp_path)
    assert [card.name for card in found.cards] == ["r5", "r4", "r3", "r2"]
    assert found.left_out == ("“empty” has no card.json", "2 made earlier")


@pytest.mark.parametrize(
    "content",
    [b"", b"{}", b"[]", b"3", b"null", b"\xff\xfe", b"[" * 60_000, b" " * 200_000, json.dumps(
        {name: each for name, each in SAID.items() if name != "reading"}).encode()],
)  # fmt: skip
def test_a_card_of_another_form_is_left_out(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "odd").mkdir()
    (tmp_path / "odd" / CARD).write_bytes(content)
    assert listed(tmp_path).cards == ()
    assert "adapt it again" in listed(tmp_path).left_out[0]


@pytest.mark.parametrize(
    "facts",
    [
        {"learned_from": 0},
        {"learned_from": "many"},
        {"processor_ms_a_review": float("nan")},
        {"processor_ms_a_review": -1},
        {"characters_a_review": 0},
        {"made": 1e300},
        {"figures": {"sentiment": {"both": {"value": 1}}}},
        {"figures": []},
        {"reading": {"head": 1.0}},
        {"reading": {"head": -1.0, "encoder": 1.0, "bias": 0.0}},
    ],
)
def test_a_card_with_no_such_numbers_is_left_out(tmp_path: Path, facts: dict[str, object]) -> None:
    write_card(tmp_path / "odd", **facts)
    assert listed(tmp_path).cards == ()
    assert len(listed(tmp_path).left_out) == 1


@pytest.mark.parametrize(
    ("name", "content"),
    [
        (WEIGHTS, None),
        (WEIGHTS, b""),
        (WEIGHTS, b"\x08\x00\x00\x00\x00\x00\x00\x00[]      "),
        ("config.json", None),
        ("config.json", b"[]"),
        ("tokenizer.json", b"{}"),
        (HEAD, None),
        (HEAD, b""),
        (HEAD, "wide"),
        (BIAS, "scalar"),
        (HEAD, "nan"),
    ],
)
def test_what_is_missing_or_does_not_fit_is_refused_with_a_remedy(
    kept: Path, name: str, content: bytes | str | None
) -> None:
    arrays = {"wide": np.zeros((3, 1)), "scalar": np.zeros(()), "nan": np.full((16, 1), np.nan)}
    if content is None:
        (kept / name).unlink()
    elif isinstance(content, str):
        np.save(kept / name, arrays[content].astype(np.float32))
    else:
        (kept / name).write_bytes(content)
    with pytest.raises(ModelError, match="planted") as refused:
        Reader.load(Card.of(kept)).moods(["milk a b"])
    assert "adapt it again" in refused.value.remedy
    assert str(kept) not in refused.value.seen


@pytest.mark.parametrize("columns", [0, 2])
def test_a_head_beside_it_of_another_form_is_refused(kept: Path, columns: int) -> None:
    write_card(kept, reading={"head": 1.0, "encoder": 1.0, "bias": 0.0})
    with pytest.raises(ModelError, match="missing or damaged"):
        Reader.load(Card.of(kept))
    shape = np.zeros((0, columns), np.float32), np.zeros(columns, np.float32)
    Head(np.zeros(0, np.float32), shape[0], shape[0], shape[1], shape[1]).save(kept, readers.BESIDE)
    with pytest.raises(ModelError, match="none of good and bad"):
        Reader.load(Card.of(kept))


def test_reviews_in_a_language_that_it_does_not_read_are_refused(made: Path) -> None:
    with pytest.raises(ModelError, match=r"does not know \d+% of what") as refused:
        Reader.load(Card.of(made)).moods(["质量太差,退货", "包装精美,喜欢"])
    assert refused.value.remedy


def test_the_time_said_beforehand_grows_with_the_texts(tmp_path: Path) -> None:
    write_card(tmp_path / "quick", processor_ms_a_review=10.0, characters_a_review=20.0)
    card = Card.of(tmp_path / "quick")
    assert card.seconds([]) == card.seconds([""]) == readers.LOADING
    assert card.seconds(["x" * 20] * 100) == pytest.approx(readers.LOADING + 1.0)
    assert card.seconds(["x" * 40] * 100) == pytest.approx(readers.LOADING + 2.0)
    assert card.seconds(["x" * 4000] * 100) == pytest.approx(readers.LOADING + 5.0)  # it reads no more of a text
