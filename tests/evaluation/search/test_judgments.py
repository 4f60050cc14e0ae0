"""Judgments in and out, and what is said of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.errors import DataError
from recsys.evaluation.search import judgments
from recsys.evaluation.search.judgments import Judgments

TWO = Judgments("two", {"gps watch": {"a 1": 3, "b": 0}, "100% wool": {"c": 2}})


def read(folder: Path, content: bytes) -> Judgments:
    """The judgments of a file with that content."""
    path = folder / "judged.csv"
    path.write_bytes(content)
    return judgments.load(path)


def test_columns_are_found_by_name_in_any_order_with_commas_in_quotes(tmp_path: Path) -> None:
    found = read(tmp_path, b'rating,Query,rater,docid\n3,"lamp, red",x,7\n0,"lamp, red",x,8\n')
    assert found.ratings == {"lamp, red": {"7": 3, "8": 0}}


@pytest.mark.parametrize("write", [judgments.csv_text, judgments.qrels])
def test_what_is_written_is_read_back_the_same(tmp_path: Path, write) -> None:  # type: ignore[no-untyped-def]
    assert read(tmp_path, write(TWO).encode()).ratings == TWO.ratings


def test_a_trec_run_lists_rank_and_score_with_blanks_escaped() -> None:
    assert judgments.trec_run("my system", {"red lamp": [("7", 2.0), ("8", 1.5)]}) == (
        "red%20lamp Q0 7 1 2.000000 my%20system\nred%20lamp Q0 8 2 1.500000 my%20system\n"
    )


def test_rows_that_say_the_same_twice_are_counted(tmp_path: Path) -> None:
    found = read(tmp_path, b"query,docid,rating\nlamp,7,3\nlamp,7,3\nlamp,8,1.0\n")
    assert found.ratings == {"lamp": {"7": 3, "8": 1}}
    assert found.notes == ("1 rows repeat an earlier one; left out",)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b"query,rating\nlamp,3\n", "docid missing"),
        (b"query,docid,rating\nlamp,7,3\nlamp,7,2\n", "line 3.*rating 2, and 3 on an earlier"),
        (b"query,docid,rating\nlamp,7,4\n", "line 2 has the rating '4'. allowed: whole numbers from 0 to 3"),
        (b"query,docid,rating\nlamp,7,-1\n", "rating '-1'"),
        (b"query,docid,rating\nlamp,7,1.5\n", "rating '1.5'"),
        (b"query,docid,rating\nlamp,7\n", "line 2 has 2 cells"),
        (b"query,docid,rating\n,7,3\n", "line 2 has no query"),
        (b"query,docid,rating\nlamp,7,3\nl\xe4mp,8,3\n", "line 3 is no UTF-8 text"),
        ("query,docid,rating\n".encode("utf-16-le"), "zero bytes"),
        (b"query,docid,rating\n", "holds no judgment"),
        (b"", "columns none"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_line_and_reason(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(DataError, match=why):
        read(tmp_path, content)


def test_judgments_of_unknown_products_are_left_out_and_counted() -> None:
    found = TWO.known({"a 1", "b"})
    assert found.ratings == {"gps watch": {"a 1": 3, "b": 0}}
    assert found.notes == ("1 of 3 judgments name a product that the catalogue does not have; left out",)


def test_judgments_of_another_catalogue_altogether_are_an_error() -> None:
    with pytest.raises(DataError, match="none of its 3 judgments"):
        TWO.known({"x"})


def test_a_query_without_a_relevant_product_is_not_answerable() -> None:
    assert Judgments("j", {"a": {"1": 0}, "b": {"1": 1}}).answerable() == ["b"]
