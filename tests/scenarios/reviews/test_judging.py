"""Reviews are judged by their own stars where these teach, else by other shops' sentences; progress is told right."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.progress import Progress
from recsys.scenarios.reviews import heads, judging, transfer, vectors, weighing
from recsys.scenarios.reviews.heads import Ground
from recsys.scenarios.reviews.transfer import Transferred
from recsys.schema import Floats

GOOD = [f"The lamp number {n} is lovely. It shines well." for n in range(70)]
POOR = [f"The lamp number {n} is broken. It never shone." for n in range(70)]
TEXTS = [*GOOD, *POOR, ""]
STARS = np.array([5.0] * 70 + [1.0] * 70 + [4.0])
NEVER = np.full(len(TEXTS), np.datetime64("NaT", "ns"))


def _side(text: str) -> float:
    return -1.0 if "broken" in text or "never" in text else 1.0


def _encoded(texts: list[str], progress: Progress = judging.silent, *_: object) -> Floats:
    """Vectors whose first number is the mood, as an encoder would tell its share of the work."""
    for done in range(5):
        progress(done, 4)
    chance = np.random.default_rng(len(texts))
    return np.array([[_side(each), *chance.normal(0, 0.1, 7)] for each in texts], np.float32).reshape(-1, 8)


@pytest.fixture
def taught(monkeypatch: pytest.MonkeyPatch) -> Transferred:
    """Heads that know the mood, and a careful one that knows it too, over vectors made here."""
    sides = np.array([True] * 40 + [False] * 40)
    ground = np.where(sides, 1.0, -1.0)[:, None].astype(np.float32) * np.eye(1, 8, dtype=np.float32)
    head = heads.fit_sentiment(Ground(None, ground), sides)
    monkeypatch.setattr(vectors, "of_texts", _encoded)
    monkeypatch.setattr(transfer, "packaged", lambda: head)
    monkeypatch.setattr(transfer, "packaged_vectors", _encoded)
    monkeypatch.setattr(transfer, "careful_obstacle", lambda: "")
    return Transferred(head, head)


@pytest.mark.parametrize(("stars", "careful"), [(STARS, False), (STARS * np.nan, False), (STARS * np.nan, True)])
def test_progress_rises_to_the_end(taught: Transferred, stars: np.ndarray, careful: bool) -> None:
    told: list[float] = []

    def progress(done: int, total: int, note: str = "") -> None:
        told.append(done / total)

    read, own = judging.judged(TEXTS, stars, [""] * 141, NEVER, taught, progress, careful=careful)
    assert own == bool(np.isfinite(stars).any())
    assert told == sorted(told)
    assert (told[0], told[-1]) == (0.0, 1.0)
    assert (read.mood[:70] > 0).all()
    assert (read.mood[70:140] < 0).all()
    assert np.isnan(read.mood[140])
    assert len(read.sure) == len(read.typical) == len(read.sentences) == 280
    assert len(read.verdict) == len(read.copied) == len(read.burst) == 141


def test_without_stars_the_careful_head_is_asked_about_some_sentences_in_any_case(
    taught: Transferred, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked: list[int] = []

    def counting(texts: list[str], progress: Progress = judging.silent) -> Floats:
        asked.append(len(texts))
        return _encoded(texts, progress)

    monkeypatch.setattr(transfer, "packaged_vectors", counting)
    read, _ = judging.judged(TEXTS, STARS * np.nan, [""] * 141, NEVER, taught)
    assert asked == [min(weighing.ASKED, len(set(read.sentences)))]
    asked.clear()
    judging.judged(TEXTS, STARS * np.nan, [""] * 141, NEVER, taught, careful=True)
    assert asked == [140, min(weighing.ASKED, len(set(read.sentences)))]  # all reviews with words, then sentences


def test_careful_reading_takes_longer_only_where_it_may_be_chosen(taught: Transferred) -> None:
    quick, careful = (judging.seconds(TEXTS, STARS * np.nan, careful=each) for each in (False, True))
    assert careful > quick > judging.seconds(TEXTS, STARS)
    assert judging.seconds(TEXTS, STARS, careful=True) == judging.seconds(TEXTS, STARS)
    chinese = ["质量很好。", "质量太差。"]
    none = np.full(2, np.nan)
    assert judging.seconds(chinese, none, careful=True) == judging.seconds(chinese, none)


def test_words_against_the_stars_of_a_review_are_no_part_of_what_judged_it(taught: Transferred) -> None:
    stars = STARS.copy()
    stars[0] = 1.0
    read, own = judging.judged(TEXTS, stars, [""] * 141, NEVER, taught)
    assert own
    assert read.verdict[0] > 0


def test_without_company_the_stars_beside_a_sentence_do_not_judge_it(taught: Transferred) -> None:
    texts = [*TEXTS, *["The lamp was green."] * 40]
    stars = np.append(STARS, [1.0] * 40)
    nothing, never = [""] * len(texts), np.full(len(texts), NEVER[0])
    with_it, without = (judging.judged(texts, stars, nothing, never, taught, company=each)[0] for each in (True, False))
    green = [row for row, sentence in enumerate(with_it.sentences) if "green" in sentence]
    assert with_it.sentence_mood[green].max() < 0
    assert (without.sentence_mood[green] > with_it.sentence_mood[green]).all()
