"""What goes wrong with a database or a disk, in plain words and with the way out."""

from __future__ import annotations

import errno
from typing import Final

from recsys.errors import FeedbackError

CHECK_URL: Final = "check SHELFLENS_FEEDBACK_URL, or unset it to keep feedback in a SQLite file"
WRITABLE: Final = "make its folder writable or set SHELFLENS_STATE_DIR to a writable folder"
ANOTHER_FOLDER: Final = "set SHELFLENS_STATE_DIR to another folder, one that exists or can be made"
FREE_SPACE: Final = "free some space and try again"
KEPT: Final = "; what was stored before is still there"

# What the operating system reports, and the way out.
_WAY_OUT: Final = {
    **dict.fromkeys((errno.ENOSPC, errno.EDQUOT), FREE_SPACE + KEPT),
    **dict.fromkeys((errno.EROFS, errno.EACCES, errno.EPERM), WRITABLE),
    **dict.fromkeys((errno.ENOENT, errno.ENOTDIR, errno.EEXIST, errno.ENAMETOOLONG), ANOTHER_FOLDER),
}

_DRIVER_PACKAGES: Final = {"psycopg": "psycopg[binary]", "psycopg2": "psycopg2-binary", "MySQLdb": "mysqlclient"}

# What SQLite reports, the plain words for it and the way out.
_SQLITE_TROUBLE: Final = (
    ("SQLITE_BUSY", "is locked by another program", "close the program that holds it open and try again" + KEPT),
    ("SQLITE_LOCKED", "is locked by another program", "close the program that holds it open and try again" + KEPT),
    (
        "SQLITE_NOTADB",
        "is damaged or not a SQLite database",
        "move the file away to start a new one, or restore a copy; it was left as it is",
    ),
    (
        "SQLITE_CORRUPT",
        "is damaged or not a SQLite database",
        "move the file away to start a new one, or restore a copy; it was left as it is",
    ),
    ("SQLITE_FULL", "cannot grow: the disk is full", FREE_SPACE + KEPT),
    ("SQLITE_READONLY", "is read-only", WRITABLE),
    ("SQLITE_CANTOPEN", "cannot be opened", WRITABLE),
    ("SQLITE_IOERR", "cannot be read or written", "check the disk and its free space, then try again" + KEPT),
)


def named_trouble(error: Exception, where: str) -> FeedbackError:
    """What went wrong in plain words; `where` is the database, without the password that a URL may hold."""
    if isinstance(error, ImportError):
        package = _DRIVER_PACKAGES.get(error.name or "", error.name or "of that database")
        remedy = f"pip install {package}, or unset SHELFLENS_FEEDBACK_URL to use SQLite"
        return FeedbackError(f"the driver for {where} is not installed", remedy=remedy)
    if isinstance(error, OSError):
        return FeedbackError(f"the feedback database {where} cannot be written: {plain(error)}", remedy=way_out(error))
    cause = getattr(error, "orig", None) or error
    name = getattr(cause, "sqlite_errorname", "")
    for start, words, remedy in _SQLITE_TROUBLE:
        if name.startswith(start):
            return FeedbackError(f"the feedback database {where} {words}", remedy=remedy)
    return FeedbackError(f"the feedback database {where} cannot be used: {plain(cause)}", remedy=CHECK_URL)


def is_busy(error: BaseException) -> bool:
    """Whether the database was locked by somebody else for longer than was waited."""
    cause = getattr(error, "orig", None) or error
    return str(getattr(cause, "sqlite_errorname", "")).startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))


def way_out(error: OSError) -> str:
    """What to do about what the operating system reports of a file or folder under SHELFLENS_STATE_DIR."""
    generic = "check the disk and the folder, or set SHELFLENS_STATE_DIR to another folder; then try again" + KEPT
    return generic if error.errno is None else _WAY_OUT.get(error.errno, generic)


def plain(error: BaseException) -> str:
    """The first line of what a library said."""
    text = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    return (text.strip() or type(error).__name__).splitlines()[0]
