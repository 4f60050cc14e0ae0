"""One shelf of two rankings: drawn by turns, credited by what people take from it, with a verdict that runs along."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Final

from recsys.engine.catalogue import Catalogue
from recsys.engine.comparing import key_of, request_key
from recsys.engine.sides import Side
from recsys.evaluation.experiments.interleaving import FURTHER as FURTHER
from recsys.evaluation.experiments.interleaving import LEVEL_WITH as LEVEL_WITH
from recsys.evaluation.experiments.interleaving import NOT_YET as NOT_YET
from recsys.evaluation.experiments.interleaving import A as A
from recsys.evaluation.experiments.interleaving import B as B
from recsys.evaluation.experiments.interleaving import Verdict, more_needed, team_draft, verdict
from recsys.feedback.interleavings import COUNTED as COUNTED
from recsys.feedback.interleavings import Credit, InterleavingBook
from recsys.schema import Answer, RankedItem, Request

SEED_DIGITS: Final = 15  # hex digits of a draft that its coins are thrown by


@dataclass(frozen=True, slots=True)
class Mixed:
    """The shelf, and what each side would have shown alone."""

    pair: str  # a key of the two rankings, whoever asks for what
    answer: Answer  # the first side's, with the products of both in the order of the draft
    alone: tuple[Answer, Answer]
    side_of: Mapping[str, int]  # id of a product -> A or B

    @property
    def alike(self) -> bool:
        """Whether both sides show the same in the same order, so that nothing can be told from what is taken."""
        first, second = ([item.row for item in answer.items] for answer in self.alone)
        return first == second


@dataclass(frozen=True, slots=True)
class Standing:
    """What was taken so far, and what that says."""

    acts: tuple[int, int]  # products taken from each side's, over all shelves
    ties: int  # shelves from which as many were taken of both
    people: int
    verdict: Verdict  # over shelves, each counting once
    more: int | None  # decided shelves until a verdict, should it go on like this; None where that cannot be told


class Interleaving:
    """Draws shelves of two rankings and keeps what is taken from them. Holds no state of its own."""

    def __init__(self, answer: Callable[[Request], Answer], catalogue: Catalogue, book: InterleavingBook) -> None:
        self._answer, self._catalogue, self._book = answer, catalogue, book

    def mixed(self, first: Answer, side: Side, draft: str) -> Mixed:
        """The shelf of an answer (A) and of a side of its request (B), the same for the same draft. Raises as `answer`.

        Look-alikes are one product, as on any shelf: the side that puts one there puts its own there.
        """
        request = first.request
        alone = (first, self._answer(ranked(side).request(request)))
        groups = self._catalogue.groups(request.knobs.fold)
        by_group: list[dict[int, RankedItem]] = [{}, {}]
        for its, answer in zip(by_group, alone, strict=True):
            for item in answer.items:
                its.setdefault(int(groups[item.row]), item)
        drawn = team_draft(list(by_group[A]), list(by_group[B]), request.k, int(draft[:SEED_DIGITS], 16))
        items, side_of = [], dict[str, int]()
        for rank, (group, put_by) in enumerate(zip(drawn.items, drawn.sides, strict=True), 1):
            item = by_group[put_by][group]
            items.append(replace(item, rank=rank, was_rank=None, rank_before=None))
            side_of[str(item.item_id)] = put_by
        answer = replace(alone[A], items=tuple(items), movement=None)
        return Mixed(pair_of(request, side), answer, alone, side_of)

    def credit(self, pair: str, draft: str, person: str, item_id: str, kind: str, side: int) -> None:
        """Keep at once that a person took a product that a side put there; what does not count is left alone.

        Raises FeedbackError when it could not be kept, BadRequestError when it is not counted.
        """
        if kind in COUNTED:
            self._book.credit(Credit(pair, draft, person, item_id, kind, side))

    def take_back(self, person: str, item_id: str, kind: str) -> None:
        """That act is undone: nothing that rests on it counts any more."""
        if kind in COUNTED:
            self._book.take_back(person, item_id, kind)

    def forget(self, person: str) -> None:
        """Nothing of this person counts any more."""
        self._book.forget(person)

    def standing(self, pair: str) -> Standing:
        """What all people took from shelves of these two rankings. Raises FeedbackError when it cannot be read."""
        shelves = self._book.shelves(pair)
        acts = (sum(each.by_side[A] for each in shelves), sum(each.by_side[B] for each in shelves))
        a = sum(each.by_side[A] > each.by_side[B] for each in shelves)
        b = sum(each.by_side[B] > each.by_side[A] for each in shelves)
        people = len({each.person for each in shelves})
        return Standing(acts, len(shelves) - a - b, people, verdict(a, b), more_needed(a, b))


def ranked(side: Side) -> Side:
    """The side as it ranks: with neither a shopper nor a query of its own, for both rank for who is on the shelf."""
    return Side(side.preset, settings=side.settings)


def pair_of(request: Request, side: Side) -> str:
    """A key of the two rankings, the same whoever asks for what: the settings of the screen, and the side."""
    anybody = Request(knobs=request.knobs, reranking=request.reranking, sort=request.sort)
    return key_of([request_key(anybody), ranked(side).text()])
