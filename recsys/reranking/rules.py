"""Caps and floors: no more than so many of a brand, no fewer than so many of what is seldom shown."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from recsys.schema import Mask, Rows


@dataclass(frozen=True, slots=True, eq=False)
class Cap:
    """At most so many of each label; what has no label (-1) is not counted."""

    labels: Rows  # (n,)
    most: int
    of: str  # what the labels are, in one word: "brand"

    def take(self, positions: Rows) -> Cap:
        """The same cap for a pool in another order."""
        return Cap(self.labels[positions], self.most, self.of)

    def missed(self, slate: Rows) -> str:
        """How many of the slate are over the cap, and why that could not be helped."""
        mine = self.labels[slate]
        over = int(np.maximum(np.bincount(mine[mine >= 0]) - self.most, 0).sum()) if (mine >= 0).any() else 0
        if not over:
            return ""
        return (
            f"At most {self.most} of a {self.of} could not be kept: the candidates left too few of other kinds, or "
            f"what comes before it in the order asked for more. {_products(over)} above it."
        )


@dataclass(frozen=True, slots=True, eq=False)
class Floor:
    """At least so many of some products."""

    members: Mask  # (n,)
    least: int
    of: str  # what one of them is: "long-tail product"

    def take(self, positions: Rows) -> Floor:
        """The same floor for a pool in another order."""
        return Floor(self.members[positions], self.least, self.of)

    def missed(self, slate: Rows) -> str:
        """How many the slate lacks, and whether there are any more."""
        there, known = int(self.members[slate].sum()), int(self.members.sum())
        if there >= self.least:
            return ""
        why = (
            f"the {len(self.members)} candidates hold {'no more' if known else 'none'}"
            if known <= there
            else "what comes before it in the order leaves no more room"
        )
        return (
            f"At least {self.least} {self.of}{'' if self.least == 1 else 's'} could not be shown: {why}. "
            f"There {_are(there)} {there or 'none'}."
        )


def _products(number: int) -> str:
    return f"{number} product{' stands' if number == 1 else 's stand'}"


def _are(number: int) -> str:
    return "is" if number == 1 else "are"
