"""Caps and floors are kept where that is possible, and what is not kept is said."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.reranking.composing import rerank
from recsys.reranking.contract import Pool, Reranker
from recsys.reranking.limiting import Capped, Exposed
from tests.reranking.pools import POOLS, plain
from tests.reranking.reranker_contract import RerankerContract


class TestCapped(RerankerContract):
    def made(self) -> Reranker:
        return Capped(2, "category")


class TestExposed(RerankerContract):
    def made(self) -> Reranker:
        return Exposed(2, "tail", "long-tail product")


def test_the_next_in_order_takes_the_place_of_one_too_many() -> None:
    pool = plain([9, 8, 7, 6, 5], [0, 0, 0, 1, 1])
    made = rerank(pool, 3, [Capped(2, "category")])
    assert made.slate.tolist() == [0, 1, 3]
    assert made.order.tolist() == [0, 1, 3, 2, 4]
    assert made.before.tolist() == [0, 1, 2]
    assert [step.entered for step in made.steps] == [1]
    assert made.given_up == ()


def test_what_has_no_label_is_not_capped() -> None:
    assert rerank(plain([9, 8, 7], [-1, -1, 0]), 2, [Capped(1, "category")]).slate.tolist() == [0, 1]


def test_a_floor_takes_the_last_place_and_leaves_the_first_ones() -> None:
    pool = plain([9, 8, 7, 6, 5], tail=[False, False, False, True, True])
    assert rerank(pool, 3, [Exposed(1, "tail", "long-tail product")]).slate.tolist() == [0, 1, 3]
    assert rerank(pool, 3, [Exposed(2, "tail", "long-tail product")]).slate.tolist() == [0, 3, 4]


def test_a_cap_that_cannot_fill_the_slate_lets_more_in_and_says_how_many() -> None:
    made = rerank(plain([9, 8, 7, 6], [0, 0, 0, 1]), 4, [Capped(1, "category")])
    assert sorted(made.slate.tolist()) == [0, 1, 2, 3]
    assert any("2 products stand above it" in said for said in made.given_up)


def test_of_contradictory_rules_the_earlier_one_is_kept_and_the_other_is_said() -> None:
    pool = plain([9, 8, 7, 6, 5, 4], [0, 1, 2, 3, 4, 4], tail=[False, False, False, False, True, True])
    cap, floor = Capped(1, "category"), Exposed(2, "tail", "long-tail product")
    first_cap, first_floor = rerank(pool, 3, [cap, floor]), rerank(pool, 3, [floor, cap])
    assert first_cap.slate.tolist() == [0, 1, 4]
    assert first_cap.given_up == (
        "At least 2 long-tail products could not be shown: what comes before it in the order leaves no more room. "
        "There is 1.",
    )
    assert first_floor.slate.tolist() == [0, 4, 5]
    assert len(first_floor.given_up) == 1
    assert first_floor.given_up[0].endswith("1 product stands above it.")


def test_room_under_a_cap_is_kept_for_the_floor_that_needs_it() -> None:
    """The only long-tail product is of category 0: the better ones of it have to leave it its place."""
    pool = plain([9, 8, 7, 6], [0, 1, 2, 0], tail=[False, False, False, True])
    made = rerank(pool, 3, [Capped(1, "category"), Exposed(1, "tail", "long-tail product")])
    assert made.slate.tolist() == [1, 2, 3]
    assert made.given_up == ()


def test_a_floor_that_asks_for_more_than_there_is_says_so() -> None:
    made = rerank(plain([3, 2, 1], tail=[False, True, False]), 2, [Exposed(2, "tail", "long-tail product")])
    assert made.slate.tolist() == [0, 1]
    assert made.given_up == (
        "At least 2 long-tail products could not be shown: the 3 candidates hold no more. There is 1.",
    )
    none = rerank(plain([3, 2, 1], tail=[False] * 3), 2, [Exposed(1, "tail", "long-tail product")])
    assert "hold none. There are none." in none.given_up[0]


def test_what_is_not_known_is_said() -> None:
    pool = plain([3, 2, 1])
    assert "the brand of these products is not known" in rerank(pool, 2, [Capped(1, "brand")]).given_up[0]
    assert "does not know which products these are" in rerank(pool, 2, [Exposed(1, "new", "new product")]).given_up[0]


@given(pool=POOLS, k=st.integers(1, 20), most=st.integers(1, 4), least=st.integers(1, 6))
def test_one_cap_and_one_floor_are_kept_whenever_a_slate_can_keep_both(
    pool: Pool, k: int, most: int, least: int
) -> None:
    k = min(k, len(pool))
    labels, tail = pool.labels["category"], pool.groups["tail"]
    kept = [len(pool) if code < 0 else most for code in labels]
    room = {code: kept[int(np.flatnonzero(labels == code)[0])] for code in set(labels.tolist())}
    in_all = sum(min(room[code], int((labels == code).sum())) for code in room)
    of_tail = sum(min(room[code], int(((labels == code) & tail).sum())) for code in room)
    made = rerank(pool, k, [Capped(most, "category"), Exposed(least, "tail", "long-tail product")])
    if in_all >= k and of_tail >= least and least <= k:
        assert made.given_up == () or len(pool) <= k
        mine = labels[made.slate]
        assert np.bincount(mine[mine >= 0], minlength=1).max() <= most
        assert tail[made.slate].sum() >= least
    elif in_all >= k:
        assert any(said.startswith("At least") for said in made.given_up)


@pytest.mark.parametrize("k", [1, 3, 9])
def test_a_slate_as_long_as_the_pool_can_only_be_ordered_and_says_so(k: int) -> None:
    made = rerank(plain([3, 2, 1][: min(k, 3)]), 9, [Capped(5, "category")])
    assert len(made.slate) == min(k, 3)
    assert made.given_up
