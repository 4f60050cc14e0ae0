"""Feedback is never kept under a person's own id."""

from __future__ import annotations

import os
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recsys.errors import BadRequestError, FeedbackError
from recsys.feedback import FeedbackLog
from recsys.schema import NEW_SHOPPER
from tests.feedback.logs import bytes_on_disk, log_in


def test_the_id_of_a_shopper_or_visitor_is_nowhere_on_disk(log: FeedbackLog, database: Path) -> None:
    # no digits: four of them stand in a pseudonym or a time stamp by chance now and then
    for person in (log.person("household-of-jill", ""), log.person(NEW_SHOPPER, "visitor-from-hull")):
        log.record(person, 7, "like", "soup")
    kept = bytes_on_disk(database.parent)
    assert b"soup" in kept
    assert b"of-jill" not in kept
    assert b"from-hull" not in kept


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
