"""What is learned of a person while they use the shop: their feedback once more, step by step, beside the engine."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from recsys.engine.catalogue import Catalogue
from recsys.engine.people import RECENT_FEEDBACK, People
from recsys.engine.turns import Turns
from recsys.feedback import FeedbackEvent
from recsys.index.shared_rows import SharedRowsIndex
from recsys.learning.learners import STRENGTH
from recsys.learning.pairwise import Pace, Taste, fits, moved
from recsys.learning.space import DIMS, centred, reduced, standardised
from recsys.reranking.folding import fold
from recsys.schema import Floats, Knobs, Request, Rows

SHELF: Final = 12  # products
BEFORE: Final = 50  # purchases of the history that a taste begins with, the latest
LOOKED: Final = 400  # of the best products, for a shelf without look-alikes
NEAREST: Final = 12  # products that say where a taste lies


@dataclass(frozen=True, slots=True, eq=False)
class Step:
    """One piece of feedback, and what it moved."""

    row: int  # of the product
    kind: str  # of feedback
    passed: int  # products that counted as passed by
    moved: float  # how far the taste moved, the length of the difference
    was: int  # place of the product among all before, 1 is first
    now: int  # and after
    near: Rows  # (n,) products nearest to the taste after it


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What was learned of one person, and the shelf that follows."""

    steps: tuple[Step, ...]  # oldest first
    start: Rows  # (n,) products nearest to the taste before any feedback; empty where nothing was known
    before: Rows  # (k,) the shelf without the feedback
    shelf: Rows  # (k,) the shelf now
    forgotten: int  # pieces of feedback too old to count


class LiveLearning:
    """Replays a person's feedback. Keeps nothing: the feedback log is all there is, so that what is forgotten there is
    forgotten here, two browsers of one person learn one taste, and a killed process loses nothing."""

    def __init__(self, catalogue: Catalogue, index: SharedRowsIndex, people: People, turns: Turns) -> None:
        self._catalogue, self._index, self._people, self._turns = catalogue, index, people, turns

    def of(self, request: Request, *, step: float, kept: float, weight: float) -> Lesson:
        """What this person's feedback comes to at this pace (`Pace`); `weight` is that of the taste beside popularity.

        Raises FeedbackError when the log cannot be read, BadRequestError for somebody unknown or a step that gives no
        number.
        """
        pace, events = Pace(step, kept), self._people.events(request)
        known = [event for event in events if event.item_id in self._people.row_of_item and event.kind in STRENGTH]
        counted = known[-RECENT_FEEDBACK:]
        with self._turns.turn():
            return self._replayed(request, counted, len(known) - len(counted), pace, weight)

    def untaught(self, request: Request, *, step: float, kept: float, weight: float) -> Lesson:
        """The shelf as it is without any feedback, for where that cannot be read."""
        with self._turns.turn():
            return self._replayed(request, [], 0, Pace(step, kept), weight)

    def _replayed(
        self, request: Request, events: list[FeedbackEvent], forgotten: int, pace: Pace, weight: float
    ) -> Lesson:
        taste = self._begun(request, pace)
        scores = self._scores(taste, weight)
        start, before = self._nearest(taste), self._shelf(scores, set())
        shelf, steps, touched, unwanted = before, list[Step](), set[int](), set[int]()
        for event in events:
            row = self._people.row_of_item[event.item_id]
            passed = _passed(shelf, row, touched)
            was = _place(scores, row)
            after = moved(taste, row, passed, STRENGTH[event.kind], self._vectors, pace)
            scores = self._scores(after, weight)
            far = float(np.linalg.norm(after.vector - taste.vector))
            near = self._nearest(after)
            step = Step(row, event.kind, len(passed), far, was, _place(scores, row), near)
            steps.append(step)
            touched.add(row)
            (unwanted.add if event.kind == "dislike" else unwanted.discard)(row)
            taste, shelf = after, self._shelf(scores, unwanted)
        return Lesson(tuple(steps), start, before, shelf, forgotten)

    def _begun(self, request: Request, pace: Pace) -> Taste:
        """The taste of the latest purchases; of nobody known, none."""
        taste, row = Taste.begun(self._vectors.shape[1]), self._people.row(request.shopper)
        if row is None:
            return taste
        items = self._people.history.of(row).items
        for item in items[-BEFORE:].tolist():
            taste = moved(taste, item, items[:0], STRENGTH["buy"], self._vectors, pace)
        return taste

    @cached_property
    def _vectors(self) -> Floats:
        """(n_items, d) in which tastes are learned; made at the first question."""
        rows = np.arange(self._catalogue.size, dtype=np.int32)
        return reduced(centred(self._index.vectors_at(rows)), DIMS)

    @cached_property
    def _popular(self) -> Floats:
        return standardised(self._catalogue.buyers.astype(np.float32))

    @cached_property
    def _groups(self) -> Rows:
        return self._catalogue.groups(Knobs().fold)

    def _scores(self, taste: Taste, weight: float) -> Floats:
        return np.asarray(self._popular + weight * fits(taste, self._vectors), np.float32)

    def _nearest(self, taste: Taste) -> Rows:
        if not taste.acts:
            return np.empty(0, np.int32)
        return _best(fits(taste, self._vectors), NEAREST)

    def _shelf(self, scores: Floats, unwanted: set[int]) -> Rows:
        """The best of each group of look-alikes, (k,), without what was turned down."""
        wanted, looked = SHELF + len(unwanted), LOOKED
        while True:
            ranked = _best(scores, looked)
            first, _ = fold(self._groups[ranked], wanted)
            if len(first) == wanted or looked >= len(scores):
                break
            looked *= 10  # so many look-alikes stand at the top
        rows = ranked[first]
        return rows[~np.isin(rows, list(unwanted))][:SHELF].astype(np.int32)


def _passed(shelf: Rows, row: int, touched: set[int]) -> Rows:
    """What stands above the product on the shelf and was never acted on; nothing where it is not on the shelf."""
    place = np.flatnonzero(shelf == row)
    if not len(place):
        return shelf[:0]
    above = shelf[: int(place[0])]
    return above[~np.isin(above, list(touched))]


def _best(scores: Floats, k: int) -> Rows:
    """Rows of the k best, best first, ties by row, (<= k,)."""
    if k < len(scores):
        border = np.partition(scores, -k)[-k]
        rows = np.flatnonzero(scores >= border)
    else:
        rows = np.arange(len(scores))
    return rows[np.argsort(-scores[rows], kind="stable")][:k].astype(np.int32)


def _place(scores: Floats, row: int) -> int:
    """The place of a product by falling score, ties by row, 1 is first."""
    return 1 + int((scores > scores[row]).sum()) + int((scores[:row] == scores[row]).sum())
