"""A log of pages with the chances by which they were drawn, and the chances that another policy would have given."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.errors import DataError

Doubles = npt.NDArray[np.float64]
Rows = npt.NDArray[np.int64]

LEAST: Final = 2  # rounds: one has no spread
ROOM: Final = 1e-9  # by which a chance that was summed up may go beyond 1
SMALLEST: Final = 1e-9  # chance: one that is smaller was never drawn in any log, and makes numbers without end
ALLOWED: Final = "numbers above 0, up to 1 (not below 1e-9)"
REMEDY: Final = "log the chance by which each product was drawn to its place, and leave out what was not drawn"


@dataclass(frozen=True, slots=True, eq=False)
class Chances:
    """Of each product of a page, the chance by which a policy shows it there. All (n, k)."""

    places: Doubles  # at that place, whatever stands above it
    steps: Doubles  # at that place, given what stands above it; their product is the chance of the page

    @property
    def rounds(self) -> int:
        """How many pages."""
        return len(self.places)


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """Pages of `k` places, what was earned at each, and the chances by which they were drawn.

    An impression logged on its own is a page of one place. Raises DataError for what cannot be used; nothing is put
    right by itself.
    """

    items: Rows  # (n, k) products, any numbers
    rewards: Doubles  # (n, k), finite
    chances: Chances  # of the policy that was logged, above 0

    def __post_init__(self) -> None:
        shape = self.items.shape
        given = {"rewards": self.rewards, "chances of places": self.chances.places, "of steps": self.chances.steps}
        for name, values in given.items():
            if values.shape != shape or len(shape) != 2:
                raise DataError(f"{shape} products with {name} {values.shape}", allowed="one for each, pages in rows")
        if len(self.items) < LEAST or not shape[1]:
            raise DataError(
                f"a log of {len(self.items)} pages", allowed=f"at least {LEAST}", remedy="give a longer one"
            )
        refuse_rewards(self.rewards)
        for values in (self.chances.places, self.chances.steps):
            refuse_propensities(values)
        refuse_repeats(self.items)

    @property
    def rounds(self) -> int:
        """How many pages."""
        return len(self.items)


def refuse_propensities(values: Doubles, name: str = "the log") -> None:
    """Raises DataError for a propensity that is no chance: not a number, 0, below or above 1."""
    wrong = ~((values >= SMALLEST) & (values <= 1 + ROOM))
    if wrong.any():
        at = int(np.flatnonzero(wrong.any(axis=1) if values.ndim == 2 else wrong)[0])
        worst = values[wrong].ravel()[0]
        raise DataError(
            f"{name} has {int(wrong.sum()):,} propensities that are no chances, the first in row {at + 1}: {worst:g}",
            allowed=ALLOWED,
            remedy=REMEDY,
        )


def refuse_rewards(values: Doubles, name: str = "the log") -> None:
    """Raises DataError for a reward that is no finite number."""
    wrong = ~np.isfinite(values)
    if wrong.any():
        at = int(np.flatnonzero(wrong.any(axis=1) if values.ndim == 2 else wrong)[0])
        raise DataError(
            f"{name} has {int(wrong.sum()):,} rewards that are no numbers, the first in row {at + 1}",
            allowed="finite numbers, 0 for nothing",
            remedy="write 0 where nothing was earned",
        )


def refuse_repeats(items: Rows) -> None:
    """Raises DataError where a page shows one product at two places: no draw without replacement does."""
    ordered = np.sort(items, axis=1)
    twice = (ordered[:, 1:] == ordered[:, :-1]).any(axis=1)
    if twice.any():
        raise DataError(
            f"{int(twice.sum()):,} pages show a product twice, the first is page {int(np.flatnonzero(twice)[0]) + 1}",
            allowed="each product once on a page",
            remedy="check how pages were put together",
        )


def checked_target(log: Log, target: Chances) -> Chances:
    """The chances of another policy for what was logged. Raises DataError for what is no chance; 0 is one."""
    for values in (target.places, target.steps):
        if values.shape != log.items.shape:
            raise DataError(f"{log.items.shape} products with chances {values.shape}", allowed="one for each")
        if not ((values >= 0) & (values <= 1 + ROOM)).all():
            raise DataError("the policy to be judged has chances that are none", allowed="numbers from 0 to 1")
    return target
