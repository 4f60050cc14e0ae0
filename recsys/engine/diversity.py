"""One shelf before and after re-ranking: what it is worth, what diversity costs this shopper, and where the knee is."""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from recsys.engine.shelf import Shelf, Slate
from recsys.reranking.chosen import rerankers
from recsys.reranking.frontier import Point, frontier, knee
from recsys.reranking.measures import MEASURES, Measure, measures
from recsys.schema import Answer, Request, Reranking, Rows


@dataclass(frozen=True, slots=True)
class Measured:
    """One figure of the shelf, by score alone and as it is shown; None where the shop does not know what it needs."""

    measure: Measure
    before: float | None
    after: float | None


@dataclass(frozen=True, slots=True)
class Diversity:
    """Two shelves for one request, and all that there is to weigh between them."""

    before: Answer  # by score alone
    after: Answer  # as the request says
    candidates: int  # that the shelf was chosen among; 0 where nothing was found
    rows: Rows  # of these
    measured: tuple[Measured, ...] = ()
    frontier: tuple[Point, ...] = ()  # a point for each strength of diversity, all else as it is set
    current: Point | None = None  # the shelf that is shown, among those of its way
    knee: Point | None = None  # where more diversity begins to cost more than it did so far; None: there is no such
    given_up: tuple[str, ...] = ()  # what could not be done, in plain words

    def of(self, name: str) -> Measured:
        """The figure of that name."""
        return next(each for each in self.measured if each.measure.name == name)


def weighed(shelf: Shelf, request: Request) -> Diversity:
    """The shelf of a request before and after re-ranking. An order that was chosen by price, say, is left out."""
    request = replace(request, sort="")
    after = shelf.answer(request)
    before = shelf.answer(replace(request, reranking=Reranking())) if request.reranking.on else after
    slate = shelf.slate(request)
    if slate is None:
        return Diversity(before, after, 0, np.empty(0, np.int32))
    to, pool = request.reranking.calibrate_to, slate.pool
    was, now = (measures(pool, places, calibrate_to=to) for places in (slate.made.before, slate.made.slate))
    measured = tuple(Measured(each, was[each.name], now[each.name]) for each in MEASURES)
    points = _frontier(slate, request)
    current = None
    if now["diversity"] is not None and now["relevance"] is not None:
        current = Point(request.reranking.diversity, now["diversity"], now["relevance"])
    given_up = slate.made.given_up
    return Diversity(before, after, len(pool), slate.rows, measured, points, current, knee(points), given_up)


def _frontier(slate: Slate, request: Request) -> tuple[Point, ...]:
    """What each strength of diversity would make of this pool, everything else as it is set."""
    settings = request.reranking
    return frontier(
        slate.pool,
        request.k,
        lambda strength: rerankers(replace(settings, diversity=strength), request.k),
        by_relevance=settings.arranged == "relevance",
    )
