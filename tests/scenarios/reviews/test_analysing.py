"""What is found in reviews is what was put there: an aspect, a burst, a copy, words against stars, an effect."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from recsys.scenarios.reviews.analysing import Read, analysed
from recsys.scenarios.reviews.ratings import Ratings, chosen, fitted

DAYS = np.datetime64("2026-01-01", "ns") + np.arange(200) * np.timedelta64(1, "D")


def test_somebody_unknown_has_no_effect_of_anybody() -> None:
    codes = {"shopper": np.repeat(np.arange(4), 10), "item": np.tile(np.arange(10), 4)}
    model = fitted(Ratings(np.repeat([5.0, 5.0, 5.0, 1.0], 10), codes), {"shopper": 1.0})
    unknown = {"shopper": np.array([-1, 99]), "item": np.array([0, 0])}
    assert model.stars(unknown) == pytest.approx([4.0, 4.0])


def reviews(n: int = 40) -> Read:
    """From wholly bad to wholly good, with the stars that belong to them; but the worst words have the best stars."""
    mood = np.linspace(-0.95, 0.95, n)
    texts = [f"Sentence number {row} of some length" for row in range(n)]
    stars = np.where(mood > 0, 5.0, 1.0)
    stars[0] = 5.0
    none = np.full(n, -1)
    return Read(
        texts,
        stars,
        ["a"] * n,
        DAYS[:n],
        mood,
        texts,
        np.arange(n),
        mood,
        np.zeros(n, np.int64),
        ("length",),
        mood,
        np.ones(n, bool),
        np.zeros(n),
        none,
        none,
    )


def test_words_against_stars_and_a_trend_are_found() -> None:
    found = analysed(reviews())
    assert [each.row for each in found.contradictions] == [0]
    assert found.good == found.bad == 17  # the others take no side
    aspect = found.aspects[0]
    assert aspect.reviews == 40
    assert aspect.change is not None
    assert aspect.change > 0.8
    assert found.interval[0] < found.mood < found.interval[1]


def test_words_on_which_the_heads_differ_stand_against_no_stars() -> None:
    read = reviews()
    assert analysed(replace(read, verdict=np.zeros(40))).contradictions == ()


def test_four_stars_bear_a_but_and_five_do_not() -> None:
    read = reviews()
    mood = np.full(40, -0.6)
    stars = np.where(np.arange(40) < 20, 4.0, 5.0)
    assert {each.stars for each in analysed(replace(read, stars=stars, verdict=mood)).contradictions} == {5.0}


def test_a_quote_is_on_the_side_of_its_reviews_stars() -> None:
    found = analysed(reviews())
    assert [each.row for each in found.praise] == [39, 38, 37]
    assert [each.row for each in found.complaint] == [1, 2, 3]  # the worst has five stars
    swapped = analysed(replace(reviews(), stars=np.where(reviews().mood > 0, 1.0, 5.0)))
    assert swapped.praise == swapped.complaint == ()


def test_what_the_witnesses_do_not_agree_on_is_not_quoted() -> None:
    read = reviews()
    found = analysed(replace(read, sure=np.arange(40) != 39))
    assert 39 not in [each.row for each in found.praise]
    assert analysed(replace(read, sure=np.zeros(40, bool))).complaint == ()


def test_the_typical_sentence_has_the_mood_of_its_aspect() -> None:
    read = reviews()
    good = replace(read, sentence_mood=np.where(np.arange(40) < 10, -0.9, 0.9), typical=-np.arange(40) / 40)
    assert analysed(good).aspects[0].quote == "Sentence number 20 of some length"  # nearer ones are bad, or have 1 star
    nobody = replace(good, stars=np.where(good.sentence_mood > 0, 1.0, 5.0))
    assert analysed(nobody).aspects[0].quote == ""


def test_copies_and_bursts_are_gathered_with_what_was_copied() -> None:
    read = reviews()
    copied = np.full(40, -1)
    copied[[3, 5, 9]] = 3
    found = analysed(replace(read, copied=copied))
    assert [(each.rows, each.text) for each in found.copies] == [((3, 5, 9), read.texts[3])]
    assert (found.copies[0].first, found.copies[0].last) == (DAYS[3], DAYS[9])
    assert found.bursts == ()
    assert analysed(replace(read, copied=copied), np.arange(4, 8)).copies[0].rows == (5,)


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
