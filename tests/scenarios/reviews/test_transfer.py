"""What other shops' sentences teach: words count in Chinese alone, beside the vectors, and come back from disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.scenarios.reviews import heads
from recsys.scenarios.reviews.heads import Ground
from recsys.scenarios.reviews.transfer import BESIDE, Transferred

GOOD, POOR = [f"质量很好{n}" for n in range(40)], [f"质量太差{n}" for n in range(40)]
SIDES = np.array([True] * 40 + [False] * 40)
VECTORS = np.where(SIDES, 1.0, -1.0)[:, None].astype(np.float32) * np.ones((1, 4), np.float32)


@pytest.fixture(scope="module")
def taught() -> Transferred:
    return Transferred(
        heads.fit_sentiment(Ground(None, VECTORS), SIDES), heads.fit_sentiment(Ground.of(GOOD + POOR), SIDES)
    )


def test_words_count_in_chinese_alone(taught: Transferred) -> None:
    good, none = VECTORS[:1], np.zeros((1, 4), np.float32)
    english, chinese = taught.scores(["fine"], good)[0, 0], taught.scores(["质量太差"], good)[0, 0]
    assert english > 0
    assert chinese < BESIDE * english
    assert taught.scores(["质量太差"], none)[0, 0] < 0 < taught.scores(["质量很好"], none)[0, 0]
    assert taught.scores(["とても悪いです"], good)[0, 0] == english


def test_chances_are_those_of_the_scores(taught: Transferred) -> None:
    texts, vectors = ["fine", "质量太差"], VECTORS[[0, 60]]
    chances = taught.chances(texts, vectors)[:, 0]
    assert ((chances > 0.5) == (taught.scores(texts, vectors)[:, 0] > 0)).all()


def test_both_heads_come_back_from_disk(taught: Transferred, tmp_path: Path) -> None:
    assert not Transferred.there(tmp_path)
    taught.save(tmp_path)
    assert Transferred.there(tmp_path)
    again = Transferred.load(tmp_path)
    assert np.array_equal(again.scores(GOOD, VECTORS[:40]), taught.scores(GOOD, VECTORS[:40]))
