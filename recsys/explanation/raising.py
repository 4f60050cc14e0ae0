"""What would move a product up: what the one above it has more of."""

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
    behind = (above.score - item.score) * 100
    leads = {part.label: above.parts.get(part.name, 0.0) - item.parts.get(part.name, 0.0) for part in parts}
    largest = sorted((each for each in leads.items() if each[1] >= WORTH_SAYING), key=lambda each: -each[1])[:MOST]
    if behind < WORTH_SAYING * 100 or not largest:
        return f"Number {above.rank}, \u201c{above.title}\u201d, has as many points: the order between them is chance."
    named = " and ".join(f"{label} (+{lead * 100:.1f})" for label, lead in largest)
    more = f"{behind:.1f} points" if round(behind, 1) != 1 else "1.0 point"
    return f"{more} more would make it number {above.rank}: \u201c{above.title}\u201d there has more of {named}."
