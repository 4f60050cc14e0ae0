"""Tables written by hand under `data/`, checked as they are read."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from recsys.errors import DataError


def authored_groups(path: Path, columns: Sequence[str]) -> dict[tuple[str, ...], tuple[str, ...]]:
    """What stands in the last column of one authored table, by what stands before it. Raises as `authored_rows`."""
    found: dict[tuple[str, ...], list[str]] = {}
    for *place, value in authored_rows(path, columns):
        found.setdefault(tuple(place), []).append(value)
    return {place: tuple(values) for place, values in found.items()}


def authored_rows(path: Path, columns: Sequence[str]) -> list[tuple[str, ...]]:
    """The rows of one authored table, in the order of its header, which must be `columns`.

    Raises DataError when the file is missing or is not the table it should be.
    """
    try:
        with path.open(encoding="utf-8", newline="") as handle:
            header, *rows = csv.reader(handle)
    except (OSError, ValueError) as error:
        raise DataError(f"{path} cannot be read: {error}", remedy=f"restore it: git checkout -- {path}") from error
    wrong = next((n for n, row in enumerate(rows, 2) if len(row) != len(columns)), None)
    if tuple(header) != tuple(columns) or wrong:
        raise DataError(
            f"{path} line {wrong or 1} has other columns",
            allowed=", ".join(columns),
            remedy=f"correct the line, or restore the file: git checkout -- {path}",
        )
    return [tuple(row) for row in rows]
