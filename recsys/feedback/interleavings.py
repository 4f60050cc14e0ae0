"""What was taken from shelves of two rankings, and from which side it came: kept the moment it happens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from recsys.errors import BadRequestError
from recsys.feedback.database import Database, chosen, microseconds, storable

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

COUNTED: Final = ("click", "like", "basket")  # what speaks for the side that a product came from
SIDES: Final = (0, 1)
MAX_SHELVES: Final = 100  # of one person about one pair of rankings: more would be that person's verdict alone
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class Credit:
    """One thing that one person did with one product of a shelf of two rankings."""

    pair: str  # a key of the two rankings
    draft: str  # of the shelf: another one for every shelf that is drawn
    person: str  # a pseudonym
    item_id: str
    kind: str  # one of COUNTED
    side: int  # which of the two put the product there, 0 or 1


@dataclass(frozen=True, slots=True)
class Taken:
    """From one shelf, how many products of each side somebody did something with."""

    draft: str
    person: str
    by_side: tuple[int, int]


class InterleavingBook:
    """The credits of one shop, in the database of the feedback; shared by threads and processes.

    Every operation raises FeedbackError when the database cannot be used; making the book touches nothing.
    """

    def __init__(self, database: Database, shop: str) -> None:
        self._database, self._shop = database, shop

    def credit(self, given: Credit) -> None:
        """Store it; once this returns it survives a killed process. The same thing done again counts once.

        Raises BadRequestError for nobody, a side or an act that does not count, and too many shelves of one person.
        """
        _check(given)
        row = {
            "dataset": self._shop,
            "pair": given.pair,
            "draft": given.draft,
            "person": given.person,
            "item_id": given.item_id,
            "kind": given.kind,
            "side": given.side,
            "at_us": microseconds(datetime.now(UTC)),
        }

        def work(connection: Connection) -> None:
            from sqlalchemy import distinct, func

            c = _credits().c
            mine = (c.dataset == self._shop, c.person == given.person, c.pair == given.pair)
            others = chosen(func.count(distinct(c.draft))).where(*mine, c.draft != given.draft)
            if int(connection.execute(others).scalar() or 0) >= MAX_SHELVES:
                raise BadRequestError(
                    f"{MAX_SHELVES} shelves of one person count about these two rankings already",
                    allowed=f"at most {MAX_SHELVES}",
                    remedy="the shelf works on, this is not counted; let others try",
                )
            same = (c.draft == given.draft, c.item_id == given.item_id, c.kind == given.kind)
            connection.execute(_credits().delete().where(*mine, *same))
            connection.execute(_credits().insert().values(row))

        self._database.change(work, _tables())

    def take_back(self, person: str, item_id: str, kind: str) -> int:
        """Remove all that rests on this act of this person, on whatever shelf; how much that was."""
        c = _credits().c
        return self._delete(person, c.item_id == item_id, c.kind == kind)

    def forget(self, person: str) -> int:
        """Remove all that this person did; how much that was."""
        return self._delete(person)

    def shelves(self, pair: str) -> list[Taken]:
        """What was taken from each shelf of a pair of rankings, in order of the first thing taken.

        A product counts once for a side, whatever was done with it.
        """
        if not self._database.written():
            return []

        def work(connection: Connection) -> list[Taken]:
            from sqlalchemy import distinct, func

            c = _credits().c
            counted = chosen(c.draft, c.person, c.side, func.count(distinct(c.item_id)), func.min(c.at_us))
            here = counted.where(c.dataset == self._shop, c.pair == pair).group_by(c.draft, c.person, c.side)
            found: dict[tuple[str, str], list[int]] = {}
            for draft, person, side, number, _ in connection.execute(here.order_by(func.min(c.at_us), c.draft)):
                if side in SIDES:  # another program may have stored anything
                    found.setdefault((draft, person), [0, 0])[side] = int(number)
            return [Taken(draft, person, (n[0], n[1])) for (draft, person), n in found.items()]

        return self._database.read(work, _tables())

    def _delete(self, person: str, *what: Any) -> int:
        if not person or not self._database.written():
            return 0
        c = _credits().c
        mine = (c.dataset == self._shop, c.person == person)
        return self._database.change(
            lambda connection: connection.execute(_credits().delete().where(*mine, *what)).rowcount, _tables()
        )


def _check(given: Credit) -> None:
    if not given.person:
        raise BadRequestError("a choice of nobody", remedy="pick a shopper or 'new shopper' first")
    if given.kind not in COUNTED:
        raise BadRequestError(f"{given.kind[:40]!r} counts for no side", allowed=", ".join(COUNTED))
    if given.side not in SIDES or isinstance(given.side, bool):
        raise BadRequestError(f"there is no side {given.side!r}", allowed="0 or 1")
    for text in (given.pair, given.draft, given.item_id):
        if not text or storable(text) != text:
            raise BadRequestError(f"{text[:40]!r} cannot be stored", allowed="text without NUL characters")


@lru_cache(maxsize=1)
def _tables() -> MetaData:
    from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

    tables = MetaData()
    Table(
        "shelflens_interleavings",
        tables,
        # SQLite counts ids up by itself only in a plain INTEGER key
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("dataset", String(100), nullable=False),
        Column("pair", String(32), nullable=False),
        Column("draft", String(32), nullable=False),
        Column("person", String(32), nullable=False),
        Column("item_id", Text, nullable=False),
        Column("kind", String(16), nullable=False),
        Column("side", Integer, nullable=False),
        Column("at_us", BigInteger, nullable=False),  # microseconds since 1970, UTC
        Index("shelflens_interleavings_pair", "dataset", "pair"),
        Index("shelflens_interleavings_person", "dataset", "person"),
    )
    return tables


def _credits() -> Table:
    return _tables().tables["shelflens_interleavings"]
