"""What people did in the app, kept in a database the moment it happens, under pseudonyms.

SQLite by default, any SQLAlchemy URL by setting. SQLAlchemy itself is imported at the first use: it is not needed to
draw the first screen.
"""

from __future__ import annotations

import errno
import hashlib
import hmac
import os
import secrets
import sqlite3
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar

from recsys.errors import BadRequestError, FeedbackError
from recsys.schema import NEW_SHOPPER

if TYPE_CHECKING:
    from sqlalchemy import Connection, Engine, Table
    from sqlalchemy.engine import URL

KINDS: Final = ("click", "like", "basket", "dislike")
TABLE: Final = "shelflens_feedback"
PERSON_INDEX: Final = "shelflens_feedback_person"
BUSY_SECONDS: Final = 3  # how long a click may wait for a lock before the person is told
SALT_BYTES: Final = 32
CHECK_URL: Final = "check SHELFLENS_FEEDBACK_URL, or unset it to keep feedback in a SQLite file"
WRITABLE: Final = "make its folder writable or set SHELFLENS_STATE_DIR to a writable folder"
KEPT: Final = "; what was stored before is still there"

# Drivers that take a connection timeout by this name; without one an unreachable server hangs the page for minutes.
_TIMEOUT_ARGUMENTS: Final = dict.fromkeys(("psycopg", "psycopg2", "pymysql", "mysqldb"), "connect_timeout")
_DRIVER_PACKAGES: Final = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}

# What SQLite reports, the plain words for it and the way out.
_SQLITE_TROUBLE: Final = (
    ("SQLITE_BUSY", "is locked by another program", "close the program that holds it open and try again" + KEPT),
    ("SQLITE_LOCKED", "is locked by another program", "close the program that holds it open and try again" + KEPT),
    ("SQLITE_NOTADB", "is damaged or not a SQLite database",
     "move the file away to start a new one, or restore a copy; it was left as it is"),
    ("SQLITE_CORRUPT", "is damaged or not a SQLite database",
     "move the file away to start a new one, or restore a copy; it was left as it is"),
    ("SQLITE_FULL", "cannot grow: the disk is full", "free some space and try again" + KEPT),
    ("SQLITE_READONLY", "is read-only", WRITABLE),
    ("SQLITE_CANTOPEN", "cannot be opened", WRITABLE),
    ("SQLITE_IOERR", "cannot be read or written", "check the disk and its free space, then try again" + KEPT),
)  # fmt: skip

_T = TypeVar("_T")


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
    FeedbackError, so that answers go on without feedback.
    """

    def __init__(self, url: str, dataset: str, salt_file: Path) -> None:
        self._url = url
        self._dataset = dataset
        self._salt_file = Path(salt_file)
        self._salt: bytes | None = None
        self._engine: Engine | None = None
        self._tables_made = False
        self._lock = threading.Lock()

    # --- who -------------------------------------------------------------------------------------------------

    def person(self, shopper: str | None, visitor: str) -> str:
        """The pseudonym of a shopper, or of a visitor where there is no shopper: 32 hex digits, "" for nobody.

        HMAC-SHA256 (RFC 2104) under a random salt that never leaves `salt_file`: the ids of a data set are few, so
        a plain hash of them could be undone by trying them all. Raises FeedbackError when the salt cannot be kept.
        """
        if shopper is not None and shopper != NEW_SHOPPER:
            who = ("shopper", shopper)
        elif visitor:
            who = ("visitor", visitor)
        else:
            return ""
        message = "\0".join((self._dataset, *who)).encode("utf-8", "surrogatepass")
        return hmac.new(self._read_salt(), message, hashlib.sha256).hexdigest()[:32]

    def _read_salt(self) -> bytes:
        with self._lock:
            try:
                if self._salt is None or not self._salt_file.exists():
                    self._salt = _kept_salt(self._salt_file, self._salt or secrets.token_bytes(SALT_BYTES))
            except OSError as error:
                raise FeedbackError(
                    f"the salt for pseudonyms cannot be kept in {self._salt_file}: {_plain(error)}",
                    remedy=WRITABLE,
                ) from error
            return self._salt

    # --- what ------------------------------------------------------------------------------------------------

    def record(self, person: str, item_id: int | str, kind: str, query: str = "") -> None:
        """Store one event; once this returns it survives a killed process and a power cut.

        Raises BadRequestError for nobody, an unknown kind or an impossible id, FeedbackError when it is not stored.
        """
        _check_kind(kind)
        if not person:
            raise BadRequestError("feedback of nobody", remedy="pick a shopper or 'new shopper' first")
        row = {
            "dataset": self._dataset,
            "person": person,
            "item_id": _checked_id(item_id),
            "kind": kind,
            "query": _storable(query),
            "at_us": _microseconds_now(),
        }
        self._run(lambda connection: connection.execute(_table().insert().values(row)))

    def undo(self, person: str, item_id: int | str, kind: str) -> bool:
        """Remove this person's latest event of that kind on that product; whether there was one.

        Raises BadRequestError for an unknown kind, FeedbackError when the database cannot be used.
        """
        _check_kind(kind)
        if not self._written():
            return False
        columns = _table().c
        mine = (self._of_person(person), columns.item_id == _checked_id(item_id), columns.kind == kind)

        def work(connection: Connection) -> bool:
            from sqlalchemy import delete, func, select

            latest = connection.execute(select(func.max(columns.id)).where(*mine)).scalar()
            return connection.execute(delete(_table()).where(columns.id == latest)).rowcount > 0

        return self._run(work)

    def of(self, person: str) -> list[FeedbackEvent]:
        """This person's events, oldest first; none for "". Raises FeedbackError when they cannot be read."""
        if not person or not self._written():
            return []

        def work(connection: Connection) -> list[FeedbackEvent]:
            from sqlalchemy import select

            columns = _table().c
            wanted = select(columns.item_id, columns.kind, columns.at_us, columns.query)
            found = connection.execute(wanted.where(self._of_person(person)).order_by(columns.id))
            return [FeedbackEvent(row[0], row[1], _from_microseconds(row[2]), row[3]) for row in found]

        return self._run(work)

    def forget(self, person: str) -> int:
        """Remove all of this person's events, nobody else's; how many there were. Raises FeedbackError."""
        if not person or not self._written():
            return 0
        return self._run(
            lambda connection: connection.execute(_table().delete().where(self._of_person(person))).rowcount
        )

    def counts(self) -> dict[str, int]:
        """How many events of each kind all people of this data set left. Raises FeedbackError."""
        if not self._written():
            return dict.fromkeys(KINDS, 0)

        def work(connection: Connection) -> dict[str, int]:
            from sqlalchemy import func, select

            columns = _table().c
            per_kind = select(columns.kind, func.count()).where(columns.dataset == self._dataset).group_by(columns.kind)
            counted = {str(kind): int(n) for kind, n in connection.execute(per_kind)}
            return {kind: counted.get(kind, 0) for kind in KINDS}

        return self._run(work)

    def _of_person(self, person: str) -> Any:
        from sqlalchemy import and_

        columns = _table().c
        return and_(columns.dataset == self._dataset, columns.person == person)

    # --- where -----------------------------------------------------------------------------------------------

    def _run(self, work: Callable[[Connection], _T]) -> _T:
        """The result of `work` in one transaction; every trouble becomes a FeedbackError with a remedy."""
        with self._named_trouble():
            engine = self._open()
            self._prepare_folder(engine.url)
            with engine.begin() as connection:
                self._make_tables(connection)
                return work(connection)

    def _open(self) -> Engine:
        with self._lock:
            if self._engine is None:
                self._engine = _connectable(self._url)
            return self._engine

    def _written(self) -> bool:
        """False where nothing was ever stored, so that reading makes no file and needs no writable disk."""
        with self._named_trouble():
            file = _sqlite_file(self._open().url)
        return file is None or file.exists()

    @staticmethod
    def _prepare_folder(url: URL) -> None:
        file = _sqlite_file(url)
        if file is not None:
            file.parent.mkdir(parents=True, exist_ok=True)

    def _make_tables(self, connection: Connection) -> None:
        """The table, where it is not there: at the first use, and again when the file was deleted meanwhile."""
        from sqlalchemy import text
        from sqlalchemy.schema import CreateIndex, CreateTable

        if connection.dialect.name != "sqlite":
            if not self._tables_made:
                _table().metadata.create_all(connection)
                self._tables_made = True
            return
        last_made = text("SELECT 1 FROM sqlite_master WHERE type = 'index' AND name = :name")
        if connection.execute(last_made, {"name": PERSON_INDEX}).scalar():
            return
        # IF NOT EXISTS: two processes that start at once may both find nothing
        connection.execute(CreateTable(_table(), if_not_exists=True))
        for index in _table().indexes:
            connection.execute(CreateIndex(index, if_not_exists=True))

    @contextmanager
    def _named_trouble(self) -> Iterator[None]:
        from sqlalchemy.exc import SQLAlchemyError

        try:
            yield
        except (SQLAlchemyError, sqlite3.Error, OSError, ImportError) as error:
            raise self._trouble(error) from error

    def _trouble(self, error: Exception) -> FeedbackError:
        """What went wrong in plain words, without the password that a URL may hold."""
        where = _without_password(self._url)
        if isinstance(error, ImportError):
            package = _DRIVER_PACKAGES.get(error.name or "", error.name or "of that database")
            remedy = f"pip install {package}, or unset SHELFLENS_FEEDBACK_URL to use SQLite"
            return FeedbackError(f"the driver for {where} is not installed", remedy=remedy)
        if isinstance(error, OSError):
            return FeedbackError(f"the feedback database {where} cannot be written: {_plain(error)}", remedy=WRITABLE)
        cause = getattr(error, "orig", None) or error
        name = getattr(cause, "sqlite_errorname", "")
        for start, words, remedy in _SQLITE_TROUBLE:
            if name.startswith(start):
                return FeedbackError(f"the feedback database {where} {words}", remedy=remedy)
        return FeedbackError(f"the feedback database {where} cannot be used: {_plain(cause)}", remedy=CHECK_URL)


# --- the database -----------------------------------------------------------------------------------------------


@lru_cache(maxsize=1)
def _table() -> Table:
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


def _connectable(url: str) -> Engine:
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
    engine = create_engine(parsed, poolclass=NullPool, connect_args={"timeout": BUSY_SECONDS})
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


def _without_password(url: str) -> str:
    parsed = _parsed(url)
    file = _sqlite_file(parsed)
    return str(file) if file else parsed.render_as_string(hide_password=True)


# --- the salt ---------------------------------------------------------------------------------------------------


def _kept_salt(file: Path, fresh: bytes) -> bytes:
    """The salt in `file`; where there is none, `fresh` is put there, whole and for the owner's eyes only.

    Of two processes that start at once one wins, and both use the winner's. Raises OSError, or FeedbackError when
    the file holds something else.
    """
    if not file.exists():
        file.parent.mkdir(parents=True, exist_ok=True)
        temporary = file.with_name(f".{file.name}.{os.getpid()}.{secrets.token_hex(4)}.tmp")
        try:
            descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "w", encoding="ascii") as handle:
                handle.write(fresh.hex())
                handle.flush()
                os.fsync(handle.fileno())
            _publish(temporary, file)
        finally:
            temporary.unlink(missing_ok=True)
    try:
        salt = bytes.fromhex(file.read_text(encoding="ascii"))
    except ValueError:
        salt = b""
    if len(salt) != SALT_BYTES:
        raise FeedbackError(
            f"the salt for pseudonyms in {file} is damaged",
            allowed=f"{2 * SALT_BYTES} hex digits",
            remedy="restore a copy, or remove the file: earlier feedback then belongs to nobody",
        )
    return salt


def _publish(temporary: Path, file: Path) -> None:
    """Give the finished file its name, unless another process was first."""
    try:
        os.link(temporary, file)  # fails where the name is taken; a rename would replace it
    except FileExistsError:
        return
    except OSError as error:
        if error.errno not in (errno.EPERM, errno.ENOTSUP, errno.ENOSYS, errno.EMLINK):
            raise
        temporary.replace(file)  # a file system without hard links


# --- values -----------------------------------------------------------------------------------------------------


def _check_kind(kind: str) -> None:
    if kind not in KINDS:
        raise BadRequestError(f"feedback kind {kind!r} is unknown", allowed=", ".join(KINDS), remedy="use one of those")


def _checked_id(item_id: int | str) -> str:
    text = str(item_id)
    if not text or _storable(text) != text:
        raise BadRequestError(
            f"product id {text[:40]!r} cannot be stored",
            allowed="text without NUL characters",
            remedy="use a listed id",
        )
    return text


def _storable(text: str) -> str:
    """The text with what some databases refuse (NUL, halves of surrogate pairs) replaced by U+FFFD."""
    return text.replace("\0", "\ufffd").encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _microseconds_now() -> int:
    return int(datetime.now(UTC).timestamp() * 1_000_000)


def _from_microseconds(microseconds: int) -> datetime:
    return datetime.fromtimestamp(microseconds / 1_000_000, UTC)


def _plain(error: BaseException) -> str:
    """The first line of what a library said."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (text.strip() or type(error).__name__).splitlines()[0]
