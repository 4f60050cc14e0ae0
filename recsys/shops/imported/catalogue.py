"""A product catalogue as a shop ships it: a folder of JSON files, plain, gzipped or zipped, of nested product objects.

Nothing here knows any one shop: fields are found by the names that shops and feeds commonly give them (schema.org
Product, Google product feeds, Icecat), whatever is left over is an attribute.
"""

from __future__ import annotations

import gzip
import json
import re
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, Final

import numpy as np

from recsys.artifacts import file_sha256, fingerprint
from recsys.errors import DataError
from recsys.schema import Floats
from recsys.shops.imported.product_fields import Product, product_of

SUFFIXES: Final = (
    ".json",
    ".jsonl",
    ".ndjson",
    ".json.gz",
    ".jsonl.gz",
    ".ndjson.gz",
    ".json.zip",
    ".jsonl.zip",
    ".zip",
)
MAX_FILES: Final = 10_000
MAX_BYTES: Final = 2_000_000_000  # of JSON, unpacked, in all: about 5 million products, beyond what exact search serves
MAX_PRODUCTS: Final = 2_000_000
LARGEST_READ: Final = 2**20  # bytes unpacked at a time: a bomb is noticed before it fills the memory
EXAMPLE: Final = 'a list, or one object per line, of products such as {"id": "7", "title": "Red lamp", "brand": "Acme"}'
_UNREADABLE: Final = (OSError, EOFError, zlib.error, zipfile.BadZipFile, NotImplementedError, RuntimeError,
                      UnicodeDecodeError)  # fmt: skip
_LISTS: Final = ("products", "items", "data", "results", "docs", "hits", "catalog", "catalogue", "records", "rows")
_WRAPPERS: Final = ("_source", "product", "item", "doc", "node")


@dataclass(frozen=True, slots=True, eq=False)
class SearchCatalogue:
    """Products by row, every column of length n, missing text "" and missing price NaN."""

    name: str
    ids: tuple[str, ...]
    titles: tuple[str, ...]
    brands: tuple[str, ...]
    categories: tuple[str, ...]  # category and product type as the shop gives them, " > " between
    descriptions: tuple[str, ...]
    attributes: tuple[tuple[tuple[str, str], ...], ...]  # (name, value) pairs
    images: tuple[str, ...]
    prices: Floats  # (n,) in the shop's own unit
    fingerprint: str  # of the files
    notes: tuple[str, ...]  # what was left out, and how many

    def __len__(self) -> int:
        return len(self.ids)

    def attribute_texts(self) -> list[str]:
        """All attributes of each product as one text: "cable length 3.0, colour black"."""
        return [", ".join(f"{name} {value}" for name, value in pairs) for pairs in self.attributes]


def load(folder: Path) -> SearchCatalogue:
    """The products of all files in `folder` (or of one file), in the order of file names and within each file.

    Of products with one id the first is kept; products without an id or any text are left out; both are counted in
    `notes`. Raises DataError naming the file and what is wrong there: not JSON, not products, damaged, too large.
    """
    paths = _files(folder)
    products: dict[str, Product] = {}
    repeated = unusable = 0
    budget = _Budget(MAX_BYTES)
    for path in paths:
        for document in _documents(path, budget):
            for raw in _objects(document, path):
                product = product_of(raw)
                if product is None:
                    unusable += 1
                elif products.setdefault(product.id, product) is not product:
                    repeated += 1
                if len(products) > MAX_PRODUCTS:
                    raise DataError(f"{folder} has more than {MAX_PRODUCTS:,} products", remedy="give a part of them")
    if not products:
        raise DataError(
            f"{folder} has no product with an id and a title ({unusable} objects without)",
            allowed=EXAMPLE,
            remedy="check that this is a catalogue",
        )
    notes = [f"{repeated:,} products repeat an id; the first of each was kept"] if repeated else []
    notes += [f"{unusable:,} objects without an id or any text were left out"] if unusable else []
    return of_products(folder.name, list(products.values()), fingerprint(*(file_sha256(p) for p in paths)), notes)


def of_products(name: str, products: list[Product], mark: str = "", notes: list[str] | None = None) -> SearchCatalogue:
    """The catalogue of these products; `mark` is what identifies their source."""
    return SearchCatalogue(
        name=name,
        ids=tuple(p.id for p in products),
        titles=tuple(p.title for p in products),
        brands=tuple(p.brand for p in products),
        categories=tuple(p.category for p in products),
        descriptions=tuple(p.description for p in products),
        attributes=tuple(p.attributes for p in products),
        images=tuple(p.image for p in products),
        prices=np.array([p.price for p in products], np.float32),
        fingerprint=mark,
        notes=tuple(notes or ()),
    )


@dataclass(slots=True)
class _Budget:
    """How many unpacked bytes may still be read; what an archive claims of its sizes is never believed."""

    left: int

    def read(self, handle: IO[bytes] | gzip.GzipFile, path: Path) -> bytes:
        parts = []
        while part := handle.read(LARGEST_READ):
            self.left -= len(part)
            if self.left < 0:
                raise DataError(
                    f"{path} and the files before it hold more than {MAX_BYTES // 10**6:,} MB, unpacked",
                    remedy="give a part of the catalogue",
                )
            parts.append(part)
        return b"".join(parts)


def _files(folder: Path) -> list[Path]:
    if folder.is_file():
        return [folder]
    if not folder.is_dir():
        raise DataError(f"there is no folder {folder}", remedy="check the path")
    found = sorted(p for p in folder.iterdir() if p.is_file() and p.name.lower().endswith(SUFFIXES))
    if not found:
        raise DataError(
            f"{folder} holds no catalogue file",
            allowed=f"files that end in {', '.join(SUFFIXES)}",
            remedy="give the folder in which the JSON files lie",
        )
    if len(found) > MAX_FILES:
        raise DataError(f"{folder} holds {len(found):,} files", allowed=f"at most {MAX_FILES:,}", remedy="join some")
    return found


def _documents(path: Path, budget: _Budget) -> Iterator[str]:
    """The text of each JSON file in a file: several in a zip, else one."""
    try:
        if path.name.lower().endswith(".zip"):
            with zipfile.ZipFile(path) as archive:
                members = [m for m in archive.infolist() if re.search(r"\.(json|jsonl|ndjson)$", m.filename.lower())]
                for member in [m for m in members if not m.filename.startswith("__MACOSX")][:MAX_FILES]:
                    with archive.open(member) as handle:
                        yield budget.read(handle, path).decode("utf-8-sig")
        else:
            with gzip.open(path) if path.suffix.lower() == ".gz" else path.open("rb") as handle:
                yield budget.read(handle, path).decode("utf-8-sig")
    except _UNREADABLE as error:
        raise _unreadable(path, error) from error


def _unreadable(path: Path, error: Exception) -> DataError:
    reasons: list[tuple[type[Exception], str]] = [
        (EOFError, "it ends too early: the download or the copy was cut off"),
        (zipfile.BadZipFile, "it is no zip file, or it is damaged"),
        (gzip.BadGzipFile, "it is not gzip, or it is damaged"),
        (zlib.error, "it is damaged"),
        (UnicodeDecodeError, "it is no UTF-8 text"),
        (NotImplementedError, "it is packed in a way that this Python cannot unpack"),
        (RuntimeError, "it is locked with a password"),
    ]
    why = next(
        (reason for kind, reason in reasons if isinstance(error, kind)), getattr(error, "strerror", None) or str(error)
    )
    return DataError(f"{path} cannot be read: {why}", remedy="fetch it again, or give another file")


def _objects(text: str, path: Path) -> Iterator[dict[str, Any]]:
    """The product objects of one JSON text, a list or lines, out of what wraps them."""
    try:
        found = json.loads(text)
    except RecursionError as error:
        raise DataError(f"{path} is nested too deeply", allowed=EXAMPLE, remedy="check the file") from error
    except ValueError as error:
        found = _lines(text, path, error)
    for raw in _listed(found, path):
        if not isinstance(raw, dict):
            raise DataError(f"{path} lists {str(raw)[:60]!r}", allowed=EXAMPLE, remedy="check that it lists products")
        inner = next((raw[key] for key in _WRAPPERS if isinstance(raw.get(key), dict)), None)
        yield raw if inner is None else {"id": raw.get("_id", raw.get("id"))} | inner


def _lines(text: str, path: Path, error: ValueError) -> list[Any]:
    """One object per line; the first error is said when the text is not that either."""
    found = []
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            found.append(json.loads(line))
        except (ValueError, RecursionError) as in_line:
            what = str(error) if number == 1 else f"line {number}: {in_line}"
            raise DataError(f"{path} is not JSON: {what[:120]}", allowed=EXAMPLE, remedy="check the file") from error
    return found


def _listed(found: Any, path: Path) -> list[Any]:
    if isinstance(found, list):
        return found
    if isinstance(found, dict):
        for key in _LISTS:
            inner = found.get(key)
            if isinstance(inner, dict) and isinstance(inner.get("hits"), list):
                inner = inner["hits"]
            if isinstance(inner, list):
                return inner
        if product_of(found) is not None:
            return [found]
        if found and all(isinstance(value, dict) for value in found.values()):  # {"7": {"title": ...}, ...}
            return [{"id": key} | value for key, value in found.items()]
    raise DataError(f"{path} holds {str(found)[:60]!r}", allowed=EXAMPLE, remedy="check that this is a catalogue")
