"""Feedback is stored at once, never lost, and its troubles never come as a traceback."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import Connection

from recsys.errors import FeedbackError
from recsys.feedback import FeedbackLog
from recsys.feedback import database as feedback_database
from recsys.feedback.database import Database
from recsys.settings import PROJECT
from tests.feedback.logs import log_in, operations

KILLED = """
import os, signal, sys
from pathlib import Path
from recsys.feedback import FeedbackLog
log = FeedbackLog("sqlite:///" + sys.argv[1], "shop", Path(sys.argv[1]).parent / "salt")
for item in range(3):
    log.record("ann", item, "like")
os.kill(os.getpid(), signal.SIGKILL)
"""


@pytest.mark.skipif(os.name == "nt", reason="SIGKILL is POSIX")
def test_a_killed_process_loses_nothing_it_had_recorded(log: FeedbackLog, database: Path) -> None:
    killed = subprocess.run([sys.executable, "-c", KILLED, str(database)], cwd=PROJECT, check=False)
    assert killed.returncode == -signal.SIGKILL
    assert [e.item_id for e in log.of("ann")] == ["0", "1", "2"]


def test_eight_threads_write_fifty_times_each_and_none_is_lost(log: FeedbackLog) -> None:
    def write(thread: int) -> None:
        for item in range(50):
            log.record(f"person {thread % 2}", item, "click")

    with ThreadPoolExecutor(8) as pool:
        list(pool.map(write, range(8)))  # raises what a thread raised
    assert log.counts()["click"] == 8 * 50
    assert len(log.of("person 0")) == 4 * 50


def test_writers_of_one_process_take_turns_however_slow_the_disk_is(database: Path) -> None:
    url = f"sqlite:///{database}"
    databases = [Database(url) for _ in range(8)]  # one for each of several logs, as the app has them

    def write(mine: Database) -> int:
        return sum(mine.change(slowly) for _ in range(20))

    def slowly(connection: Connection) -> int:
        connection.execute(feedback_database.table().delete())
        time.sleep(0.03)
        return 1

    with ThreadPoolExecutor(8) as pool:  # together longer than a click may wait for a lock
        assert list(pool.map(write, databases)) == [20] * 8


def test_reading_does_not_wait_for_a_writer(database: Path) -> None:
    log = FeedbackLog(f"sqlite:///{database}", "shop", database.parent / "salt")
    log.record("ann", 1, "like")
    writing, read = threading.Event(), threading.Event()

    def slowly(connection: Connection) -> bool:
        connection.execute(feedback_database.table().delete())
        writing.set()
        return read.wait(20)

    with ThreadPoolExecutor(1) as pool:
        written = pool.submit(log.database.change, slowly)
        assert writing.wait(20)
        assert [e.item_id for e in log.of("ann")] == ["1"]  # as it was before, and at once
        read.set()
        assert written.result(), "the reader waited for the writer"
    assert log.of("ann") == []


def test_a_database_deleted_while_running_is_made_anew(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 1, "like")
    for file in database.parent.glob("feedback*"):
        file.unlink()
    assert log.of("ann") == []
    log.record("ann", 2, "like")
    assert [e.item_id for e in log.of("ann")] == ["2"]


def test_a_database_emptied_while_running_is_filled_anew(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 1, "like")
    database.write_bytes(b"")
    log.record("ann", 2, "like")
    assert [e.item_id for e in log.of("ann")] == ["2"]


# --- trouble ----------------------------------------------------------------------------------------------------


def test_a_locked_database_is_said_within_five_seconds(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 1, "like")
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("BEGIN EXCLUSIVE")
    started = time.monotonic()
    with pytest.raises(FeedbackError, match=r"locked.*close the program"):
        log.record("ann", 2, "like")
    assert time.monotonic() - started < 5
    assert [e.item_id for e in log.of("ann")] == ["1"]  # reading goes on
    holder.execute("COMMIT")
    holder.close()
    log.record("ann", 3, "like")
    assert [e.item_id for e in log.of("ann")] == ["1", "3"]


def test_after_a_lock_was_waited_for_once_nothing_waits_for_five_seconds(
    database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(feedback_database, "BUSY_SECONDS", 1)
    now = [100.0]
    log = FeedbackLog(f"sqlite:///{database}", "shop", database.parent / "salt", clock=lambda: now[0])
    log.record("ann", 1, "like")
    holder = locked_for_readers_too(database)
    assert seconds_until_locked(log) >= 0.9

    started = time.monotonic()
    for operation in operations(log):
        with pytest.raises(FeedbackError, match=r"locked.*close the program"):
            operation()
    assert time.monotonic() - started < 0.9  # five that wait would take five

    now[0] += 5.1
    assert seconds_until_locked(log) >= 0.9
    holder.close()
    log.record("ann", 2, "like")  # at once, however long ago it was locked

    holder = locked_for_readers_too(database)
    assert seconds_until_locked(log) >= 0.9, "a success did not clear what was remembered"
    holder.close()


def locked_for_readers_too(database: Path) -> sqlite3.Connection:
    holder = sqlite3.connect(database, isolation_level=None)
    holder.execute("PRAGMA locking_mode = EXCLUSIVE")
    holder.execute("BEGIN EXCLUSIVE")
    return holder


def seconds_until_locked(log: FeedbackLog) -> float:
    started = time.monotonic()
    with pytest.raises(FeedbackError, match="locked"):
        log.of("someone")
    return time.monotonic() - started


@pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX")
def test_only_the_owner_may_read_what_people_typed(log: FeedbackLog, database: Path) -> None:
    before = os.umask(0o022)
    try:
        log.record("ann", 1, "like", "a private query")
        reader = sqlite3.connect(database)  # keeps the write-ahead log in being
        log.record("ann", 2, "like", "a private query")
        modes = {file.name: stat.S_IMODE(file.stat().st_mode) for file in database.parent.glob("feedback*")}
        reader.close()
    finally:
        os.umask(before)
    assert set(modes.values()) == {0o600}, modes


def test_a_damaged_database_is_said_and_left_as_it_is(log: FeedbackLog, database: Path) -> None:
    rubbish = bytes(range(256)) * 40
    database.parent.mkdir()
    database.write_bytes(rubbish)
    for operation in operations(log):
        with pytest.raises(FeedbackError, match=r"damaged.*move the file away"):
            operation()
    assert database.read_bytes() == rubbish


def test_a_torn_page_is_said_and_nothing_is_deleted(log: FeedbackLog, database: Path) -> None:
    for item in range(300):
        log.record(("ann", "bob")[item % 2], item, "like", "a query long enough to fill a few pages of the file")
    whole = database.read_bytes()
    torn = whole[:4096] + b"\xff" * (len(whole) - 4096)  # the first page, which holds the schema, is fine
    database.write_bytes(torn)
    with pytest.raises(FeedbackError, match="damaged"):
        log.of("ann")
    assert database.read_bytes() == torn


def test_a_full_disk_is_said_and_what_was_stored_stays(
    log: FeedbackLog, database: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    log.record("ann", 1, "like")
    prepare = feedback_database._prepare_sqlite

    def on_a_full_disk(connection: sqlite3.Connection, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA max_page_count = 1")  # SQLite keeps the pages there are and grants no more

    monkeypatch.setattr(feedback_database, "_prepare_sqlite", on_a_full_disk)
    full = log_in(database)
    with pytest.raises(FeedbackError, match=r"disk is full.*free some space"):
        full.record("ann", 2, "like", "x" * 100_000)
    assert [e.item_id for e in full.of("ann")] == ["1"]


def test_a_read_only_database_is_said_and_still_read(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 1, "like")
    read_only = FeedbackLog(f"sqlite:///file:{database}?mode=ro&uri=true", "shop", database.parent / "salt")
    with pytest.raises(FeedbackError, match=r"read-only.*SHELFLENS_STATE_DIR"):
        read_only.record("ann", 2, "like")
    assert [e.item_id for e in read_only.of("ann")] == ["1"]


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FeedbackError, match="SHELFLENS_STATE_DIR"):
        log_in(tmp_path / "file" / "state" / "feedback.sqlite3").record("ann", 1, "like")


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "not a database URL"),
        ("", "not a database URL"),
        ("postgresql://ann:secret@host:port/shop", "not a database URL"),
        ("nosuchbase://ann:secret@host/shop", "nosuchbase"),
        ("mysql+nosuchdriver://ann:secret@host/shop", "nosuchdriver"),
        ("oracle+cx_oracle://ann:secret@host/shop", "pip install cx_Oracle"),
        ("sqlite://", "kept in memory would be lost"),
        ("sqlite:///:memory:", "kept in memory would be lost"),
    ],
)
def test_a_url_that_cannot_be_used_is_said_at_the_first_operation(tmp_path: Path, url: str, said: str) -> None:
    log = FeedbackLog(url, "shop", tmp_path / "salt")
    for operation in operations(log):
        with pytest.raises(FeedbackError, match=said) as caught:
            operation()
        assert caught.value.remedy
        assert "secret" not in str(caught.value)
