"""Relevance judgments and runs: CSV `query,docid,rating`, TREC qrels in and out, TREC runs out."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote

from recsys.errors import DataError
from recsys.evaluation.search import grade_scales, judgment_files
from recsys.evaluation.search.grade_scales import HIGHEST
from recsys.files.bounds import JUDGMENTS
from recsys.files.source import Source, readable
from recsys.files.values import without_point
from recsys.schema.cells import csv_rows

COLUMNS: Final = ("query", "docid", "rating")
EXAMPLE: Final = judgment_files.EXAMPLE
_LOST_DIGITS: Final = re.compile(r"\d(?:\.\d+)?[eE]\+?\d+")

__all__ = ["HIGHEST", "Judgments", "csv_text", "load", "load_bytes", "qrels", "trec_run"]


@dataclass(frozen=True, slots=True)
class Judgments:
    """Grades by query and product id, in the order of the file."""

    name: str
    ratings: dict[str, dict[str, int]]  # query -> product id -> 0 to 3
    notes: tuple[str, ...] = field(default=())  # what was left out, and how many
    said: str = ""  # one line: what was read as what

    def __len__(self) -> int:
        return sum(map(len, self.ratings.values()))

    def answerable(self) -> list[str]:
        """The queries that have a relevant product (a grade of 1 or more): the others say nothing of a system."""
        return [query for query, graded in self.ratings.items() if any(graded.values())]

    def known(self, ids: Collection[str]) -> Judgments:
        """Those of products that exist; how many name others is said. Raises DataError when none is left.

        An id that a float column wrote ("10012345.0") is that of "10012345" where only that one exists.
        """
        found: dict[str, dict[str, int]] = {}
        lost: list[str] = []
        for query, graded in self.ratings.items():
            for docid, rating in graded.items():
                there = docid if docid in ids else without_point(docid)
                if there in ids:
                    found.setdefault(query, {}).setdefault(there, rating)
                else:
                    lost.append(docid)
        if not found:
            raise DataError(
                f"{self.name}: none of its {len(self):,} judgments is of a product of the catalogue{_why(lost, ids)}",
                allowed="the ids of the catalogue, letter by letter",
                remedy="give the judgments of this catalogue",
            )
        if not lost:
            return Judgments(self.name, found, self.notes, self.said)
        note = f"{len(lost):,} of {len(self):,} judgments name a product that the catalogue does not have; left out"
        return Judgments(self.name, found, (*self.notes, note + _why(lost, ids)), self.said)


def _why(lost: Sequence[str], ids: Collection[str]) -> str:
    """What a spreadsheet has done to ids that are not there: zeros dropped, digits rounded away."""
    with_zeros = {each.lstrip("0") for each in ids if each.startswith("0")}
    zeros = sum(without_point(docid) in with_zeros for docid in lost)
    digits = sum(_LOST_DIGITS.fullmatch(docid) is not None for docid in lost)
    said = f" ({zeros:,} of them lack only leading zeros: keep ids as text)" if zeros else ""
    return said + (f" ({digits:,} of them are written as 1.2E+07 and have lost their digits)" if digits else "")


def load(path: Path) -> Judgments:
    """The judgments of a table with a header, or of TREC qrels (`query 0 docid rating`); grades come out as 0 to 3.

    Rows without a grade and rows that say the same twice are counted in `notes`; `said` is how the file was read.
    Raises DataError naming the file, the line and what is wrong: columns missing, a grade that is none, two grades for
    one query and product.
    """
    return _read(Source.of_path(path, JUDGMENTS), path.name)


def load_bytes(name: str, data: bytes) -> Judgments:
    """The judgments that a file of this name holds. Raises DataError as `load` does."""
    return _read(Source.of_bytes(name, data, JUDGMENTS), name)


def _read(source: Source, name: str) -> Judgments:
    raw, said, unrated = judgment_files.read(source)
    scale = grade_scales.scale_of(source.name, raw.grades)
    for line, one, other in raw.conflicts:
        if scale.of[one] != scale.of[other]:
            raise DataError(
                f"{source.name} line {line}: its query and product have the rating {scale.of[other]}, and "
                f"{scale.of[one]} on an earlier line",
                allowed="one rating per query and product",
                remedy="keep one of the lines",
            )
    ratings = {query: {docid: scale.of[g] for docid, g in graded.items()} for query, graded in raw.rows.items()}
    notes = [f"{unrated:,} rows without a query, a product or a grade were left out"] if unrated else []
    notes += scale.notes
    notes += [f"{raw.repeated:,} rows repeat an earlier one; left out"] if raw.repeated else []
    read = Judgments(readable(name), ratings, tuple(notes))
    told = f"{len(ratings):,} {'query' if len(ratings) == 1 else 'queries'}"
    told += f", {len(read):,} {'judgment' if len(read) == 1 else 'judgments'}"
    said = f"{read.name}: read as {said}; {scale.said}; {told}"
    return Judgments(read.name, ratings, read.notes, said)


def qrels(judgments: Judgments) -> str:
    """The judgments as TREC qrels: `query 0 docid rating`, blanks within a name written as %20."""
    return "".join(
        f"{_quoted(query)} 0 {_quoted(docid)} {rating}\n"
        for query, graded in judgments.ratings.items()
        for docid, rating in graded.items()
    )


def csv_text(judgments: Judgments) -> str:
    """The judgments as CSV with the header query,docid,rating."""
    return csv_rows(COLUMNS, ((q, d, r) for q, graded in judgments.ratings.items() for d, r in graded.items()))


def trec_run(name: str, lists: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    """A run in TREC form, `query Q0 docid rank score name`: of each query (docid, score), best first."""
    return "".join(
        f"{_quoted(query)} Q0 {_quoted(docid)} {rank} {score:.6f} {_quoted(name)}\n"
        for query, found in lists.items()
        for rank, (docid, score) in enumerate(found, start=1)
    )


def _quoted(name: str) -> str:
    return re.sub(r"[\s%]+", lambda blank: quote(blank[0]), name)
