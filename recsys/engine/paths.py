"""How a product hangs together with what somebody knows: paths through what the shop knows, each in plain words."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np
import pandas as pd
from scipy import sparse

from recsys import schema as s
from recsys.datasets.interactions import Interactions
from recsys.engine.catalogue import Catalogue, coded
from recsys.engine.people import People
from recsys.engine.whys import Whys
from recsys.explanation.knowledge_graph import FRIEND as FRIEND
from recsys.explanation.knowledge_graph import PRODUCT as PRODUCT
from recsys.explanation.knowledge_graph import (
    TOGETHER,
    Edge,
    KnowledgeGraph,
    Known,
    Neighbourhood,
    Path,
    Values,
    neighbourhood,
)
from recsys.explanation.knowledge_graph import UNPROVEN as UNPROVEN
from recsys.explanation.knowledge_graph import VALUE as VALUE
from recsys.explanation.knowledge_graph import YOU as YOU
from recsys.explanation.knowledge_graph import Node as Node
from recsys.ranking.parts import TOGETHER as GOES_WITH
from recsys.recommenders.side_information import friendships
from recsys.retrieval.repeat import REPEAT
from recsys.schema import Request, Rows
from recsys.schema.capabilities import Capabilities, Capability
from recsys.shops.contract import Shop

SHOWN: Final = 8  # paths
DRAWN: Final = 40  # things in the picture, at most
COLUMNS: Final = {
    s.BRAND: Capability.BRANDS,
    s.CATEGORY: Capability.CATEGORIES,
    s.DEPARTMENT: Capability.DEPARTMENTS,
}


@dataclass(frozen=True, slots=True, eq=False)
class Found:
    """The paths to one product, strongest first, and what lies around it."""

    paths: tuple[Path, ...]
    around: Neighbourhood
    products: int  # that were bought
    friends: int


class Paths:
    """The door to the knowledge graph of a shop, which is made when it is first asked for: some tenths of a second."""

    def __init__(
        self,
        lines: Callable[[], Interactions],
        tables: Callable[[str], pd.DataFrame | None],
        catalogue: Catalogue,
        people: People,
        whys: Whys,
        has: Capabilities,
        shop: Shop,
    ) -> None:
        """`lines` are all purchases; `tables` gives "attributes" and "friends", None where the shop has none."""
        self._lines, self._tables, self._catalogue = lines, tables, catalogue
        self._people, self._whys, self._has, self._shop = people, whys, has, shop

    @cached_property
    def graph(self) -> KnowledgeGraph:
        """All of it."""
        lines, friends = self._lines(), self._tables("friends")
        known: sparse.csr_array | None = None if friends is None else friendships(friends, len(lines))
        return KnowledgeGraph(self._values(), lines, visits=self._has.has(Capability.VISITS), friends=known)

    def _values(self) -> Values:
        """Brand, category, department and attributes. What the shop calls a brand that is none connects nothing."""
        items = self._catalogue.items
        everything = np.arange(len(items), dtype=np.int32)
        columns: list[tuple[str, Rows, Rows, tuple[str, ...]]] = []
        for name, needed in COLUMNS.items():
            if self._has.has(needed) and name in items:
                codes, names = coded(items[name])
                if name == s.BRAND and self._shop.words.other_brand in names:
                    codes = np.where(codes == names.index(self._shop.words.other_brand), -1, codes).astype(np.int32)
                columns.append((name, everything, codes, names))
        table = self._tables("attributes")
        for attribute, of in () if table is None else table.groupby(s.ATTRIBUTE, sort=True, observed=True):
            codes, names = coded(of[s.VALUE])
            columns.append((str(attribute), of[s.ITEM].to_numpy(np.int32), codes, names))
        return Values.of(len(items), columns)

    def of(self, request: Request, row: int) -> Found:
        """The strongest paths from what the person behind a request knows to a product. Raises for an unknown one."""
        bought = self._whys.bought(request)
        shopper = self._people.row(request.shopper)
        known = Known(
            np.array([each.row for each in bought], np.int32),
            np.array([each.times for each in bought], np.int64),
            shopper,
        )
        paths = self.graph.paths(known, row, SHOWN)
        around = neighbourhood(self.graph, paths, row, DRAWN)
        return Found(paths, around, len(bought), len(self.graph.friends_of(shopper)))

    @property
    def groups(self) -> str:
        """What "together" is counted in: baskets, or all that one of the shop's people bought."""
        return "baskets" if self.graph.by_basket else self._shop.people.many

    def kind(self, node: Node) -> str:
        """What a thing is: "you", "product", "brand", "colour", "friend"."""
        return self.graph.values.kinds[node.at] if node.kind == VALUE else node.kind

    def name(self, node: Node) -> str:
        """What a thing is called, as the shop has it."""
        if node.kind == PRODUCT:
            return str(self._catalogue.titles[node.at])
        if node.kind == VALUE:
            return self.graph.values.names[node.at]
        return f"Friend {self._friend(node.at)}" if node.kind == FRIEND else "You"

    def _friend(self, row: int) -> str:
        return next((shopper for shopper, at in self._people.row_of_id.items() if at == row), "")

    @staticmethod
    def counted(path: Path) -> tuple[str, bool]:
        """(the part of the score that counts such a path, "" for none; whether it counts just this and nothing else).

        How often the product was bought is the part of that name. What is bought together is weighed by models of the
        learned order, by their own figures. No part counts a shared value or a friend.
        """
        if path.through.kind == YOU:
            return REPEAT.name, True
        return (GOES_WITH.name, False) if path.edges[-1].kind == TOGETHER else ("", False)

    def said(self, path: Path) -> str:
        """A path as one sentence, with its figures."""
        first, last = path.edges[0], path.edges[-1]
        if path.through.kind == YOU:
            of_all = f"{self._number(first.part)} of {self._number(first.whole)} purchases"
            return f"You {self._bought} this product {_times(first.part)}: {of_all}."
        if path.through.kind == FRIEND:
            friend = f"Your friend {self._friend(path.through.at)}, one of {self._number(first.whole)},"
            return f"{friend} {self._bought} it {_times(last.part)}."
        before = f"You {self._bought} “{self.name(path.nodes[1])}” {_times(first.part)}."
        if path.through.kind == VALUE:
            products = self._number(last.whole)
            also = f", of {self._number(path.others)} more that you {self._bought}" if path.others else ""
            of = f"Its {self.kind(path.through)} is “{self.name(path.through)}”"
            return f"{before} {of}, as of this one{also} and of {products} in all."
        steps: list[str] = []
        for edge, node in zip(path.edges[1:], path.nodes[2:], strict=True):
            to = "this" if node == path.nodes[-1] else f"“{self.name(node)}”"
            steps.append(self._together(edge, to, "that" if steps else "it"))
        return f"{before} Of {'; and of '.join(steps)}."

    def _together(self, edge: Edge, what: str, start: str) -> str:
        part, whole = self._number(edge.part), self._number(edge.whole)
        compared = f"{_share(edge.part, edge.whole)}; of all {self.groups} {_share(edge.usual, edge.all)}"
        if self.graph.by_basket:
            return f"the {whole} baskets of others with {start}, {part} hold {what} too ({compared})"
        return f"the {whole} others who {self._bought} {start}, {part} {self._bought} {what} too ({compared})"

    @property
    def _bought(self) -> str:
        return "bought" if self._has.has(Capability.PURCHASES) else "chose"

    def _number(self, count: float) -> str:
        return self._shop.number(count)


def _times(times: int) -> str:
    return {1: "once", 2: "twice"}.get(times, f"{times} times")


def _share(part: int, whole: int) -> str:
    share = 100 * part / max(whole, 1)
    return f"{share:.0f} %" if share >= 10 else f"{share:.1f} %" if share >= 0.1 else f"{share:.2f} %"
