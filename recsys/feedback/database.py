"""The database that feedback lies in: its table, its connections, and one transaction per operation."""

from __future__ import annotations

import math
import os
import sqlite3
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext, suppress
from datetime import UTC, datetime, timedelta
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from recsys.errors import FeedbackError
from recsys.feedback.private import keep_private, sqlite_files
from recsys.feedback.trouble import CHECK_URL, is_busy, named_trouble

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, MetaData, Table
    from sqlalchemy.engine import URL

TABLE: Final = "shelflens_feedback"
PERSON_INDEX: Final = "shelflens_feedback_person"
BUSY_SECONDS: Final = 3  # how long a click may wait for a lock before the person is told
NOT_AGAIN_SECONDS: Final = 5  # how long after that nobody waits: a page asks several times, and would wait each time

EPOCH: Final = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_US: Final = (datetime.max.replace(tzinfo=UTC) - EPOCH) // timedelta(microseconds=1)

# Drivers that take a connection timeout by this name; without one an unreachable server hangs the page for minutes.
_TIMEOUT_ARGUMENTS: Final = dict.fromkeys(("psycopg", "psycopg2", "pymysql", "mysqldb"), "connect_timeout")

_T = TypeVar("_T")


class Database:
    """One database, opened at the first operation; shared by threads and by processes.

    For NOT_AGAIN_SECONDS by `clock` (in seconds) after it was found locked, an operation is tried without waiting: what
    is still locked fails at once, and what is not (in SQLite's WAL mode, reading beside a writer) goes on.
    """

    def __init__(self, url: str, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._impatient_until = -math.inf
        self._url = url
        self._engine: Engine | None = None
        self._tables_made = False
        self._lock = threading.Lock()

    def read(self, work: Callable[[Connection], _T], further: MetaData | None = None) -> _T:
        """The result of `work` in one transaction; every trouble becomes a FeedbackError with a remedy.

        `further` tables, beside the one of feedback, are made where they are not there.
        """
        with self._named_trouble():
            engine = self._open()
            self._prepare_file(engine.url)
            with engine.begin() as connection:
                self._make_tables(connection)
                if further is not None:
                    make_missing(connection, further)
                result = work(connection)
            self._impatient_until = -math.inf
            return result

    def change(self, work: Callable[[Connection], _T], further: MetaData | None = None) -> _T:
        """As `read`, for what writes: the threads of this process write to one SQLite file one after the other.

        SQLite lets whoever asks at the right moment write next, not whoever has waited longest. On a slow disk somebody
        would wait BUSY_SECONDS beside others who write all the time, and be told of a lock that nobody else holds.
        """
        with self._named_trouble():
            turn = _turn(_sqlite_file(self._open().url))
        with turn:
            return self.read(work, further)

    def _open(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = _connectable(self._url, self._patience)
            return self._engine

    def _patience(self) -> float:
        """How many seconds the next operation may wait for a lock."""
        return 0 if self._clock() < self._impatient_until else BUSY_SECONDS

    def written(self) -> bool:
        """False where nothing was ever stored, so that reading makes no file and needs no writable disk."""
        with self._named_trouble():
            file = _sqlite_file(self._open().url)
        return file is None or file.exists()

    @staticmethod
    def _prepare_file(url: URL) -> None:
        file = _sqlite_file(url)
        if file is None:
            return
        if file.exists():
            keep_private(*sqlite_files(file))
            return
        file.parent.mkdir(parents=True, exist_ok=True)
        # It holds what people typed: for the owner's eyes only, as is then what SQLite puts beside it.
        with suppress(FileExistsError):  # another process was first
            os.close(os.open(file, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600))

    def _make_tables(self, connection: Connection) -> None:
        """The table, where it is not there: at the first use, and again when the file was deleted meanwhile."""
        from sqlalchemy import text
        from sqlalchemy.schema import CreateIndex, CreateTable

        if connection.dialect.name != "sqlite":
            if not self._tables_made:
                table().metadata.create_all(connection)
                self._tables_made = True
            return
        last_made = text("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = :name")
        if connection.execute(last_made, {"name": PERSON_INDEX}).scalar():
            return
        # IF NOT EXISTS: two processes that start at once may both find nothing
        connection.execute(CreateTable(table(), if_not_exists=True))
        for index in table().indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))

    @contextmanager
    def _named_trouble(self) -> Iterator[None]:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError, ImportError) as error:
            if is_busy(error):
                self._impatient_until = self._clock() + NOT_AGAIN_SECONDS
            raise named_trouble(error, _without_password(self._url)) from error


def make_missing(connection: Connection, tables: MetaData) -> None:
    """Further tables of this database, where they are not there: at the first use, and after the file was deleted."""
    from sqlalchemy.schema import CreateIndex, CreateTable

    if connection.dialect.name != "sqlite":
        tables.create_all(connection)
        return
    for table in tables.sorted_tables:  # IF NOT EXISTS: two processes that start at once may both find nothing
        connection.execute(CreateTable(table, if_not_exists=True))
        for index in table.indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))


def chosen(*columns: Any) -> Any:
    """SELECT of these columns; SQLAlchemy is loaded by then, and not before."""
    from sqlalchemy import select

    return select(*columns)


def storable(text: str) -> str:
    """The text with what some databases refuse (NUL, halves of surrogate pairs) replaced by U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def microseconds(time: datetime) -> int:
    """A time as it is stored: microseconds since 1970, UTC; the same in every database."""
    return (time - EPOCH) // timedelta(microseconds=1)


def moment(stored: object) -> datetime:
    """The time of a stored row, UTC; what is no time that a calendar has is the nearest one that is.

    A clock or another program may have stored anything, and SQLite keeps a text in a column of numbers: one such row
    must not cost a person the answers to all that they ask.
    """
    number = stored if isinstance(stored, int | float) else 0
    return EPOCH + timedelta(microseconds=int(min(max(number, 0), _LAST_US)) if number == number else 0)


@lru_cache(maxsize=1)
def table() -> Table:
    """The table of all feedback, as SQLAlchemy knows it."""
    from sqlalchemy import BigInteger, Column, Index, Integer, MetaData, String, Table, Text

    return Table(
        TABLE,
        MetaData(),
        # SQLite counts ids up by itself only in a plain INTEGER key
        Column("id", BigInteger().with_variant(Integer, "sqlite"), primary_key=True, autoincrement=True),
        Column("dataset", String(100), nullable=False),
        Column("person", String(32), nullable=False),
        Column("item_id", Text, nullable=False),
        Column("kind", String(16), nullable=False),
        Column("query", Text, nullable=False),
        Column("at_us", BigInteger, nullable=False),  # microseconds since 1970, UTC: the same in every database
        Index(PERSON_INDEX, "dataset", "person"),
    )


def _parsed(url: str) -> URL:
    from sqlalchemy import make_url
    from sqlalchemy.exc import ArgumentError

    try:
        return make_url(url)
    except (ArgumentError, ValueError) as error:  # the URL itself is not repeated: it may hold a password
        raise FeedbackError(
            "SHELFLENS_FEEDBACK_URL is not a database URL",
            allowed="sqlite:///path/to/a/file or dialect+driver://user:password@host/database",
            remedy=CHECK_URL,
        ) from error


def _connectable(url: str, patience: Callable[[], float]) -> Engine:
    """An engine whose SQLite connections wait for a lock as many seconds as `patience` says when they are made."""
    from sqlalchemy import create_engine, event
    from sqlalchemy.pool import NullPool

    parsed = _parsed(url)
    if parsed.get_backend_name() != "sqlite":
        argument = _TIMEOUT_ARGUMENTS.get(parsed.get_driver_name())
        arguments = {argument: BUSY_SECONDS} if argument else {}
        return create_engine(parsed, pool_pre_ping=True, pool_timeout=BUSY_SECONDS, connect_args=arguments)
    if parsed.database in (None, "", ":memory:"):
        raise FeedbackError(
            "feedback kept in memory would be lost", allowed="sqlite:///path/to/a/file", remedy=CHECK_URL
        )
    # A connection per operation: a file deleted meanwhile is made anew instead of being written to after its end.
    engine = create_engine(parsed, poolclass=NullPool)

    def be_patient(connection: Any, _record: object) -> None:
        connection.execute(f"PRAGMA busy_timeout = {round(1000 * patience())}").close()

    event.listen(engine, "connect", be_patient)  # first: what follows may have to wait
    event.listen(engine, "connect", _prepare_sqlite)
    return engine


def _prepare_sqlite(connection: Any, _record: object) -> None:
    """Survive a power cut (WAL and FULL), and leave no trace of a forgotten person in free pages (secure_delete)."""
    cursor = connection.cursor()
    if cursor.execute("PRAGMA journal_mode").fetchone()[0] != "wal":
        cursor.execute("PRAGMA journal_mode = WAL")
    cursor.execute("PRAGMA synchronous = FULL")
    cursor.execute("PRAGMA secure_delete = ON")
    cursor.close()


def _sqlite_file(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or not url.database or url.database.startswith("file:"):
        return None
    return Path(url.database)


@lru_cache(maxsize=256)  # one file a shop, or nearly: what is dropped was not written to for long
def _lock_of(file: Path) -> threading.Lock:
    return threading.Lock()


def _turn(file: Path | None) -> AbstractContextManager[object]:
    """What a writer of this file holds; nothing where the database is a server's, which queues those who wait."""
    return nullcontext() if file is None else _lock_of(file.resolve())


def _without_password(url: str) -> str:
    parsed = _parsed(url)
    file = _sqlite_file(parsed)
    return str(file) if file else parsed.render_as_string(hide_password=True)
