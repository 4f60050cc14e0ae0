"""What people searched for: kept, read back, counted over everybody, and forgotten."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from recsys.errors import BadRequestError
from recsys.feedback.database import Database, chosen, microseconds, moment, storable
from recsys.schema import MAX_QUERY_CHARS

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

MOST_PER_PERSON: Final = 200  # the latest; older ones are removed
KEPT: Final = timedelta(days=90)
DAYS_TOLD: Final = 3  # days of use on which a time has to be told until what is too old by it goes: see `_too_old`
DAY: Final = timedelta(days=1)
ENOUGH_PEOPLE: Final = 3  # who asked the same before anybody else is shown it: one person's words stay their own
MOST_COMMON: Final = 2_000  # queries of everybody that are worth completing; beyond, each was asked a few times
TYPED_ON: Final = timedelta(seconds=60)  # "pas", a pause, "pasta": one search, and the longer one is meant
SAME_SEARCH: Final = timedelta(minutes=30)  # the usual length of a visit in web analytics: asked once, looked at twice

_DAY_US: Final = DAY // timedelta(microseconds=1)

_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class PastSearch:
    """A query that one person asked, how often, and when last (UTC)."""

    query: str
    times: int
    at: datetime


class SearchLog:
    """The past searches of one data set, in the database of the feedback; shared by threads and by processes.

    People are the pseudonyms of `FeedbackLog.person`, "" for nobody, of whom nothing is kept. Queries are kept as
    they are given, and are the same when they differ in case and blanks only. Every operation raises FeedbackError
    when the database cannot be used; making the log touches nothing. `database` is a SQLAlchemy URL, or the one that
    a FeedbackLog has open: of both, only the first to find it locked then waits. `now` gives the time in UTC.
    """

    def __init__(
        self, database: str | Database, dataset: str, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)
    ) -> None:
        self._dataset, self._now = dataset, now
        self._database = Database(database) if isinstance(database, str) else database

    def keep(self, person: str, query: str) -> None:
        """Store one search; once this returns it survives a power cut.

        It takes the place of the search right before it where that was its beginning (within TYPED_ON) or the same
        (within SAME_SEARCH). What is too many goes, and what is too old by more than one clock's word (`_too_old`).
        Raises BadRequestError for nobody and for a query that is blank or longer than MAX_QUERY_CHARS.
        """
        if not person:
            raise BadRequestError("a search of nobody", remedy="pick a shopper or 'new shopper' first")
        text, now = _checked(query), self._now()
        row = {
            "dataset": self._dataset,
            "person": person,
            "query": text,
            "query_key": _key(text),
            "at_us": microseconds(now),
        }

        def work(connection: Connection) -> None:
            columns = _table().c
            new = connection.execute(_table().insert().values(row)).inserted_primary_key
            assert new is not None
            mine = chosen(columns.id, columns.query, columns.at_us).where(*self._of(person)).order_by(columns.id.desc())
            before = connection.execute(mine.where(columns.id < new[0]).limit(1)).first()
            if before is not None and _replaces(text, before.query, now - moment(before.at_us)):
                connection.execute(_table().delete().where(columns.id == before.id))
            if (last := connection.execute(mine.offset(MOST_PER_PERSON).limit(1)).first()) is not None:
                connection.execute(_table().delete().where(*self._of(person), columns.id <= last.id))
            if (last_old := self._too_old(connection, now)) is not None:
                connection.execute(_table().delete().where(columns.dataset == self._dataset, columns.id <= last_old))

        self._database.change(work, _tables())

    def _too_old(self, connection: Connection, now: datetime) -> int | None:
        """The id of the last search that is older than KEPT; None where none is known to be.

        A clock may be wrong for a while, and what is deleted does not come back when it is put right. Therefore:

        - "now" is the third latest day (DAYS_TOLD) on which anybody searched. A clock that is ahead for a day or two
          deletes nothing; after a real absence what is too old goes on the third day of use. Until then it is on disk
          only: what is read back is bounded by the clock alone.
        - Times ahead of the clock are not believed. Ids grow with every search, so such a search goes with the old
          ones that were kept after it.
        - A search kept after one that is recent is recent too, whatever a clock that was behind has written.
        """
        columns = _table().c
        told = microseconds(now) + 1
        for _ in range(DAYS_TOLD):
            of_all = (columns.dataset == self._dataset, columns.at_us >= 0, columns.at_us < told)
            found = connection.execute(chosen(columns.at_us).where(*of_all).order_by(columns.at_us.desc()).limit(1))
            if (latest := found.scalar()) is None:
                return None
            told = microseconds(moment(latest)) // _DAY_US * _DAY_US
        cutoff = microseconds(moment(latest) - KEPT)
        old = (columns.dataset == self._dataset, columns.at_us < cutoff)
        recent = (columns.dataset == self._dataset, columns.at_us.between(cutoff, microseconds(now)))
        if connection.execute(chosen(columns.id).where(*old).limit(1)).first() is None:
            return None  # as nearly always: one look into an index
        first = connection.execute(chosen(columns.id).where(*recent).order_by(columns.id).limit(1)).scalar()
        before = connection.execute(
            chosen(columns.id).where(*old, columns.id < first).order_by(columns.id.desc()).limit(1)
        ).scalar()
        return None if before is None else int(before)

    def of(self, person: str, most: int = MOST_PER_PERSON) -> list[PastSearch]:
        """What this person searched for in the last KEPT, each query once, the latest first; none for ""."""
        if not person or most < 1 or not self._database.written():
            return []

        def work(connection: Connection) -> list[PastSearch]:
            columns = _table().c
            wanted = chosen(columns.query, columns.query_key, columns.at_us).where(*self._of(person), self._recent())
            found: dict[str, PastSearch] = {}
            for row in connection.execute(wanted.order_by(columns.id.desc())):
                last = found.get(row.query_key, PastSearch(row.query, 0, moment(row.at_us)))
                found[row.query_key] = PastSearch(last.query, last.times + 1, last.at)
            return list(found.values())[:most]

        return self._database.read(work, _tables())

    def asked_by_many(self, people: int = ENOUGH_PEOPLE, most: int = MOST_COMMON) -> dict[str, int]:
        """The queries that at least so many different people asked, and how often in all; the most asked first.

        What fewer asked is left out, so that nobody reads what somebody else alone typed. A visitor counts as one
        person per visit: whoever comes three times as a new visitor counts as three.
        """
        if not self._database.written():
            return {}

        def work(connection: Connection) -> dict[str, int]:
            from sqlalchemy import func

            columns = _table().c
            times = func.count().label("times")
            many = (
                chosen(times, func.max(columns.id).label("id"))
                .where(columns.dataset == self._dataset, self._recent())
                .group_by(columns.query_key)
                .having(func.count(columns.person.distinct()) >= people)
                .order_by(times.desc(), columns.query_key)
                .limit(most)
                .subquery()
            )
            wanted = chosen(columns.query, many.c.times).join(many, columns.id == many.c.id)  # as it was spelt last
            return {row.query: int(row.times) for row in connection.execute(wanted.order_by(many.c.times.desc()))}

        return self._database.read(work, _tables())

    def forget(self, person: str) -> int:
        """Remove all searches of this person, nobody else's; how many there were."""
        if not person or not self._database.written():
            return 0
        return self._database.change(
            lambda connection: connection.execute(_table().delete().where(*self._of(person))).rowcount, _tables()
        )

    def _of(self, person: str) -> tuple[Any, ...]:
        return _table().c.dataset == self._dataset, _table().c.person == person

    def _recent(self) -> Any:
        return _table().c.at_us >= microseconds(self._now() - KEPT)


def folded(query: str) -> str:
    """The query in small letters with single blanks: what has to agree for two queries to be the same."""
    return " ".join(query.split()).casefold()


def _replaces(query: str, before: str, later: timedelta) -> bool:
    """Whether a query stands for the one typed so long before it; long after it, by a clock put back, is long too."""
    now, then = folded(query), folded(before)
    limit = SAME_SEARCH if now == then else TYPED_ON
    return now.startswith(then) and abs(later) <= limit


def _checked(query: str) -> str:
    text = storable(query).strip()
    if not text or len(text) > MAX_QUERY_CHARS:
        raise BadRequestError(
            f"the query {query[:40]!r} of {len(query):,} characters cannot be kept",
            allowed=f"1 to {MAX_QUERY_CHARS} characters",
            remedy="shorten it",
        )
    return text


def _key(query: str) -> str:
    """What is grouped by in place of a query: some databases cannot index a text of any length."""
    return hashlib.sha256(folded(query).encode("utf-8")).hexdigest()


@lru_cache(maxsize=1)
def _tables() -> MetaData:
    from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

    tables = MetaData()
    Table(
        "shelflens_searches",
        tables,
        # SQLite counts ids up by itself only in a plain INTEGER key
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("dataset", String(100), nullable=False),
        Column("person", String(32), nullable=False),
        Column("query_key", String(64), nullable=False),
        Column("query", Text, nullable=False),
        Column("at_us", BigInteger, nullable=False),  # microseconds since 1970, UTC
        Index("shelflens_searches_person", "dataset", "person", "at_us"),
        Index("shelflens_searches_time", "dataset", "at_us"),
        # counting over everybody reads this alone: 70 ms for 100,000 searches of 2,000 people, 440 ms without it
        Index("shelflens_searches_query", "dataset", "query_key", "person", "at_us"),
        sqlite_autoincrement=True,  # an id given back is not given again: the order of searches is the order of ids
    )
    return tables


def _table() -> Table:
    return _tables().tables["shelflens_searches"]
