"""Settings chosen elsewhere, on sets of queries whose best setting is known."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.evaluation.search.kept_apart import Asked, chosen, kept_apart, ndcg


def asked(name: str, catalogue: str, gains: list[float], queries: int = 20, noise: float = 0.0) -> Asked:
    """A set whose every query has 0.5 by the plain mix, and that and a gain by each setting."""
    plain = np.full((queries, 2), 0.5)
    moved = noise * (-1.0) ** np.arange(queries)[:, None]  # every other query gains, every other loses as much
    return Asked(name, catalogue, plain + np.array(gains)[:, None, None] + moved, plain)


def test_the_order_of_grades_gives_their_ndcg() -> None:
    # gains 7 and 1, the judged in the order 1, 3: (1 / 1 + 7 / log2(3)) / (7 / 1 + 1 / log2(3))
    log3 = np.log2(3)
    pooled, full = ndcg(np.array([0.9, 0.1, 0.5, 0.2]), {0: 1, 3: 3})
    assert pooled == pytest.approx((1 + 7 / log3) / (7 + 1 / log3))
    assert full == pytest.approx((1 + 7 / 2) / (7 + 1 / log3))  # the unjudged row 2 stands between


def test_a_query_without_a_relevant_product_has_nothing() -> None:
    assert ndcg(np.array([0.3, 0.1]), {0: 0}) == (0.0, 0.0)


def test_ties_go_by_row_though_only_the_first_are_sorted() -> None:
    graded = dict.fromkeys(range(10), 3)
    assert ndcg(np.zeros(40), graded) == pytest.approx((1.0, 1.0))
    assert ndcg(np.zeros(40), {39: 3})[1] == 0.0


def test_what_is_best_on_a_catalogue_is_not_chosen_for_it() -> None:
    sets = [asked("a", "a", [0.0, 0.3]), asked("b", "b", [0.2, -0.1]), asked("c", "c", [0.2, -0.1])]
    lines = kept_apart(sets, ["plain", "other"], named={"the storefront's": 1})
    assert lines[0]["chosen elsewhere"]["setting"] == "plain"
    assert lines[0]["chosen elsewhere"]["gain"]["both"]["mean"] == pytest.approx(0.0)
    assert lines[0]["the storefront's"]["gain"]["both"]["mean"] == pytest.approx(0.3)
    assert lines[0]["plain mix"]["ndcg@10"]["mean"] == pytest.approx(0.5)


def test_all_queries_over_the_same_products_are_left_out_together() -> None:
    sets = [asked("people's", "a", [0.3, 0.0]), asked("own", "a", [0.3, 0.0]), asked("b", "b", [0.0, 0.1])]
    lines = {line["queries_of"]: line for line in kept_apart(sets, ["one", "two"], named={})}
    assert lines["people's"]["chosen_on"] == ["b"]
    assert lines["own"]["chosen elsewhere"]["setting"] == "two"
    assert lines["b"]["chosen elsewhere"]["setting"] == "one"


def test_a_catalogue_counts_once_however_many_its_queries() -> None:
    sets = [asked("large", "large", [0.1, 0.0], queries=500), asked("small", "small", [0.0, 0.2], queries=5)]
    assert chosen(sets)[0] == 1


def test_of_settings_that_chance_cannot_tell_apart_the_plainest_is_taken() -> None:
    sets = [asked("a", "a", [0.10, 0.11, 0.101], noise=0.4), asked("b", "b", [0.10, 0.11, 0.101], noise=0.4)]
    assert chosen(sets) == (1, 0)
    assert chosen([asked("a", "a", [0.0, 0.2, 0.1])]) == (1, 1)  # without noise there is no doubt


def test_one_catalogue_leaves_nothing_to_choose_on() -> None:
    with pytest.raises(ValueError, match="only one"):
        kept_apart([asked("a", "a", [0.1]), asked("b", "a", [0.1])], ["one"], named={})
