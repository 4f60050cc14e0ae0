"""The histories of a file that somebody brings, whatever its form, and item attributes as JSON.

Read as the standard sequence benchmarks write them (a line per user: S3-Rec, Zhou et al., CIKM 2020) or as logs do (a
row per event). Nothing here knows any one data set.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path
from typing import Any, Final

import numpy as np
from scipy import sparse

from recsys.datasets import event_logs
from recsys.datasets.event_logs import Log
from recsys.datasets.interactions import Interactions, from_sequences
from recsys.errors import DataError
from recsys.files.bounds import ATTRIBUTES, INTERACTIONS
from recsys.files.json_text import JsonError, parsed
from recsys.files.source import Source
from recsys.files.text import text_of
from recsys.files.values import without_point
from recsys.schema import Rows

MAX_DIGITS: Final = 18  # of an id that is sorted as a number
ATTRIBUTES_ALLOWED: Final = '{"item": [attribute, ...], ...}'
_SUFFIXES: Final = frozenset({".gz", ".bz2", ".xz", ".zip", ".txt", ".csv", ".tsv", ".parquet", ".dat", ".inter"})


@dataclass(frozen=True, slots=True, eq=False)
class Sequences:
    """The histories of a file, and how its rows turn back into the file's own ids."""

    name: str
    interactions: Interactions
    user_ids: tuple[str, ...]  # (n,) in the order in which they come
    item_ids: tuple[str, ...]  # (n_items,) ascending: whole numbers by size, then the rest by letters
    attributes: sparse.csr_array | None  # (n_items, n_attributes), 1 where the item has the attribute
    sha256: str  # of the interactions file
    said: str  # one line: what was read as what
    notes: tuple[str, ...]  # what was left out, and how many


def load(interactions: Path, attributes: Path | None = None) -> Sequences:
    """The histories of a file, packed or plain, with the attributes of its items where a file of them is given.

    Raises DataError naming the file, the line and what is wrong there.
    """
    source = Source.of_path(interactions, INTERACTIONS)
    log = event_logs.read(source)
    ids, histories = _histories(log)
    users = list(dict.fromkeys(log.users.tolist()))
    _check_size(source.name, len(users), len(ids))
    found = from_sequences(histories, len(ids))
    return Sequences(
        _bare(interactions),
        found,
        tuple(log.user_ids[user] for user in users),
        ids,
        None if attributes is None else _read_attributes(attributes, ids),
        source.sha256(),
        f"{interactions.name}: read as {log.said}; {len(users):,} users, {len(ids):,} items, "
        f"{len(found.items):,} events",
        tuple(log.notes),
    )


def _bare(path: Path) -> str:
    """The file's name without the endings that say its form."""
    while path.suffix.lower() in _SUFFIXES and path.stem:
        path = path.with_suffix("")
    return path.name


def _histories(log: Log) -> tuple[tuple[str, ...], list[Rows]]:
    """The ids of items that occur, sorted, and each user's rows of them in order: of time, then of the file."""
    there = np.unique(log.items)
    ids = [log.item_ids[code] for code in there.tolist()]
    places = sorted(range(len(ids)), key=lambda place: _by_size(ids[place]))
    row_of = np.zeros(int(there.max(initial=0)) + 1, np.int32)
    row_of[there[places]] = np.arange(len(ids), dtype=np.int32)
    first_seen = _first_seen(log.users)
    order = np.lexsort((first_seen,) if log.times is None else (log.times, first_seen))  # the last key sorts first
    starts = np.flatnonzero(np.diff(first_seen[order])) + 1
    return tuple(ids[place] for place in places), np.split(row_of[log.items[order]], starts)


def _first_seen(users: Rows) -> Rows:
    """The users numbered by where each comes first, (m,)."""
    _, first, inverse = np.unique(users, return_index=True, return_inverse=True)
    return np.asarray(np.argsort(np.argsort(first))[inverse], np.int32)


def _by_size(item: str) -> tuple[bool, int, str]:
    number = item.isascii() and item.isdigit() and len(item) <= MAX_DIGITS
    return not number, int(item) if number else 0, item


def _check_size(name: str, users: int, items: int) -> None:
    for what, count in (("user", users), ("item", items)):
        if count < 2:
            raise DataError(
                f"{name} has one {what} only",
                allowed=f"at least 2 {what}s",
                remedy="give a file in which there is something to compare",
            )


def _read_attributes(path: Path, item_ids: tuple[str, ...]) -> sparse.csr_array:
    """(n_items, n_attributes) from a JSON object of item id -> list of attributes."""
    name, table = _attribute_table(path)
    row_of = {item: row for row, item in enumerate(item_ids)}
    code_of: dict[str, int] = {}
    rows: list[int] = []
    codes: list[int] = []
    for place, (item, names) in enumerate(table.items(), start=1):
        if not isinstance(names, list) or not all(isinstance(each, int | str | Decimal) for each in names):
            raise DataError(
                f"{name}: entry {place} has no list of attributes",
                allowed="a list of texts or numbers",
                remedy='write {"12": [3, 4], ...}',
            )
        row = row_of.get(item, row_of.get(without_point(item)))
        if row is None:
            continue  # an item that nobody took
        for each in dict.fromkeys(map(str, names)):
            rows.append(row)
            codes.append(code_of.setdefault(each, len(code_of)))
    if not rows:
        raise DataError(
            f"{name} has no attribute of any item of the interactions",
            allowed="the same item ids, letter by letter",
            remedy="give the attributes of the same data set, or leave them out",
        )
    ones = np.ones(len(rows), np.float32)
    found = sparse.csr_array((ones, (rows, codes)), shape=(len(item_ids), len(code_of)))
    found.data[:] = 1.0  # "5" and "5.0" are one item
    return found


def _attribute_table(path: Path) -> tuple[str, dict[str, Any]]:
    source = Source.of_path(path, ATTRIBUTES)
    try:
        table = parsed(text_of(source).whole())
    except JsonError as error:
        raise DataError(
            f"{source.name} is not JSON: {error}",
            allowed=ATTRIBUTES_ALLOWED,
            remedy="check that this is the right file",
        ) from error
    if not isinstance(table, dict):
        raise DataError(
            f"{source.name} holds a {type(table).__name__}",
            allowed=ATTRIBUTES_ALLOWED,
            remedy="check that this is the right file",
        )
    return source.name, table
