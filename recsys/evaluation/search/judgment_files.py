"""Files of judgments as raw rows: tables with a header whatever it is called, JSON objects, or TREC qrels."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final
from urllib.parse import unquote

from recsys.errors import DataError
from recsys.evaluation.search.grade_scales import is_number, word_grade
from recsys.files.bounds import MAX_JUDGMENTS
from recsys.files.json_lines import JsonLines, looks_like
from recsys.files.source import Source
from recsys.files.tables import BLANK, SEPARATORS, Columns, columns_of, cut, first_lines, header_of, rows, separators_of
from recsys.files.text import Text, text_of
from recsys.files.values import nothing
from recsys.schema.cells import unguarded

EXAMPLE: Final = "a table with the columns query,docid,rating, or TREC qrels (query 0 docid rating)"
OBJECT: Final = '{"query": "milk", "docid": "B00X", "rating": 3} on each line'
MAX_QUERY: Final = 1_000  # characters
MEANINGS: Final = {
    "query": ("query", "querytext", "searchquery", "searchterm", "searchphrase", "search", "keyword", "keywords",
              "term", "phrase", "q", "topic", "suchanfrage", "suchbegriff", "requete", "consulta", "queryid", "qid",
              "topicid"),
    "docid": ("docid", "documentid", "docno", "productid", "productuid", "itemid", "articleid", "sku", "asin",
              "corpusid", "gtin", "ean", "pid", "did", "product", "item", "document", "doc", "article", "produktid",
              "artikelnummer", "id", "d"),
    "rating": ("rating", "relevance", "relevancy", "rel", "label", "grade", "judgment", "judgement", "relevancelabel",
               "relevancescore", "escilabel", "esci", "gain", "score", "annotation", "stars", "bewertung", "relevanz",
               "note"),
}  # fmt: skip
_QRELS: Final = re.compile(r"(.*\S)\s+([Qq]?[0-9]+)\s+(\S+)\s+(\S+)")
_COLUMN_NAME: Final = re.compile(r"[^\W\d][\w .-]{0,30}")


@dataclass(slots=True)
class Raw:
    """Judgments with their grades as they are written."""

    rows: dict[str, dict[str, str]] = field(default_factory=dict)  # query -> product id -> grade
    grades: dict[str, int] = field(default_factory=dict)  # grade -> the first line on which it stands
    conflicts: list[tuple[int, str, str]] = field(default_factory=list)  # line, the grade before, the grade there
    repeated: int = 0


@dataclass(frozen=True, slots=True)
class _Layout:
    separator: str
    places: tuple[int, int, int]  # of query, product and grade in a row; from the end for qrels between blanks
    width: int  # cells of a row
    said: str
    header: bool = False
    escaped: bool = False  # blanks within a name are %20, as TREC writes them


def read(source: Source) -> tuple[Raw, str, int]:
    """The rows of a file, how it was read, and how many rows lack a query, a product or a grade.

    Raises DataError naming the file, the line and what is wrong there.
    """
    text = text_of(source)
    lines = first_lines(text)
    found, said = _objects(text, lines) if looks_like(lines) else _table(text, lines)
    raw, unrated, count = Raw(), 0, 0
    known: dict[str, str] = {}  # each grade once in memory, however many rows have it
    for line, query, docid, grade in found:
        count += 1
        if count > MAX_JUDGMENTS:
            raise DataError(f"{text.name} has more than {MAX_JUDGMENTS:,} judgments", remedy="give a part of them")
        if not query or nothing(docid) or nothing(grade):  # "nan" may be a query, for bread
            unrated += 1
            continue
        _check_length(text.name, line, query, docid)
        _add(raw, line, query, docid, known.setdefault(grade, grade))
    if not raw.rows:
        left = f" ({unrated:,} rows lack a query, a product or a grade)" if unrated else ""
        raise DataError(
            f"{text.name} holds no judgment{left}", allowed=EXAMPLE, remedy="check that this is the right file"
        )
    return raw, f"{text.said}, {said}", unrated


def _objects(text: Text, lines: Sequence[str]) -> tuple[Iterator[tuple[int, str, str, str]], str]:
    found = JsonLines.of(text, lines, MEANINGS, tuple(MEANINGS), OBJECT)
    rows = ((line, query, docid, grade) for line, (query, docid, grade) in found.rows())
    return rows, f"a JSON object per judgment; {found.columns.said()}"


def _table(text: Text, lines: Sequence[str]) -> tuple[Iterator[tuple[int, str, str, str]], str]:
    layout = _layout(text.name, lines)
    return _cells(text, layout), layout.said


def _add(raw: Raw, line: int, query: str, docid: str, grade: str) -> None:
    raw.grades.setdefault(grade, line)
    graded = raw.rows.setdefault(query, {})
    raw.repeated += docid in graded
    before = graded.setdefault(docid, grade)
    if before != grade:
        raw.conflicts.append((line, before, grade))


def _layout(name: str, lines: Sequence[str]) -> _Layout:
    if not lines:
        raise DataError(f"{name} holds no judgment: it is empty", allowed=EXAMPLE, remedy="check the file")
    if found := header_of(lines, MEANINGS, tuple(MEANINGS)):
        separator, columns = found
        query, docid, rating = (columns.places[meaning] for meaning in MEANINGS)
        said = f"a table separated by {SEPARATORS[separator]}; {columns.said()}"
        return _Layout(separator, (query, docid, rating), len(cut(lines[0], separator)), said, header=True)
    for separator in separators_of(lines):
        if separator != BLANK and (layout := _without_header([cut(line, separator) for line in lines], separator)):
            return layout
    if _QRELS.fullmatch(lines[0].strip()) and not _names_columns(lines[0]):
        return _Layout(BLANK, (0, 2, 3), 4, "TREC qrels, separated by blanks", escaped=True)
    if all(len(line.split()) == 3 and _is_grade(line.split()[-1]) for line in lines):
        return _Layout(BLANK, (0, 1, 2), 3, "query, product, grade, separated by blanks", escaped=True)
    raise _missing(name, lines[0])


def _without_header(cells: Sequence[Sequence[str]], separator: str) -> _Layout | None:
    """TREC's four columns, or query, product and grade, between something else than blanks."""
    width, by = len(cells[0]), SEPARATORS[separator]
    if any(len(row) != width for row in cells) or not all(_is_grade(row[-1].strip()) for row in cells):
        return None
    if width == 4 and all(re.fullmatch(r"[Qq]?\d+", row[1].strip()) for row in cells):
        return _Layout(separator, (0, 2, 3), 4, f"TREC qrels, separated by {by}", escaped=True)
    if width == 3:
        return _Layout(separator, (0, 1, 2), 3, f"query, product, grade in this order, separated by {by}")
    return None


def _is_grade(cell: str) -> bool:
    return nothing(cell) or is_number(cell) or word_grade(cell) is not None


def _names_columns(line: str) -> bool:
    return any(len(columns_of(cut(line, separator), MEANINGS).places) > 1 for separator in SEPARATORS)


def _missing(name: str, first: str) -> DataError:
    """Which columns are not there, under the separator that shows most; their names where they can only be names."""
    found: list[tuple[int, int, list[str], Columns]] = []
    for separator in SEPARATORS:
        cells = [cell.strip() for cell in cut(first, separator)]
        columns = columns_of(cells, MEANINGS)
        found.append((len(columns.places), len(cells), cells, columns))
    _, _, cells, columns = max(found, key=lambda each: each[:2])
    names = columns.places and len(cells) > 1 and all(_COLUMN_NAME.fullmatch(cell) for cell in cells)
    seen = f"has the columns {', '.join(cells)[:80]}" if names else "names no columns in line 1"
    missing = ", ".join(meaning for meaning in MEANINGS if meaning not in columns.places)
    return DataError(
        f"{name} {seen}: {missing} missing",
        allowed=EXAMPLE,
        remedy="name the columns in the first line",
    )


def _cells(text: Text, layout: _Layout) -> Iterator[tuple[int, str, str, str]]:
    skip = layout.header
    for line, row in rows(text, layout.separator, 1_000):
        if skip:
            skip = False
            continue
        cells = [unguarded(cell.strip()) for cell in row]
        if layout.escaped and layout.separator == BLANK and len(cells) > layout.width == 4:
            cells = [" ".join(cells[:-3]), *cells[-3:]]  # a query with blanks: the rest has none
        _check_width(text.name, line, cells, layout)
        query, docid, grade = (cells[place] if place < len(cells) else "" for place in layout.places)
        yield line, *((unquote(query), unquote(docid)) if layout.escaped else (query, docid)), grade


def _check_width(name: str, line: int, cells: Sequence[str], layout: _Layout) -> None:
    """Rows of a table may lack cells at their end (nothing was said), but those with more are cut in a wrong place."""
    if any(cells[layout.width :]) or (not layout.header and len(cells) < layout.width):
        raise DataError(
            f"{name} line {line} has {len(cells)} cells",
            allowed=f"{layout.width}",
            remedy="write blanks within a name as %20" if layout.escaped else "put quotes around cells with separators",
        )


def _check_length(name: str, line: int, query: str, docid: str) -> None:
    if len(query) > MAX_QUERY or len(docid) > MAX_QUERY:
        raise DataError(
            f"{name} line {line} has a query or docid of {max(len(query), len(docid)):,} characters",
            allowed=f"at most {MAX_QUERY:,}",
            remedy="check the quotes before that line",
        )
