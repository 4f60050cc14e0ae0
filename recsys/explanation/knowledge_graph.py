"""A graph of products, what they share, baskets and friends, and the paths from what somebody knows to a product.

A path is a connection between things, and no cause: nothing here has seen a score.

The strength of a path is the product of its steps' shares: one purchase is picked among all that the person made, then
one product among those that share the thing with it. So a thing that many products share counts for little. "Bought
together" counts by how much more often than anywhere: the share of groups (baskets, or all that one shopper bought)
with the one that hold the other too, less the share of all groups that hold it. A few groups that hold it not are
added to the first, so that three of four are no proof, and groups of the person themselves are left out: that somebody
bought both says nothing new of them.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final, NamedTuple

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.schema import Rows

YOU, PRODUCT, VALUE, FRIEND = "you", "product", "value", "friend"  # kinds of nodes
BOUGHT, TOGETHER, HAS, KNOWS = "bought", "together", "has", "knows"  # kinds of edges
LEAST: Final = 3  # groups that hold both, before they count as bought together
UNPROVEN: Final = 5  # groups without the other that are added to those seen
BETWEEN: Final = 30  # products tried between a purchase and the product, those most bought together with it
TOO_FEW: Final = 1.5  # lines a visit, on average: below, all that a shopper bought is one group

Counts = npt.NDArray[np.int64]
Shares = npt.NDArray[np.float64]


class Node(NamedTuple):
    """A thing in the graph: YOU, the row of a PRODUCT, the column of a VALUE or the row of a FRIEND."""

    kind: str
    at: int = 0


class Edge(NamedTuple):
    """How two things hang together: `part` of `whole`, and where that is compared, `usual` of `all` elsewhere.

    BOUGHT: purchases of the product, of all of this person. HAS: products that share the value (`whole`).
    TOGETHER: groups with the one that hold the other too, and of all groups. KNOWS: friends (`whole`).
    """

    kind: str
    part: int
    whole: int
    usual: int = 0
    all: int = 0


@dataclass(frozen=True, slots=True)
class Path:
    """From a person to a product: nodes, the edges between them, and how strong all of it is (0 to 1)."""

    nodes: tuple[Node, ...]
    edges: tuple[Edge, ...]  # one less
    strength: float
    others: int = 0  # further products that were bought and have the same value

    @property
    def through(self) -> Node:
        """What connects: the last thing before the product."""
        return self.nodes[-2]


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What somebody knows: products bought, how often each, and who they are among the shoppers, if among them."""

    rows: Rows  # (u,) distinct
    times: Counts  # (u,)
    shopper: int | None = None


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """What products share: a column for each value of a brand, category or attribute."""

    table: sparse.csr_array  # (n_items, v), 1 where the product has the value
    kinds: tuple[str, ...]  # (v,) "brand", "colour" ...
    names: tuple[str, ...]  # (v,) "Alpina", "red" ...

    @classmethod
    def of(cls, n_items: int, columns: Sequence[tuple[str, Rows, Rows, Sequence[str]]]) -> Values:
        """Of (kind, (m,) rows of products, (m,) codes, the codes' names) each.

        A value of one product connects nothing, and one of the same products as a value before it nothing more.
        """
        tables, kinds, names = [sparse.csr_array((n_items, 0), dtype=np.float32)], [], []
        known: set[bytes] = set()  # the products of each value
        for kind, rows, codes, called in columns:
            there = codes >= 0
            ones = np.ones(int(there.sum()), np.float32)
            table = sparse.csr_array((ones, (rows[there], codes[there])), shape=(n_items, len(called)))
            table.data[:] = 1.0  # said twice is said once
            by_value = sparse.csc_array(table.tocsc())
            by_value.sort_indices()
            shared = []
            for at in np.flatnonzero(np.diff(by_value.indptr) > 1).tolist():
                products = by_value.indices[by_value.indptr[at] : by_value.indptr[at + 1]].tobytes()
                if products not in known:
                    known.add(products)
                    shared.append(at)
            tables.append(sparse.csr_array(table[:, shared]))
            kinds += [kind] * len(shared)
            names += [called[at] for at in shared]
        return cls(sparse.csr_array(sparse.hstack(tables, format="csr")), tuple(kinds), tuple(names))


@dataclass(frozen=True, slots=True, eq=False)
class Companions:
    """Products that are bought together with one: how many groups hold both, and how much more often than anywhere."""

    rows: Rows  # (r,) the strongest first, ties by row
    both: Counts  # (r,)
    beyond: Shares  # (r,) above 0
    usual: Counts  # (r,) groups that hold the companion, of all
    groups: int  # that hold the product
    all: int


class KnowledgeGraph:
    """Products, their values, who bought them and who is whose friend. Never changes; any thread may ask."""

    def __init__(
        self, values: Values, lines: Interactions, *, visits: bool, friends: sparse.csr_array | None = None
    ) -> None:
        """`visits`: whether baskets are known; `friends` is (n_shoppers, n_shoppers), 1 for a friend."""
        self.values, self.lines, self.friends = values, lines, friends
        total = int(lines.n_baskets.sum())
        self.by_basket = visits and total > 0 and len(lines.items) >= TOO_FEW * total
        sizes = lines.n_baskets if self.by_basket else np.ones(len(lines), np.int32)
        self._first = np.concatenate([[0], np.cumsum(sizes)]).astype(np.int64)  # group of each shopper, (n + 1,)
        group = self._first[lines.shopper_of_entry] + (lines.baskets if self.by_basket else 0)
        held = sparse.csr_array(
            (np.ones(len(group), np.float32), (group, lines.items)), shape=(int(self._first[-1]), lines.n_items)
        )
        held.data[:] = 1.0
        self._held, self._holders = held, held.tocsc()

    @cached_property
    def _columns(self) -> sparse.csc_array:
        """The values, by value."""
        return sparse.csc_array(self.values.table.tocsc())

    def values_of(self, row: int) -> Rows:
        """The values of a product, (s,)."""
        table = self.values.table
        return np.asarray(table.indices[table.indptr[row] : table.indptr[row + 1]], np.int32)

    def with_value(self, value: int) -> Rows:
        """The products that have a value, (p,) ascending."""
        columns = self._columns
        return np.sort(np.asarray(columns.indices[columns.indptr[value] : columns.indptr[value + 1]], np.int32))

    def friends_of(self, shopper: int | None) -> Rows:
        """The rows of somebody's friends; none where they or the friends are not known."""
        if self.friends is None or shopper is None:
            return np.zeros(0, np.int32)
        ends = self.friends.indptr
        return np.asarray(self.friends.indices[ends[shopper] : ends[shopper + 1]], np.int32)

    def _without(self, shopper: int | None) -> tuple[int, int, Counts]:
        """(first, end) of the groups of a shopper, and how many of all others hold each product, (n_items,)."""
        low, high = (0, 0) if shopper is None else (int(self._first[shopper]), int(self._first[shopper + 1]))
        own = np.bincount(self._held[low:high].indices, minlength=self.lines.n_items)
        return low, high, (np.diff(self._holders.indptr) - own).astype(np.int64)

    def _held_with(self, row: int, low: int, high: int) -> Counts:
        """In how many groups each product is beside one, those from `low` to `high` left out, (n_items,)."""
        groups = self._holders.indices[self._holders.indptr[row] : self._holders.indptr[row + 1]]
        groups = groups[(groups < low) | (groups >= high)]
        both = np.bincount(self._held[groups].indices, minlength=self.lines.n_items).astype(np.int64)
        both[row] = 0
        return both

    def companions(self, row: int, without: int | None = None) -> Companions:
        """What is bought together with a product, in groups of everybody but one shopper."""
        low, high, holders = self._without(without)
        both, every = self._held_with(row, low, high), int(self._first[-1]) - (high - low)
        rows = np.flatnonzero(both >= LEAST).astype(np.int32)
        beyond = both[rows] / (holders[row] + UNPROVEN) - holders[rows] / max(every, 1)
        order = np.lexsort((rows, -beyond))
        order = order[beyond[order] > 0]
        rows = rows[order]
        return Companions(rows, both[rows], beyond[order], holders[rows], int(holders[row]), every)

    def paths(self, known: Known, row: int, k: int) -> tuple[Path, ...]:
        """The k strongest paths to a product, each through another thing; ties in the order in which they are found.

        One edge: it was bought. Two: a friend bought it, or what was bought is bought together with it. Three: what was
        bought shares a value with it, or is bought together with something that is bought together with it.
        """
        found = [*self._itself(known, row), *self._companions(known, row), *self._values(known, row)]
        found += [*self._between(known, row), *self._friends(known, row)]
        return tuple(sorted(found, key=lambda path: -path.strength)[:k])

    @staticmethod
    def _bought(known: Known, place: int) -> Edge:
        return Edge(BOUGHT, int(known.times[place]), int(known.times.sum()))

    def _itself(self, known: Known, row: int) -> list[Path]:
        here = np.flatnonzero(known.rows == row)
        if not len(here):
            return []
        edge = self._bought(known, int(here[0]))
        return [Path((Node(YOU), Node(PRODUCT, row)), (edge,), edge.part / edge.whole)]

    def _companions(self, known: Known, row: int) -> list[Path]:
        """Through a product that was bought."""
        found = []
        edge, beyond = self._steps(known.rows, np.array([row], np.int32), known.shopper)
        for place in np.flatnonzero(beyond[:, 0] > 0).tolist():
            bought = self._bought(known, place)
            nodes = (Node(YOU), Node(PRODUCT, int(known.rows[place])), Node(PRODUCT, row))
            found.append(Path(nodes, (bought, edge(place, 0)), bought.part / bought.whole * float(beyond[place, 0])))
        return found

    def _steps(self, rows: Rows, to: Rows, without: int | None) -> tuple[Callable[[int, int], Edge], Shares]:
        """From products (u,) to such as are bought together with them (t,): (the edge of two places, (u, t) shares).

        A share is 0 where there is no edge.
        """
        low, high, holders = self._without(without)
        both = self._beside(self._holders, rows, to)
        if high > low:
            both -= self._beside(sparse.csc_array(self._held[low:high].tocsc()), rows, to)
        both[rows[:, None] == to] = 0
        sizes, usual, every = holders[rows], holders[to], int(self._first[-1]) - (high - low)
        beyond = both / (sizes[:, None] + UNPROVEN) - usual / max(every, 1)
        return (
            lambda at, on: Edge(TOGETHER, int(both[at, on]), int(sizes[at]), int(usual[on]), every),
            np.where((both >= LEAST) & (beyond > 0), beyond, 0.0),
        )

    @staticmethod
    def _beside(held: sparse.csc_array, rows: Rows, to: Rows) -> Counts:
        """(u, t) in how many groups each of some products is beside each of others."""
        return np.asarray((held[:, rows].T @ held[:, to]).toarray()).round().astype(np.int64)

    def _values(self, known: Known, row: int) -> list[Path]:
        """Through a value that the product shares with what was bought."""
        other = known.rows != row
        rows, times, total = known.rows[other], known.times[other], int(known.times.sum())
        columns = self.values_of(row)
        if not len(rows) or not len(columns):
            return []
        shares = self.values.table[rows][:, columns].toarray() > 0  # (u, s)
        bought = times @ shares  # (s,) purchases of something with the value
        found = []
        for at in np.flatnonzero(bought > 0):
            products = int(self._columns.indptr[columns[at] + 1] - self._columns.indptr[columns[at]])
            best = int(np.argmax(np.where(shares[:, at], times, 0)))  # the first of those bought most often
            has = Edge(HAS, 1, products)
            nodes = (Node(YOU), Node(PRODUCT, int(rows[best])), Node(VALUE, int(columns[at])), Node(PRODUCT, row))
            edges = (Edge(BOUGHT, int(times[best]), total), has, has)
            strength = float(times[best]) / total / (products - 1)
            found.append(Path(nodes, edges, strength, int(shares[:, at].sum()) - 1))
        return found

    def _between(self, known: Known, row: int) -> list[Path]:
        """Through a product that was not bought and is bought together with both."""
        total, found = int(known.times.sum()), []
        near = self.companions(row, known.shopper).rows if total else np.zeros(0, np.int32)
        middles = near[~np.isin(near, known.rows)][:BETWEEN]
        last, onward = self._steps(middles, np.array([row], np.int32), known.shopper)
        edge, beyond = self._steps(known.rows, middles, known.shopper)
        chances = beyond * (known.times / max(total, 1))[:, None] * onward[:, 0]  # (u, t)
        chances[known.rows == row] = 0
        for at in np.flatnonzero(chances.any(axis=0)).tolist():
            best = int(np.argmax(chances[:, at]))
            bought, middle = Node(PRODUCT, int(known.rows[best])), Node(PRODUCT, int(middles[at]))
            steps = (self._bought(known, best), edge(best, at), last(at, 0))
            found.append(Path((Node(YOU), bought, middle, Node(PRODUCT, row)), steps, float(chances[best, at])))
        return found

    def _friends(self, known: Known, row: int) -> list[Path]:
        """Through a friend who bought it."""
        friends = self.friends_of(known.shopper)
        found = []
        for friend in friends.tolist():
            taken = self.lines.of(friend)
            if times := int((taken == row).sum()):
                nodes = (Node(YOU), Node(FRIEND, friend), Node(PRODUCT, row))
                edges = (Edge(KNOWS, 1, len(friends)), Edge(BOUGHT, times, len(taken)))
                found.append(Path(nodes, edges, times / len(taken) / len(friends)))
        return found


@dataclass(frozen=True, slots=True)
class Neighbourhood:
    """A part of the graph around one product: nodes, the edges between them, and which lie on a path."""

    nodes: tuple[Node, ...]  # YOU where there is a path, the product, what lies on paths, then what is nearest
    edges: tuple[tuple[Node, Node, str], ...]
    on_path: frozenset[tuple[Node, Node]]


def neighbourhood(graph: KnowledgeGraph, paths: Sequence[Path], row: int, most: int) -> Neighbourhood:
    """What lies around a product: its paths, its values, what is bought together with it; at most `most` nodes.

    Of each value, its products that most buyers have are there too, in turns, until there is no more room.
    """
    product = Node(PRODUCT, row)
    edges: dict[tuple[Node, Node], str] = {}
    for path in paths:
        for start, to, edge in zip(path.nodes, path.nodes[1:], path.edges, strict=False):
            # a value points at no product: it is what a product has
            edges.setdefault((to, start) if start.kind == VALUE else (start, to), edge.kind)
    on_path = frozenset(edges)
    nodes = dict.fromkeys([product, *(node for path in paths for node in path.nodes)])
    values = graph.values_of(row).tolist()
    around = [(product, Node(VALUE, value), HAS) for value in values]
    around += [(product, Node(PRODUCT, int(near)), TOGETHER) for near in graph.companions(row).rows[: BETWEEN // 3]]
    around += _of_values(graph, values, row)
    for start, to, kind in around:
        if len(nodes) >= most and not {start, to} <= nodes.keys():
            continue
        nodes.update(dict.fromkeys([start, to]))
        if (to, start) not in edges:
            edges.setdefault((start, to), kind)
    return Neighbourhood(tuple(nodes), tuple((*ends, kind) for ends, kind in edges.items()), on_path)


def _of_values(graph: KnowledgeGraph, values: Sequence[int], row: int) -> list[tuple[Node, Node, str]]:
    """Products that share a value, those of most lines first: one of each value, then another of each."""
    often = np.bincount(graph.lines.items, minlength=graph.lines.n_items)
    found: list[tuple[int, tuple[Node, Node, str]]] = []
    for value in values:
        others = graph.with_value(value)
        others = others[others != row]
        best = others[np.argsort(-often[others], kind="stable")][:BETWEEN]
        found += [(turn, (Node(PRODUCT, int(at)), Node(VALUE, value), HAS)) for turn, at in enumerate(best)]
    return [edge for _, edge in sorted(found, key=lambda each: each[0])]
