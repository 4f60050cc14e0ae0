"""What is found in reviews is what was put there: an aspect, a burst, a copy, words against stars, an effect."""

from __future__ import annotations

import time

import numpy as np
import pytest

from recsys.scenarios.reviews import suspicion
from recsys.scenarios.reviews.analysing import Read, analysed
from recsys.scenarios.reviews.ratings import Ratings, chosen, fitted

DAYS = np.datetime64("2026-01-01", "ns") + np.arange(200) * np.timedelta64(1, "D")


def test_copies_are_found_and_short_praise_is_none() -> None:
    long = "this lamp has changed the way in which our whole family reads at night"
    texts = [
        long,
        "something else entirely stands here about a chair with four legs",
        f"{long} indeed",
        "Very good",
        "Very good",
    ]
    assert suspicion.near_copies(texts).tolist() == [-1, -1, 0, -1, -1]


def test_spam_of_few_words_is_a_copy_where_it_stands_again_and_again() -> None:
    others = [f"this is number {n} of many that are all unlike each other" for n in range(100)]
    assert (suspicion.near_copies([*others, *["Buy now!"] * 30])[100:] == [-1, *[100] * 29]).all()
    assert (suspicion.near_copies([*others, *["Buy now!"] * 10]) < 0).all()


def test_thousands_of_long_texts_alike_take_seconds() -> None:
    texts = [" ".join(f"w{(7 * n + place) % 997}" for place in range(400)) for n in range(2_000)]
    began = time.monotonic()
    assert (suspicion.near_copies(texts)[1:] >= 0).mean() > 0.9
    assert time.monotonic() - began < 20


def test_somebody_unknown_has_no_effect_of_anybody() -> None:
    codes = {"shopper": np.repeat(np.arange(4), 10), "item": np.tile(np.arange(10), 4)}
    model = fitted(Ratings(np.repeat([5.0, 5.0, 5.0, 1.0], 10), codes), {"shopper": 1.0})
    unknown = {"shopper": np.array([-1, 99]), "item": np.array([0, 0])}
    assert model.stars(unknown) == pytest.approx([4.0, 4.0])


def test_a_burst_is_found_and_an_even_flow_is_none() -> None:
    even = DAYS[::10]
    burst = np.full(15, DAYS[100])
    times = np.concatenate([even, burst])
    flags = suspicion.bursts(["a"] * len(times), times)
    assert flags[len(even) :].all()
    assert flags[: len(even)].sum() <= 1
    assert not suspicion.bursts(["a"] * len(even), even).any()
    assert not suspicion.bursts(["a"] * 9, np.full(9, np.datetime64("NaT", "ns"))).any()


def reviews(n: int = 40) -> Read:
    mood = np.linspace(-0.9, 0.9, n)
    texts = [f"Sentence number {row} of some length" for row in range(n)]
    stars = np.where(mood > 0, 5.0, 1.0)
    stars[0] = 5.0  # the worst words with the best stars
    zeros = np.zeros(n, np.int64)
    return Read(texts, stars, ["a"] * n, DAYS[:n], mood, texts, np.arange(n), mood, zeros, ("length",))


def test_words_against_stars_and_a_trend_are_found() -> None:
    found = analysed(reviews())
    assert [each.row for each in found.contradictions] == [0]
    assert found.good == found.bad == 20
    aspect = found.aspects[0]
    assert aspect.reviews == 40
    assert aspect.change is not None
    assert aspect.change > 0.8
    assert found.praise[0].row == 39
    assert found.complaint[0].row == 0
    assert found.interval[0] < found.mood < found.interval[1]


def test_of_no_reviews_nothing_is_said() -> None:
    found = analysed(reviews(), np.zeros(0, np.int64))
    assert (found.reviews, found.worded, found.aspects, found.praise) == (0, 0, (), ())


def test_an_effect_of_a_kind_is_found_and_one_that_is_not_there_is_left_out() -> None:
    chance = np.random.default_rng(3)
    item, shopper = chance.integers(0, 20, 2_000), chance.integers(0, 500, 2_000)
    stars = np.clip(3 + np.where(item % 2, 1.0, -1.0) + chance.normal(0, 0.5, 2_000), 1, 5)
    ratings = Ratings(stars, {"shopper": shopper, "item": item})
    penalties = chosen(ratings.some(np.arange(1_000)), ratings.some(np.arange(1_000, 2_000)), ("shopper", "item"))
    assert penalties["item"] < 100
    assert penalties["shopper"] >= 16
    told = fitted(ratings, penalties).stars({"shopper": np.array([0, 999]), "item": np.array([1, 2])})
    assert abs(told[0] - 4) < 0.3
    assert abs(told[1] - 2) < 0.3
