"""Judgments in and out, and what is said of those that cannot be used."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from recsys.errors import DataError
from recsys.evaluation.search import judgments
from recsys.evaluation.search.judgments import Judgments
from recsys.evaluation.search.lab import normalised

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
        (b"query,docid,rating\nlamp,7,101\n", "line 2 has a rating that is no number up to 100"),
        (b"query,docid,rating\nlamp,7,2\nlamp,8,good\n", "line 3 has a rating that is no number"),
        (b"query,docid,rating\nlamp, red,7,3\n", "line 2 has 4 cells"),
        (b'query,docid,rating\n"lamp,7,3\nlamp,8,3\n', "line 2 cannot be cut into cells"),
        (b"query,docid,rating\nlamp,7\n,8,3\n", r"holds no judgment \(2 rows lack"),
        (b"query,docid,rating\n", "holds no judgment"),
        (b"", "is empty"),
        (b"\0\1\2\3", "is no text"),
        (b"8f3a99c0" * 8, "names no columns in line 1: query, docid, rating missing. allowed"),
    ],
)
def test_a_file_that_cannot_be_used_is_named_with_line_and_reason(tmp_path: Path, content: bytes, why: str) -> None:
    with pytest.raises(DataError, match=why):
        read(tmp_path, content)


@pytest.mark.parametrize(
    ("content", "why"),
    [
        (b'{"query": "lamp", "rating": 3}\n', "no key that is known as docid"),
        (b'{"query": "lamp", "docid": 1, "rating": 3}\n{"query": "lamp"\n', "line 2 is not JSON"),
        (b'{"query": "lamp", "docid": 1, "rating": null}\n', "1 rows lack"),
    ],
)
def test_objects_that_cannot_be_used_are_named(tmp_path: Path, content: bytes, why: str) -> None:
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


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"query;docid;rating\ndesk lamp;007;3\ndesk lamp;2;1\n", "semicolons"),
        (b"query\tdocid\trating\ndesk lamp\t007\t3\ndesk lamp\t2\t1\n", "tabs"),
        (b"sep=;\nDoc ID;Search Term;Relevance (0-3)\n007;desk lamp;3\n2;desk lamp;1\n", 'docid <- "Doc ID"'),
        (
            b"\xef\xbb\xbfqid,query,product_id,label\r\r\n1,desk lamp,007,3\r\r\n1,desk lamp,2,1\r\r\n",
            "byte order mark",
        ),
        ("query,docid,rating\ndesk lamp,007,3\ndesk lamp,2,1\n".encode("utf-16"), "UTF-16"),
        ("query,docid,rating\ndesk lamp,007,3\ndesk lamp,2,1\n".encode("utf-16-be"), "UTF-16"),
        (b"desk%20lamp 0 007 3.0\ndesk%20lamp 0 2 1.0\n", "TREC qrels, separated by blanks"),
        (b"desk lamp 0 007 3\ndesk lamp 0 2 1\n", "TREC qrels, separated by blanks"),
        (b"desk lamp\t0\t007\t3\ndesk lamp\t0\t2\t1\n", "TREC qrels, separated by tabs"),
        (b"desk lamp,007,3\ndesk lamp,2,1\n", "query, product, grade in this order"),
        (b"query,docid,rating\ndesk lamp,007,exact\ndesk lamp,2,Complement\n", "words"),
        (
            b'{"Query": "desk lamp", "doc_id": "007", "label": 3.0}\n\n'
            b'{"label": 1, "doc_id": 2, "Query": "desk lamp"}\n',
            "a JSON object per judgment",
        ),
    ],
)
def test_judgments_are_read_as_the_world_writes_them_and_it_is_said_how(
    tmp_path: Path, content: bytes, said: str
) -> None:
    found = read(tmp_path, content)
    assert found.ratings == {"desk lamp": {"007": 3, "2": 1}}
    assert said in found.said
    assert found.said.startswith("judged.csv: read as ")


@pytest.mark.parametrize(
    ("grades", "expected", "said"),
    [
        (["0", "1", "2", "3"], [0, 1, 2, 3], "grades of 0 to 3"),
        (["0", "0.5", "1"], [0, 2, 3], "0 to 1"),  # 3 x .5 = 1.5, rounded up
        (["1", "1.67", "2.33", "3"], [0, 1, 2, 3], "1 to 3"),  # 3 x .67 / 2 = 1.005
        (["0", "1", "2", "3", "4"], [0, 1, 2, 2, 3], "0 to 4"),  # .75, 1.5, 2.25
        (["1", "2", "3", "4", "5"], [0, 1, 2, 2, 3], "1 to 5"),
        (["0", "7", "10"], [0, 2, 3], "0 to 10"),  # 2.1
        (["0", "40", "100"], [0, 1, 3], "0 to 100"),  # 1.2
        (["-2", "0", "3"], [0, 0, 3], "0 to 3"),
        (["0,5", "1,0", "0"], [2, 3, 0], "0 to 1"),
        (["E", "S", "C", "I"], [3, 2, 1, 0], "words"),
        (["5%", "2 %", "40%", "100 %"], [0, 0, 1, 3], "0 to 100"),
    ],
)
def test_other_scales_are_mapped_and_it_is_said(
    tmp_path: Path, grades: list[str], expected: list[int], said: str
) -> None:
    rows = "".join(f"lamp;{number};{grade}\n" for number, grade in enumerate(grades))
    found = read(tmp_path, f"query;docid;rating\n{rows}".encode())
    assert list(found.ratings["lamp"].values()) == expected
    assert said in found.said


def test_rows_without_a_product_or_a_grade_are_left_out_and_counted(tmp_path: Path) -> None:
    found = read(tmp_path, b"query,docid,rating\nlamp,7,3\nlamp,8,\nlamp,9,NaN\nfloor lamp,,\nlamp\n")
    assert found.ratings == {"lamp": {"7": 3}}
    assert found.notes == ("4 rows without a query, a product or a grade were left out",)


def test_an_id_of_a_float_column_is_that_of_the_whole_number(tmp_path: Path) -> None:
    found = read(tmp_path, b"query,docid,rating\nlamp,10012345.0,3\nlamp,10012346.0,1\nlamp,,\n")
    assert found.known({"10012345", "10012346"}).ratings == {"lamp": {"10012345": 3, "10012346": 1}}


def test_ids_that_lost_their_zeros_do_not_vanish_silently(tmp_path: Path) -> None:
    found = read(tmp_path, b"query,docid,rating\nlamp,7,3\nlamp,8,1\n").known({"007", "8"})
    assert found.ratings == {"lamp": {"8": 1}}
    assert "1 of 2 judgments name a product" in found.notes[0]
    assert "1 of them lack only leading zeros" in found.notes[0]


EXPORTED = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), min_size=1, max_size=20)


@settings(max_examples=150, derandomize=True)
@given(
    st.dictionaries(
        EXPORTED.map(normalised).filter(bool),
        st.dictionaries(st.from_regex(r"[A-Za-z0-9,;#%-]{0,7}[0-9]", fullmatch=True), st.integers(0, 3), min_size=1),
        min_size=1,
        max_size=4,
    )
)
@example({"salt, pepper": {"7": 3}})
@example({"a;b": {"0": 1}, "50% off": {"1,2": 0}})
def test_what_is_exported_is_read_again(ratings: dict[str, dict[str, int]]) -> None:
    kept = Judgments("kept", ratings)
    for write in (judgments.csv_text, judgments.qrels):
        assert judgments.load_bytes("kept.csv", write(kept).encode()).ratings == ratings
