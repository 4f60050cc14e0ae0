"""What is asked of the reading of queries is what people type, and each part answers it."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd
import pytest

from benchmarks import understanding
from benchmarks.understanding import LIMITS, Effort
from recsys import schema as s
from tests.query.understanding_shelf import WORDS

if TYPE_CHECKING:
    from recsys.engine import Engine

PARTS = ("completions", "related searches", "did you mean", "intent", "names not carried", "500 characters",
         "one filter", "all filters, relaxed")  # fmt: skip


@pytest.fixture
def items() -> pd.DataFrame:
    """A small shop: half of it is whole milk."""
    made = understanding.synthetic(200)
    made.loc[: len(made) // 2, [s.NAME, s.TITLE]] = "Whole milk"
    made.loc[: len(made) // 2, s.PRICE] = 2.0
    made.loc[len(made) // 2 + 1 :, s.PRICE] = 5.0
    return made


def test_every_prefix_of_every_query_is_typed() -> None:
    assert understanding.prefixes(["tea", "x"]) == ["t", "te", "tea", "x"]


def test_queries_are_spread_evenly_and_all_are_asked_when_there_are_few() -> None:
    assert list(understanding.spaced("abcdef", 3)) == ["a", "c", "e"]
    assert list(understanding.spaced("ab", 3)) == ["a", "b"]


def test_a_slip_changes_the_longest_word_by_one_letter_or_swaps_two() -> None:
    queries = [f"a {word}" for word in ("chocolate", "strawberry", "detergent", "toothpaste")] * 5
    slipped = understanding.misspelt(queries)
    kinds = set()
    for query, typed in zip(queries, slipped, strict=True):
        assert typed.startswith("a ")
        kinds.add(len(typed) - len(query))
        assert typed != query or "tt" in query or "rr" in query or "oo" in query  # two equal letters swapped
    assert kinds == {-1, 0, 1}  # left out; changed or swapped; doubled


def test_the_synthetic_products_are_the_same_every_time_and_named_by_three_to_seven_words() -> None:
    first, again = understanding.synthetic(300), understanding.synthetic(300)
    pd.testing.assert_frame_equal(first, again)
    assert set(first[s.NAME].str.split().str.len()) == {3, 4, 5, 6, 7}


def test_what_is_opened_completes_and_filters_as_the_shop_would(items: pd.DataFrame) -> None:
    with understanding.opened(items, WORDS) as (there, said):
        assert there.completions.complete("whol")[0].text.lower() == "whole milk"
        (price,) = there.read("milk under $3").parts
        assert int(there.filters.mask(price).sum()) == 101  # rows 0 to 100
    assert said["build_seconds"] > 0
    assert said["megabytes"] > 0


def test_every_part_is_measured_over_both_catalogues_with_its_bar(sample_engine: Engine) -> None:
    found = understanding.run(sample_engine.items, WORDS, Effort(queries=3, blocks=1), synthetic_items=400).as_json()
    assert [row["what"] for row in found["rows"]] == [*PARTS, *PARTS]
    assert [row["items"] for row in found["rows"]] == [len(sample_engine.items)] * len(PARTS) + [400] * len(PARTS)
    assert len(found["bars"]) == 2 * len(LIMITS)
    assert all(len(by_size) == 2 for by_size in found["facts"].values())
