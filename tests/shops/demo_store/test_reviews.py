"""Reviews say what was experienced, in the shopper's language, and nothing else."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys.shops.demo_store.reviews import ASPECTS, LANGUAGES, _sentences, written


def experiences(n: int = 2_000, **fixed: float) -> pd.DataFrame:
    chance = np.random.default_rng(3)
    frame = pd.DataFrame({aspect: chance.uniform(-1, 1, n) for aspect in ASPECTS})
    frame = frame.assign(**fixed) if fixed else frame
    frame["stars"] = np.clip(np.round(3 + 2 * frame[list(ASPECTS)].mean(axis=1)), 1, 5)
    frame["shopper_id"] = [f"S{number % 300}" for number in range(n)]
    frame["item_id"] = [f"D{number}" for number in range(n)]
    return frame.assign(time=pd.Timestamp("2026-04-01"))


def mentions(review: str, aspect: str, mood: str) -> bool:
    return any(said in review for (_, a, m), each in _sentences().items() if (a, m) == (aspect, mood) for said in each)


def test_every_language_has_words_for_every_aspect_and_mood() -> None:
    for language in LANGUAGES:
        for aspect in ASPECTS:
            for mood in ("good", "bad"):
                assert len(_sentences()[language, aspect, mood]) >= 2
        assert {m for (each, a, m) in _sentences() if (each, a) == (language, "overall")} == {"good", "middling", "bad"}


def test_the_same_seed_writes_the_same() -> None:
    table = experiences(200)
    first, second = (written(table, np.random.SeedSequence(5)) for _ in range(2))
    pd.testing.assert_frame_equal(first, second)
    assert list(first.columns) == ["shopper_id", "item_id", "time", "stars", "review"]


@pytest.mark.parametrize("aspect", ASPECTS)
def test_praise_and_complaint_follow_what_was_felt(aspect: str) -> None:
    happy = written(experiences(400, **{aspect: 1.0}), np.random.SeedSequence(1))["review"]
    sorry = written(experiences(400, **{aspect: -1.0}), np.random.SeedSequence(1))["review"]
    assert not any(mentions(review, aspect, "bad") for review in happy)
    assert not any(mentions(review, aspect, "good") for review in sorry)
    assert sum(mentions(review, aspect, "good") for review in happy) > 0.6 * len(happy)


def test_what_left_nobody_cold_is_said_and_what_did_is_not() -> None:
    cold = written(experiences(300, **dict.fromkeys(ASPECTS, 0.0)), np.random.SeedSequence(2))["review"]
    assert not any(mentions(review, aspect, mood) for review in cold for aspect in ASPECTS for mood in ("good", "bad"))
    assert (cold != "").mean() > 0.8


def test_a_shopper_writes_in_one_language_and_most_in_english() -> None:
    reviews = written(experiences(), np.random.SeedSequence(4))
    told = {said: language for (language, _, _), each in _sentences().items() for said in each}
    spoken = reviews[reviews["review"] != ""].assign(
        language=lambda frame: [next(told[s] for s in told if s in text) for text in frame["review"]]
    )
    assert spoken.groupby("shopper_id")["language"].nunique().max() == 1
    share = spoken.drop_duplicates("shopper_id")["language"].value_counts(normalize=True)
    assert 0.65 < share["en"] < 0.9
    assert set(share.index) == set(LANGUAGES)
