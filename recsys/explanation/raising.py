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
        return _chance(above)
    return f"{behind} more would make it number {above.rank}: \u201c{above.title}\u201d there has more of {largest}."


def holding(item: RankedItem, below: RankedItem | None, parts: Iterable[Part] = PARTS) -> str:
    """One sentence: how many points it has more than the product below it, and in which parts it leads the most.

    `below` is the product one place lower, None where there is none. Points are hundredths of a score.
    """
    if below is None:
        return "It is the last that is shown."
    ahead, largest = _lead(item, below, parts)
    if not largest:
        return _chance(below)
    return f"It stands above number {below.rank}, \u201c{below.title}\u201d, by {ahead}: it has more of {largest}."


def _chance(other: RankedItem) -> str:
    return f"Number {other.rank}, \u201c{other.title}\u201d, has as many points: the order between them is chance."


def _lead(first: RankedItem, second: RankedItem, parts: Iterable[Part]) -> tuple[str, str]:
    """(the points by which the first leads, in words; the parts in which it leads most, "" where it does not lead)."""
    ahead = (first.score - second.score) * 100
    leads = {part.label: first.parts.get(part.name, 0.0) - second.parts.get(part.name, 0.0) for part in parts}
    largest = sorted((each for each in leads.items() if each[1] >= WORTH_SAYING), key=lambda each: -each[1])[:MOST]
    said = f"{ahead:.1f} points" if round(ahead, 1) != 1 else "1.0 point"
    if ahead < WORTH_SAYING * 100:
        return said, ""
    return said, " and ".join(f"\u201c{label}\u201d (+{lead * 100:.1f})" for label, lead in largest)
