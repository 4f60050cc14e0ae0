"""The smallest change that takes a product from its place: found by asking again, never by estimating.

A counterfactual explanation (Wachter, Mittelstadt & Russell 2017) of a list, as in PRINCE (Ghazimatin et al., WSDM
2020): what would have had to be otherwise. Single changes are tried before sets; a set grows by what did most when it
was tried alone, and is then made smaller again while it still works. It is the smallest that was found, and how often
was asked is said.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

Change = TypeVar("Change", bound=Hashable)


@dataclass(frozen=True, slots=True)
class Smallest(Generic[Change]):
    """The fewest changes that were found to be enough; none where none of those that were tried is."""

    changes: tuple[Change, ...]
    asked: int  # how often it was tried

    def __bool__(self) -> bool:
        return bool(self.changes)


def smallest(
    candidates: Sequence[Change], left: Callable[[frozenset[Change]], float], most: int = 40
) -> Smallest[Change]:
    """The smallest set of `candidates` after which nothing is left of the product's lead.

    `candidates` are in the order in which they are thought to speak for the product, the strongest first. `left` says
    how much of its lead a set of changes leaves, on any scale; at 0 and below it has lost its place. It is asked at
    most `most` times; a set that was found before that stays valid.
    """
    asked = 0

    def lead(changes: frozenset[Change]) -> float:
        nonlocal asked
        asked += 1
        return left(changes)

    alone = dict[Change, float]()
    for each in candidates[:most]:
        alone[each] = lead(frozenset([each]))
        if alone[each] <= 0:
            return Smallest((each,), asked)
    strongest = sorted(alone, key=lambda each: alone[each])  # equal ones stay in the order that was given
    chosen = list[Change]()
    for size in _sizes(len(strongest)):
        if asked >= most:
            return Smallest((), asked)
        if lead(frozenset(strongest[:size])) <= 0:
            chosen = strongest[:size]
            break
    else:
        return Smallest((), asked)
    for each in list(reversed(chosen)):  # what did least alone is the first that may not be needed
        fewer = [other for other in chosen if other != each]
        if asked >= most or len(fewer) < 1:
            break
        if lead(frozenset(fewer)) <= 0:
            chosen = fewer
    return Smallest(tuple(chosen), asked)


def _sizes(n: int) -> list[int]:
    """2, 3, 4, 6, 8, 12, 16, 24 ... n: small sets one by one, large ones in steps that can be made smaller again."""
    sizes = [2, 3]
    while sizes[-1] < n:
        sizes.append(2 * sizes[-2])
    return [size for size in sizes if size < n] + [n] if n > 1 else []
