"""Paths through small graphs of which the right answer is known."""

from __future__ import annotations

import math
from itertools import pairwise

import igraph
import numpy as np
import pytest
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.explanation.knowledge_graph import (
    BOUGHT,
    FRIEND,
    HAS,
    KNOWS,
    LEAST,
    PRODUCT,
    TOGETHER,
    UNPROVEN,
    VALUE,
    YOU,
    Edge,
    KnowledgeGraph,
    Known,
    Node,
    Values,
    neighbourhood,
)

ITEMS = 8
ME = 0


def lines_of(*shoppers: list[list[int]]) -> Interactions:
    """Baskets of items for each shopper; every basket is on a day of its own."""
    indptr, items, baskets = [0], [], []
    for shopper in shoppers:
        for number, basket in enumerate(shopper):
            items += basket
            baskets += [number] * len(basket)
        indptr.append(len(items))
    rows = np.array(baskets, np.int32)
    return Interactions(np.array(indptr, np.int64), np.array(items, np.int32), rows, rows, ITEMS)


def values_of(*columns: tuple[str, list[str]]) -> Values:
    """A column of names, "" for none, for each kind."""
    told = []
    for kind, names in columns:
        distinct = sorted({*names} - {""})
        codes = np.array([distinct.index(name) if name else -1 for name in names], np.int32)
        told.append((kind, np.arange(len(names), dtype=np.int32), codes, distinct))
    return Values.of(ITEMS, told)


def known(*times: tuple[int, int]) -> Known:
    return Known(np.array([row for row, _ in times], np.int32), np.array([n for _, n in times], np.int64), ME)


NOTHING = Values.of(ITEMS, [])
BRANDS = ("brand", ["red", "red", "red", "blue", "blue", "", "", "alone"])


def test_a_value_of_one_product_and_the_same_value_again_connect_nothing() -> None:
    values = values_of(
        BRANDS, ("make", ["r", "r", "r", "", "", "", "", ""]), ("colour", ["x", "", "", "x", "", "", "", ""])
    )
    assert list(zip(values.kinds, values.names, strict=True)) == [("brand", "blue"), ("brand", "red"), ("colour", "x")]
    assert values.table.toarray()[:, 1].tolist() == [1, 1, 1, 0, 0, 0, 0, 0]


def test_a_shared_value_is_a_path_of_three_steps_as_strong_as_its_shares() -> None:
    graph = KnowledgeGraph(values_of(BRANDS), lines_of([[0], [0], [5]]), visits=True)
    (path,) = graph.paths(known((0, 2), (5, 1)), 2, 9)
    red = graph.values.names.index("red")
    assert path.nodes == (Node(YOU), Node(PRODUCT, 0), Node(VALUE, red), Node(PRODUCT, 2))
    assert path.edges == (Edge(BOUGHT, 2, 3), Edge(HAS, 1, 3), Edge(HAS, 1, 3))
    assert path.strength == pytest.approx(2 / 3 * 1 / 2)  # two of three purchases, then one of the two other reds


def test_of_several_purchases_with_a_value_the_most_frequent_speaks_and_the_others_are_counted() -> None:
    graph = KnowledgeGraph(values_of(BRANDS), lines_of([[0]]), visits=True)
    (path,) = graph.paths(known((0, 1), (1, 4)), 2, 9)
    assert path.nodes[1] == Node(PRODUCT, 1)
    assert path.others == 1
    assert path.strength == pytest.approx(4 / 5 / 2)


def test_a_hub_is_weaker_than_what_few_share() -> None:
    colours = ("colour", ["x"] * ITEMS)
    graph = KnowledgeGraph(values_of(BRANDS, colours), lines_of([[3]]), visits=True)
    paths = graph.paths(known((3, 1)), 4, 9)
    assert [graph.values.names[path.through.at] for path in paths] == ["blue", "x"]
    assert [path.strength for path in paths] == pytest.approx([1.0, 1 / 7])


def together(me: list[list[int]] | None = None) -> KnowledgeGraph:
    """Others: six baskets of 0 and 1, two of 0 with others, four of 1 and 2, 28 with neither."""
    others = [[0, 1]] * 6 + [[0, 5], [0, 6]] + [[1, 2]] * 4 + [[5, 6]] * 28
    return KnowledgeGraph(NOTHING, lines_of(me or [[0, 7]], others), visits=True)


def test_bought_together_counts_beyond_what_is_usual() -> None:
    (path,) = together().paths(known((0, 1), (7, 1)), 1, 9)
    assert path.edges == (Edge(BOUGHT, 1, 2), Edge(TOGETHER, 6, 8, 10, 40))
    assert path.strength == pytest.approx(1 / 2 * (6 / (8 + UNPROVEN) - 10 / 40))


def test_own_baskets_prove_nothing() -> None:
    mine = together([[0, 1]] * 50)
    assert mine.companions(0, without=ME).both.tolist() == [6]
    assert mine.companions(0).both.tolist() == [56]
    (path,) = mine.paths(known((0, 1), (7, 1)), 1, 9)
    assert path.strength == pytest.approx(1 / 2 * (6 / (8 + UNPROVEN) - 1 / 4))


def test_fewer_than_the_least_are_not_bought_together() -> None:
    for pairs in (LEAST - 1, LEAST):
        graph = KnowledgeGraph(NOTHING, lines_of([], [[0, 1]] * pairs + [[5, 6]] * 90), visits=True)
        assert len(graph.paths(known((0, 1)), 1, 9)) == (pairs >= LEAST)


def test_through_a_product_that_was_never_bought() -> None:
    others = [[0, 1]] * 10 + [[1, 2]] * 10 + [[5, 6]] * 80
    graph = KnowledgeGraph(NOTHING, lines_of([[0]], others), visits=True)
    (path,) = graph.paths(known((0, 1)), 2, 9)
    assert path.nodes == (Node(YOU), Node(PRODUCT, 0), Node(PRODUCT, 1), Node(PRODUCT, 2))
    first, last = 10 / (10 + UNPROVEN) - 20 / 100, 10 / (20 + UNPROVEN) - 10 / 100
    assert path.strength == pytest.approx(first * last)


def test_where_visits_hold_one_product_each_what_a_shopper_bought_is_one_group() -> None:
    others = [[[0], [1]]] * 9 + [[[5]]] * 90
    graph = KnowledgeGraph(NOTHING, lines_of([[0]], *others), visits=True)
    assert not graph.by_basket
    (path,) = graph.paths(known((0, 1)), 1, 9)
    assert path.edges[1] == Edge(TOGETHER, 9, 9, 9, 99)


def test_friends_and_own_purchases_are_paths() -> None:
    friends = sparse.csr_array(np.array([[0, 1, 1], [1, 0, 0], [1, 0, 0]], np.float32))
    graph = KnowledgeGraph(NOTHING, lines_of([[4]], [[3], [4], [4], [6]], [[6]]), visits=True, friends=friends)
    own, friend = graph.paths(known((4, 1)), 4, 9)
    assert own.nodes == (Node(YOU), Node(PRODUCT, 4))
    assert own.strength == 1.0
    assert friend.nodes == (Node(YOU), Node(FRIEND, 1), Node(PRODUCT, 4))
    assert friend.edges == (Edge(KNOWS, 1, 2), Edge(BOUGHT, 2, 4))
    assert friend.strength == pytest.approx(1 / 2 * 2 / 4)


def test_who_bought_nothing_and_knows_nobody_has_no_path() -> None:
    graph = KnowledgeGraph(values_of(BRANDS), lines_of([[0]]), visits=True)
    nobody = Known(np.zeros(0, np.int32), np.zeros(0, np.int64))
    assert graph.paths(nobody, 0, 9) == ()
    assert graph.paths(known((5, 1)), 0, 9) == ()  # nothing leads there
    around = neighbourhood(graph, (), 6, 9)
    assert around.nodes == (Node(PRODUCT, 6),)
    assert around.edges == ()


SIZES = ("size", list("aabbaabb"))


def crowded() -> tuple[KnowledgeGraph, Known, list[list[int]]]:
    """A graph full of paths, somebody in it, and the baskets of all others."""
    random = np.random.default_rng(5)
    others = [[sorted(set(random.integers(0, ITEMS, 3).tolist())) for _ in range(60)] for _ in range(4)]
    graph = KnowledgeGraph(values_of(BRANDS, SIZES), lines_of([[1], [3], [6]], *others), visits=True)
    return graph, known((1, 2), (3, 1), (6, 5)), [basket for shopper in others for basket in shopper]


def walks(someone: Known, baskets: list[list[int]], product: int) -> dict[str, float]:
    """What the product is reached through -> the strength of the best walk: igraph's k shortest paths (Yen, 1971).

    Every step is as long as -log of its share, counted anew from the baskets, so that the shortest is the strongest.
    """
    steps: dict[tuple[str, str], float] = {}
    shared = {
        f"{kind} {name}": [item for item in range(ITEMS) if names[item] == name]
        for kind, names in (BRANDS, SIZES)
        for name in names
        if name
    }

    def beyond(start: int, to: int) -> float:
        holders, both = [b for b in baskets if start in b], [b for b in baskets if start in b and to in b]
        usual = sum(to in b for b in baskets) / len(baskets)
        return len(both) / (len(holders) + UNPROVEN) - usual if len(both) >= LEAST else 0.0

    for start, times in zip(someone.rows.tolist(), someone.times.tolist(), strict=True):
        end = "end" if start == product else f"bought {start}"
        steps["you", end] = times / int(someone.times.sum())
        if start == product:
            continue
        steps[f"bought {start}", "end"] = beyond(start, product)
        for value, products in shared.items():
            if start in products and product in products and len(products) > 1:
                steps[f"bought {start}", value] = 1.0
                steps[value, "end"] = 1 / (len(products) - 1)
        for middle in set(range(ITEMS)) - {product, *someone.rows.tolist()}:
            steps[f"bought {start}", f"between {middle}"] = beyond(start, middle)
            steps[f"between {middle}", "end"] = beyond(middle, product)
    open_ = {ends: share for ends, share in steps.items() if share > 0}
    walked = igraph.Graph.TupleList(open_, directed=True)
    place = {name: at for at, name in enumerate(walked.vs["name"])}
    lengths = [-math.log(open_[walked.vs[e.source]["name"], walked.vs[e.target]["name"]]) for e in walked.es]
    found: dict[str, float] = {}
    for walk in walked.get_k_shortest_paths(place["you"], place["end"], 500, weights=lengths):
        names = [walked.vs[at]["name"] for at in walk]
        found.setdefault(names[-2], math.prod(open_[ends] for ends in pairwise(names)))
    return found


@pytest.mark.parametrize("product", [0, 1, 2, 3, 4])
def test_the_paths_are_the_shortest_ones_by_the_logarithm_of_each_step(product: int) -> None:
    graph, someone, baskets = crowded()
    found = graph.paths(someone, product, 50)
    expected = walks(someone, baskets, product)
    assert [path.strength for path in found] == pytest.approx(list(expected.values()))
    shared = sum(name.startswith(("brand", "size")) for name in expected)
    assert sum(path.through.kind == VALUE for path in found) == shared
    assert found


def test_each_path_is_through_another_thing_and_no_longer_than_three_steps() -> None:
    graph, someone, _ = crowded()
    found = graph.paths(someone, 2, 50)
    assert len({path.through for path in found}) == len(found)
    assert all(len(path.edges) <= 3 and len(path.nodes) == len(path.edges) + 1 for path in found)
    assert [path.strength for path in found] == sorted((path.strength for path in found), reverse=True)
    assert graph.paths(someone, 2, 2) == found[:2]


def test_the_neighbourhood_has_all_paths_and_is_bounded() -> None:
    graph, someone, _ = crowded()
    paths = graph.paths(someone, 2, 3)
    for most in (1, 7, 40):
        around = neighbourhood(graph, paths, 2, most)
        on_paths = {node for path in paths for node in path.nodes}
        assert on_paths <= set(around.nodes)
        assert len(around.nodes) <= max(most, len(on_paths) + 1)
        assert all(start in around.nodes and to in around.nodes for start, to, _ in around.edges)
        assert len({frozenset((start, to)) for start, to, _ in around.edges}) == len(around.edges)
        assert around.on_path <= {(start, to) for start, to, _ in around.edges}
