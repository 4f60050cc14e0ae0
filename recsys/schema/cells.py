"""Texts as cells of a CSV file that start no formula when a spreadsheet opens it, and the way back.

A spreadsheet takes a cell for a formula by its first sign, and a formula may open addresses and start programs ("CSV
injection", OWASP). Such a cell gets an apostrophe in front, by which spreadsheets themselves mark text. The same holds
within a cell behind what some countries' spreadsheets take for its end: a semicolon, a tab, a line's end.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    import pandas as pd

GUARD: Final = "'"
_SIGNS: Final = r"[=+\-@\t\r＝＋－＠]"
_BEGINS: Final = r"(\A|[;\t\r\n])"
_STARTS: Final = re.compile(rf"{_BEGINS}({GUARD}*)(?={_SIGNS})")
_GUARDED: Final = re.compile(rf"{_BEGINS}{GUARD}({GUARD}*)(?={_SIGNS})")
_NUMBER: Final = re.compile(r"[+-]?[0-9]+([.,][0-9]+)?([eE][+-]?[0-9]+)?")


def guarded(text: str) -> str:
    """The text as a cell that is no formula; a number stays one. A guard that was there already gets another one."""
    return text if _NUMBER.fullmatch(text) else _STARTS.sub(rf"\1{GUARD}\2", text)


def unguarded(cell: str) -> str:
    """What `guarded` was given."""
    return _GUARDED.sub(r"\1\2", cell) if GUARD in cell else cell


def csv_rows(header: Sequence[str], rows: Iterable[Sequence[object]]) -> str:
    """A CSV file of a header and rows, every text guarded."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow([guarded(name) for name in header])
    writer.writerows([guarded(cell) if isinstance(cell, str) else cell for cell in row] for row in rows)
    return out.getvalue()


def csv_table(table: pd.DataFrame) -> str:
    """A table as CSV with its column names and without its index, every text guarded; numbers as pandas writes them."""
    safe = table.rename(columns=lambda name: guarded(str(name)))
    for place, (_, column) in enumerate(table.items()):
        if column.dtype.kind not in "biufMm":
            text = column.astype(object).map(lambda cell: guarded(cell) if isinstance(cell, str) else cell)
            safe.isetitem(place, text.to_numpy(object))
    return safe.to_csv(index=False)
