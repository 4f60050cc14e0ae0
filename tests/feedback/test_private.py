"""The key and the database are for their owner alone, and again so after they were opened to others."""

from __future__ import annotations

import logging
import os
import stat
from pathlib import Path

import pytest

from recsys.feedback import FeedbackLog
from recsys.feedback.private import sqlite_files

pytestmark = pytest.mark.skipif(os.name != "posix", reason="modes are POSIX")


def mode(path: Path) -> int:
    return stat.S_IMODE(path.stat().st_mode)


def test_what_was_opened_to_others_is_closed_again_and_said(
    log: FeedbackLog, database: Path, caplog: pytest.LogCaptureFixture
) -> None:
    ann = log.person("ann", "")
    log.record(ann, 7, "like")
    salt = database.parent / "salt"
    assert mode(salt) == mode(database) == 0o600
    salt.chmod(0o644)
    database.chmod(0o666)
    with caplog.at_level(logging.WARNING, "shelflens.feedback"):
        assert [event.item_id for event in log.of(log.person("ann", ""))] == ["7"]
    assert mode(salt) == mode(database) == 0o600
    assert [record.getMessage().split(" ")[0] for record in caplog.records] == [str(salt), str(database)]
    assert "mode 644" in caplog.text


def test_what_sqlite_puts_beside_the_database_is_closed_too(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 7, "like")
    wal = next(file for file in sqlite_files(database) if file.name.endswith("-wal"))
    wal.touch()
    wal.chmod(0o644)
    assert log.of("ann")
    assert not wal.exists() or mode(wal) == 0o600


def test_a_key_of_another_run_is_closed_where_it_is_only_read(database: Path, caplog: pytest.LogCaptureFixture) -> None:
    salt = database.parent / "salt"
    salt.parent.mkdir(parents=True, exist_ok=True)
    salt.write_text("0" * 64, encoding="ascii")
    salt.chmod(0o640)
    assert FeedbackLog(f"sqlite:///{database}", "shop", salt).person("ann", "")
    assert mode(salt) == 0o600
