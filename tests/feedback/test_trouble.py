"""Each trouble with the disk has its own way out."""

from __future__ import annotations

import errno
import os
from pathlib import Path

import pytest

from recsys.errors import FeedbackError
from recsys.feedback import FeedbackLog

WAYS_OUT = [
    (errno.ENOSPC, "free some space"),
    (errno.EDQUOT, "free some space"),
    (errno.EROFS, "make its folder writable or set SHELFLENS_STATE_DIR"),
    (errno.EACCES, "make its folder writable or set SHELFLENS_STATE_DIR"),
    (errno.EPERM, "make its folder writable or set SHELFLENS_STATE_DIR"),
    (errno.ENOENT, "set SHELFLENS_STATE_DIR to another folder"),
    (errno.ENOTDIR, "set SHELFLENS_STATE_DIR to another folder"),
    (errno.EEXIST, "set SHELFLENS_STATE_DIR to another folder"),
    (errno.ENAMETOOLONG, "set SHELFLENS_STATE_DIR to another folder"),
    (errno.EIO, "check the disk"),
]


@pytest.mark.parametrize(("number", "remedy"), WAYS_OUT)
@pytest.mark.parametrize("keeping", ["salt", "database"])
def test_the_remedy_fits_what_the_operating_system_reports(
    log: FeedbackLog, monkeypatch: pytest.MonkeyPatch, keeping: str, number: int, remedy: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr(Path, "mkdir", refuse)
    with pytest.raises(FeedbackError) as caught:
        log.person("1", "") if keeping == "salt" else log.record("ann", 1, "like")
    assert caught.value.remedy.startswith(remedy)
    assert os.strerror(number) in caught.value.seen
