"""Events of a file with one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal
from typing import Any, Final

from recsys.datasets.event_columns import MEANINGS
from recsys.errors import DataError
from recsys.files.json_text import JsonError, parsed
from recsys.files.tables import Columns, columns_of
from recsys.files.text import Text
from recsys.files.values import number_text

EXAMPLE: Final = '{"user": "7", "item": "B00X", "time": 1700000000} on each line'
KEYS: Final = 200  # of one file that are looked at: more are no columns


def looks_like(lines: Sequence[str]) -> bool:
    """Whether the first lines are objects, one each."""
    return bool(lines) and all(line.lstrip().startswith("{") and line.rstrip().endswith("}") for line in lines)


def events(text: Text, lines: Sequence[str]) -> tuple[Iterator[tuple[str, str, str, str]], str, bool]:
    """(user, item, time, event) of each line, how the file was read, and whether it has times.

    `lines` are the first ones, by whose keys columns are told. Raises DataError for a line that is no JSON object, and
    where no key names the user and the item.
    """
    keys = dict.fromkeys(key for number, line in enumerate(lines, start=1) for key in _object(text, number, line))
    names = list(keys)[:KEYS]
    columns = columns_of(names, MEANINGS)
    if missing := [meaning for meaning in ("user", "item") if meaning not in columns.places]:
        raise DataError(
            f"{text.name} has no key that is known as {' or '.join(missing)}", allowed=EXAMPLE, remedy="rename the keys"
        )
    how = f"{text.said}, a JSON object per event; {columns.said()}"
    return _rows(text, columns, names), how, "time" in columns.places


def _rows(text: Text, columns: Columns, names: Sequence[str]) -> Iterator[tuple[str, str, str, str]]:
    keys = [names[columns.places[meaning]] if meaning in columns.places else "" for meaning in MEANINGS]
    for number, line in enumerate(text.lines(), start=1):
        if not line.isspace():
            found = _object(text, number, line)
            user, item, time, event = (_text(found.get(key)) for key in keys)
            yield user, item, time, event


def _object(text: Text, number: int, line: str) -> dict[str, Any]:
    try:
        found = parsed(line)
    except JsonError as error:
        raise DataError(
            f"{text.name} line {number} is not JSON: {error}", allowed=EXAMPLE, remedy="check the line"
        ) from error
    if not isinstance(found, dict):
        raise DataError(f"{text.name} line {number} is no object", allowed=EXAMPLE, remedy="check the line")
    return found


def _text(value: Any) -> str:
    """The value as text, "" for none and for what is no single value; whole floats without their point."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return ""
    return str(value) if isinstance(value, int) else number_text(value)
