"""Two to four requests side by side: their shelves, how far these agree, and what made a product come or go.

Everything is found by asking the shelf; nothing is estimated.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from recsys.engine.shelf import Shelf, Standing
from recsys.engine.turns import Turns
from recsys.feedback.comparisons import FORMAT as FORMAT
from recsys.feedback.comparisons import MAX_NOTE as MAX_NOTE
from recsys.feedback.comparisons import NO_DIFFERENCE as NO_DIFFERENCE
from recsys.feedback.comparisons import Ballot as Ballot
from recsys.feedback.comparisons import SavedComparison as SavedComparison
from recsys.reranking.agreement import overlap, rank_biased_overlap, shared
from recsys.reranking.measures import MEASURES as MEASURES
from recsys.reranking.measures import measures
from recsys.schema import Answer, Request

# What made a product come onto a shelf, or leave it.
PART: Final = "part"  # its score: one part of it differs most
WHOLE: Final = "whole"  # the whole shelf was re-ranked or sorted: by score alone it stands as on the other side
ABSENT: Final = "absent"  # on one side it was not among the candidates
FOLDED: Final = "folded"  # on one side a look-alike stands for it
TURNED_DOWN: Final = "turned down"  # on one side the shopper does not want it
OTHERS: Final = "others"  # its own score is the same: others passed it or fell behind it
KEY: Final = 16  # hex digits of a key


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a shelf agrees with the first one."""

    shared: int  # products on both
    overlap: float  # of the longer shelf, 0..1; NaN where both are empty
    rbo: float  # rank-biased overlap, 0..1; NaN where one is empty


@dataclass(frozen=True, slots=True)
class Change:
    """One product that is on one of two shelves, and what did it."""

    row: int
    item_id: str
    title: str
    entered: bool  # it is on the other side's shelf and not on the first one's; else the other way round
    first: int | None  # its rank on the first side, by score where it is beyond the shelf; None: it has none there
    other: int | None  # the same on the other side
    cause: str  # PART, WHOLE, ABSENT, FOLDED, TURNED_DOWN or OTHERS
    part: str = ""  # of the score, that differs most; "" where none does or one score is not known
    points: float = 0.0  # the other side's share of that part less the first one's; 1 is all there is


@dataclass(frozen=True, slots=True)
class Seen:
    """One side: its shelf and what that is worth."""

    answer: Answer
    measured: Mapping[str, float | None]  # by the names of `reranking.measures.MEASURES`; empty for an empty shelf
    agreement: Agreement  # with the first side

    @property
    def ms(self) -> float:
        """How long the answer took, milliseconds."""
        return sum(stage.ms for stage in self.answer.stages)


@dataclass(frozen=True, slots=True)
class Compared:
    """All sides, and for each but the first what came and what went against the first."""

    sides: tuple[Seen, ...]
    changes: tuple[tuple[Change, ...], ...]  # of the second side, the third ...: what came by rank, then what went

    @property
    def shelves(self) -> str:
        """A key of these very shelves, whatever the order of the sides: a vote is about what was seen."""
        return key_of(sorted(_seen_key(side.answer) for side in self.sides))


class Comparing:
    """Asks a shelf for several answers. Holds no state of its own; each side waits for its turn."""

    def __init__(self, shelf: Shelf, turns: Turns) -> None:
        self._shelf, self._turns = shelf, turns

    def compared(self, requests: Sequence[Request]) -> Compared:
        """The sides in their order; one that is asked twice is answered once."""
        asked: dict[str, tuple[Answer, Standing, dict[str, float | None]]] = {}
        for request in requests:
            if request_key(request) not in asked:
                with self._turns.turn():
                    asked[request_key(request)] = self._asked(request)
        found = [asked[request_key(request)] for request in requests]
        first = _rows(found[0][0])
        sides = tuple(Seen(answer, measured, _agreement(first, _rows(answer))) for answer, _, measured in found)
        changes = tuple(self._changes(found[0][:2], other[:2]) for other in found[1:])
        return Compared(sides, changes)

    def _asked(self, request: Request) -> tuple[Answer, Standing, dict[str, float | None]]:
        standing = self._shelf.standing(request)  # first: what is loaded at a first question is in no answer's time
        answer = self._shelf.answer(request)
        return answer, standing, self._measured(answer)

    def _measured(self, answer: Answer) -> dict[str, float | None]:
        """The measures of the shelf as it is shown, among the candidates that re-ranking would look at."""
        request = answer.request
        slate = self._shelf.slate(replace(request, sort="")) if answer.items else None
        if slate is None:
            return {}
        place = {int(row): at for at, row in enumerate(slate.rows)}
        shown = [place[item.row] for item in answer.items if item.row in place]
        return measures(slate.pool, np.array(shown, np.int32), calibrate_to=request.reranking.calibrate_to)

    def _changes(self, first: tuple[Answer, Standing], other: tuple[Answer, Standing]) -> tuple[Change, ...]:
        before, after = _ranks(first[0]), _ranks(other[0])
        came = [self._change(row, first, other, entered=True) for row in after if row not in before]
        went = [self._change(row, first, other, entered=False) for row in before if row not in after]
        return (*came, *went)

    def _change(
        self, row: int, first: tuple[Answer, Standing], other: tuple[Answer, Standing], *, entered: bool
    ) -> Change:
        catalogue = self._shelf.catalogue
        ranks = [_ranks(answer).get(row) or standing.ranks.get(row) for answer, standing in (first, other)]
        here, there = (_parts(standing, row) for _, standing in (first, other))
        part, points = ("", 0.0) if here is None or there is None else _most_different(here, there)
        on, off = (other, first) if entered else (first, other)
        cause = self._cause(row, on, off, bool(part))
        title = str(catalogue.titles[row])
        return Change(row, str(catalogue.id(row)), title, entered, ranks[0], ranks[1], cause, part, points)

    def _cause(self, row: int, on: tuple[Answer, Standing], off: tuple[Answer, Standing], differs: bool) -> str:
        """What did it, for a product that is on one shelf and off the other."""
        if _parts(off[1], row) is None or _parts(on[1], row) is None:
            return ABSENT
        if row not in off[1].ranks:
            return FOLDED if self._folded(row, off[1], off[0].request) else TURNED_DOWN
        here = on[1].ranks.get(row, len(on[1].ranks) + 1) <= on[0].request.k
        there = off[1].ranks[row] <= off[0].request.k
        if here == there:  # by score it is on both shelves or on none
            return WHOLE
        return PART if differs else OTHERS

    def _folded(self, row: int, standing: Standing, request: Request) -> bool:
        groups = self._shelf.catalogue.groups(request.knobs.fold)
        return any(groups[each] == groups[row] for each in standing.ranks)


def request_key(request: Request) -> str:
    """A key of what is asked, the same for equal requests and in every process."""
    looks = None if request.looks is None else [request.looks.item, key_of(list(request.looks.vector))]
    asked: dict[str, Any] = {
        "shopper": request.shopper, "query": " ".join(request.query.split()), "k": request.k,
        "knobs": request.knobs.changed(), "reranking": request.reranking.changed(), "sort": request.sort,
        "kept": [request.departments, request.categories, request.sizes], "language": request.language,
        "verbatim": request.verbatim, "without": request.without, "live": request.live, "looks": looks,
    }  # fmt: skip
    return key_of(asked)


def comparison_key(requests: Sequence[Request]) -> str:
    """A key of what is compared, whatever the order of the sides."""
    return key_of(sorted({request_key(request) for request in requests}))


def key_of(plain: object) -> str:
    """A short key of plain data."""
    text = json.dumps(plain, sort_keys=True, ensure_ascii=True)
    return hashlib.sha256(text.encode()).hexdigest()[:KEY]


def _seen_key(answer: Answer) -> str:
    return key_of([request_key(answer.request), [str(item.item_id) for item in answer.items]])


def _rows(answer: Answer) -> list[int]:
    return [item.row for item in answer.items]


def _ranks(answer: Answer) -> dict[int, int]:
    return {item.row: item.rank for item in answer.items}


def _agreement(first: Sequence[int], other: Sequence[int]) -> Agreement:
    return Agreement(shared(first, other), overlap(first, other), rank_biased_overlap(first, other))


def _parts(standing: Standing, row: int) -> dict[str, float] | None:
    """The parts of a product's score; None where it is no candidate."""
    rows = standing.pool.rows
    place = int(np.searchsorted(rows, row))
    if place >= len(rows) or rows[place] != row:
        return None
    return {name: float(values[place]) for name, values in standing.pool.scored.items()}


def _most_different(first: Mapping[str, float], other: Mapping[str, float]) -> tuple[str, float]:
    """(the part that differs most between two scores of a product, by how much); ("", 0.0) where none does."""
    steps = {name: other.get(name, 0.0) - first.get(name, 0.0) for name in {**first, **other}}
    part = max(steps, key=lambda name: abs(steps[name]), default="")
    return (part, steps[part]) if part and steps[part] else ("", 0.0)
