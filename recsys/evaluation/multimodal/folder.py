"""A folder of products with pictures: styles.csv, and images.tar or images/, each picture named by its product's id."""

from __future__ import annotations

import csv
import hashlib
import tarfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.errors import DataError
from recsys.files.bounds import MB
from recsys.files.pictures import MAX_BYTES, RGB, read_picture

TABLE: Final = "styles.csv"
ARCHIVE: Final = "images.tar"
FOLDER: Final = "images"
TITLE: Final = "productDisplayName"
# What products are described by; the year says when they were photographed.
ATTRIBUTES: Final = ("gender", "masterCategory", "subCategory", "articleType", "baseColour", "season", "usage")
COLUMNS: Final = ("id", *ATTRIBUTES, TITLE)
MAX_TABLE: Final = 200 * MB
FORM: Final = f"a folder with {TABLE} ({', '.join(COLUMNS)}) and {ARCHIVE} or {FOLDER}/ with <id>.jpg"
REMEDY: Final = "name another folder with --pictures"
TEST_ONE_IN: Final = 4


@dataclass(frozen=True, slots=True, eq=False)
class Products:
    """Products by id, as text; `columns` has the attributes and the title, "" where there is none."""

    ids: tuple[str, ...]
    columns: dict[str, npt.NDArray[np.str_]]
    notes: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.ids)

    def take(self, rows: npt.NDArray[np.int64]) -> Products:
        """Some of them."""
        return Products(
            tuple(self.ids[row] for row in rows), {name: each[rows] for name, each in self.columns.items()}, self.notes
        )


def read_products(folder: Path) -> Products:
    """The table, sorted by id. A title with commas that nobody quoted is put together again.

    Raises DataError for a folder without the table or pictures, for a missing column and for a table without products.
    """
    table = folder / TABLE
    try:
        if not table.is_file():
            raise DataError(f"{folder.name or folder} has no {TABLE}", allowed=FORM, remedy=REMEDY)
        if table.stat().st_size > MAX_TABLE:
            raise DataError(f"{TABLE} has {table.stat().st_size / MB:.0f} MB", allowed=f"{MAX_TABLE // MB} MB")
        text = table.read_text(encoding="utf-8-sig", errors="replace")
    except OSError as error:
        raise DataError(f"{TABLE} cannot be read: {error.strerror}", allowed=FORM, remedy=REMEDY) from error
    if not (folder / ARCHIVE).is_file() and not (folder / FOLDER).is_dir():
        raise DataError(f"{folder.name or folder} has no pictures", allowed=FORM, remedy=REMEDY)
    try:
        lines = list(csv.reader(text.replace("\0", "").splitlines()))
    except csv.Error as error:
        raise DataError(f"{TABLE} is no table: {error}", allowed=FORM, remedy=REMEDY) from error
    return _products(lines)


def _products(lines: list[list[str]]) -> Products:
    header = [cell.strip() for cell in lines[0]] if lines else []
    if missing := [name for name in COLUMNS if name not in header]:
        raise DataError(f"{TABLE} has no column {', '.join(missing)}", allowed=FORM, remedy=REMEDY)
    place = {name: header.index(name) for name in COLUMNS}
    found: dict[str, list[str]] = {}
    short = twice = joined = 0
    for cells in lines[1:]:
        if len(cells) > len(header) and header[-1] == TITLE:
            cells, joined = [*cells[: len(header) - 1], ",".join(cells[len(header) - 1 :])], joined + 1
        if len(cells) != len(header) or not cells[place["id"]].strip():
            short += bool(cells)
            continue
        row = [cells[place[name]].strip() for name in COLUMNS]
        twice += row[0] in found
        found.setdefault(row[0], row)
    if not found:
        raise DataError(f"{TABLE} has no products", allowed=FORM, remedy=REMEDY)
    rows = [found[key] for key in sorted(found)]
    notes = [
        f"{count} rows of {TABLE} {what}"
        for count, what in (
            (joined, "have a title with commas, put together"),
            (short, "have too few or too many cells, or no id; left out"),
            (twice, "bear an id that was there before; left out"),
        )
        if count
    ]
    table = np.array(rows, dtype=np.str_)
    columns = {name: table[:, number] for number, name in enumerate(COLUMNS) if name != "id"}
    return Products(tuple(row[0] for row in rows), columns, tuple(notes))


def pictures(folder: Path, wanted: frozenset[str]) -> Iterator[tuple[str, RGB | None]]:
    """(id, pixels) of the products wanted that have a file, each once; None where it is damaged or no picture.

    Raises DataError when the archive cannot be read.
    """
    seen: set[str] = set()
    for name, content in _files(folder, wanted):
        if name in seen:
            continue
        seen.add(name)
        try:
            yield name, read_picture(content).pixels
        except DataError:
            yield name, None


def _files(folder: Path, wanted: frozenset[str]) -> Iterator[tuple[str, bytes]]:
    if not (folder / ARCHIVE).is_file():
        for path in sorted((folder / FOLDER).iterdir()):
            if path.stem in wanted and path.suffix.lower() in {".jpg", ".jpeg", ".png", ".webp"} and path.is_file():
                content = b""
                with suppress(OSError):
                    if path.stat().st_size <= MAX_BYTES:
                        content = path.read_bytes()
                yield path.stem, content
        return
    try:
        with tarfile.open(folder / ARCHIVE, "r:") as archive:
            for member in archive:
                path = Path(member.name)
                if not member.isfile() or path.stem not in wanted:
                    continue
                handle = archive.extractfile(member)  # read here, never written anywhere
                yield path.stem, handle.read() if handle and member.size <= MAX_BYTES else b""
    except (tarfile.TarError, OSError, EOFError) as error:
        raise DataError(f"{ARCHIVE} is damaged: {error}", allowed=FORM, remedy="bring it again") from error


def hashed(identifier: str) -> int:
    """A number of the id that is the same everywhere and always: SHA-256 of its text."""
    return int(hashlib.sha256(identifier.encode()).hexdigest(), 16)


def is_test(identifier: str) -> bool:
    """Whether a product is in the test: a quarter of all, by the hash of the id alone."""
    return hashed(identifier) % TEST_ONE_IN == 0


def is_validation(identifier: str) -> bool:
    """Whether a product that is not in the test is in the part on which settings are chosen: a quarter of those."""
    return hashed(identifier) // TEST_ONE_IN % 4 == 0
