"""Who asks: their history, their feedback and the interest vector that follows."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from recsys.errors import BadRequestError, FeedbackError
from recsys.feedback import FeedbackEvent, FeedbackLog
from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.history import Affinity, History, HistoryTable, affinity
from recsys.interest.interest_vector import history_vector, moved_by_feedback
from recsys.ranking.live_order import LiveOrder
from recsys.ranking.shortlists import Shortlist, Shortlists
from recsys.schema import NEW_SHOPPER, Floats, Request, Rows

RECENT_FEEDBACK = 200  # the newest pieces that count: more than anybody gives in a session, and bounded


@dataclass(frozen=True, slots=True)
class Person:
    """What the engine knows of the person behind a request. Nobody: all fields empty."""

    row: int | None = None  # row of the shopper
    faded: Affinity | None = None
    shortlist: Shortlist | None = None  # what was learned of what they are likely to buy next
    before: Floats | None = None  # interest vector from the history alone, (d,)
    interest: Floats | None = None  # interest vector with feedback, (d,)
    picked: Floats | None = None  # what the feedback alone points at, (d,)
    feedback: tuple[tuple[int, str], ...] = ()  # (item row, kind), oldest first, one per item and kind
    acts: tuple[tuple[int, str], ...] = ()  # the same, each time that it was done
    notes: tuple[str, ...] = ()

    @property
    def has_history(self) -> bool:
        """Whether anything was ever bought."""
        return self.faded is not None and len(self.faded) > 0


@dataclass(frozen=True)
class People:
    """Turns the shopper of a request into a Person."""

    history: HistoryTable
    shortlists: Shortlists
    row_of_id: dict[str, int]
    row_of_item: dict[str, int]
    index: SharedRowsIndex  # of the items' vectors
    share: Floats  # (n_items,)
    common: Floats  # (d,)
    today: int  # days since the first day of the data set
    log: FeedbackLog
    again: LiveOrder  # the learned order without some of what somebody bought
    known: str = field(default="")  # an example of ids, for the error
    one: str = "shopper"  # what one of them is called here

    def row(self, shopper: str | None) -> int | None:
        """The row of a shopper id; None for nobody and for a new shopper. Raises BadRequestError when unknown."""
        if shopper is None or shopper in ("", NEW_SHOPPER):
            return None
        if (row := self.row_of_id.get(str(shopper).strip())) is None:
            raise BadRequestError(
                f"there is no shopper {str(shopper)[:40]!r}",
                allowed=f"one of {len(self.row_of_id):,} ids such as {self.known}, or {NEW_SHOPPER!r}"
                if self.row_of_id
                else f"{NEW_SHOPPER!r}: this shop knows nobody yet",
                remedy=f"pick a {self.one} from the list, or leave the shopper out"
                if self.row_of_id
                else "leave the shopper out",
            )
        return row

    def key(self, request: Request) -> str:
        """The pseudonym under which this person's feedback is kept. Raises BadRequestError for nobody."""
        if request.shopper is None and not request.visitor:
            raise BadRequestError(
                "feedback needs a person",
                allowed=f"a {self.one}, or a new shopper",
                remedy=f"pick a {self.one} or 'new shopper' first",
            )
        self.row(request.shopper)
        return self.log.person(request.shopper, request.visitor)

    def events(self, request: Request) -> list[FeedbackEvent]:
        """The person's feedback, oldest first. Raises FeedbackError when the database is out of reach."""
        if not self._leaves_feedback(request):
            return []
        return self.log.of(self.log.person(request.shopper, request.visitor))

    @staticmethod
    def _leaves_feedback(request: Request) -> bool:
        """A known shopper always; a new shopper once the browser has been given a visitor token."""
        return bool(request.visitor) if request.shopper in (None, "", NEW_SHOPPER) else True

    def of(self, request: Request) -> Person:
        """The person behind the request. A feedback database out of reach is noted, not raised."""
        row = self.row(request.shopper)
        faded = before = None
        notes: list[str] = []
        if row is not None:
            faded = affinity(self._history(row, request.without), self.today, request.knobs.half_life_days)
            before = history_vector(faded, self.index.vectors_at(faded.items), self.share, self.common)
        feedback: tuple[tuple[int, str], ...] = ()
        acts: tuple[tuple[int, str], ...] = ()
        try:
            events = self.events(request)
            feedback, acts = self._known(events), self.acts(events)
        except FeedbackError as error:
            notes.append(f"Feedback is not counted: {error.one_line()}")
        rows, kinds = [r for r, _ in feedback], [k for _, k in feedback]
        vectors = self.index.vectors_at(np.asarray(rows, np.int32))
        interest = moved_by_feedback(before, kinds, vectors)
        picked = moved_by_feedback(None, kinds, vectors)
        shortlist = None if request.live or row is None else self._shortlist(row, request.without)
        return Person(row, faded, shortlist, before, interest, picked, feedback, acts[-RECENT_FEEDBACK:], tuple(notes))

    def _shortlist(self, row: int, without: Sequence[str]) -> Shortlist | None:
        """The learned order of a shopper, made again where something that they bought is left out."""
        left_out = self._left_out(without)
        return self.again.of(row, left_out) if len(left_out) else self.shortlists.of(row)

    def _left_out(self, without: Sequence[str]) -> Rows:
        """The rows of the products of these ids, (u,); what the catalogue does not have is passed over."""
        return np.array([self.row_of_item[item] for item in without if item in self.row_of_item], np.int32)

    def _history(self, row: int, without: Sequence[str]) -> History:
        """What a shopper bought, without the products of these ids."""
        history, left_out = self.history.of(row), self._left_out(without)
        if not len(left_out):
            return history
        kept = ~np.isin(history.items, left_out)
        return History(history.items[kept], history.days[kept])

    def acts(self, events: list[FeedbackEvent]) -> tuple[tuple[int, str], ...]:
        """All that was done with items that are still in the catalogue, (item row, kind), oldest first."""
        rows = self.row_of_item
        return tuple((rows[event.item_id], event.kind) for event in events if event.item_id in rows)

    def _known(self, events: list[FeedbackEvent]) -> tuple[tuple[int, str], ...]:
        """One entry per item and kind, the newest kept; items that are no longer in the catalogue are left out."""
        latest = {(e.item_id, e.kind): None for e in events[-RECENT_FEEDBACK:]}
        return tuple((self.row_of_item[i], kind) for i, kind in latest if i in self.row_of_item)
