"""Every reader of files that people bring, by name, each with contents that it takes."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

import pandas as pd

from recsys.datasets import sequences
from recsys.evaluation.search import judgments, lab_sets
from recsys.shops.imported import catalogue

Reader = Callable[[Path], Any]
HISTORIES: Final = b"7 12 5 90\n3 5 12\n9 12 90 5\n"
LOG: Final = "user;item;time;event\r\nJosé;007;2026-01-02;view\r\nJosé;7;2026-01-01;buy\r\nAna;7;03.02.2026;\r\n"
JSON_LOG: Final = b'{"user": "a", "item": 7.0, "ts": 3}\n{"user": "b", "item": "007", "ts": 1e3, "x": [{"y": 1}]}\n'
ATTRIBUTES: Final = json.dumps({"12": [4, "red"], "5": ["x"], "90": [4]}).encode()
JUDGED: Final = b'query,docid,rating\n"lamp, red",007,3\ndesk,2,1.0\ndesk,3,\nsofa,10012345.0,0\n'
JSON_JUDGED: Final = b'{"query": "lamp", "docid": "007", "rating": 3}\n{"query": "lamp", "docid": 2.0, "rating": "1"}\n'
QRELS: Final = b"desk%20lamp 0 1 3\ndesk lamp 0 2 0\nsofa 0 x,y 1\n"
PRODUCTS: Final = [
    {
        "id": "007",
        "title": "K&ouml;ln &lt;b&gt;lamp",
        "price": "1.234,56 €",
        "tags": [["a"], {"name": "w", "value": 3.5}],
    },
    {"id": 8.0, "title": "Desk", "description": "<p>Oak<style>p{}</style>", "price": 12.5, "brand": {"name": "Acme"}},
]
TABLE: Final = "sku,Title,Brand,price,Size\n007,Lamp &amp; desk,Acme,12.50,3 l\n8,<b>Desk</b>,,1e400,\n"


def _attributes(path: Path) -> Any:
    histories = path.with_name("histories.txt")
    histories.write_bytes(HISTORIES)
    return sequences.load(histories, path)


def _parquet() -> bytes:
    out = io.BytesIO()
    frame = pd.DataFrame({"user": ["a", "a", "b"], "item": [1.0, None, 3.0], "time": [3, 2, 1]})
    frame.to_parquet(out)
    return out.getvalue()


def _zip(content: bytes, method: int) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", method) as archive:
        archive.writestr("inner.json", content)
    return out.getvalue()


_JSON: Final = json.dumps(PRODUCTS).encode()
READERS: Final[dict[str, tuple[Reader, str, list[bytes]]]] = {
    "interactions": (
        sequences.load,
        "log.txt",
        [
            HISTORIES,
            LOG.encode(),
            LOG.encode("latin-1"),
            LOG.encode("utf-16"),
            gzip.compress(HISTORIES),
            _parquet(),
            JSON_LOG,
        ],
    ),
    "attributes": (_attributes, "attributes.json", [ATTRIBUTES, gzip.compress(ATTRIBUTES)]),
    "judgments": (
        judgments.load,
        "judged.csv",
        [
            JUDGED,
            QRELS,
            JSON_JUDGED,
            JUDGED.replace(b",", b"\t"),
            JUDGED.decode().encode("utf-16"),
            gzip.compress(JUDGED),
        ],
    ),
    "uploaded judgments": (
        lambda path: lab_sets.read_judgments(path.name, path.read_bytes(), {"007", "2", "1", "10012345"}),
        "judged.csv",
        [JUDGED, QRELS],
    ),
    "queries": (
        lambda path: lab_sets.read_queries(path.name, path.read_bytes()),
        "queries.txt",
        ["Milk\r\n\r\ncafé\n".encode(), "Milk\ncafé\n".encode("latin-1")],
    ),
    "catalogue": (
        catalogue.load,
        "products.json",
        [_JSON, b"\n".join(json.dumps(product).encode() for product in PRODUCTS), gzip.compress(_JSON)],
    ),
    "table of products": (
        catalogue.load,
        "products.csv",
        [TABLE.encode(), TABLE.replace(",", "\t").encode("utf-16"), gzip.compress(TABLE.encode())],
    ),
    "packed catalogue": (
        catalogue.load,
        "products.json.zip",
        [_zip(_JSON * 1, method) for method in (zipfile.ZIP_DEFLATED, zipfile.ZIP_LZMA, zipfile.ZIP_BZIP2)],
    ),
}
