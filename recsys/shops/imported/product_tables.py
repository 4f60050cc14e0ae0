"""Products of a table, CSV or between tabs: a row each, the header naming the fields as JSON catalogues do."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from recsys.errors import DataError
from recsys.files.source import Source
from recsys.files.tables import BLANK, SEPARATORS, cut, first_lines, plain_name, rows
from recsys.files.text import Text
from recsys.schema.cells import unguarded
from recsys.shops.imported.product_fields import DESCRIPTION, ID, MAX_VALUES, TITLE

EXAMPLE: Final = "a first line that names the columns, as in `id,title,brand,category,price`"
# A column's plain name -> the field as `product_fields` knows it: "Product ID" is its "product_id".
_KNOWN: Final = {plain_name(name): name for name in (*ID, *TITLE, *DESCRIPTION)}


def products(source: Source, encoding: str) -> tuple[str, Iterator[dict[str, Any]]]:
    """(how the table was read, an object per row: column -> text). A table without ids numbers its rows.

    Raises DataError where no column is known as the title's, and for rows that cannot be cut into cells.
    """
    text = Text(source, encoding)
    separator, header = _header("".join(first_lines(text, 1)))
    known = {_KNOWN.get(plain_name(name)) for name in header}
    if known.isdisjoint((*TITLE, *DESCRIPTION)):
        raise DataError(
            f"{source.name}: line 1 names no column that is known as the title's",
            allowed=EXAMPLE,
            remedy="name the columns in the first line",
        )
    numbered = known.isdisjoint(ID)
    said = f"a table separated by {SEPARATORS[separator]} in {text.said}"
    said += ", its rows numbered, for no column is the id's" if numbered else ""
    return said, _rows(text, separator, header, numbered=numbered)


def _header(line: str) -> tuple[str, list[str]]:
    """The separator that finds most known columns in the first line, and the names it cuts."""

    def names(separator: str) -> list[str]:
        return [name.strip() for name in cut(line, separator)] if separator != BLANK else [line.strip()]

    def worth(separator: str) -> tuple[int, int]:
        found = names(separator)
        return sum(plain_name(name) in _KNOWN for name in found), len(found)

    best = max(SEPARATORS, key=worth)
    return best, names(best)


def _rows(text: Text, separator: str, header: list[str], *, numbered: bool) -> Iterator[dict[str, Any]]:
    keys = [_KNOWN.get(plain_name(name), name) for name in header]
    for place, (_, row) in enumerate(rows(text, separator, MAX_VALUES)):
        if place == 0:
            continue  # the header
        found: dict[str, Any] = {"id": str(place)} if numbered else {}
        for key, cell in zip(keys, row, strict=False):
            if cell := unguarded(cell.strip()):
                found.setdefault(key, cell)
        yield found
