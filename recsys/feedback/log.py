"""What people did with products: recorded, undone, read, counted and forgotten."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys.errors import BadRequestError
from recsys.feedback.database import Database, microseconds, moment, storable, table
from recsys.feedback.pseudonyms import Pseudonyms

if TYPE_CHECKING:
    from sqlalchemy import Connection

KINDS: Final = ("click", "like", "basket", "dislike")
MOST_A_MINUTE: Final = 240  # things one person can do: four a second is no person but a script
MINUTE: Final = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class FeedbackEvent:
    """One thing one person did with one product."""

    item_id: str
    kind: str  # one of KINDS
    at: datetime  # UTC
    query: str = ""  # what the person was searching for, "" for nothing


class FeedbackLog:
    """The feedback of one data set, in one database; shared by threads and by processes.

    Making the log touches nothing: a wrong URL, a missing driver or a damaged file shows at the first operation, as
    FeedbackError, so that answers go on without feedback. `clock` gives seconds, to tell how long ago the database was
    found locked.
    """

    def __init__(self, url: str, dataset: str, salt_file: Path, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._dataset = dataset
        self._pseudonyms = Pseudonyms(dataset, salt_file)
        self.database = Database(url, clock)

    def person(self, shopper: str | None, visitor: str) -> str:
        """The pseudonym of a shopper, or of a visitor where there is no shopper: 32 hex digits, "" for nobody.

        Raises FeedbackError when the salt cannot be kept.
        """
        return self._pseudonyms.person(shopper, visitor)

    def record(self, person: str, item_id: int | str, kind: str, query: str = "") -> None:
        """Store one event; once this returns it survives a killed process and a power cut.

        Raises BadRequestError for nobody, an unknown kind, an impossible id, or more than MOST_A_MINUTE things that
        this person did within a minute; FeedbackError when it is not stored.
        """
        _check_kind(kind)
        if not person:
            raise BadRequestError("feedback of nobody", remedy="pick a shopper or 'new shopper' first")
        now = datetime.now(UTC)
        row = {
            "dataset": self._dataset,
            "person": person,
            "item_id": _checked_id(item_id),
            "kind": kind,
            "query": storable(query),
            "at_us": microseconds(now),
        }

        def work(connection: Connection) -> bool:
            from sqlalchemy import func, literal, select

            # counted and written by one statement: another thread may write between two
            lately = select(func.count()).where(self._of_person(person), table().c.at_us > microseconds(now - MINUTE))
            chosen = select(*map(literal, row.values())).where(lately.scalar_subquery() < MOST_A_MINUTE)
            return connection.execute(table().insert().from_select(list(row), chosen)).rowcount > 0

        if not self.database.change(work):
            raise BadRequestError(
                f"more than {MOST_A_MINUTE} pieces of feedback of one person within a minute",
                allowed=f"{MOST_A_MINUTE} a minute",
                remedy="wait a minute; what was stored before stays",
            )

    def undo(self, person: str, item_id: int | str, kind: str) -> bool:
        """Remove this person's latest event of that kind on that product; whether there was one.

        Raises BadRequestError for an unknown kind, FeedbackError when the database cannot be used.
        """
        _check_kind(kind)
        if not self.database.written():
            return False
        columns = table().c
        mine = (self._of_person(person), columns.item_id == _checked_id(item_id), columns.kind == kind)

        def work(connection: Connection) -> bool:
            from sqlalchemy import delete, func, select

            latest = connection.execute(select(func.max(columns.id)).where(*mine)).scalar()
            return connection.execute(delete(table()).where(columns.id == latest)).rowcount > 0

        return self.database.change(work)

    def of(self, person: str) -> list[FeedbackEvent]:
        """This person's events, oldest first; none for "". Raises FeedbackError when they cannot be read."""
        if not person or not self.database.written():
            return []

        def work(connection: Connection) -> list[FeedbackEvent]:
            from sqlalchemy import select

            columns = table().c
            wanted = select(columns.item_id, columns.kind, columns.at_us, columns.query)
            mine = wanted.where(self._of_person(person), columns.kind.in_(KINDS))  # a later version may know more
            found = connection.execute(mine.order_by(columns.id))
            return [FeedbackEvent(row[0], row[1], moment(row[2]), row[3]) for row in found]

        return self.database.read(work)

    def forget(self, person: str) -> int:
        """Remove all of this person's events, nobody else's; how many there were. Raises FeedbackError."""
        if not person or not self.database.written():
            return 0
        return self.database.change(
            lambda connection: connection.execute(table().delete().where(self._of_person(person))).rowcount
        )

    def counts(self) -> dict[str, int]:
        """How many events of each kind all people of this data set left. Raises FeedbackError."""
        if not self.database.written():
            return dict.fromkeys(KINDS, 0)

        def work(connection: Connection) -> dict[str, int]:
            from sqlalchemy import func, select

            columns = table().c
            per_kind = select(columns.kind, func.count()).where(columns.dataset == self._dataset).group_by(columns.kind)
            counted = {str(kind): int(n) for kind, n in connection.execute(per_kind)}
            return {kind: counted.get(kind, 0) for kind in KINDS}

        return self.database.read(work)

    def _of_person(self, person: str) -> Any:
        from sqlalchemy import and_

        columns = table().c
        return and_(columns.dataset == self._dataset, columns.person == person)


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise BadRequestError(f"feedback kind {kind!r} is unknown", allowed=", ".join(KINDS), remedy="use one of those")


def _checked_id(item_id: int | str) -> str:
    text = str(item_id)
    if not text or storable(text) != text:
        raise BadRequestError(
            f"product id {text[:40]!r} cannot be stored",
            allowed="text without NUL characters",
            remedy="use a listed id",
        )
    return text
