"""Heads tell apart what differs by one word, say how sure they are, and come back from disk as they were."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.errors import DataError
from recsys.scenarios.reviews import heads
from recsys.scenarios.reviews.heads import Ground, Head

THINGS = ["hat", "lamp", "coat", "chair", "table", "rug", "cup", "bag"]
GOOD = [f"The {thing} is lovely, number {n}" for thing in THINGS for n in range(10)]
POOR = [f"The {thing} is broken, number {n}" for thing in THINGS for n in range(10)]
TEXTS, SIDES = GOOD + POOR, np.array([True] * len(GOOD) + [False] * len(POOR))


@pytest.fixture(scope="module")
def head() -> Head:
    return heads.fit_sentiment(Ground.of(TEXTS), SIDES)


def test_the_word_that_differs_decides(head: Head) -> None:
    chances = head.chances(["A lovely sofa", "A broken sofa", ""])[:, 0]
    assert chances[0] > 0.5 > chances[1]
    assert np.isfinite(chances).all()


def test_it_is_the_same_after_a_way_through_the_disk(head: Head, tmp_path: Path) -> None:
    head.save(tmp_path, "own")
    again = Head.load(tmp_path, "own")
    assert np.array_equal(again.scores(TEXTS[:5]), head.scores(TEXTS[:5]))


def test_the_served_score_is_that_of_the_fitted_features(head: Head) -> None:
    ground = Ground.of(TEXTS)
    fitted = ground.features(head.idf) @ head.weights[:, 0] - head.middle[0]
    assert np.allclose(head.scores(TEXTS)[:, 0], fitted, atol=1e-4)


def test_too_few_of_one_side_teach_nothing() -> None:
    with pytest.raises(DataError, match="smaller side"):
        heads.fit_sentiment(Ground.of(TEXTS[: len(GOOD) + 3]), SIDES[: len(GOOD) + 3])


def test_the_median_of_stars_follows_from_the_chances_of_more() -> None:
    chances = np.array([[0.9, 0.8, 0.6, 0.4], [0.4, 0.3, 0.2, 0.1], [0.9, 0.9, 0.9, 0.9]])
    assert heads.median_stars(chances).tolist() == [4, 1, 5]
    assert heads.mean_stars(chances)[0] == pytest.approx(1 + 0.9 + 0.8 + 0.6 + 0.4)


def test_stars_are_told_from_words() -> None:
    words = ["awful", "poor", "fair", "good", "superb"]
    texts = [f"{word} {thing} {n}" for word in words for thing in THINGS for n in range(6)]
    stars = np.repeat(np.arange(1.0, 6.0), len(texts) // 5)
    head = heads.fit_stars(Ground.of(texts), stars)
    told = heads.median_stars(head.chances([f"{word} sofa" for word in words]))
    assert told[0] < 3 < told[4]
    assert (np.diff(told) >= 0).all()


def test_the_packaged_head_tells_two_plain_sentences_in_three_languages_apart() -> None:
    from recsys.encoders import multilingual
    from recsys.scenarios.reviews import transfer

    if why := multilingual.obstacle():
        pytest.skip(why)
    good = ["I love it, perfect quality", "非常满意，质量很好", "Me encanta, muy buena calidad"]
    bad = ["Terrible, it broke at once", "质量太差，非常失望", "Horrible, se rompió enseguida"]
    scores = transfer.packaged().scores(good + bad, transfer.packaged_vectors(good + bad))[:, 0]
    assert scores[:3].min() > scores[3:].max()
