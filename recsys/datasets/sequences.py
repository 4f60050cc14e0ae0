"""Files with one `user item item ...` per line, in order of purchase, and item attributes as JSON.

The format of the standard sequence benchmarks (S3-Rec, Zhou et al., CIKM 2020). Nothing here knows any one data set.
"""

from __future__ import annotations

import gzip
import json
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final, cast

import numpy as np
from scipy import sparse

from recsys.artifacts import file_sha256
from recsys.datasets.interactions import Interactions, Longs, from_sequences
from recsys.errors import DataError

MAX_EVENTS: Final = 50_000_000  # 400 MB as integers: more is a wrong file, or wants another tool than this laptop
MAX_LINE: Final = 5_000_000  # characters: about half a million items of one shopper
MAX_ATTRIBUTE_BYTES: Final = 500_000_000
MAX_DIGITS: Final = 18  # of an id: what int64 holds
EXAMPLE: Final = (
    "one line per user: the user, then the items in order, whole numbers with single spaces, as in `7 12 5 90`"
)


@dataclass(frozen=True, slots=True, eq=False)
class Sequences:
    """The histories of a file, and how its rows turn back into the file's own ids."""

    name: str
    interactions: Interactions
    user_ids: Longs  # (n,)
    item_ids: Longs  # (n_items,) ascending
    attributes: sparse.csr_array | None  # (n_items, n_attributes), 1 where the item has the attribute
    sha256: str  # of the interactions file


def load(interactions: Path, attributes: Path | None = None) -> Sequences:
    """The histories of a file, `.gz` or plain, with the attributes of its items where a file of them is given.

    Raises DataError naming the file, the line and what is wrong there.
    """
    users, sequences = _read_sequences(interactions)
    ids = np.unique(np.concatenate(sequences))
    _check_size(interactions, len(users), len(ids))
    rows = [np.searchsorted(ids, sequence).astype(np.int32) for sequence in sequences]
    table = None if attributes is None else _read_attributes(attributes, ids)
    return Sequences(
        interactions.name.removesuffix(".gz").removesuffix(".txt"),
        from_sequences(rows, len(ids)),
        np.array(users, np.int64),
        ids,
        table,
        file_sha256(interactions),
    )


def _check_size(path: Path, users: int, items: int) -> None:
    for what, count in (("user", users), ("item", items)):
        if count < 2:
            raise DataError(
                f"{path} has one {what} only",
                allowed=f"at least 2 {what}s",
                remedy="give a file in which there is something to compare",
            )


def _read_sequences(path: Path) -> tuple[list[int], list[Longs]]:
    users: list[int] = []
    sequences: list[Longs] = []
    line_of: dict[int, int] = {}
    events = 0
    for number, line in _lines(path):
        user, *items = _whole_numbers(path, number, line)
        if not items:
            raise DataError(
                f"{path} line {number}: user {user} has no items",
                allowed=EXAMPLE,
                remedy="remove the line or add the items",
            )
        if user in line_of:
            raise DataError(
                f"{path} line {number}: user {user} stands on line {line_of[user]} already",
                allowed="one line per user",
                remedy="join the two lines",
            )
        line_of[user] = number
        events += len(items)
        if events > MAX_EVENTS:
            raise DataError(f"{path} has more than {MAX_EVENTS:,} events", remedy="give a sample of its users")
        users.append(user)
        sequences.append(np.array(items, np.int64))
    if not users:
        raise DataError(f"{path} is empty", allowed=EXAMPLE, remedy="check that this is the right file")
    return users, sequences


def _whole_numbers(path: Path, number: int, line: str) -> list[int]:
    if "\t" in line:
        raise DataError(
            f"{path} line {number} holds a tab (after {line.split(chr(9))[0][-20:]!r})",
            allowed=EXAMPLE,
            remedy="replace tabs with single spaces",
        )
    tokens = line.split(" ")
    tokens = [token for token in tokens if token]
    for token in tokens:
        if not (token.isascii() and token.isdigit() and len(token) <= MAX_DIGITS):
            raise DataError(
                f"{path} line {number}: {token[:40]!r} is not a whole number",
                allowed=EXAMPLE,
                remedy="give users and items numbers of 0 and up",
            )
    return [int(token) for token in tokens]


def _lines(path: Path) -> Iterator[tuple[int, str]]:
    """(number, line) of each line that is not blank, read as a stream: what a gzip header claims is never believed."""
    try:
        with _open(path) as handle:
            number = 0
            while line := handle.readline(MAX_LINE + 1):
                number += 1
                if len(line) > MAX_LINE:
                    raise DataError(
                        f"{path} line {number} is longer than {MAX_LINE:,} characters",
                        allowed=EXAMPLE,
                        remedy="check that this is the right file",
                    )
                if line.strip(" \r\n"):
                    yield number, line.strip(" \r\n")
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error


def _open(path: Path) -> IO[str]:
    if path.suffix == ".gz":
        return cast("IO[str]", gzip.open(path, "rt", encoding="utf-8-sig"))
    return path.open(encoding="utf-8-sig")  # a byte order mark is no part of the first number


def _unreadable(path: Path, error: Exception) -> DataError:
    if isinstance(error, FileNotFoundError):
        return DataError(f"there is no file {path}", remedy="check the path")
    if isinstance(error, EOFError):
        why = "it ends too early: the download or the copy was cut off"
    elif isinstance(error, gzip.BadGzipFile | zlib.error):
        why = "it is not gzip, or it is damaged"
    elif isinstance(error, UnicodeDecodeError):
        why = "it is no UTF-8 text"
    else:
        why = getattr(error, "strerror", None) or str(error)
    return DataError(f"{path} cannot be read: {why}", remedy="fetch it again, or give another file")


def _read_attributes(path: Path, item_ids: Longs) -> sparse.csr_array:
    """(n_items, n_attributes) from a JSON object of item id -> list of attributes."""
    table = _attribute_table(path)
    row_of = {int(item): row for row, item in enumerate(item_ids.tolist())}
    code_of: dict[str, int] = {}
    rows: list[int] = []
    codes: list[int] = []
    for item, names in table.items():
        if not isinstance(names, list) or not all(isinstance(name, int | str) for name in names):
            raise DataError(
                f"{path}: item {item[:40]!r} has {str(names)[:60]!r}",
                allowed="a list of attributes",
                remedy='write {"12": [3, 4], ...}',
            )
        row = row_of.get(int(item)) if item.isascii() and item.isdigit() and len(item) <= MAX_DIGITS else None
        if row is None:
            continue  # an item that nobody took
        for name in dict.fromkeys(map(str, names)):
            rows.append(row)
            codes.append(code_of.setdefault(name, len(code_of)))
    if not rows:
        raise DataError(
            f"{path} has no attribute of any item of the interactions",
            allowed="the same item numbers",
            remedy="give the attributes of the same data set, or leave them out",
        )
    ones = np.ones(len(rows), np.float32)
    found = sparse.csr_array((ones, (rows, codes)), shape=(len(item_ids), len(code_of)))
    found.data[:] = 1.0  # "5" and "05" are one item
    return found


def _attribute_table(path: Path) -> dict[str, Any]:
    try:
        with _open(path) as handle:
            text = handle.read(MAX_ATTRIBUTE_BYTES + 1)
        if len(text) > MAX_ATTRIBUTE_BYTES:
            raise DataError(f"{path} is larger than {MAX_ATTRIBUTE_BYTES // 10**6} MB", remedy="give fewer attributes")
        table = json.loads(text)
    except (OSError, EOFError, zlib.error, UnicodeDecodeError) as error:
        raise _unreadable(path, error) from error
    except (ValueError, RecursionError) as error:
        raise DataError(
            f"{path} is not JSON: {str(error)[:120]}",
            allowed='{"item": [attribute, ...], ...}',
            remedy="check that this is the right file",
        ) from error
    if not isinstance(table, dict):
        raise DataError(
            f"{path} holds a {type(table).__name__}",
            allowed='{"item": [attribute, ...], ...}',
            remedy="check that this is the right file",
        )
    return table
