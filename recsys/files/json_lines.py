"""Tables written as one JSON object a line, by whose keys the columns are told."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from recsys.errors import DataError
from recsys.files.json_text import JsonError, parsed
from recsys.files.tables import Columns, columns_of
from recsys.files.text import Text
from recsys.files.values import number_text

KEYS: Final = 200  # of one file that are looked at: more are no columns


def looks_like(lines: Sequence[str]) -> bool:
    """Whether the first lines begin as objects, the first one whole."""
    return bool(lines) and lines[0].rstrip().endswith("}") and all(line.lstrip().startswith("{") for line in lines)


@dataclass(frozen=True, slots=True)
class JsonLines:
    """A text of objects; `keys` of a line in the order of `meanings`, "" for one that no key says.

    `example` shows in errors what a line may look like.
    """

    text: Text
    columns: Columns
    keys: tuple[str, ...]
    example: str

    @classmethod
    def of(
        cls,
        text: Text,
        lines: Sequence[str],
        meanings: Mapping[str, Sequence[str]],
        needed: Sequence[str],
        example: str,
    ) -> JsonLines:
        """By the first lines. Raises DataError for one that is no object, and where no key says what is needed."""
        objects = [_object(text, number, line, example) for number, line in enumerate(lines, start=1)]
        names = list(dict.fromkeys(key for each in objects for key in each))[:KEYS]
        columns = columns_of(names, meanings)
        if missing := [meaning for meaning in needed if meaning not in columns.places]:
            raise DataError(
                f"{text.name} has no key that is known as {' or '.join(missing)}",
                allowed=example,
                remedy="rename the keys",
            )
        keys = tuple(names[columns.places[meaning]] if meaning in columns.places else "" for meaning in meanings)
        return cls(text, columns, keys, example)

    def rows(self) -> Iterator[tuple[int, list[str]]]:
        """(line, the values of the keys as text) of each object; whole floats without their point.

        Raises DataError for a line that is no JSON object.
        """
        for number, line in enumerate(self.text.lines(), start=1):
            if not line.isspace():
                found = _object(self.text, number, line, self.example)
                yield number, [_text(found.get(key)) for key in self.keys]


def _object(text: Text, number: int, line: str, example: str) -> dict[str, Any]:
    try:
        found = parsed(line)
    except JsonError as error:
        raise DataError(
            f"{text.name} line {number} is not JSON: {error}", allowed=example, remedy="check the line"
        ) from error
    if not isinstance(found, dict):
        raise DataError(f"{text.name} line {number} is no object", allowed=example, remedy="check the line")
    return found


def _text(value: Any) -> str:
    """The value as text, "" for none and for what is no single value; whole floats without their point."""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bool) or not isinstance(value, int | Decimal):
        return ""
    return str(value) if isinstance(value, int) else number_text(value)
