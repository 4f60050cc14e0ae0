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
    assert file.notes == ("1 rows without a word were left out", "2 rows with stars outside 1 to 5 were left out")


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
        ("review,stars\nGood,5\n", {"text": ["words"]}, "no column 'words'"),
        ("review,stars\nGood,5\n", {"stars": "points"}, "no column 'points'"),
    ],
)
def test_what_is_no_file_of_reviews_is_refused_in_words(content: str, columns: dict[str, object], says: str) -> None:
    with pytest.raises(DataError, match=says) as refused:
        read(content, **columns)
    assert refused.value.remedy
