"""What is learned of a person while they use the shop: their feedback once more, step by step, beside the engine."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Final

import numpy as np

from recsys.engine.catalogue import Catalogue
from recsys.engine.people import RECENT_FEEDBACK, People
from recsys.engine.turns import Turns
from recsys.index.shared_rows import SharedRowsIndex
from recsys.learning.learners import STRENGTH
from recsys.learning.pairwise import Pace, Taste, fits, moved
from recsys.learning.space import DIMS, centred, reduced, standardised
from recsys.reranking.folding import fold
from recsys.schema import Floats, Knobs, Learning, Request, Rows

SHELF: Final = 12  # products
BEFORE: Final = 50  # purchases of the history that a taste begins with, the latest
LOOKED: Final = 400  # of the best products, for a shelf without look-alikes
NEAREST: Final = 12  # products that say where a taste lies
STAYED: Final = 1e-4  # length below which a product has not moved: before the first act there was nowhere to go
DONE: Final = {"like": "liked", "basket": "took", "click": "looked at", "dislike": "turned down"}
"""What somebody did with a product, as it reads after "you"."""


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
class Shift:
    """A product that moved for this person, and among which products it lies now."""

    row: int
    by: float  # how far it is from where it came from, the length of the difference; products have length 1
    was: Rows  # (n,) products nearest to where it came from, itself left out
    near: Rows  # (n,) nearest to where it is
    towards: bool  # the taste, and not away from it


@dataclass(frozen=True, slots=True, eq=False)
class Lesson:
    """What was learned of one person, and the shelf that follows."""

    steps: tuple[Step, ...]  # oldest first
    start: Rows  # (n,) products nearest to the taste before any feedback; empty where nothing was known
    before: Rows  # (k,) the shelf without the feedback
    shelf: Rows  # (k,) the shelf now
    forgotten: int  # pieces of feedback too old to count
    shifts: tuple[Shift, ...] = ()  # products that moved, the one that moved furthest first


@dataclass(frozen=True, slots=True, eq=False)
class Taught:
    """What a person's feedback alone taught, their purchases aside: what it adds to a score, and which act it was."""

    fits: Floats  # (n_items,) how well each product fits it
    acts: tuple[tuple[int, str], ...]  # (row, kind) of each act, oldest first
    pushes: Floats  # (n_acts, d) what each adds to the taste as it is now
    vectors: Floats  # (n_items, d)

    def because(self, row: int) -> tuple[int, str] | None:
        """(row, kind) of the act that speaks most for a product; None where none speaks for it.

        A taste is the sum of what its acts added, so that what each adds to the fit of a product is known exactly; what
        was done with the product itself comes before all else.
        """
        own = [act for act in self.acts if act[0] == row]
        if own:
            return own[-1] if own[-1][1] != "dislike" else None
        added = self.pushes @ self.vectors[row]
        best = int(added.argmax()) if len(added) else -1
        return self.acts[best] if best >= 0 and added[best] > 0 else None


@dataclass(frozen=True, slots=True, eq=False)
class _Act:
    """One act, and what was learned before and after it."""

    row: int
    kind: str
    passed: Rows
    before: Taste
    after: Taste
    was: Floats  # (n_items,) scores before
    now: Floats  # and after
    shelf: Rows  # after


class LiveLearning:
    """Replays a person's feedback. Keeps nothing: the feedback log is all there is, so that what is forgotten there is
    forgotten here, two browsers of one person learn one taste, and a killed process loses nothing."""

    def __init__(self, catalogue: Catalogue, index: SharedRowsIndex, people: People, turns: Turns) -> None:
        self._catalogue, self._index, self._people, self._turns = catalogue, index, people, turns

    def of(self, request: Request, learning: Learning) -> Lesson:
        """What this person's feedback comes to at this pace.

        Raises FeedbackError when the log cannot be read, BadRequestError for somebody unknown or a step that gives no
        number.
        """
        known = _teaching(self._people.acts(self._people.events(request)))
        counted = known[-RECENT_FEEDBACK:]
        with self._turns.turn():
            return self._replayed(request, counted, len(known) - len(counted), learning)

    def untaught(self, request: Request, learning: Learning) -> Lesson:
        """The shelf as it is without any feedback, for where that cannot be read."""
        with self._turns.turn():
            return self._replayed(request, (), 0, learning)

    def taught(self, person: int | None, acts: Sequence[tuple[int, str]], learning: Learning) -> Taught | None:
        """What acts, (row of a product, kind of feedback), taught of a person (the row of a shopper, None for another).

        None where nothing was done that teaches. Raises BadRequestError for a pace that cannot be, or a step that gives
        no number. Takes no turn: whoever asks has one.
        """
        counted = _teaching(acts)
        if not counted:
            return None
        pace = _pace(learning)
        begun = taste = self._begun(person, pace)
        pushes = list[Floats]()
        for act in self._walked(begun, counted, pace, learning.taste_weight):
            pushes = [pace.kept * each for each in pushes]  # what earlier ones left behind
            pushes.append(act.after.vector - pace.kept * act.before.vector)
            taste = act.after
        fit = fits(taste, self._vectors) - np.float32(pace.kept ** len(counted)) * fits(begun, self._vectors)
        return Taught(fit, counted, np.stack(pushes).astype(np.float32), self._vectors)

    def _replayed(
        self, request: Request, acts: tuple[tuple[int, str], ...], forgotten: int, learning: Learning
    ) -> Lesson:
        pace, weight = _pace(learning), learning.taste_weight
        taste = self._begun(self._people.row(request.shopper), pace)
        start, before = self._nearest(taste), self._shelf(self._scores(taste, weight), set())
        shelf, steps = before, list[Step]()
        for act in self._walked(taste, acts, pace, weight):
            far = float(np.linalg.norm(act.after.vector - act.before.vector))
            was, now = _place(act.was, act.row), _place(act.now, act.row)
            steps.append(Step(act.row, act.kind, len(act.passed), far, was, now, self._nearest(act.after)))
            taste, shelf = act.after, act.shelf
        return Lesson(tuple(steps), start, before, shelf, forgotten, tuple(self._shifts(taste)))

    def _walked(self, taste: Taste, acts: Sequence[tuple[int, str]], pace: Pace, weight: float) -> Iterator[_Act]:
        """Each act with what was learned before and after it, on the shelf as it was before it."""
        scores = self._scores(taste, weight)
        shelf, touched, unwanted = self._shelf(scores, set()), set[int](), set[int]()
        for row, kind in acts:
            passed = _passed(shelf, row, touched)
            before, was = taste, scores
            taste = moved(before, row, passed, STRENGTH[kind], self._vectors, pace)
            scores = self._scores(taste, weight)
            touched.add(row)
            (unwanted.add if kind == "dislike" else unwanted.discard)(row)
            shelf = self._shelf(scores, unwanted)
            yield _Act(row, kind, passed, before, taste, was, scores, shelf)

    def _begun(self, row: int | None, pace: Pace) -> Taste:
        """The taste of the latest purchases of a shopper, whom no product moved for yet; of nobody known, none."""
        taste = Taste.begun(self._vectors.shape[1])
        if row is None:
            return taste
        items, pace = self._people.history.of(row).items, Pace(pace.step, pace.kept)
        for item in items[-BEFORE:].tolist():
            taste = moved(taste, item, items[:0], STRENGTH["buy"], self._vectors, pace)
        return taste

    def _shifts(self, taste: Taste) -> Iterator[Shift]:
        """The products that moved, with their neighbours before and after, the one that moved furthest first."""
        if taste.shifted is None:
            return
        far = np.linalg.norm(taste.shifted.by, axis=1)
        for place in np.argsort(-far, kind="stable")[: int((far > STAYED).sum())].tolist():
            row, by = int(taste.shifted.rows[place]), taste.shifted.by[place]
            was, near = (self._beside(self._vectors[row] + shift, row) for shift in (np.zeros_like(by), by))
            yield Shift(row, float(far[place]), was, near, bool(by @ taste.vector > 0))

    def _beside(self, vector: Floats, row: int) -> Rows:
        near = _best(np.asarray(self._vectors @ vector, np.float32), NEAREST + 1)
        return np.asarray(near[near != row][:NEAREST], np.int32)

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


def _pace(learning: Learning) -> Pace:
    return Pace(learning.step, learning.kept, learning.items_step)


def _teaching(acts: Sequence[tuple[int, str]]) -> tuple[tuple[int, str], ...]:
    """The acts of a kind that says something."""
    return tuple(act for act in acts if act[1] in STRENGTH)


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
