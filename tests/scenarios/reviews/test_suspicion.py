"""Copies and bursts are found where they were put, and what many people say anyhow is none of them."""

from __future__ import annotations

import time

import numpy as np

from recsys.scenarios.reviews import suspicion

DAYS = np.datetime64("2026-01-01", "ns") + np.arange(400) * np.timedelta64(1, "D")
NEVER = np.full(400, np.datetime64("NaT", "ns"))
LONG = (
    "this lamp has changed the way in which our whole family reads at night, and nobody who tried it once "
    "ever wants to give it back"
)
SHORT = "The best small bag that I ever carried to work"


def suspicious(
    texts: list[str], days: list[int] | None = None, items: str = "", authors: str | None = None
) -> list[int]:
    times = DAYS[days] if days is not None else NEVER[: len(texts)]
    return suspicion.copies(texts, times, list(items or "abcdefgh"[: len(texts)]), authors and list(authors)).tolist()


def test_copies_are_found_and_short_praise_is_none() -> None:
    texts = [LONG, "something else entirely stands here about a chair with four legs", f"{LONG} indeed", "Good", "Good"]
    assert suspicion.near_copies(texts).tolist() == [-1, -1, 0, -1, -1]
    assert suspicious(texts) == [0, -1, 0, -1, -1]


def test_spam_of_few_words_is_a_copy_where_it_stands_again_and_again() -> None:
    others = [f"this is number {n} of many that are all unlike each other" for n in range(100)]
    assert (suspicion.near_copies([*others, *["Buy now!"] * 30])[100:] == [-1, *[100] * 29]).all()
    assert (suspicion.near_copies([*others, *["Buy now!"] * 10]) < 0).all()


def test_thousands_of_long_texts_alike_take_seconds() -> None:
    texts = [" ".join(f"w{(7 * n + place) % 997}" for place in range(400)) for n in range(2_000)]
    began = time.monotonic()
    assert (suspicion.near_copies(texts)[1:] >= 0).mean() > 0.9
    assert time.monotonic() - began < 20


def test_spam_is_suspicious_whoever_wrote_it_wherever_and_whenever() -> None:
    others = [f"this is number {n} of many that are all unlike each other" for n in range(100)]
    texts = [*others, *["Buy now!"] * 30]
    items = [str(n) for n in range(130)]
    found = suspicion.copies(texts, np.full(130, NEVER[0]), items, items)
    assert (found[:100] == -1).all()
    assert (found[100:] == 100).all()


def test_words_of_spam_that_stand_in_more_other_reviews_are_everybodys() -> None:
    phrase = "Came within two days."
    texts = [*[phrase] * 30, *[f"{phrase} And number {n} is of a good make, so we kept it." for n in range(60)]]
    found = suspicion.copies(texts, np.full(90, NEVER[0]), [str(n) for n in range(90)], None)
    assert (found == -1).all()


def test_copies_word_for_word_of_a_near_copy_belong_to_the_first() -> None:
    near = f"{LONG} indeed"
    assert suspicion.near_copies([LONG, near, "Good", near]).tolist() == [-1, 0, -1, 0]


def test_a_short_text_is_copied_where_it_lies_near_or_has_one_author_or_one_product() -> None:
    assert suspicious([SHORT, SHORT], [0, 200]) == [-1, -1]
    assert suspicious([SHORT, SHORT], [0, 20]) == [0, 0]
    assert suspicious([SHORT, SHORT], [0, 200], authors="xx") == [0, 0]
    assert suspicious([SHORT, SHORT], items="aa") == [0, 0]
    assert suspicious([SHORT, SHORT], items="ab") == [-1, -1]
    assert suspicious([SHORT, SHORT, SHORT], [0, 200, 205]) == [-1, 1, 1]


def test_stock_phrases_that_stand_beside_others_are_no_copies() -> None:
    phrases = [
        "It came within two days.",
        "No complaints at all here.",
        "The colour is really lovely.",
        "Worth every cent I paid.",
    ]
    chance = np.random.default_rng(0)
    texts = [" ".join(chance.permutation(phrases)[:2]) for _ in range(200)]
    assert (suspicion.near_copies(texts) >= 0).sum() > 100
    found = suspicion.copies([*texts, SHORT, SHORT], DAYS[:202], ["a"] * 202, None)
    assert found[:200].max() == -1
    assert found[200:].tolist() == [200, 200]


def test_many_copies_of_a_long_text_are_compared_with_the_first_alone() -> None:
    long = " ".join(f"word{n}" for n in range(600))
    texts = [f"{long} number {n}" for n in range(800)]
    assert set(suspicion.near_copies(texts)[1:].tolist()) == {0}


def test_a_burst_is_found_and_an_even_flow_is_none() -> None:
    even = DAYS[:200:10]
    times = np.concatenate([even, np.full(15, DAYS[103])])
    found = suspicion.bursts(["a"] * len(times), times)
    assert (found[len(even) :] >= 0).all()
    assert (found[: len(even)] >= 0).sum() <= 1
    assert suspicion.bursts(["a"] * len(even), even).max() == -1
    assert suspicion.bursts(["a"] * 9, NEVER[:9]).max() == -1
    assert suspicion.bursts([], NEVER[:0]).tolist() == []


def test_a_week_in_which_the_whole_shop_is_busy_is_no_burst() -> None:
    even, rush = DAYS[:200:10], np.full(15, DAYS[103])
    one = np.concatenate([even, rush])
    items = [name for name in "abcdef" for _ in one]
    assert suspicion.bursts(items, np.tile(one, 6)).max() == -1
    quiet = np.concatenate([one, *[even] * 5])
    assert suspicion.bursts(["a"] * len(one) + [n for n in "bcdef" for _ in even], quiet).max() >= 0


def test_chance_alone_makes_next_to_no_burst() -> None:
    chance = np.random.default_rng(1)
    items = chance.integers(0, 100, 3_000).tolist()
    times = DAYS[chance.integers(0, 365, 3_000)]
    assert (suspicion.bursts(items, times) >= 0).sum() <= 5
