"""Saved comparisons and votes: kept at once, still there after a kill, bounded, and removed by who may."""

from __future__ import annotations

import signal
import sqlite3
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from recsys.errors import BadRequestError, FeedbackError
from recsys.feedback import FeedbackLog, comparisons
from recsys.feedback.comparisons import MAX_NOTE, NO_DIFFERENCE, Ballot, ComparisonBook
from recsys.feedback.database import Database

BALLOT = Ballot("one", "about", "seen", ("b", "a"), 7, "a", "somebody")
KILLED = """
import os, signal, sys
from recsys.feedback.comparisons import Ballot, ComparisonBook
from recsys.feedback.database import Database
book = ComparisonBook(Database(sys.argv[1]), "shop")
book.vote(Ballot("one", "about", "seen", ("b", "a"), 7, "a", "somebody"))
book.save({"q": "tea"}, "seen", "a note", "me")
os.kill(os.getpid(), signal.SIGKILL)
"""


def book_in(database: Path, shop: str = "shop") -> ComparisonBook:
    return ComparisonBook(Database(f"sqlite:///{database}"), shop)


@pytest.fixture
def book(database: Path) -> ComparisonBook:
    return book_in(database)


def test_what_was_given_survives_a_process_that_is_killed(database: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, f"sqlite:///{database}"], check=False)
    assert ended.returncode == -signal.SIGKILL
    again = book_in(database)
    assert again.votes("about") == [BALLOT]
    assert [(each.note, dict(each.address)) for each in again.listed()] == [("a note", {"q": "tea"})]


def test_a_ballot_given_again_replaces_its_choice_and_can_be_taken_back(book: ComparisonBook) -> None:
    book.vote(BALLOT)
    book.vote(replace(BALLOT, choice=NO_DIFFERENCE))
    book.vote(replace(BALLOT, id="two"))
    assert [vote.choice for vote in book.votes("about")] == [NO_DIFFERENCE, "a"]
    assert book.take_back("one")
    assert not book.take_back("one")
    assert [vote.id for vote in book.votes("about")] == ["two"]


def test_votes_keep_to_their_comparison_and_their_shop(book: ComparisonBook, database: Path) -> None:
    book.vote(BALLOT)
    assert book.votes("another") == []
    assert book_in(database, "other").votes("about") == []
    assert not book_in(database, "other").take_back("one")


def test_a_vote_for_what_was_not_shown_is_refused(book: ComparisonBook) -> None:
    with pytest.raises(BadRequestError, match="not shown"):
        book.vote(replace(BALLOT, choice="c"))
    assert book.votes("about") == []


def test_one_browser_cannot_outvote_everybody(book: ComparisonBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(comparisons, "MAX_VOTES", 2)
    for number in range(2):
        book.vote(replace(BALLOT, id=str(number)))
    book.vote(replace(BALLOT, id="1", choice="b"))
    with pytest.raises(BadRequestError, match="at most 2"):
        book.vote(replace(BALLOT, id="3"))
    book.vote(replace(BALLOT, id="3", voter="somebody else"))
    assert [vote.choice for vote in book.votes("about")] == ["a", "b", "a"]


def test_a_comparison_comes_back_as_it_was_saved(book: ComparisonBook, database: Path) -> None:
    address: dict[str, str | list[str]] = {"shop": "shop", "q": "tëa ~%", "department": ["Tea", "Mugs"]}
    id = book.save(address, "seen", "  look \n here ", "me")
    found = book_in(database, "other").find(id)  # a link tells of a comparison of another shop too
    assert found is not None
    assert (found.shop, found.note, found.owner, found.shelves) == ("shop", "look here", "me", "seen")
    assert dict(found.address) == {"q": "tëa ~%", "department": ["Tea", "Mugs"]}
    assert book_in(database, "other").listed() == []


def test_only_its_owner_and_who_runs_the_server_remove_a_comparison(book: ComparisonBook) -> None:
    mine, theirs = book.save({}, "", "", "me"), book.save({}, "", "", "them")
    assert not book.remove(theirs, "me")
    assert book.remove(mine, "me")
    assert book.remove(theirs)
    assert book.listed() == []


def test_what_is_too_long_or_too_many_is_refused(book: ComparisonBook, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(BadRequestError, match="the note has 201 characters"):
        book.save({}, "", "x" * (MAX_NOTE + 1))
    with pytest.raises(BadRequestError, match="the link of this comparison"):
        book.save({"q": "x" * 9_000}, "")
    monkeypatch.setattr(comparisons, "MAX_SAVED", 1)
    book.save({}, "", "x" * MAX_NOTE)
    with pytest.raises(BadRequestError, match="at most 1"):
        book.save({}, "")


def test_a_database_of_before_keeps_opening(database: Path) -> None:
    log = FeedbackLog(f"sqlite:///{database}", "shop", database.parent / "salt")
    log.record("somebody", "1", "like")
    book = ComparisonBook(log.database, "shop")
    assert book.listed() == []
    book.vote(BALLOT)
    assert book.votes("about") == [BALLOT]
    assert len(log.of("somebody")) == 1


def test_reading_before_anything_was_stored_makes_no_file(book: ComparisonBook, database: Path) -> None:
    assert (book.listed(), book.find("x"), book.votes("about"), book.remove("x"), book.take_back("x")) == (
        [], None, [], False, False,
    )  # fmt: skip
    assert not database.exists()


@pytest.mark.parametrize("damaged", ["", "no JSON", "[1]", '{"q": 3}'])
def test_a_damaged_address_is_empty(book: ComparisonBook, database: Path, damaged: str) -> None:
    id = book.save({"q": "tea"}, "")
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE shelflens_comparisons SET address = ?", (damaged,))
    connection.close()
    found = book.find(id)
    assert found is not None
    assert dict(found.address) == {}


def test_a_database_that_is_none_is_said(database: Path) -> None:
    database.parent.mkdir(parents=True)
    database.write_bytes(b"this is no database at all, but long enough to be taken for one" * 20)
    with pytest.raises(FeedbackError, match="not a SQLite database"):
        book_in(database).vote(BALLOT)
    assert database.stat().st_size > 0
