"""What was taken from a shared shelf: kept at once, counted once, bounded, taken back and forgotten."""

from __future__ import annotations

import signal
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pytest

from recsys.errors import BadRequestError, FeedbackError
from recsys.feedback import interleavings
from recsys.feedback.database import Database
from recsys.feedback.interleavings import Credit, InterleavingBook, Taken

LIKED = Credit("a pair", "a draft", "somebody", "1", "like", 0)
KILLED = """
import os, signal, sys
from recsys.feedback.database import Database
from recsys.feedback.interleavings import Credit, InterleavingBook
book = InterleavingBook(Database(sys.argv[1]), "shop")
book.credit(Credit("a pair", "a draft", "somebody", "1", "like", 0))
os.kill(os.getpid(), signal.SIGKILL)
"""


def book_in(database: Path, shop: str = "shop") -> InterleavingBook:
    return InterleavingBook(Database(f"sqlite:///{database}"), shop)


@pytest.fixture
def book(database: Path) -> InterleavingBook:
    return book_in(database)


def test_what_was_taken_survives_a_process_that_is_killed(database: Path) -> None:
    ended = subprocess.run([sys.executable, "-c", KILLED, f"sqlite:///{database}"], check=False)
    assert ended.returncode == -signal.SIGKILL
    assert book_in(database).shelves("a pair") == [Taken("a draft", "somebody", (1, 0))]


def test_a_product_counts_once_for_its_side_however_often_and_whatever_is_done_with_it(book: InterleavingBook) -> None:
    for kind in ("like", "like", "basket", "click"):
        book.credit(replace(LIKED, kind=kind))
    book.credit(replace(LIKED, item_id="2", side=1))
    book.credit(replace(LIKED, item_id="3", side=1))
    assert book.shelves("a pair") == [Taken("a draft", "somebody", (1, 2))]


def test_shelves_stand_in_the_order_of_the_first_thing_taken(book: InterleavingBook) -> None:
    book.credit(replace(LIKED, draft="z"))
    book.credit(replace(LIKED, draft="b", person="another"))
    book.credit(replace(LIKED, draft="z", item_id="2"))
    assert [(each.draft, each.person, each.by_side) for each in book.shelves("a pair")] == [
        ("z", "somebody", (2, 0)),
        ("b", "another", (1, 0)),
    ]


def test_an_act_that_is_taken_back_counts_no_more_on_any_shelf(book: InterleavingBook) -> None:
    book.credit(LIKED)
    book.credit(replace(LIKED, draft="later", side=1))
    book.credit(replace(LIKED, kind="basket"))
    book.credit(replace(LIKED, person="another"))
    assert book.take_back("somebody", "1", "like") == 2
    assert book.take_back("somebody", "1", "like") == 0
    assert [each.person for each in book.shelves("a pair")] == ["somebody", "another"]
    assert book.take_back("somebody", "1", "basket") == 1
    assert [each.person for each in book.shelves("a pair")] == ["another"]


def test_what_is_forgotten_is_gone_and_nobody_elses_is(book: InterleavingBook) -> None:
    book.credit(LIKED)
    book.credit(replace(LIKED, pair="another pair"))
    book.credit(replace(LIKED, person="another"))
    assert book.forget("somebody") == 2
    assert [each.person for each in book.shelves("a pair")] == ["another"]
    assert book.shelves("another pair") == []
    assert book.forget("") == 0


def test_credits_keep_to_their_pair_and_their_shop(book: InterleavingBook, database: Path) -> None:
    book.credit(LIKED)
    other = book_in(database, "other")
    assert book.shelves("another pair") == other.shelves("a pair") == []
    assert other.forget("somebody") == other.take_back("somebody", "1", "like") == 0
    assert len(book.shelves("a pair")) == 1


def test_two_tabs_at_once_lose_nothing(database: Path) -> None:
    def one(number: int) -> None:
        book_in(database).credit(replace(LIKED, draft=f"draft {number % 4}", item_id=str(number), side=number % 2))

    with ThreadPoolExecutor(4) as tabs:
        list(tabs.map(one, range(24)))
    taken = book_in(database).shelves("a pair")
    assert len(taken) == 4
    assert sum(sum(each.by_side) for each in taken) == 24


def test_one_person_cannot_decide_for_everybody(book: InterleavingBook, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(interleavings, "MAX_SHELVES", 2)
    for number in range(2):
        book.credit(replace(LIKED, draft=str(number)))
    book.credit(replace(LIKED, draft="1", item_id="2"))  # one more from a shelf that counts
    with pytest.raises(BadRequestError, match="at most 2"):
        book.credit(replace(LIKED, draft="3"))
    book.credit(replace(LIKED, draft="3", person="another"))
    book.credit(replace(LIKED, draft="3", pair="another pair"))
    assert len(book.shelves("a pair")) == 3


@pytest.mark.parametrize(
    ("wrong", "said"),
    [
        ({"person": ""}, "nobody"),
        ({"kind": "dislike"}, "counts for no side"),
        ({"side": 2}, "no side"),
        ({"side": True}, "no side"),
        ({"item_id": "\0"}, "cannot be stored"),
        ({"draft": ""}, "cannot be stored"),
    ],
)
def test_what_counts_for_nothing_is_refused(book: InterleavingBook, wrong: dict[str, object], said: str) -> None:
    with pytest.raises(BadRequestError, match=said):
        book.credit(replace(LIKED, **wrong))
    assert book.shelves("a pair") == []


def test_reading_before_anything_was_stored_makes_no_file(book: InterleavingBook, database: Path) -> None:
    assert (book.shelves("a pair"), book.forget("x"), book.take_back("x", "1", "like")) == ([], 0, 0)
    assert not database.exists()


def test_a_damaged_database_is_said(book: InterleavingBook, database: Path) -> None:
    database.parent.mkdir(parents=True)
    database.write_bytes(b"no database" * 100)
    with pytest.raises(FeedbackError):
        book.credit(LIKED)
    with pytest.raises(FeedbackError):
        book.shelves("a pair")
