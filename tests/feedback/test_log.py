"""Feedback: what is kept, undone, counted and forgotten."""

from __future__ import annotations

import sqlite3
import subprocess
import sys
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import BadRequestError
from recsys.feedback import KINDS, FeedbackLog
from recsys.feedback.log import MOST_A_MINUTE
from recsys.settings import PROJECT
from tests.feedback.logs import bytes_on_disk, log_in


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


@pytest.mark.parametrize("impossible", [10**18, -(10**18), 9e300, float("inf"), "yesterday", b"\xff"])
def test_a_row_with_an_impossible_time_is_read_with_one_that_a_calendar_has(
    log: FeedbackLog, database: Path, impossible: object
) -> None:
    log.record("ann", 7, "like")
    log.record("ann", 8, "like")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE shelflens_feedback SET at_us = ? WHERE item_id = '7'", (impossible,))
    assert [(e.item_id, 1970 <= e.at.year <= 9999) for e in log.of("ann")] == [("7", True), ("8", True)]


def test_a_kind_that_this_version_does_not_know_is_passed_over(log: FeedbackLog, database: Path) -> None:
    log.record("ann", 7, "like")
    log.record("ann", 8, "like")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE shelflens_feedback SET kind = 'adored' WHERE item_id = '7'")
    assert [e.item_id for e in log.of("ann")] == ["8"]


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


def test_a_script_is_told_to_wait_and_nobody_else_is(log: FeedbackLog) -> None:
    for number in range(MOST_A_MINUTE):
        log.record("ann", number, "click")
    with pytest.raises(BadRequestError, match="within a minute"):
        log.record("ann", 7, "like")
    assert len(log.of("ann")) == MOST_A_MINUTE
    log.record("bob", 7, "like")
    log.undo("ann", 0, "click")
    log.record("ann", 7, "like")


def test_a_minute_later_it_may_go_on(log: FeedbackLog, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recsys.feedback.log.MINUTE", timedelta(0))
    for number in range(MOST_A_MINUTE + 5):
        log.record("ann", number, "click")
    assert len(log.of("ann")) == MOST_A_MINUTE + 5


def test_importing_feedback_loads_neither_sqlalchemy_nor_pandas() -> None:
    code = "import sys, recsys.feedback; print(sorted({'sqlalchemy', 'pandas'} & set(sys.modules)))"
    loaded = subprocess.run([sys.executable, "-c", code], cwd=PROJECT, capture_output=True, text=True, check=True)
    assert loaded.stdout.strip() == "[]"
