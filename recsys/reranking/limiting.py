"""Re-rankers that set a rule and keep the order otherwise."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from recsys.reranking.contract import Ordered, Pool
from recsys.reranking.filling import in_order
from recsys.reranking.rules import Cap, Floor


@dataclass(frozen=True, slots=True)
class Capped:
    """No more than `most` of a brand, or of a category: the next in order takes the place of one too many."""

    most: int
    by: str  # which labels
    name: ClassVar[str] = "caps"

    @property
    def label(self) -> str:
        """Plain words."""
        return f"At most {self.most} of a {self.by}"

    def order(self, pool: Pool, k: int) -> Ordered:
        """The slate and the others behind it, and the cap for those who come after."""
        labels = pool.labels.get(self.by)
        if labels is None:
            said = f"{self.label} was left out: the {self.by} of these products is not known."
            return Ordered(in_order(pool, k), given_up=(said,))
        rule = Cap(labels, self.most, self.by)
        return Ordered(in_order(pool.with_rules((rule,)), k), (rule,))


@dataclass(frozen=True, slots=True)
class Exposed:
    """No fewer than `least` of a group of products, as far as the slate has places."""

    least: int
    group: str  # its name among the pool's groups
    of: str  # what one of them is: "long-tail product"
    name: ClassVar[str] = "exposure"

    @property
    def label(self) -> str:
        """Plain words."""
        return f"At least {self.least} {self.of}{'' if self.least == 1 else 's'}"

    def order(self, pool: Pool, k: int) -> Ordered:
        """The slate and the others behind it, and the floor for those who come after."""
        members = pool.groups.get(self.group)
        if members is None:
            said = f"{self.label} was left out: this shop does not know which products these are."
            return Ordered(in_order(pool, k), given_up=(said,))
        rule = Floor(members, self.least, self.of)
        return Ordered(in_order(pool.with_rules((rule,)), k), (rule,))
