"""Columns are told by their names, in several languages, or by whoever says so; a header is read as rows are."""

from __future__ import annotations

import pytest

from recsys.errors import DataError
from recsys.files.source import Source
from recsys.scenarios.reviews import columns, reading


def brought(content: str) -> Source:
    return Source.of_bytes("reviews.csv", content.encode(), reading.UPLOAD)


@pytest.mark.parametrize(
    ("header", "text", "stars"),
    [
        ("review,rating", "review", "rating"),
        ("Kommentar;Sterne", "Kommentar", "Sterne"),
        ("avis,note", "avis", "note"),
        ("评论\t评分", "评论", "评分"),
        ("reseña,estrellas", "reseña", "estrellas"),
        ("a,b", None, None),
        ("sep=;\nreview;stars", "review", "stars"),
        ('stars,"review\ntext"', "review\ntext", "stars"),
        ("review", "review", None),
    ],
)
def test_columns_are_told_by_their_names(header: str, text: str | None, stars: str | None) -> None:
    found = columns.headings(brought(header + "\n"))
    assert (found.text, found.stars) == (text, stars)


def test_a_column_that_is_called_nothing_is_read_where_somebody_says_so() -> None:
    source = brought("a,b,c\nGood,5,x\nBad,1,y\n")
    file = reading.read(source, ["a"], "b")
    assert (file.texts, file.stars.tolist()) == (("Good", "Bad"), [5.0, 1.0])
    assert file.named == {"text": "a", "stars": "b"}
    assert columns.read_as(file.named) == (
        "Read were the texts from the column “a” and the stars from the column “b”.",
    )


def test_stars_are_left_alone_where_nobody_wants_them() -> None:
    file = reading.read(brought("review,stars\nGood,5\n"), (), columns.NONE)
    assert "stars" not in file.named
    assert columns.read_as(file.named)[1].startswith("No stars were found")


@pytest.mark.parametrize("content", ["", '[{"review": "Good"}]', "\n\n"])
def test_what_is_no_table_has_no_columns(content: str) -> None:
    with pytest.raises(DataError) as refused:
        columns.headings(brought(content))
    assert refused.value.remedy
