"""The steps that the rooms declare, in an order in which each comes after those it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from graphlib import CycleError, TopologicalSorter
from typing import Final

from recsys.encoders.preparing import (
    fusion,
    maps,
    picture_encoder,
    picture_features,
    picture_maps,
    text_encoder,
    things,
)
from recsys.query import preparing as understanding
from recsys.ranking import preparing as order
from recsys.recommenders.transformer import preparing as interests
from recsys.retrieval.preparing import languages, vectors, words
from recsys.scenarios.basket import preparing as baskets
from recsys.scenarios.offers.preparing import promotions, redemptions
from recsys.scenarios.reviews import preparing as reviews
from recsys.scenarios.reviews import teaching as review_heads
from recsys.scenarios.stock import preparing as demand
from recsys.shops import picturing as pictures
from recsys.shops import preparing as dataset
from recsys.steps.contract import Step


def ordered(steps: Iterable[Step]) -> dict[str, Step]:
    """The steps by name: each after those it rests on, else as they are given, what a shelf needs first.

    Raises ValueError for a name that two steps have, for one that is none's, and for steps that rest on each other.
    """
    given = list(steps)
    by_name = {step.name: step for step in given}
    if len(by_name) < len(given):
        raise ValueError(f"two steps have one name: {', '.join(step.name for step in given)}")
    graph = {step.name: [basis.step for basis in step.rests_on] for step in given}
    if unknown := sorted({name for names in graph.values() for name in names} - by_name.keys()):
        raise ValueError(f"there is no step {', '.join(unknown)}; there are {', '.join(by_name)}")
    sorter = TopologicalSorter(graph)
    try:
        sorter.prepare()
    except CycleError as error:
        raise ValueError(f"steps rest on each other: {' -> '.join(error.args[1])}") from error
    found: dict[str, Step] = {}
    ready: set[str] = set()
    while len(found) < len(given):
        ready |= set(sorter.get_ready())
        first = min(ready, key=lambda name: (not by_name[name].needed, list(by_name).index(name)))
        found[first] = by_name[first]
        ready.remove(first)
        sorter.done(first)
    return found


STEPS: Final[Mapping[str, Step]] = ordered(
    (
        dataset.STEP,
        text_encoder.STEP,
        vectors.STEP,
        words.STEP,
        understanding.STEP,
        order.STEP,
        pictures.STEP,
        picture_encoder.STEP,
        languages.STEP,
        maps.STEP,
        picture_features.STEP,
        fusion.STEP,
        picture_maps.STEP,
        things.STEP,
        interests.STEP,
        baskets.STEP,
        review_heads.STEP,
        reviews.STEP,
        redemptions.STEP,
        promotions.STEP,
        demand.STEP,
    )
)
"""Of the steps that could be made at the same moment, the earlier one here is."""

FIRST_SHELF: Final[Mapping[str, Step]] = {name: step for name, step in STEPS.items() if step.needed}
"""Those without which no shelf can be shown. None of them rests on one of the others."""
