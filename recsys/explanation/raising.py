"""Why a product stands where it stands: what the one above it has more of, and what it has more of than the next."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

from recsys.ranking.parts import PARTS
from recsys.retrieval.part import Part
from recsys.schema import RankedItem

MOST: Final = 2  # parts that are named
WORTH_SAYING: Final = 0.0005  # of a score: what rounds to no tenth of a point is no lead


def raising(item: RankedItem, above: RankedItem | None, parts: Iterable[Part] = PARTS) -> str:
    """One sentence: how many points part it from the product above it, and in which parts that one leads the most.

    `above` is the product one place higher, None where there is none. Points are hundredths of a score.
    """
    if above is None:
        return "It is the first: nothing stands above it."
    behind, largest = _lead(above, item, parts)
    if not largest:
        return f"Number {above.rank}, \u201c{above.title}\u201d, has as many points: the order between them is chance."
    more = f"{behind:.1f} points" if round(behind, 1) != 1 else "1.0 point"
    return f"{more} more would make it number {above.rank}: \u201c{above.title}\u201d there has more of {largest}."


def holding(item: RankedItem, below: RankedItem | None, parts: Iterable[Part] = PARTS) -> str:
    """One sentence: how many points it has more than the product below it, and in which parts it leads the most.

    `below` is the product one place lower, None where there is none. Points are hundredths of a score.
    """
    if below is None:
        return "It is the last that is shown."
    ahead, largest = _lead(item, below, parts)
    if not largest:
        return f"Number {below.rank}, \u201c{below.title}\u201d, has as many points: the order between them is chance."
    more = f"{ahead:.1f} points" if round(ahead, 1) != 1 else "1.0 point"
    return f"It stands above number {below.rank}, \u201c{below.title}\u201d, by {more}: it has more of {largest}."


def _lead(first: RankedItem, second: RankedItem, parts: Iterable[Part]) -> tuple[float, str]:
    """(points by which the first leads, the parts in which it leads most, named; "" where it does not lead)."""
    ahead = (first.score - second.score) * 100
    leads = {part.label: first.parts.get(part.name, 0.0) - second.parts.get(part.name, 0.0) for part in parts}
    largest = sorted((each for each in leads.items() if each[1] >= WORTH_SAYING), key=lambda each: -each[1])[:MOST]
    if ahead < WORTH_SAYING * 100:
        return ahead, ""
    return ahead, " and ".join(f"\u201c{label}\u201d (+{lead * 100:.1f})" for label, lead in largest)
