"""Columns are known by their names in many languages, and dates that begin with the day are read so."""

from __future__ import annotations

import pytest

from recsys.errors import DataError
from recsys.files.source import Source
from recsys.scenarios.reviews import columns, reading


def source(content: str) -> Source:
    return Source.of_bytes("reviews.csv", content.encode(), reading.UPLOAD)


@pytest.mark.parametrize(
    ("header", "text", "stars"),
    [
        ("Fecha;Producto;Estrellas;Comentario", "Comentario", "Estrellas"),
        ("评论;星级", "评论", "星级"),
        ("Datum;Bewertung;Kommentar", "Kommentar", "Bewertung"),
        ("Note;Avis;Produit", "Avis", "Note"),
        ("review_id;star_rating;review_headline;review_body", "review_body", "star_rating"),
        ("start;notes;Review Text;metadata", "Review Text", None),
        ("wann;was", None, None),
    ],
)
def test_a_column_is_known_by_its_name(header: str, text: str | None, stars: str | None) -> None:
    found = columns.headings(source(f"{header}\n"))
    assert (found.text, found.stars) == (text, stars)
    assert found.names == tuple(header.split(";"))


def test_an_empty_file_has_no_headings() -> None:
    with pytest.raises(DataError, match="empty") as refused:
        columns.headings(source(""))
    assert refused.value.remedy


def test_a_column_that_is_chosen_is_read_and_none_can_be_chosen() -> None:
    odd = source("was,wie viele,stars\nSchöne Schuhe,4,9\nKaputt,1,9\n")
    file = reading.read(odd, ["was"], "wie viele")
    assert file.stars.tolist() == [4.0, 1.0]
    assert file.named == {"text": "was", "stars": "wie viele"}
    none = reading.read(odd, ["was"], columns.NONE)
    assert len(none.texts) == 2
    assert "stars" not in none.named


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


def test_what_was_read_is_said_in_words() -> None:
    assert columns.read_as({"text": "Avis", "stars": "Note"}) == (
        "Read were the texts from the column “Avis” and the stars from the column “Note”.",
    )
    assert "No stars were found" in columns.read_as({"text": "Avis"})[1]
