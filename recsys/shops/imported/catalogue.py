"""A product catalogue as a shop ships it: JSON files of nested product objects, or tables; plain, gzipped or zipped.

Nothing here knows any one shop: fields are found by the names that shops and feeds commonly give them (schema.org
Product, Google product feeds, Icecat), whatever is left over is an attribute.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import fingerprint
from recsys.errors import DataError
from recsys.files.bounds import CATALOGUE, MAX_MEMBERS, MAX_PRODUCTS, Watch
from recsys.files.json_text import JsonError, parsed
from recsys.files.source import Source, opened, readable, unreadable
from recsys.files.text import decoded, encoding_name, encoding_of
from recsys.shops.imported import product_tables
from recsys.shops.imported.prices import amount, decimal_of
from recsys.shops.imported.product_fields import Product, product_of

JSON_SUFFIXES: Final = (".json", ".jsonl", ".ndjson", ".json.gz", ".jsonl.gz", ".ndjson.gz", ".zip")
TABLE_SUFFIXES: Final = (".csv", ".tsv", ".csv.gz", ".tsv.gz", ".csv.zip", ".tsv.zip")
EXAMPLE: Final = (
    'a list, or one object per line, of products such as {"id": "7", "title": "Red lamp", "brand": "Acme"}; or '
    "CSV with the columns id,title and others"
)
_JSON: Final = re.compile(r"\.(json|jsonl|ndjson)$")
_TABLE: Final = re.compile(r"\.(csv|tsv)$")
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
    prices: npt.NDArray[np.float64]  # (n,) in the shop's own unit
    fingerprint: str  # of the files
    notes: tuple[str, ...]  # what was left out, and how many
    said: str = ""  # one line: what was read as what

    def __len__(self) -> int:
        return len(self.ids)

    def by_id(self) -> SearchCatalogue:
        """The same products in the order of their ids: then nothing that rows decide depends on that of the file."""
        order = sorted(range(len(self)), key=self.ids.__getitem__)
        columns = ("ids", "titles", "brands", "categories", "descriptions", "attributes", "images")
        moved: dict[str, Any] = {name: tuple(getattr(self, name)[row] for row in order) for name in columns}
        return replace(self, **moved, prices=self.prices[order], fingerprint=fingerprint(self.fingerprint, "by id"))

    def attribute_texts(self) -> list[str]:
        """All attributes of each product as one text: "cable length 3, colour black"."""
        return [", ".join(f"{name} {value}" for name, value in pairs) for pairs in self.attributes]


def load(folder: Path) -> SearchCatalogue:
    """The products of all files in `folder` (or of one file), in the order of file names and within each file.

    Of products with one id the first is kept; products without an id or any text are left out; both are counted in
    `notes`. Raises DataError naming the file and what is wrong there: not JSON, not products, damaged, too large.
    """
    sources = [Source.of_path(path, CATALOGUE) for path in _files(folder)]
    products: dict[str, Product] = {}
    encodings: dict[str, None] = {}
    repeated = unusable = 0
    watch = Watch(CATALOGUE)  # one for all files together
    for source in sources:
        for document in _documents(source, watch, encodings):
            for raw in document:
                product = product_of(raw)
                if product is None:
                    unusable += 1
                elif products.setdefault(product.id, product) is not product:
                    repeated += 1
                if len(products) > MAX_PRODUCTS:
                    raise DataError(f"{folder} has more than {MAX_PRODUCTS:,} products", remedy="give a part of them")
    if not products:
        raise DataError(
            f"{readable(folder)} has no product with an id and a title ({unusable} objects without)",
            allowed=EXAMPLE,
            remedy="check that this is a catalogue",
        )
    notes = [f"{repeated:,} products repeat an id; the first of each was kept"] if repeated else []
    notes += [f"{unusable:,} objects without an id or any text were left out"] if unusable else []
    how = f"{' and '.join(encodings)}, {len(sources):,} {'file' if len(sources) == 1 else 'files'}"
    return of_products(
        folder.name, list(products.values()), fingerprint(*(source.sha256() for source in sources)), notes, how
    )


def of_products(
    name: str, products: list[Product], mark: str = "", notes: list[str] | None = None, how: str = ""
) -> SearchCatalogue:
    """The catalogue of these products; `mark` is what identifies their source, `how` how that was read."""
    decimal = decimal_of(product.priced for product in products)
    prices = np.array([amount(product.priced, decimal) for product in products], np.float64)
    unpriced = sum(bool(product.priced) for product in products) - int(np.isfinite(prices).sum())
    lost = [f"{unpriced:,} prices cannot be read or are impossible; these products have none"] if unpriced else []
    cents = {",": ", prices with a decimal comma", ".": ", prices with a decimal point"}.get(decimal or "", "")
    return SearchCatalogue(
        name=name,
        ids=tuple(p.id for p in products),
        titles=tuple(p.title for p in products),
        brands=tuple(p.brand for p in products),
        categories=tuple(p.category for p in products),
        descriptions=tuple(p.description for p in products),
        attributes=tuple(p.attributes for p in products),
        images=tuple(p.image for p in products),
        prices=prices,
        fingerprint=mark,
        notes=tuple((notes or []) + lost),
        said=f"{readable(name)}: read as {how}; {len(products):,} products{cents}" if how else "",
    )


def _files(folder: Path) -> list[Path]:
    try:
        there = sorted(folder.iterdir()) if folder.is_dir() else None
    except (OSError, ValueError) as error:
        raise unreadable(readable(folder), error, "check the path") from error
    if there is None:
        opened(folder).close()  # says what it is, if it is no file
        return [folder]
    tables = [p for p in there if p.name.lower().endswith(TABLE_SUFFIXES) and p.is_file()]
    found = [p for p in there if p.name.lower().endswith(JSON_SUFFIXES) and p not in tables and p.is_file()]
    found = found or tables  # beside JSON files a table is the judgments
    if not found:
        raise DataError(
            f"{folder} holds no catalogue file",
            allowed=f"files that end in {', '.join((*JSON_SUFFIXES, *TABLE_SUFFIXES))}",
            remedy="give the folder in which they lie, or one file",
        )
    if len(found) > MAX_MEMBERS:
        raise DataError(f"{folder} holds {len(found):,} files", allowed=f"at most {MAX_MEMBERS:,}", remedy="join some")
    return found


def _documents(source: Source, watch: Watch, encodings: dict[str, None]) -> Iterator[Iterable[dict[str, Any]]]:
    """The product objects of each file in a file: several in a zip, else one. What they are written in is noted.

    In a zip with JSON files a table is no catalogue, as in a folder.
    """
    for kind in (_JSON, _TABLE):
        found = False
        for name, pieces in source.members(_ending(kind), watch):
            found = True
            said, products = _products(source.name, name, b"".join(pieces))
            encodings.setdefault(said)
            yield products
        if found:
            return


def _products(source: str, name: str, data: bytes) -> tuple[str, Iterable[dict[str, Any]]]:
    """(what a file of the source is written in, the product objects in it)."""
    encoding = encoding_of(source, [data])
    if _is_table(name, data, encoding):
        return product_tables.products(Source.of_bytes(source, data, CATALOGUE), encoding)
    text = "".join(decoded(source, [data], encoding))
    return f"JSON in {encoding_name(encoding)}", _objects(text, source)


def _ending(kind: re.Pattern[str]) -> Callable[[str], bool]:
    return lambda name: kind.search(name.lower()) is not None


def _is_table(name: str, data: bytes, encoding: str) -> bool:
    """Whether it is a table: its name says so, and it does not begin as JSON does."""
    if not _TABLE.search(re.sub(r"\.(gz|zip|bz2|xz)$", "", name.lower())):
        return False
    return not data[:100].decode(encoding, "ignore").lstrip("\ufeff \n\r\t").startswith(("{", "["))


def _objects(text: str, name: str) -> Iterator[dict[str, Any]]:
    """The product objects of one JSON text, a list or lines, out of what wraps them."""
    try:
        found = parsed(text)
    except JsonError as error:
        found = _lines(text, name, error)
    for place, raw in enumerate(_listed(found, name), start=1):
        if not isinstance(raw, dict):
            raise DataError(
                f"{name}: entry {place} is a {type(raw).__name__}",
                allowed=EXAMPLE,
                remedy="check that it lists products",
            )
        inner = next((raw[key] for key in _WRAPPERS if isinstance(raw.get(key), dict)), None)
        yield raw if inner is None else {"id": raw.get("_id", raw.get("id"))} | inner


def _lines(text: str, name: str, error: JsonError) -> list[Any]:
    """One object per line; the first error is said when the text is not that either."""
    found: list[Any] = []
    blank = 0
    for number, line in enumerate(io.StringIO(text), start=1):
        if line.isspace():
            blank += 1
            if blank > CATALOGUE.blank_lines + 2 * (number - blank):
                raise DataError(f"{name} has more than {CATALOGUE.blank_lines:,} blank lines", remedy="remove them")
            continue
        try:
            found.append(parsed(line))
        except JsonError as in_line:
            what = f"line {number}: {in_line}" if found else str(error)
            raise DataError(f"{name} is not JSON: {what}", allowed=EXAMPLE, remedy="check the file") from error
    return found


def _listed(found: Any, name: str) -> list[Any]:
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
    raise DataError(
        f"{name} holds a {type(found).__name__} that lists no products",
        allowed=EXAMPLE,
        remedy="check that this is a catalogue",
    )
