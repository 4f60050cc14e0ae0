"""Relevance judgments and runs: CSV `query,docid,rating`, TREC qrels in and out, TREC runs out."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Final
from urllib.parse import quote, unquote

from recsys.errors import DataError

HIGHEST: Final = 3  # not relevant, related, good, exactly this: grades 0 to 3
MAX_BYTES: Final = 500_000_000
MAX_ROWS: Final = 5_000_000
MAX_QUERY: Final = 1_000  # characters
COLUMNS: Final = ("query", "docid", "rating")
EXAMPLE: Final = "a CSV file in UTF-8 with the columns query,docid,rating"


@dataclass(frozen=True, slots=True)
class Judgments:
    """Grades by query and product id, in the order of the file."""

    name: str
    ratings: dict[str, dict[str, int]]  # query -> product id -> 0 to 3
    notes: tuple[str, ...] = field(default=())

    def __len__(self) -> int:
        return sum(map(len, self.ratings.values()))

    def answerable(self) -> list[str]:
        """The queries that have a relevant product (a grade of 1 or more): the others say nothing of a system."""
        return [query for query, graded in self.ratings.items() if any(graded.values())]

    def known(self, ids: Collection[str]) -> Judgments:
        """Those of products that exist; how many name others is said. Raises DataError when none is left."""
        there = {q: {d: r for d, r in graded.items() if d in ids} for q, graded in self.ratings.items()}
        kept = Judgments(self.name, {q: graded for q, graded in there.items() if graded}, self.notes)
        if not len(kept):
            example = next(iter(next(iter(self.ratings.values()))))
            raise DataError(
                f"{self.name}: none of its {len(self):,} judgments is of a product of the catalogue "
                f"(the first is of {example[:40]!r})",
                allowed="the ids of the catalogue",
                remedy="give the judgments of this catalogue",
            )
        lost = len(self) - len(kept)
        said = f"{lost:,} of {len(self):,} judgments name a product that the catalogue does not have; left out"
        return kept if not lost else Judgments(kept.name, kept.ratings, (*kept.notes, said))


def load(path: Path) -> Judgments:
    """The judgments of a CSV file with a header, or of TREC qrels (`query 0 docid rating`, blanks between).

    Rows that say the same twice are counted in `notes`. Raises DataError naming the file, the line and what is wrong:
    missing columns, no UTF-8, a grade that is no whole number from 0 to 3, two grades for one query and product.
    """
    try:
        with path.open("rb") as handle:
            data = handle.read(MAX_BYTES + 1)
    except FileNotFoundError as error:
        raise DataError(f"there is no file {path}", remedy="check the path") from error
    except OSError as error:
        raise DataError(f"{path} cannot be read: {error.strerror or error}", remedy="check the path") from error
    return load_bytes(path.name, data)


def load_bytes(name: str, data: bytes) -> Judgments:
    """The judgments that a file of this name holds. Raises DataError as `load` does."""
    if len(data) > MAX_BYTES:
        raise DataError(f"{name} is larger than {MAX_BYTES // 10**6} MB", remedy="give fewer judgments")
    text = decoded(name, data, EXAMPLE)
    return of_rows(name, _qrels(text, name) if _is_qrels(text) else _csv(text, name))


def of_rows(name: str, rows: Iterable[tuple[int, str, str, str]]) -> Judgments:
    """Judgments from (line, query, product id, rating as text). Raises DataError as `load` does."""
    ratings: dict[str, dict[str, int]] = {}
    repeated = 0
    for count, (line, query, docid, raw) in enumerate(rows, start=1):
        if count > MAX_ROWS:
            raise DataError(f"{name} has more than {MAX_ROWS:,} judgments", remedy="give a part of them")
        _check_names(query, docid, name, line)
        graded, rating = ratings.setdefault(query, {}), _rating(raw, name, line)
        repeated += docid in graded
        before = graded.setdefault(docid, rating)
        if before != rating:
            raise DataError(
                f"{name} line {line}: {query[:40]!r} and {docid[:40]!r} have the rating {rating}, and "
                f"{before} on an earlier line",
                allowed="one rating per query and product",
                remedy="keep one of the lines",
            )
    if not ratings:
        raise DataError(f"{name} holds no judgment", allowed=EXAMPLE, remedy="check that this is the right file")
    return Judgments(name, ratings, (f"{repeated:,} rows repeat an earlier one; left out",) if repeated else ())


def qrels(judgments: Judgments) -> str:
    """The judgments as TREC qrels: `query 0 docid rating`, blanks within a name written as %20."""
    return "".join(
        f"{_quoted(query)} 0 {_quoted(docid)} {rating}\n"
        for query, graded in judgments.ratings.items()
        for docid, rating in graded.items()
    )


def csv_text(judgments: Judgments) -> str:
    """The judgments as CSV with the header query,docid,rating."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(COLUMNS)
    writer.writerows((q, d, r) for q, graded in judgments.ratings.items() for d, r in graded.items())
    return out.getvalue()


def trec_run(name: str, lists: Mapping[str, Sequence[tuple[str, float]]]) -> str:
    """A run in TREC form, `query Q0 docid rank score name`: of each query (docid, score), best first."""
    return "".join(
        f"{_quoted(query)} Q0 {_quoted(docid)} {rank} {score:.6f} {_quoted(name)}\n"
        for query, found in lists.items()
        for rank, (docid, score) in enumerate(found, start=1)
    )


def _quoted(name: str) -> str:
    return re.sub(r"[\s%]+", lambda blank: quote(blank[0]), name)


def decoded(name: str, data: bytes, allowed: str) -> str:
    """The text of a file in UTF-8. Raises DataError naming the file and the first line that is none."""
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data[: error.start].count(b"\n") + 1
        raise DataError(
            f"{name} line {line} is no UTF-8 text (byte {data[error.start]:#04x})",
            allowed=allowed,
            remedy="save it again with the encoding UTF-8",
        ) from error
    if "\0" in text:
        raise DataError(
            f"{name} holds zero bytes: it is binary, or UTF-16",
            allowed=allowed,
            remedy="save it again with the encoding UTF-8",
        )
    return text


def _is_qrels(text: str) -> bool:
    first = next((line for line in text.splitlines() if line.strip()), "")
    return re.fullmatch(r"\S+\s+\S+\s+\S+\s+-?\d+", first.strip()) is not None and "," not in first


def _qrels(text: str, name: str) -> Iterator[tuple[int, str, str, str]]:
    for number, line in enumerate(text.splitlines(), start=1):
        if parts := line.split():
            if len(parts) != 4:
                raise DataError(
                    f"{name} line {number} has {len(parts)} parts",
                    allowed="query 0 docid rating",
                    remedy="write blanks within a name as %20",
                )
            yield number, unquote(parts[0]), unquote(parts[2]), parts[3]


def _csv(text: str, name: str) -> Iterator[tuple[int, str, str, str]]:
    reader = csv.reader(io.StringIO(text, newline=""))
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if missing := [column for column in COLUMNS if column not in header]:
            raise DataError(
                f"{name} has the columns {', '.join(header)[:80] or 'none'}: {', '.join(missing)} missing",
                allowed=EXAMPLE,
                remedy="name the columns in the first line",
            )
        places = [header.index(column) for column in COLUMNS]
        for row in reader:
            if not any(cell.strip() for cell in row):
                continue
            if len(row) <= max(places):
                raise DataError(
                    f"{name} line {reader.line_num} has {len(row)} cells",
                    allowed=f"{len(header)}",
                    remedy="fill the line, or put quotes around commas",
                )
            query, docid, rating = (row[place].strip() for place in places)
            yield reader.line_num, query, docid, rating
    except csv.Error as error:
        raise DataError(
            f"{name} line {reader.line_num} is no CSV: {error}", allowed=EXAMPLE, remedy="check the quotes"
        ) from error


def _check_names(query: str, docid: str, name: str, line: int) -> None:
    if not query or not docid:
        raise DataError(
            f"{name} line {line} has no {'docid' if query else 'query'}",
            allowed=EXAMPLE,
            remedy="add it or remove the line",
        )
    if len(query) > MAX_QUERY or len(docid) > MAX_QUERY:
        raise DataError(
            f"{name} line {line} has a query or docid of {max(len(query), len(docid)):,} characters",
            allowed=f"at most {MAX_QUERY:,}",
            remedy="check the quotes before that line",
        )


def _rating(raw: str, name: str, line: int) -> int:
    whole = re.fullmatch(r"([0-9]{1,3})(?:\.0+)?", raw)
    if whole is None or int(whole[1]) > HIGHEST:
        raise DataError(
            f"{name} line {line} has the rating {raw[:20]!r}",
            allowed=f"whole numbers from 0 to {HIGHEST}",
            remedy="bring the ratings to that scale",
        )
    return int(whole[1])
