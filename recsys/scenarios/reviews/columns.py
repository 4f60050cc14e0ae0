"""What the columns of a file of reviews are called, in several languages, and which column that makes what."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from recsys.datasets.event_columns import ITEM, TIME
from recsys.errors import DataError
from recsys.files.source import Source
from recsys.files.tables import columns_of, first_lines, plain_name, rows, separators_of
from recsys.files.text import Text, text_of

MEANINGS: Final = {
    "text": ("review", "reviewtext", "reviewbody", "text", "comment", "content", "body", "feedback"),
    "stars": ("stars", "rating", "score", "overall"),
    "label": ("label", "sentiment", "polarity"),
    "title": ("title", "summary", "headline"),
    "item": ("item", "product", "asin", "itemid", "productid", "clothingid", "cat"),
    "time": ("time", "date", "timestamp"),
}
ELSEWHERE: Final = {  # in other languages, as whole names only: "note" are stars in French, "notes" are not
    "text": ("kommentar", "bewertungstext", "rezension", "meinung", "comentario", "comentarios", "opinión", "opinion",
             "reseña", "resena", "texto", "commentaire", "avis", "texte", "recensione", "commento", "testo",
             "avaliação", "avaliacao", "comentário", "评论", "评论内容", "评价", "内容", "レビュー", "コメント",
             "отзыв", "комментарий"),
    "stars": ("sterne", "bewertung", "note", "estrellas", "puntuación", "puntuacion", "calificación", "calificacion",
              "valoración", "valoracion", "étoiles", "etoiles", "stelle", "voto", "estrelas", "nota", "评分", "星级",
              "星", "分数", "打分", "評価", "оценка"),
    "title": ("titel", "betreff", "título", "titulo", "titre", "titolo", "标题"),
    "item": (*ITEM[3:-1], "produkt", "prodotto", "产品", "商品", "товар"),
    "time": (*TIME[3:-1], "data", "日期", "时间", "日付", "дата"),
}  # fmt: skip
MOST_CELLS: Final = 500
LOOKED_AT: Final = 100_000  # characters of the header by which the separator is told
ENGLISH_TIMES: Final = frozenset(name for name in TIME if name not in ("zeit", "zeitpunkt", "datum", "fecha", "heure"))
MONTHS: Final = 12
_DATE: Final = re.compile(r"^\s*(\d{1,2})([./-])(\d{1,2})\2(\d{4}|\d{2})\b")
NONE: Final = ""  # asked for as a column: there is none


@dataclass(frozen=True, slots=True)
class Headings:
    """The columns of a file, and which of them are taken for texts and stars where nobody says otherwise."""

    names: tuple[str, ...]
    text: str | None
    stars: str | None


def places_of(header: Sequence[str]) -> dict[str, int]:
    """Where each meaning stands, by the names in any of the languages."""
    plain = [plain_name(cell) for cell in header]
    called = list(header)
    for meaning, names in ELSEWHERE.items():
        here = [plain.index(name) for name in names if name in plain]
        if here and not set(MEANINGS[meaning]) & set(plain):
            called[here[0]] = MEANINGS[meaning][0]
    return columns_of(called, MEANINGS).places


def year_first(name: str, times: Sequence[str]) -> list[str]:
    """The times of a column of this name, with dates like 03/04/2026 as 2026-04-03 where they begin with the day."""
    if not _day_first(name, times):
        return list(times)
    return [_DATE.sub(lambda m: f"{'20' * (len(m[4]) == 2)}{m[4]}-{m[3]:0>2}-{m[1]:0>2}", time) for time in times]


def _day_first(name: str, times: Sequence[str]) -> bool:
    """Whether such dates begin with the day: one of them cannot else, or points or the heading say so."""
    found = [match for time in times if (match := _DATE.match(time))]
    if any(int(match[3]) > MONTHS for match in found):
        return False
    if any(int(match[1]) > MONTHS for match in found):
        return True
    pointed = any(match[2] == "." for match in found)
    elsewhere = plain_name(name) in ELSEWHERE["time"] and plain_name(name) not in ENGLISH_TIMES
    return bool(found) and (pointed or elsewhere)


def table_of(content: Text) -> tuple[list[str], Iterator[tuple[int, list[str]]]]:
    """The header of a file, and its other rows with the lines that they begin in.

    Raises DataError for what is empty or no delimited text; the rows raise it too.
    """
    head = first_lines(content)
    if not head:
        raise DataError(
            f"{content.name} is empty", allowed="a header and a row for each review", remedy="give another file"
        )
    if head[0].lstrip("\ufeff \t").startswith(("{", "[")):
        raise DataError(
            f"{content.name} looks like JSON", allowed="a header and a row for each review", remedy="save it as CSV"
        )
    separator = next(iter(separators_of([head[0][:LOOKED_AT]])), "")
    table = rows(content, separator, MOST_CELLS) if separator else _alone(content)
    return [cell.strip().lstrip("\ufeff") for cell in next(table)[1]], table


def _alone(content: Text) -> Iterator[tuple[int, list[str]]]:
    """The rows of a file of one column: commas are part of it, unless it is quoted as a cell is."""
    for number, row in rows(content, ",", MOST_CELLS):
        yield number, [",".join(row)]


def headings(source: Source) -> Headings:
    """The headings of a file. Raises DataError for what is empty or no delimited text."""
    names, _ = table_of(text_of(source))
    places = places_of(names)
    text, stars = (names[places[meaning]] if meaning in places else None for meaning in ("text", "stars"))
    return Headings(tuple(dict.fromkeys(names)), text, stars)


def read_as(named: Mapping[str, str]) -> tuple[str, ...]:
    """What was read of a file, and what was not found in it, as sentences. `named`: what it calls each meaning."""
    what = {
        "text": "the texts",
        "stars": "the stars",
        "label": "good or bad",
        "item": "the products",
        "time": "the dates",
    }
    said = [f"{what[meaning]} from the column “{name}”" for meaning, name in named.items()]
    joined = said[0] if len(said) == 1 else f"{', '.join(said[:-1])} and {said[-1]}"
    missing: tuple[str, ...] = ()
    if "stars" not in named:
        missing = ("No stars were found: how good a review is follows from its words alone.",)
    return (f"Read were {joined}.", *missing)
