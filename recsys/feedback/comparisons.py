"""Comparisons that were saved with a note, and votes for the better shelf, kept the moment they are given."""

from __future__ import annotations

import json
import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from recsys.errors import BadRequestError
from recsys.feedback.database import Database, chosen, microseconds, moment, storable

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

FORMAT: Final = 1  # of what is saved; a later version may write another
MAX_SAVED: Final = 100  # of one shop
MAX_NOTE: Final = 200  # characters
MAX_ADDRESS: Final = 8_000  # characters of the address as JSON
MAX_VOTES: Final = 100  # of one browser about one comparison
NO_DIFFERENCE: Final = ""  # the vote for none of them
ID: Final = 12  # hex digits of a saved comparison

Address = Mapping[str, str | list[str]]  # the query parameters of a link
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class SavedComparison:
    """A comparison as it was saved."""

    id: str
    shop: str
    address: Mapping[str, str | list[str]]  # the query parameters that reproduce it; empty where they are unreadable
    shelves: str  # a key of the shelves as they were then
    note: str
    owner: str  # "" for who runs the server
    at: datetime  # UTC
    format: int  # one above FORMAT was written by a later version


@dataclass(frozen=True, slots=True)
class Ballot:
    """One vote: what was compared, in which order it was shown, and what was chosen."""

    id: str  # a ballot that is given again replaces what was chosen
    comparison: str  # a key of what is compared
    shelves: str  # a key of the shelves that were seen
    order: tuple[str, ...]  # keys of the sides, as they were shown
    seed: int  # that the order came from
    choice: str  # one of `order`, or NO_DIFFERENCE
    voter: str = ""  # a pseudonym


class ComparisonBook:
    """The saved comparisons and votes of one shop, in the database of the feedback; shared by threads and processes.

    Every operation raises FeedbackError when the database cannot be used; making the book touches nothing.
    """

    def __init__(self, database: Database, shop: str) -> None:
        self._database, self._shop = database, shop

    # --- saved comparisons ----------------------------------------------------------------------------------

    def save(self, address: Address, shelves: str, note: str = "", owner: str = "") -> str:
        """Keep a comparison; its id. Raises BadRequestError for a note or a link too long, and where there are many."""
        kept = {name: value for name, value in address.items() if name != "shop"}
        row = {
            "id": secrets.token_hex(ID // 2),
            "dataset": self._shop,
            "owner": owner,
            "note": checked_note(note),
            "address": _checked_address(kept),
            "shelves": shelves,
            "format": FORMAT,
            "at_us": microseconds(datetime.now(UTC)),
        }

        def work(connection: Connection) -> str:
            from sqlalchemy import func

            here = chosen(func.count()).select_from(_saved()).where(_saved().c.dataset == self._shop)
            if (number := int(connection.execute(here).scalar() or 0)) >= MAX_SAVED:
                raise BadRequestError(
                    f"there are {number} saved comparisons already",
                    allowed=f"at most {MAX_SAVED}",
                    remedy="remove one that is no longer needed",
                )
            connection.execute(_saved().insert().values(row))
            return str(row["id"])

        return self._database.change(work, _tables())

    def find(self, id: str) -> SavedComparison | None:
        """A saved comparison of any shop; None where there is none of that id."""
        found = self._read(_saved().c.id == id)
        return found[0] if found else None

    def listed(self) -> list[SavedComparison]:
        """Those of this shop, the latest first."""
        return self._read(_saved().c.dataset == self._shop)

    def remove(self, id: str, owner: str = "") -> bool:
        """Remove a comparison, for an `owner` one of theirs, for "" any; whether there was one. Its votes stay."""
        if not self._database.written():
            return False
        mine = (_saved().c.owner == owner,) if owner else ()
        return self._database.change(
            lambda connection: connection.execute(_saved().delete().where(_saved().c.id == id, *mine)).rowcount > 0,
            _tables(),
        )

    def _read(self, condition: Any) -> list[SavedComparison]:
        if not self._database.written():
            return []

        def work(connection: Connection) -> list[SavedComparison]:
            c = _saved().c
            wanted = chosen(c.id, c.dataset, c.address, c.shelves, c.note, c.owner, c.at_us, c.format)
            rows = connection.execute(wanted.where(condition).order_by(c.at_us.desc(), c.id))
            return [
                SavedComparison(row[0], row[1], _address(row[2]), row[3], row[4], row[5], moment(row[6]), int(row[7]))
                for row in rows
            ]

        return self._database.read(work, _tables())

    # --- votes ----------------------------------------------------------------------------------------------

    def vote(self, ballot: Ballot) -> None:
        """Store a vote; once this returns it survives a killed process. A ballot given again replaces its choice.

        Raises BadRequestError for a choice that was not shown, and for too many votes of one browser.
        """
        if ballot.choice != NO_DIFFERENCE and ballot.choice not in ballot.order:
            raise BadRequestError(
                "the vote is for a shelf that was not shown", remedy="choose one of the shelves, or no difference"
            )
        row = {
            "id": ballot.id,
            "dataset": self._shop,
            "comparison": ballot.comparison,
            "shelves": ballot.shelves,
            "shown": ",".join(ballot.order),
            "seed": ballot.seed,
            "choice": ballot.choice,
            "voter": ballot.voter,
            "at_us": microseconds(datetime.now(UTC)),
        }

        def work(connection: Connection) -> None:
            from sqlalchemy import func

            c = _votes().c
            connection.execute(_votes().delete().where(c.id == ballot.id, c.dataset == self._shop))
            mine = (c.dataset == self._shop, c.comparison == ballot.comparison, c.voter == ballot.voter)
            given = int(connection.execute(chosen(func.count()).select_from(_votes()).where(*mine)).scalar() or 0)
            if given >= MAX_VOTES:
                raise BadRequestError(
                    f"{given} votes about this comparison came from this browser already",
                    allowed=f"at most {MAX_VOTES}",
                    remedy="vote in another browser, or compare something else",
                )
            connection.execute(_votes().insert().values(row))

        self._database.change(work, _tables())

    def take_back(self, ballot: str) -> bool:
        """Remove a vote; whether it was there."""
        if not self._database.written():
            return False
        mine = (_votes().c.id == ballot, _votes().c.dataset == self._shop)
        return self._database.change(
            lambda connection: connection.execute(_votes().delete().where(*mine)).rowcount > 0, _tables()
        )

    def votes(self, comparison: str) -> list[Ballot]:
        """All votes about a comparison, in the order in which they were given."""
        if not self._database.written():
            return []

        def work(connection: Connection) -> list[Ballot]:
            c = _votes().c
            wanted = chosen(c.id, c.comparison, c.shelves, c.shown, c.seed, c.choice, c.voter)
            about = wanted.where(c.dataset == self._shop, c.comparison == comparison).order_by(c.at_us, c.id)
            return [
                Ballot(row[0], row[1], row[2], tuple(row[3].split(",")), int(row[4]), row[5], row[6])
                for row in connection.execute(about)
            ]

        return self._database.read(work, _tables())


def checked_note(note: str) -> str:
    """The note as it is kept, on one line. Raises BadRequestError where it is too long."""
    text = storable(" ".join(note.split()))
    if len(text) > MAX_NOTE:
        raise BadRequestError(
            f"the note has {len(text)} characters", allowed=f"at most {MAX_NOTE}", remedy="shorten it"
        )
    return text


def _checked_address(address: Address) -> str:
    text = storable(json.dumps(address, ensure_ascii=True))
    if len(text) > MAX_ADDRESS:
        raise BadRequestError(
            f"the link of this comparison has {len(text)} characters",
            allowed=f"at most {MAX_ADDRESS}",
            remedy="shorten the query, or choose fewer products that must be shown",
        )
    return text


def _address(text: str) -> dict[str, str | list[str]]:
    """The address that was stored; empty where it is none."""
    try:
        found = json.loads(text)
    except ValueError:
        return {}
    if not isinstance(found, dict):
        return {}
    return {name: value for name, value in found.items() if _is_parameter(value)}


def _is_parameter(value: object) -> bool:
    return isinstance(value, str) or (isinstance(value, list) and all(isinstance(each, str) for each in value))


# --- tables ---------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _tables() -> MetaData:
    from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

    tables = MetaData()
    Table(
        "shelflens_comparisons",
        tables,
        Column("id", String(ID), primary_key=True),
        Column("dataset", String(100), nullable=False),
        Column("owner", String(64), nullable=False),
        Column("note", String(MAX_NOTE), nullable=False),
        Column("address", Text, nullable=False),  # a JSON mapping
        Column("shelves", String(32), nullable=False),
        Column("format", Integer, nullable=False),
        Column("at_us", BigInteger, nullable=False),  # microseconds since 1970, UTC
        Index("shelflens_comparisons_dataset", "dataset"),
    )
    Table(
        "shelflens_comparison_votes",
        tables,
        Column("id", String(32), primary_key=True),
        Column("dataset", String(100), primary_key=True),
        Column("comparison", String(32), nullable=False),
        Column("shelves", String(32), nullable=False),
        Column("shown", String(160), nullable=False),  # keys of the sides, with commas
        Column("seed", BigInteger, nullable=False),
        Column("choice", String(32), nullable=False),
        Column("voter", String(64), nullable=False),
        Column("at_us", BigInteger, nullable=False),
        Index("shelflens_comparison_votes_about", "dataset", "comparison"),
    )
    return tables


def _saved() -> Table:
    return _tables().tables["shelflens_comparisons"]


def _votes() -> Table:
    return _tables().tables["shelflens_comparison_votes"]
