"""Relevance grades of products for queries, and named sets of queries, kept in the database the moment they are given.

Every grade is an event: the last one of a product wins, and taking the last one back brings the one before it back.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final, TypeVar

from recsys.errors import BadRequestError
from recsys.feedback.database import Database, microseconds, storable
from recsys.schema import MAX_QUERY_CHARS

if TYPE_CHECKING:
    from sqlalchemy import Connection, MetaData, Table

GRADES: Final = (0, 1, 2, 3)  # not relevant, related, good, exactly this
NO_GRADE: Final = -1  # an event that takes the product's grade away
MAX_SETS: Final = 50
MAX_QUERIES: Final = 500
MAX_NAME: Final = 60  # characters of the name of a set
MAX_GRADER: Final = 60
AT_ONCE: Final = 5_000  # rows per statement: an import of 2 MB is about 50,000

Grades = dict[str, dict[str, int]]  # query -> product id -> grade
_T = TypeVar("_T")


@dataclass(frozen=True, slots=True)
class GradeEvent:
    """One grade that was given; `grade` is None where it was taken away."""

    query: str
    item_id: str
    grade: int | None


class GradeBook:
    """The grades and query sets of one data set, in the database of the feedback; shared by threads and processes.

    Queries are kept as they are given: normalise them before, the same way each time. Every operation raises
    FeedbackError when the database cannot be used; making the book touches nothing.
    """

    def __init__(self, url: str, dataset: str) -> None:
        self._dataset = dataset
        self._database = Database(url)

    # --- grades ---------------------------------------------------------------------------------------------

    def give(self, query: str, item_id: int | str, grade: int | None, grader: str = "", owner: str = "") -> None:
        """Store one grade, None to take it away; once this returns it survives a power cut. Raises BadRequestError."""
        self.give_all({query: {str(item_id): grade}}, grader, owner)

    def give_all(self, grades: Mapping[str, Mapping[str, int | None]], grader: str = "", owner: str = "") -> int:
        """Store many grades, all or none; how many there were. Raises BadRequestError for an impossible one."""
        at = microseconds(datetime.now(UTC))
        rows = [
            {
                "dataset": self._dataset,
                "query": _checked_query(query),
                "query_key": _key(query),
                "item_id": _checked_id(item),
                "grade": _checked_grade(grade),
                "grader": _signed(grader, owner),
                "at_us": at,
            }
            for query, graded in grades.items()
            for item, grade in graded.items()
        ]

        def work(connection: Connection) -> int:
            for start in range(0, len(rows), AT_ONCE):
                connection.execute(_grades().insert(), rows[start : start + AT_ONCE])
            return len(rows)

        return self._database.change(work, _tables()) if rows else 0

    def undo(self, query: str, owner: str = "") -> GradeEvent | None:
        """Take back the latest event of a query, that of an owner alone; it is returned, None where there is none."""

        def work(connection: Connection) -> GradeEvent | None:
            columns = _grades().c
            latest = _select(columns.id, columns.item_id, columns.grade).where(*self._of(query), *_by(owner))
            found = connection.execute(latest.order_by(columns.id.desc()).limit(1)).first()
            if found is None:
                return None
            connection.execute(_grades().delete().where(columns.id == found[0]))
            return GradeEvent(query, found[1], None if found[2] == NO_GRADE else int(found[2]))

        return self._database.change(work, _tables()) if self._database.written() else None

    def clear(self, query: str, owner: str = "") -> int:
        """Remove all grades of a query for good, those of an owner alone; how many products had one."""
        if not (graded := self._read(*self._of(query), *_by(owner)).get(query, {})):
            return 0
        self._database.change(
            lambda connection: connection.execute(_grades().delete().where(*self._of(query), *_by(owner))), _tables()
        )
        return len(graded)

    def of(self, query: str) -> dict[str, int]:
        """The grades of one query, product id -> grade."""
        return self._read(*self._of(query)).get(query, {})

    def all(self) -> Grades:
        """The grades of all queries, in the order in which the queries were first graded."""
        return self._read(_grades().c.dataset == self._dataset)

    def _read(self, *where: Any) -> Grades:
        if not self._database.written():
            return {}

        def work(connection: Connection) -> Grades:
            columns = _grades().c
            found: Grades = {}
            wanted = _select(columns.query, columns.item_id, columns.grade).where(*where).order_by(columns.id)
            for query, item, grade in connection.execute(wanted):
                found.setdefault(query, {})[item] = int(grade)  # the last one wins
            kept = {query: {i: g for i, g in graded.items() if g != NO_GRADE} for query, graded in found.items()}
            return {query: graded for query, graded in kept.items() if graded}

        return self._database.read(work, _tables())

    def _of(self, query: str) -> tuple[Any, ...]:
        columns = _grades().c
        return columns.dataset == self._dataset, columns.query_key == _key(query)

    # --- query sets -----------------------------------------------------------------------------------------

    def save_set(self, name: str, queries: Iterable[str], owner: str = "") -> int:
        """Keep a named list of queries, in place of one of the same name; how many distinct queries it holds.

        It belongs to `owner`, "" for who runs the server and may replace any. Raises BadRequestError for no name, no
        query, more than MAX_QUERIES of them, more than MAX_SETS sets, and a name that a set of somebody else has.
        """
        title, kept = checked_set(name, queries)
        row = {"dataset": self._dataset, "name": title, "queries": json.dumps(kept, ensure_ascii=False)}

        def work(connection: Connection) -> int:
            columns = _sets().c
            here = connection.execute(_select(columns.name).where(columns.dataset == self._dataset)).scalars().all()
            if title not in here and len(here) >= MAX_SETS:
                raise BadRequestError(
                    f"there are {len(here)} query sets already",
                    allowed=f"at most {MAX_SETS}",
                    remedy="delete one that is no longer needed",
                )
            self._check_owner(connection, title, owner, exists=title in here)
            connection.execute(_sets().delete().where(*self._set(title)))
            connection.execute(_sets().insert().values(row))
            connection.execute(_owners().delete().where(*self._owned(title)))
            if owner:
                mine = {"dataset": self._dataset, "name": title, "owner": owner}
                connection.execute(_owners().insert().values(mine))
            return len(kept)

        return self._database.change(work, _tables())

    def delete_set(self, name: str, owner: str = "") -> bool:
        """Remove a set; whether it was there. Grades of its queries stay. Raises BadRequestError as `save_set` does."""
        if not self._database.written():
            return False

        def work(connection: Connection) -> bool:
            self._check_owner(connection, name, owner, exists=True)
            connection.execute(_owners().delete().where(*self._owned(name)))
            return connection.execute(_sets().delete().where(*self._set(name))).rowcount > 0

        return self._database.change(work, _tables())

    def owner_of_set(self, name: str) -> str:
        """To whom a set belongs, "" for who runs the server."""
        if not self._database.written():
            return ""
        return self._database.read(lambda connection: self._owner(connection, name), _tables())

    def _owner(self, connection: Connection, name: str) -> str:
        return str(connection.execute(_select(_owners().c.owner).where(*self._owned(name))).scalar() or "")

    def _check_owner(self, connection: Connection, name: str, owner: str, *, exists: bool) -> None:
        if owner and exists and self._owner(connection, name) != owner:
            raise BadRequestError(
                f"the set {name[:40]!r} belongs to somebody else",
                allowed="sets that you have saved",
                remedy="save it under another name",
            )

    def _owned(self, name: str) -> tuple[Any, ...]:
        return _owners().c.dataset == self._dataset, _owners().c.name == name

    def sets(self) -> dict[str, list[str]]:
        """The saved sets, name -> queries, in the order of their names."""
        if not self._database.written():
            return {}

        def work(connection: Connection) -> dict[str, list[str]]:
            columns = _sets().c
            wanted = _select(columns.name, columns.queries).where(columns.dataset == self._dataset)
            return {name: json.loads(queries) for name, queries in connection.execute(wanted.order_by(columns.name))}

        return self._database.read(work, _tables())

    def _set(self, name: str) -> tuple[Any, ...]:
        return _sets().c.dataset == self._dataset, _sets().c.name == name


def checked_set(name: str, queries: Iterable[str]) -> tuple[str, list[str]]:
    """The name and the distinct queries of a set, blanks trimmed. Raises BadRequestError as `save_set` does."""
    title, kept = _storable(" ".join(name.split())), list(dict.fromkeys(q for q in map(_storable, queries) if q))
    if not title or len(title) > MAX_NAME:
        raise BadRequestError(
            f"the name of the set has {len(title)} characters",
            allowed=f"1 to {MAX_NAME}",
            remedy="name it after what its queries have in common",
        )
    if not 1 <= len(kept) <= MAX_QUERIES:
        raise BadRequestError(
            f"the set has {len(kept):,} different queries",
            allowed=f"1 to {MAX_QUERIES}",
            remedy="give one query a line, or split the list",
        )
    for query in kept:
        _checked_query(query)
    return title, kept


def _checked_query(query: str) -> str:
    text = _storable(query)
    if not text.strip() or len(text) > MAX_QUERY_CHARS or text != query:
        raise BadRequestError(
            f"the query {query[:40]!r} of {len(query):,} characters cannot be kept",
            allowed=f"1 to {MAX_QUERY_CHARS} characters",
            remedy="shorten it",
        )
    return text


def _checked_id(item_id: int | str) -> str:
    text = str(item_id)
    if not text or _storable(text) != text:
        raise BadRequestError(
            f"product id {text[:40]!r} cannot be stored",
            allowed="text without NUL characters",
            remedy="use a listed id",
        )
    return text


def _checked_grade(grade: int | None) -> int:
    if grade is None:
        return NO_GRADE
    if isinstance(grade, bool) or grade not in GRADES:
        raise BadRequestError(
            f"grade {grade!r} is no grade", allowed=", ".join(map(str, GRADES)), remedy="use one of those, or none"
        )
    return int(grade)


def _storable(text: str) -> str:
    """What the database can keep of a text, without blanks around it."""
    return storable(text).strip()


def _signed(grader: str, owner: str) -> str:
    """Who gave a grade, as it is stored: the name, and the beginning of the owner where there is one."""
    mark = f" #{owner[:16]}" if owner else ""
    return grader[: MAX_GRADER - len(mark)] + mark


def _by(owner: str) -> tuple[Any, ...]:
    """The condition that a grade is of an owner; none for "", who may change all."""
    return (_grades().c.grader.endswith(f" #{owner[:16]}", autoescape=True),) if owner else ()


def _key(query: str) -> str:
    """What is looked up in place of a query: some databases cannot index a text of any length."""
    return hashlib.sha256(query.encode("utf-8", "surrogatepass")).hexdigest()


# --- tables ---------------------------------------------------------------------------------------------------


def _select(*columns: Any) -> Any:
    from sqlalchemy import select

    return select(*columns)


@lru_cache(maxsize=1)
def _tables() -> MetaData:
    from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, SmallInteger, String, Table, Text

    number = BigInteger().with_variant(Integer, "sqlite")  # SQLite counts ids up only in a plain INTEGER key
    tables = MetaData()
    Table(
        "shelflens_grades",
        tables,
        Column("id", number, primary_key=True, autoincrement=True),
        Column("dataset", String(100), nullable=False),
        Column("query_key", String(64), nullable=False),
        Column("query", Text, nullable=False),
        Column("item_id", Text, nullable=False),
        Column("grade", SmallInteger, nullable=False),
        Column("grader", String(MAX_GRADER), nullable=False),
        Column("at_us", BigInteger, nullable=False),  # microseconds since 1970, UTC
        Index("shelflens_grades_query", "dataset", "query_key"),
        sqlite_autoincrement=True,  # an id taken back is not given again: the order of events stays the order of ids
    )
    Table(
        "shelflens_query_sets",
        tables,
        Column("dataset", String(100), primary_key=True),
        Column("name", String(MAX_NAME), primary_key=True),
        Column("queries", Text(4 * MAX_QUERIES * MAX_QUERY_CHARS), nullable=False),  # a JSON list; 4 bytes a sign
    )
    Table(
        "shelflens_query_set_owners",
        tables,
        Column("dataset", String(100), primary_key=True),
        Column("name", String(MAX_NAME), primary_key=True),
        Column("owner", String(64), nullable=False),
    )
    return tables


def _owners() -> Table:
    return _tables().tables["shelflens_query_set_owners"]


def _grades() -> Table:
    return _tables().tables["shelflens_grades"]


def _sets() -> Table:
    return _tables().tables["shelflens_query_sets"]
