"""Grades are kept at once, the last one wins, and what is taken back brings the one before it back."""

from __future__ import annotations

import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from recsys.errors import BadRequestError, FeedbackError
from recsys.feedback import FeedbackLog
from recsys.feedback.grades import MAX_QUERIES, MAX_SETS, GradeBook, GradeEvent


@pytest.fixture
def book(database: Path) -> GradeBook:
    return GradeBook(f"sqlite:///{database}", "shop")


def test_the_last_grade_of_a_product_wins(book: GradeBook) -> None:
    book.give("milk", 7, 1)
    book.give("milk", 7, 3)
    book.give("milk", "8", 0)
    assert book.of("milk") == {"7": 3, "8": 0}


def test_a_grade_that_is_taken_away_is_no_grade(book: GradeBook) -> None:
    book.give("milk", 7, 2)
    book.give("milk", 7, None)
    assert book.all() == {}


def test_undo_brings_the_grade_before_it_back(book: GradeBook) -> None:
    book.give("milk", 7, 1)
    book.give("milk", 7, 3)
    book.give("milk", 7, None)
    assert book.undo("milk") == GradeEvent("milk", "7", None)
    assert book.of("milk") == {"7": 3}
    assert book.undo("milk") == GradeEvent("milk", "7", 3)
    assert book.of("milk") == {"7": 1}


def test_undo_keeps_to_its_query_and_says_when_there_is_nothing(book: GradeBook) -> None:
    book.give("milk", 7, 1)
    assert book.undo("bread") is None
    assert book.of("milk") == {"7": 1}


def test_a_grade_given_after_an_undo_is_the_latest(book: GradeBook) -> None:
    book.give("milk", 7, 1)
    book.undo("milk")
    book.give("bread", 7, 2)
    book.give("milk", 7, 0)
    assert book.undo("milk") == GradeEvent("milk", "7", 0)


def test_clearing_a_query_leaves_the_others(book: GradeBook) -> None:
    book.give_all({"milk": {"1": 1, "2": 2}, "bread": {"1": 3}})
    assert book.clear("milk") == 2
    assert book.clear("milk") == 0
    assert book.all() == {"bread": {"1": 3}}
    assert book.undo("milk") is None


def test_data_sets_do_not_see_each_other(book: GradeBook, database: Path) -> None:
    book.give("milk", 7, 1)
    book.save_set("dairy", ["milk"])
    other = GradeBook(f"sqlite:///{database}", "other shop")
    assert (other.all(), other.sets()) == ({}, {})


@pytest.mark.parametrize("grade", [-1, 4, 1.5, True, "2"])
def test_a_grade_is_a_whole_number_from_0_to_3(book: GradeBook, grade: int) -> None:
    with pytest.raises(BadRequestError, match=r"allowed: 0, 1, 2, 3"):
        book.give("milk", 7, grade)


@pytest.mark.parametrize("query", ["", "  ", "x" * 501, "a\0b", " milk"])
def test_a_query_that_cannot_be_found_again_is_not_kept(book: GradeBook, query: str) -> None:
    with pytest.raises(BadRequestError, match="cannot be kept"):
        book.give(query, 7, 1)


def test_of_many_grades_with_a_bad_one_none_is_kept(book: GradeBook) -> None:
    with pytest.raises(BadRequestError):
        book.give_all({"milk": {"1": 1, "2": 9}})
    assert book.all() == {}


def test_reading_makes_no_file(book: GradeBook, database: Path) -> None:
    assert (book.all(), book.of("milk"), book.sets()) == ({}, {}, {})
    assert book.undo("milk") is None
    assert not book.delete_set("x")
    assert not database.exists()


def test_grades_and_feedback_share_a_database(book: GradeBook, log: FeedbackLog) -> None:
    log.record("ann", 1, "like")
    book.give("milk", 1, 3)
    assert [event.item_id for event in log.of("ann")] == ["1"]
    assert book.of("milk") == {"1": 3}


def test_eight_threads_grade_and_none_is_lost(book: GradeBook) -> None:
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda item: book.give("milk", item, 2), range(64)))
    assert len(book.of("milk")) == 64


def test_a_damaged_database_is_said_in_plain_words(book: GradeBook, database: Path) -> None:
    database.parent.mkdir(parents=True)
    database.write_bytes(b"no database " * 100)
    with pytest.raises(FeedbackError, match="damaged or not a SQLite database"):
        book.all()


def test_who_graded_is_kept_where_it_is_said(book: GradeBook, database: Path) -> None:
    book.give("milk", 7, 1, "Ada")
    with sqlite3.connect(database) as connection:
        assert connection.execute("SELECT grader, grade FROM shelflens_grades").fetchall() == [("Ada", 1)]


# --- query sets ---------------------------------------------------------------------------------------------------


def test_a_set_keeps_its_distinct_queries_in_order(book: GradeBook) -> None:
    assert book.save_set("  my   set ", ["milk", "bread ", "", "milk"]) == 2
    assert book.sets() == {"my set": ["milk", "bread"]}


def test_a_set_of_the_same_name_takes_the_place_of_the_old_one(book: GradeBook) -> None:
    book.save_set("a", ["milk"])
    book.save_set("a", ["bread"])
    assert book.sets() == {"a": ["bread"]}


def test_a_deleted_set_leaves_the_grades(book: GradeBook) -> None:
    book.give("milk", 7, 1)
    book.save_set("a", ["milk"])
    assert book.delete_set("a")
    assert not book.delete_set("a")
    assert (book.sets(), book.of("milk")) == ({}, {"7": 1})


@pytest.mark.parametrize(
    ("name", "queries"),
    [
        ("", ["milk"]),
        ("x" * 61, ["milk"]),
        ("a", []),
        ("a", [" "]),
        ("a", ["x" * 501]),
        ("a", [str(number) for number in range(MAX_QUERIES + 1)]),
    ],
)
def test_a_set_has_bounds(book: GradeBook, name: str, queries: list[str]) -> None:
    with pytest.raises(BadRequestError):
        book.save_set(name, queries)


def test_there_are_fifty_sets_at_most_and_an_old_one_can_still_be_changed(book: GradeBook) -> None:
    for number in range(MAX_SETS):
        book.save_set(f"set {number}", ["milk"])
    with pytest.raises(BadRequestError, match="at most 50"):
        book.save_set("one more", ["milk"])
    assert book.save_set("set 3", ["bread", "tea"]) == 2
