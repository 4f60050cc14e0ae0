"""Columns are told by their names, in many languages, or by whoever says so; dates that begin with the day are too."""

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
        ("Fecha;Producto;Estrellas;Comentario", "Comentario", "Estrellas"),
        ("评论;星级", "评论", "星级"),
        ("Datum;Bewertung;Kommentar", "Kommentar", "Bewertung"),
        ("Note;Avis;Produit", "Avis", "Note"),
        ("review_id;star_rating;review_headline;review_body", "review_body", "star_rating"),
        ("start;notes;Review Text;metadata", "Review Text", None),
        ("wann;was", None, None),
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


@pytest.mark.parametrize(
    ("name", "times", "said"),
    [
        ("Fecha", ["01/03/2026", "5/4/26"], ["2026-03-01", "2026-04-05"]),
        ("date", ["01/03/2026"], ["01/03/2026"]),
        ("date", ["01/03/2026", "22/03/2026 10:00"], ["2026-03-01", "2026-03-22 10:00"]),
        ("date", ["01.03.2026", "2026-01-03", ""], ["2026-03-01", "2026-01-03", ""]),
        ("Datum", ["01/22/2026"], ["01/22/2026"]),
        ("Datum", ["2026-01-03T10:00:00Z", "1767225600"], ["2026-01-03T10:00:00Z", "1767225600"]),
    ],
)
def test_dates_that_begin_with_the_day_are_turned_round(name: str, times: list[str], said: list[str]) -> None:
    assert columns.year_first(name, times) == said
