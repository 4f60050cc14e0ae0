"""Re-rankers one after the other, in the order that is set; no traceback whatever they are given."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.reranking.calibration import Calibrated
from recsys.reranking.composing import rerank
from recsys.reranking.contract import Pool, Reranker
from recsys.reranking.determinantal import Determinantal
from recsys.reranking.limiting import Capped, Exposed
from recsys.reranking.spreading import MarginalRelevance, MeanDistance
from tests.reranking.pools import POOLS, drawn, plain

ALL: tuple[Reranker, ...] = (
    MarginalRelevance(0.5),
    MeanDistance(0.5),
    Determinantal(0.5),
    Calibrated(0.5),
    Capped(1, "category"),
    Capped(2, "brand"),
    Exposed(3, "tail", "long-tail product"),
    Exposed(2, "new", "new product"),
)


@given(pool=POOLS, k=st.integers(1, 60), steps=st.lists(st.sampled_from(ALL), max_size=6), sorted_=st.booleans())
def test_any_pool_through_any_steps_is_a_slate_of_it(pool: Pool, k: int, steps: list[Reranker], sorted_: bool) -> None:
    made = rerank(pool, k, steps, by_relevance=sorted_)
    assert sorted(made.order.tolist()) == list(range(len(pool)))
    assert made.slate.tolist() == made.order[:k].tolist()
    assert [step.name for step in made.steps] == [step.name for step in steps]
    assert len(set(made.given_up)) == len(made.given_up)


@given(pool=POOLS, k=st.integers(1, 60))
def test_without_a_step_the_slate_is_the_best_k(pool: Pool, k: int) -> None:
    made = rerank(pool, k, ())
    assert made.order.tolist() == np.lexsort((np.arange(len(pool)), -pool.relevance)).tolist()
    assert made.given_up == ()


def test_the_chosen_ones_are_shown_by_relevance_or_as_they_were_picked() -> None:
    pool = drawn(60, d=3)
    picked = rerank(pool, 10, [MarginalRelevance(0.8)], by_relevance=False)
    shown = rerank(pool, 10, [MarginalRelevance(0.8)])
    assert picked.slate.tolist() != sorted(picked.slate.tolist())
    assert shown.slate.tolist() == sorted(picked.slate.tolist())


def test_a_pool_in_any_order_has_the_same_slate() -> None:
    pool = drawn(40)
    turned = np.random.default_rng(1).permutation(40).astype(np.int32)
    here, there = (rerank(each, 10, [MarginalRelevance(0.5)]).slate for each in (pool, pool.take(turned)))
    assert here.tolist() == turned[there].tolist()


def test_a_later_step_does_not_undo_what_an_earlier_one_did() -> None:
    """Calibration of no strength keeps the order it is given, and not that of the scores."""
    pool = drawn(60, d=3)
    alone = rerank(pool, 10, [MarginalRelevance(0.9)], by_relevance=False)
    both = rerank(pool, 10, [MarginalRelevance(0.9), Calibrated(0.0)], by_relevance=False)
    assert both.slate.tolist() == alone.slate.tolist()


def test_too_few_candidates_are_said() -> None:
    assert "There are 3 candidates for 9 places" in rerank(plain([3, 2, 1]), 9, [MarginalRelevance(1.0)]).given_up[0]
    assert rerank(plain([1]), 9, [MarginalRelevance(1.0)]).given_up == (
        "There is one candidate: nothing can be re-ranked.",
    )


def test_a_slate_of_nothing_is_refused() -> None:
    with pytest.raises(ValueError, match="ask for 1 or more"):
        rerank(plain([1]), 0, ())
