"""Events of a file with one JSON object a line."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Final

from recsys.datasets.event_columns import MEANINGS
from recsys.files.json_lines import JsonLines
from recsys.files.text import Text

EXAMPLE: Final = '{"user": "7", "item": "B00X", "time": 1700000000} on each line'


def events(text: Text, lines: Sequence[str]) -> tuple[Iterator[tuple[str, str, str, str]], str, bool]:
    """(user, item, time, event) of each line, how the file was read, and whether it has times.

    `lines` are the first ones, by whose keys columns are told. Raises DataError for a line that is no JSON object, and
    where no key names the user and the item.
    """
    found = JsonLines.of(text, lines, MEANINGS, ("user", "item"), EXAMPLE)
    how = f"{text.said}, a JSON object per event; {found.columns.said()}"
    return _rows(found), how, "time" in found.columns.places


def _rows(found: JsonLines) -> Iterator[tuple[str, str, str, str]]:
    for _, (user, item, time, event) in found.rows():
        yield user, item, time, event
