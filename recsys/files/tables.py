"""Rows of delimited text whatever separates them, and which column means what."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Final, Literal

from recsys.errors import DataError
from recsys.files.text import Text

Meanings = Mapping[str, Sequence[str]]
"""What a column may mean -> the names that say so, as `plain_name` writes them, the likeliest first."""

BLANK: Final = " "  # any run of blanks and tabs
SEPARATORS: Final = {",": "commas", ";": "semicolons", "\t": "tabs", "|": "bars", "::": "double colons",
                     BLANK: "blanks"}  # fmt: skip
LOOKED_AT: Final = 200  # lines by which a format is told
PART: Final = 4  # letters of the shortest name that is looked for within a column's name
_ABOUT: Final = re.compile(r"sep=.\s*$|% ", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Columns:
    """Where each meaning stands, and what the file calls it."""

    places: dict[str, int]
    names: dict[str, str]

    def said(self) -> str:
        """`user <- "Customer ID", item <- "sku"`."""
        return ", ".join(f'{meaning} <- "{self.names[meaning][:40]}"' for meaning in self.places)


def plain_name(name: str) -> str:
    """A column's name without case, blanks and marks: "Doc ID", "doc_id" and "docId:token" are all "docid"."""
    name = name.strip().lower()
    bare = re.sub(r":[a-z_]+$|[(\[][^)\]]*[)\]]", "", name)  # "item_id:token", "relevance (0-3)"
    return re.sub(r"[\W_]+", "", bare) or re.sub(r"[\W_]+", "", name)


def columns_of(header: Sequence[str], meanings: Meanings) -> Columns:
    """The columns whose names say one of the meanings: the whole name, else the one column that holds it within."""
    plain = [plain_name(cell) for cell in header]
    places: dict[str, int] = {}
    for meaning, names in meanings.items():
        found = next((plain.index(name) for name in names if name in plain), None)
        if found is not None and found not in places.values():
            places[meaning] = found
    for meaning, names in meanings.items():
        if meaning in places:
            continue
        free = [i for i in range(len(plain)) if i not in places.values()]
        named = [i for i in free if not any(c.isdigit() for c in plain[i])]  # "item5" is an id, not a column
        near = [i for i in named if any(len(name) >= PART and name in plain[i] for name in names)]
        if len(near) == 1:
            places[meaning] = near[0]
    ordered = {meaning: places[meaning] for meaning in meanings if meaning in places}
    return Columns(ordered, {meaning: header[place].strip() for meaning, place in ordered.items()})


def first_lines(text: Text, count: int = LOOKED_AT) -> list[str]:
    """The first lines that are not blank, without those that speak of the file: a spreadsheet's `sep=;`, "% ..."."""
    filled = (line.rstrip("\n") for line in text.lines() if line.strip())
    return [line for line in islice(filled, count) if not _ABOUT.match(line)]


def cut(line: str, separator: str) -> list[str]:
    """The cells of one line on its own."""
    if separator == BLANK:
        return line.split()
    if separator == "::":
        return line.split("::")
    try:
        return next(csv.reader([line], delimiter=separator, quoting=_quoting(separator, [line])), [])
    except csv.Error:  # a cell beyond what csv takes: `rows` refuses it in words
        return line.split(separator)


def separators_of(lines: Sequence[str]) -> list[str]:
    """The separators that stand in every line looked at, the one that cuts them most evenly first; blanks come last.

    Tabs win where they do: whoever writes them means them, and commas stand in product names.
    """
    fits = []
    for place, separator in enumerate(SEPARATORS):
        counts = Counter(len(cut(line, separator)) for line in lines)
        if counts and min(counts) > 1:
            even = counts.most_common(1)[0][1] / len(lines)
            fits.append((separator == BLANK, separator != "\t", -even, place, separator))
    return [fit[-1] for fit in sorted(fits)]


def header_of(lines: Sequence[str], meanings: Meanings, needed: Sequence[str]) -> tuple[str, Columns] | None:
    """The separator with which the first line names all columns that are needed, and these; None where none does."""
    best: tuple[int, str, Columns] | None = None
    for separator in SEPARATORS if lines else ():
        columns = columns_of(cut(lines[0].lstrip("#"), separator), meanings)
        if all(meaning in columns.places for meaning in needed):
            found = len(columns.places)
            if best is None or found > best[0]:
                best = found, separator, columns
    return best and best[1:]


def rows(text: Text, separator: str, cells: int) -> Iterator[tuple[int, list[str]]]:
    """(line, cells) of every line that is not blank, in quotes or not; a quoted cell may go over lines.

    Raises DataError for more cells than allowed, and for quotes that never end.
    """
    lines = text.lines()
    if separator in (BLANK, "::"):
        found: Iterable[tuple[int, list[str]]] = (
            (number, cut(line.rstrip("\n"), separator)) for number, line in enumerate(lines, start=1)
        )
    else:
        found = _quoted(text, lines, separator)
    begun = False  # lines that speak of the file stand before all others
    for number, row in found:
        if len(row) > cells:
            raise DataError(
                f"{text.name} line {number} has {len(row):,} cells",
                allowed=f"at most {cells:,}",
                remedy="check that this is the right file",
            )
        begun = begun or not _ABOUT.match(("" if separator == "::" else separator).join(row))
        if begun and any(cell and not cell.isspace() for cell in row):
            yield number, row


def _quoted(text: Text, lines: Iterator[str], separator: str) -> Iterator[tuple[int, list[str]]]:
    head = list(islice(lines, LOOKED_AT))

    def every() -> Iterator[str]:
        yield from head
        yield from lines

    reader = csv.reader(every(), delimiter=separator, quoting=_quoting(separator, head), strict=True)
    try:
        while True:
            begins = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            yield begins, row
    except csv.Error as error:
        if "field limit" in str(error):
            why, allowed = (
                "a cell is too long, or its quotes do not close",
                f"{csv.field_size_limit():,} characters a cell",
            )
        else:
            why, allowed = "its quotes do not close", "quotes around whole cells, doubled within"
        raise DataError(
            f"{text.name} line {begins} cannot be cut into cells: {why}", allowed=allowed, remedy="check the quotes"
        ) from error


def _quoting(separator: str, lines: Sequence[str]) -> Literal[0, 3]:
    """Whether quotes quote. Between tabs a cell that only begins with one is a text with a quote in it: `"24 inch`."""
    if separator != "\t":
        return csv.QUOTE_MINIMAL
    try:
        widths = {len(row) for row in csv.reader(lines, delimiter=separator, strict=True) if row}
    except csv.Error:
        return csv.QUOTE_NONE
    return csv.QUOTE_MINIMAL if len(widths) < 2 else csv.QUOTE_NONE
