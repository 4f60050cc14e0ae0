"""Reviews are read as they come: any text, any file, and what cannot be read is said in words."""

from __future__ import annotations

import gzip
import math
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys.errors import DataError
from recsys.files.source import Source
from recsys.scenarios.reviews import ngrams, reading
from recsys.scenarios.reviews.texts import MOST_CHARACTERS, MOST_PIECES, pieces, plain_text, sentences

BAD = [
    "",
    " ",
    "<script>alert(1)</script>",
    "<b></b>",
    "&nbsp;",
    "😀" * 50_000,
    "x" * 100_000,
    "\x00\ud800",
    "ﷺ" * 9000,
]


def read(content: str, **columns: object) -> reading.ReviewFile:
    return reading.read(Source.of_bytes("reviews.csv", content.encode(), reading.UPLOAD), **columns)  # type: ignore[arg-type]


@pytest.mark.parametrize("raw", BAD)
def test_no_text_breaks_the_reading(raw: str) -> None:
    text = plain_text(raw)
    assert len(text) <= MOST_CHARACTERS
    assert "<" not in text or ">" not in text
    columns, values = ngrams.buckets(text)
    assert np.isfinite(values).all()
    assert (np.diff(columns) > 0).all()
    assert all(sentences(text))


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=3_000))
def test_any_text_becomes_bounded_pieces(raw: str) -> None:
    text = plain_text(raw)
    found = pieces(text, 190)
    assert 1 <= len(found) <= MOST_PIECES
    assert all(len(piece) <= 190 for piece in found)
    assert plain_text(text) == plain_text(plain_text(text))


def test_marks_of_html_go_and_their_words_stay() -> None:
    assert plain_text("<p>Great &amp; <b>warm</b></p><script>x()</script>") == "Great & warm"
    assert sentences("很好。很满意！Too small. Returned it") == ["很好。", "很满意！", "Too small.", "Returned it"]


def test_a_word_fills_the_same_bucket_wherever_it_stands() -> None:
    one, two = (set(ngrams.buckets(text)[0].tolist()) for text in ("lovely", "a lovely hat"))
    words = {bucket for bucket in one if bucket < ngrams.BUCKETS}
    assert len(words) == 1
    assert words <= two


def test_a_file_is_read_and_what_is_left_out_is_counted() -> None:
    file = read("title,review,stars\nA,Lovely hat,5\n,,4\nB,Too small,9\nC,Fine,abc\nD,All right,\n")
    assert file.texts == ("A. Lovely hat", "D. All right")
    assert file.stars[0] == 5
    assert math.isnan(file.stars[1])
    assert file.notes == ("2 rows with stars that are not 1 to 5 were left out", "1 row without a word was left out")


@pytest.mark.parametrize(
    ("cell", "stars"),
    [("4", 4), ("4.5", 4.5), ('"4,5"', 4.5), ("4/5", 4), ("4.0 out of 5 stars", 4), ("1 star", 1), ("Four", 4),
     ("★★★★☆", 4), ("⭐⭐", 2), ("٥", 5), ("nan", math.nan), ("", math.nan)],
)  # fmt: skip
def test_stars_are_read_however_they_are_written(cell: str, stars: float) -> None:
    assert np.array_equal(read(f"review,stars\nGood,{cell}\n").stars, [stars], equal_nan=True)


@pytest.mark.parametrize("cell", ["6", "-1", "0", "inf", "1e999", "+nan", "great", "4/10", "★★★★★★", "100%", "4_0"])
def test_what_is_no_number_of_stars_is_said_where_it_leaves_nothing(cell: str) -> None:
    with pytest.raises(DataError, match="1 row with stars that are not 1 to 5"):
        read(f"review,stars\nGood,{cell}\n")


def test_a_file_of_one_column_keeps_its_commas() -> None:
    assert read('review\nGood, but small\n"Fine, too"\n').texts == ("Good, but small", "Fine, too")


def test_cells_that_slip_are_left_out_and_never_read_as_others() -> None:
    file = read("review,stars\nGood, but small,5\nFine,4\nNice,3,,\n")
    assert file.texts == ("Fine", "Nice")
    assert file.notes == ("1 row with more or fewer cells than the header was left out",)


def test_columns_of_one_name_are_said() -> None:
    file = read("review,stars,review,stars\nGood,5,Bad,1\n")
    assert (file.texts, file.stars.tolist()) == (("Good",), [5.0])
    assert file.notes == (
        "several columns are called “review”: the first of them is read",
        "several columns are called “stars”: the first of them is read",
    )


def test_a_header_may_be_quoted_over_lines() -> None:
    assert read('stars,"review\ntext"\n5,Good\n').texts == ("Good",)


def test_copies_of_a_row_stand_on_one_side() -> None:
    file = read("review,stars\n" + "Good,5\n" * 3 + "Bad,1\n" * 3)
    assert len(set(file.bucket[:3])) == 1
    assert len(set(file.bucket[3:])) == 1


def test_a_packed_file_with_labels_is_read(tmp_path: Path) -> None:
    path = tmp_path / "r.csv.gz"
    path.write_bytes(gzip.compress("cat,label,review\n书籍,1,很好\n书籍,0,很差\n".encode()))
    file = reading.of_path(path, ["review"], label="label")
    assert file.good.tolist() == [1.0, 0.0]
    assert file.items == ("书籍", "书籍")


@pytest.mark.parametrize(
    ("content", "columns", "says"),
    [
        ("", {}, "empty"),
        ("review,stars\n", {}, "holds no review"),
        ("a,b\n1,2\n", {}, "no column"),
        ('[{"review": "Good", "stars": 5}]', {}, "JSON"),
        ('{"review": "Good"}\n{"review": "Bad"}\n', {}, "JSON"),
        ("review" * 100_000 + ",stars\nGood,5\n", {}, "too long"),
        ("review,stars\n" + "very good " * 20_000 + ",5\n", {}, "131,072 characters a cell"),
        ('review,stars\n"Good,5\nBad,1\n', {}, "quotes do not close"),
        ("review,stars\nGood,5\n", {"text": ["words"]}, "no column 'words'"),
        ("review,stars\nGood,5\n", {"stars": "points"}, "no column 'points'"),
    ],
)
def test_what_is_no_file_of_reviews_is_refused_in_words(content: str, columns: dict[str, object], says: str) -> None:
    with pytest.raises(DataError, match=says) as refused:
        read(content, **columns)
    assert refused.value.remedy
