"""Files for the eyes of their owner alone, made so again where somebody or a copy has opened them to others."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path
from typing import Final

OWNER_ONLY: Final = 0o600
_OTHERS: Final = 0o077
_log = logging.getLogger("shelflens.feedback")


def keep_private(*files: Path) -> None:
    """Take from each file what others may do with it, and say so in the log; what is not there is passed over.

    On Windows, where a file's mode says nothing of others, it does nothing. A file of another user is only said.
    """
    if os.name != "posix":
        return
    for file in files:
        try:
            mode = stat.S_IMODE(file.stat().st_mode)
            if mode & _OTHERS:
                file.chmod(OWNER_ONLY)
                _log.warning("%s could be used by others (mode %03o): it is for its owner alone again", file, mode)
        except FileNotFoundError:
            continue
        except OSError as error:
            _log.warning("%s may be used by others and that cannot be changed: %s", file, error.strerror or error)


def sqlite_files(database: Path) -> tuple[Path, ...]:
    """A SQLite database with what SQLite may put beside it."""
    return (database, *(database.with_name(database.name + end) for end in ("-wal", "-shm", "-journal")))
