"""What people searched for before: kept, offered again, and completed while they type."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from typing import Final, Protocol

from recsys.engine.people import People
from recsys.errors import FeedbackError, ShelfLensError
from recsys.feedback import PastSearch, SearchLog
from recsys.feedback.searches import folded
from recsys.query.cleaning import read_query
from recsys.query.completions import SEARCH, Completion, Completions
from recsys.query.wording import words_of
from recsys.schema import MAX_QUERY_CHARS, Request

SETTLED_SECONDS: Final = 3.0  # how long a typed query has to stand until it was meant, and no pause in the typing
FRESH_SECONDS: Final = 30.0  # how long past searches are believed: other processes write to the same database
BETWEEN_SECONDS: Final = 1.0  # counting 100,000 searches anew takes 70 ms: not after each of a busy server
OWN_AT_MOST: Final = 2  # of a list of five: the others are for what the shop has
PEOPLE_AT_ONCE: Final = 500  # whose past searches are at hand; 200 of one person's take 25 kB


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much of a person was removed."""

    feedback: int
    searches: int


class Cancellable(Protocol):
    """What is going to happen later, unless it is cancelled."""

    def cancel(self) -> None:
        """Do not do it."""


@dataclass(frozen=True, slots=True)
class _Own:
    """One person's past searches, the words of each, and until when (by the clock) they are believed."""

    searches: tuple[PastSearch, ...]
    words: tuple[tuple[str, ...], ...]
    until: float


class SearchMemory:
    """The past searches of people and what they complete; any thread may ask.

    Completions never wait for the database beyond one person's own searches: what everybody asked is read beside them
    by `beside`, and taken up with the keystroke after. `clock` is in seconds; `later` starts a timer.
    """

    def __init__(
        self,
        log: SearchLog,
        people: People,
        completions: Completions,
        *,
        clock: Callable[[], float] = time.monotonic,
        later: Callable[[float, Callable[[], None]], Cancellable] | None = None,
        beside: Callable[[Callable[[], None]], None] | None = None,
    ) -> None:
        self._log, self._people, self._catalogue = log, people, completions
        self._clock, self._later, self._beside = clock, later or _timer, beside or _thread
        self._shared, self._counts = completions, dict[str, int]()
        self._due, self._counted, self._counting = 0.0, -BETWEEN_SECONDS, False
        self._own: dict[str, _Own] = {}
        self._waiting: dict[str, Cancellable] = {}
        self._turn: dict[str, int] = {}  # counts what each person typed, searched for and forgot
        self._writing = threading.Lock()
        self._lock = threading.Lock()

    # --- keeping --------------------------------------------------------------------------------------------

    def searched(self, request: Request) -> None:
        """Keep what was searched for, at once; nothing for nobody or for no query. Raises FeedbackError."""
        person = self._person(request)
        self._stop_waiting(person)
        self._keep(person, _kept(request))

    def typed(self, request: Request) -> None:
        """Keep what was typed once it has stood for SETTLED_SECONDS; what this person types meanwhile replaces it.

        Raises FeedbackError when there is no telling who it is; a database out of reach later costs the search alone.
        """
        person, query = self._person(request), _kept(request)
        self._stop_waiting(person)
        if person and query:
            with self._lock:
                mine = self._turn[person] = self._turn.get(person, 0) + 1
                self._waiting[person] = self._later(SETTLED_SECONDS, lambda: self._settled(person, query, mine))

    def forget(self, request: Request) -> int:
        """Remove this person's searches; how many there were. Raises FeedbackError."""
        person = self._person(request)
        self._stop_waiting(person)
        with self._writing:
            gone = self._log.forget(person)
        self._changed(person)
        return gone

    def _settled(self, person: str, query: str, mine: int) -> None:
        with self._lock:
            if self._turn.get(person) != mine:  # typed on, or forgotten, while this was on its way
                return
            self._waiting.pop(person, None)
        # nobody is there to be told of an error; nothing is forgotten between the look and the writing
        with suppress(ShelfLensError), self._writing:
            if self._turn.get(person) == mine:
                self._keep(person, query)

    def _stop_waiting(self, person: str) -> None:
        with self._lock:
            self._turn[person] = self._turn.get(person, 0) + 1
            if (waiting := self._waiting.pop(person, None)) is not None:
                waiting.cancel()

    def _keep(self, person: str, query: str) -> None:
        if person and query:
            self._log.keep(person, query)
            self._changed(person)

    def _changed(self, person: str) -> None:
        with self._lock:
            self._own.pop(person, None)
            self._turn[person] = self._turn.get(person, 0) + 1
            self._due = min(self._due, self._counted + BETWEEN_SECONDS)

    def _person(self, request: Request) -> str:
        """The pseudonym, "" for nobody. Raises BadRequestError for an unknown shopper."""
        self._people.row(request.shopper)
        return self._people.log.person(request.shopper or None, request.visitor)

    # --- offering -------------------------------------------------------------------------------------------

    def recent(self, request: Request, k: int) -> list[PastSearch]:
        """The k latest searches of this person, each query once; none for nobody. Raises FeedbackError."""
        person = self._person(request)
        return list(self._read(person).searches[:k]) if person else []

    def complete(self, typed: str, k: int, request: Request) -> list[Completion]:
        """The k likeliest completions: the person's own past searches first, OWN_AT_MOST of them."""
        self._count_again_when_due()
        own = self._own_completions(typed, request)[: min(OWN_AT_MOST, k)]
        said = {folded(one.text) for one in own}
        found = self._shared.complete(typed, k)
        times = {folded(one.text): one.count for one in found if one.kind == SEARCH}
        own = [Completion(one.text, SEARCH, max(one.count, times.get(folded(one.text), 0))) for one in own]
        return [*own, *(one for one in found if folded(one.text) not in said)][:k]

    def _own_completions(self, typed: str, request: Request) -> list[Completion]:
        """The person's own searches in which each typed word begins a word, the latest first."""
        starts = words_of(typed)
        try:
            person = self._person(request) if starts else ""
            own = self._read_lately(person) if person else None
        except FeedbackError:
            return []  # the page says so where it reads feedback; completions go on without it
        if own is None:
            return []
        return [
            Completion(past.query, SEARCH, past.times)
            for past, words in zip(own.searches, own.words, strict=True)
            if all(any(word.startswith(start) for word in words) for start in starts)
        ]

    def _read_lately(self, person: str) -> _Own:
        own = self._own.get(person)
        if own is not None and self._clock() < own.until:
            return own
        try:
            return self._read(person)
        except FeedbackError:  # do not try, and perhaps wait, at each keystroke
            return self._remember(person, [], self._turn.get(person, 0))

    def _read(self, person: str) -> _Own:
        turn = self._turn.get(person, 0)
        return self._remember(person, self._log.of(person), turn)

    def _remember(self, person: str, searches: list[PastSearch], turn: int) -> _Own:
        words = tuple(tuple(words_of(past.query)) for past in searches)
        own = _Own(tuple(searches), words, self._clock() + FRESH_SECONDS)
        with self._lock:
            if len(self._own) >= PEOPLE_AT_ONCE:
                self._own.clear()
            if self._turn.get(person, 0) == turn:  # else something was kept or forgotten meanwhile
                self._own[person] = own
        return own

    def _count_again_when_due(self) -> None:
        with self._lock:
            if self._counting or self._clock() < self._due:
                return
            self._counting, self._due = True, self._clock() + FRESH_SECONDS
        self._beside(self._count)

    def _count(self) -> None:
        """Read what many people asked, and complete it from now on."""
        try:
            counts = self._log.asked_by_many()
            if counts != self._counts:
                self._shared, self._counts = self._catalogue.with_past(counts), counts
        except FeedbackError:
            pass  # as before; tried again when it is due
        finally:
            with self._lock:
                self._counting, self._counted = False, self._clock()


def _kept(request: Request) -> str:
    """The query as it is kept: an emoji's name may make it longer than a query can be."""
    return read_query(request.query).text[:MAX_QUERY_CHARS]


def _timer(seconds: float, work: Callable[[], None]) -> Cancellable:
    timer = threading.Timer(seconds, work)
    timer.daemon = True  # a server that stops does not wait for it
    timer.start()
    return timer


def _thread(work: Callable[[], None]) -> None:
    threading.Thread(target=work, name="past searches", daemon=True).start()
