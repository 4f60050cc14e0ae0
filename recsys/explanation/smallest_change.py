"""The smallest change that takes a product off a shelf: found by asking again, never by estimating.

A counterfactual explanation (Wachter, Mittelstadt & Russell 2017) of a list, as in PRINCE (Ghazimatin et al., WSDM
2020): what would have had to be otherwise. Single changes are tried before sets; a set grows by what speaks most for
the product, and is then made smaller again while it still works. It is the smallest that was found, and how often was
asked is said.
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
    candidates: Sequence[Change], gone: Callable[[frozenset[Change]], bool], most: int = 40
) -> Smallest[Change]:
    """The smallest set of `candidates` for which the product is `gone`.

    `candidates` are in the order in which they speak for the product, the strongest first. `gone` is asked at most
    `most` times; a set that was found before that stays valid.
    """
    asked = 0

    def is_gone(changes: frozenset[Change]) -> bool:
        nonlocal asked
        asked += 1
        return gone(changes)

    for each in candidates[:most]:
        if is_gone(frozenset([each])):
            return Smallest((each,), asked)
    chosen = list[Change]()
    for each in candidates:
        chosen.append(each)
        if len(chosen) < 2:
            continue  # tried above
        if asked >= most:
            return Smallest((), asked)
        if is_gone(frozenset(chosen)):
            break
    else:
        return Smallest((), asked)
    for each in list(chosen):  # the strongest first: what is left is many small ones only if the large are not needed
        fewer = [other for other in chosen if other != each]
        if asked >= most or not fewer:
            break
        if is_gone(frozenset(fewer)):
            chosen = fewer
    return Smallest(tuple(chosen), asked)
