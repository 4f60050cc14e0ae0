"""Feedback: stored at once, never lost, never in the way, and never under a person's own id."""

from __future__ import annotations

import os
import signal
import sqlite3
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys import feedback
from recsys.errors import BadRequestError, FeedbackError
from recsys.feedback import KINDS, FeedbackLog
from recsys.schema import NEW_SHOPPER

PROJECT = Path(__file__).resolve().parent.parent


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "state" / "feedback.sqlite3"


@pytest.fixture
def log(database: Path) -> FeedbackLog:
    return log_in(database)


def log_in(database: Path, dataset: str = "shop") -> FeedbackLog:
    return FeedbackLog(f"sqlite:///{database}", dataset, database.parent / "salt")


def operations(log: FeedbackLog) -> list[Callable[[], Any]]:
    return [
        lambda: log.record("someone", "1", "like"),
        lambda: log.undo("someone", "1", "like"),
        lambda: log.of("someone"),
        lambda: log.forget("someone"),
        log.counts,
    ]


def bytes_on_disk(folder: Path) -> bytes:
    return b"".join(file.read_bytes() for file in sorted(folder.rglob("*")) if file.is_file())


# --- what is kept -----------------------------------------------------------------------------------------------


def test_what_was_recorded_comes_back_oldest_first_with_its_time(log: FeedbackLog) -> None:
    before = datetime.now(UTC)
    log.record("ann", 7, "like", "soup")
    log.record("ann", "7", "basket")
    first, second = log.of("ann")
    assert [(e.item_id, e.kind, e.query) for e in (first, second)] == [("7", "like", "soup"), ("7", "basket", "")]
    assert before <= first.at <= second.at <= datetime.now(UTC)


def test_another_log_on_the_same_file_sees_it(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 7, "like")
    assert [e.item_id for e in log_in(database).of("ann")] == ["7"]


def test_two_data_sets_share_a_database_without_mixing(log: FeedbackLog, database: Path) -> None:
    other = log_in(database, "another shop")
    log.record("ann", 7, "like")
    assert other.of("ann") == []
    assert other.forget("ann") == 0
    assert log.counts()["like"] == 1
    assert other.counts()["like"] == 0


def test_counts_are_per_kind_over_everybody(log: FeedbackLog) -> None:
    for person, kind in (("ann", "like"), ("bob", "like"), ("bob", "dislike")):
        log.record(person, 7, kind)
    assert log.counts() == {"click": 0, "like": 2, "basket": 0, "dislike": 1}


def test_undo_removes_the_last_of_that_kind_on_that_product_only(log: FeedbackLog) -> None:
    for item, kind, query in ((1, "like", "a"), (1, "like", "b"), (1, "basket", "c"), (2, "like", "d")):
        log.record("ann", item, kind, query)
    log.record("bob", 1, "like", "e")
    assert log.undo("ann", 1, "like") is True
    assert [e.query for e in log.of("ann")] == ["a", "c", "d"]
    assert [e.query for e in log.of("bob")] == ["e"]


def test_undoing_what_never_was_does_nothing(log: FeedbackLog) -> None:
    assert log.undo("ann", 1, "like") is False
    log.record("ann", 2, "like")
    assert log.undo("ann", 1, "like") is False
    assert log.undo("ann", 2, "basket") is False
    assert len(log.of("ann")) == 1


def test_forgetting_removes_one_persons_feedback_and_nobody_elses(log: FeedbackLog) -> None:
    for person in ("ann", "bob", "ann"):
        log.record(person, 7, "like")
    assert log.forget("ann") == 2
    assert log.of("ann") == []
    assert len(log.of("bob")) == 1
    assert log.forget("ann") == 0


def test_what_was_forgotten_leaves_no_trace_in_the_files(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 7, "like", "a very private query")
    assert b"a very private query" in bytes_on_disk(database.parent)
    log.forget("ann")
    assert b"a very private query" not in bytes_on_disk(database.parent)


def test_reading_before_anything_was_stored_makes_no_file(log: FeedbackLog, database: Path) -> None:
    assert log.of("ann") == []
    assert log.counts() == dict.fromkeys(KINDS, 0)
    assert log.forget("ann") == 0
    assert not database.parent.exists()


def test_the_database_is_in_wal_mode(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 7, "like")
    connection = sqlite3.connect(database)
    assert connection.execute("PRAGMA journal_mode").fetchone() == ("wal",)
    connection.close()


@given(query=st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=("Cs",)), max_size=500))
def test_any_query_comes_back_as_it_was(query: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = log_in(Path(folder) / "feedback.sqlite3")
        log.record("ann", 7, "click", query)
        assert [e.query for e in log.of("ann")] == [query]


@given(item=st.text(alphabet=st.characters(exclude_characters="\0", exclude_categories=("Cs",)), min_size=1))
def test_any_product_id_comes_back_and_can_be_undone(item: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        log = log_in(Path(folder) / "feedback.sqlite3")
        log.record("ann", item, "click")
        assert [e.item_id for e in log.of("ann")] == [item]
        assert log.undo("ann", item, "click")


@pytest.mark.parametrize("text", ["'; DROP TABLE shelflens_feedback; --", '" OR 1=1', ":name ? %s {}", "🥦🥕", "سوپ"])
def test_text_that_looks_like_sql_or_emoji_is_only_text(log: FeedbackLog, text: str) -> None:
    log.record("bob", 1, "like")
    log.record("ann", text, "like", text)
    assert [(e.item_id, e.query) for e in log.of("ann")] == [(text, text)]
    assert len(log.of("bob")) == 1


def test_characters_that_a_database_refuses_are_replaced_in_a_query(log: FeedbackLog) -> None:
    log.record("ann", 7, "like", "a\0b\ud800c")
    assert log.of("ann")[0].query == "a\ufffdb\ufffdc"


@pytest.mark.parametrize("item", ["", "a\0b", "\udfff"])
def test_a_product_id_that_cannot_be_stored_is_refused(log: FeedbackLog, item: str) -> None:
    with pytest.raises(BadRequestError, match="cannot be stored"):
        log.record("ann", item, "like")


@pytest.mark.parametrize("kind", ["", "love", "LIKE", "like "])
def test_an_unknown_kind_is_refused_and_the_known_ones_are_named(log: FeedbackLog, kind: str) -> None:
    for act in (log.record, log.undo):
        with pytest.raises(BadRequestError, match="click, like, basket, dislike"):
            act("ann", 7, kind)
    assert log.counts() == dict.fromkeys(KINDS, 0)


# --- who --------------------------------------------------------------------------------------------------------


def test_the_id_of_a_shopper_or_visitor_is_nowhere_on_disk(log: FeedbackLog, database: Path) -> None:
    for person in (log.person("household-4711-x", ""), log.person(NEW_SHOPPER, "visitor-0815-y")):
        log.record(person, 7, "like", "soup")
    kept = bytes_on_disk(database.parent)
    assert b"soup" in kept
    assert b"4711" not in kept
    assert b"0815" not in kept


def test_the_same_salt_gives_the_same_pseudonym_and_another_salt_another(log: FeedbackLog, tmp_path: Path) -> None:
    mine = log.person("1172", "")
    again = log_in(tmp_path / "state" / "feedback.sqlite3").person("1172", "")
    elsewhere = log_in(tmp_path / "elsewhere" / "feedback.sqlite3").person("1172", "")
    assert mine == again
    assert mine != elsewhere


def test_people_are_told_apart(log: FeedbackLog, database: Path) -> None:
    people = [
        log.person("1", ""),
        log.person("2", ""),
        log.person(NEW_SHOPPER, "1"),
        log.person(NEW_SHOPPER, "2"),
        log_in(database, "another shop").person("1", ""),
    ]
    assert len(set(people)) == len(people)


def test_a_shopper_is_the_same_person_whoever_looks(log: FeedbackLog) -> None:
    assert log.person("1", "anna's tab") == log.person("1", "bob's tab")
    assert log.person(NEW_SHOPPER, "tab") == log.person(None, "tab")


def test_nobody_has_no_feedback_and_leaves_none(log: FeedbackLog) -> None:
    nobody = log.person(None, "")
    assert nobody == ""
    assert log.of(nobody) == []
    assert log.forget(nobody) == 0
    with pytest.raises(BadRequestError, match="pick a shopper"):
        log.record(nobody, 7, "like")


@pytest.mark.skipif(os.name == "nt", reason="file modes are POSIX")
def test_only_the_owner_may_read_the_salt(log: FeedbackLog, database: Path) -> None:
    log.person("1", "")
    salt = database.parent / "salt"
    assert stat.S_IMODE(salt.stat().st_mode) == 0o600
    assert [file.name for file in database.parent.iterdir()] == ["salt"]


def test_of_many_logs_that_start_at_once_all_use_one_salt(database: Path) -> None:
    with ThreadPoolExecutor(8) as pool:
        people = list(pool.map(lambda _: log_in(database).person("1", ""), range(32)))
    assert len(set(people)) == 1


def test_a_salt_deleted_while_running_is_put_back(log: FeedbackLog, database: Path) -> None:
    before = log.person("1", "")
    (database.parent / "salt").unlink()
    assert log.person("1", "") == before
    assert log_in(database).person("1", "") == before


@pytest.mark.parametrize("content", ["", "abc", "zz" * 32, "é" * 32])
def test_a_damaged_salt_is_said_and_left_alone(log: FeedbackLog, database: Path, content: str) -> None:
    salt = database.parent / "salt"
    salt.parent.mkdir()
    salt.write_text(content, encoding="utf-8")
    with pytest.raises(FeedbackError, match=r"salt.*damaged.*restore a copy"):
        log.person("1", "")
    assert salt.read_text(encoding="utf-8") == content


def test_a_salt_that_cannot_be_kept_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("in the way")
    with pytest.raises(FeedbackError, match="SHELFLENS_STATE_DIR"):
        log_in(tmp_path / "file" / "feedback.sqlite3").person("1", "")


# --- durability and concurrency ---------------------------------------------------------------------------------

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
        log.record("ann", item, "like", "a query long enough to fill a few pages of the file")
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
    prepare = feedback._prepare_sqlite

    def on_a_full_disk(connection: sqlite3.Connection, record: object) -> None:
        prepare(connection, record)
        connection.execute("PRAGMA max_page_count = 1")  # SQLite keeps the pages there are and grants no more

    monkeypatch.setattr(feedback, "_prepare_sqlite", on_a_full_disk)
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


def test_importing_feedback_loads_neither_sqlalchemy_nor_pandas() -> None:
    code = "import sys, recsys.feedback; print(sorted({'sqlalchemy', 'pandas'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
