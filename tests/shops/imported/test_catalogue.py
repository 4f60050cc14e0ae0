"""A catalogue as a shop ships it, read strictly and bounded."""

from __future__ import annotations

import gzip
import json
import math
import zipfile
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import DataError
from recsys.settings import PROJECT
from recsys.shops.imported import catalogue as search_catalogue
from recsys.shops.imported.product_fields import product_of

LAMP: dict[str, Any] = {"id": "7", "title": "Red lamp", "supplier": "Acme", "price": 1995, "attr_t_colour": "Red",
                        "attr_n_cable_length": 3.0, "attr_b_dimmable": True, "img_high": "//x.eu/7.jpg"}  # fmt: skip
MOUSE: dict[str, Any] = {"id": 8, "title": "Wireless mouse", "category": ["Computers", "Mice"]}


def written(folder: Path, name: str, text: str) -> Path:
    """A folder with one file of that text, packed as its name says."""
    path = folder / name
    if name.endswith(".zip"):
        with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("inner.json", text)
    else:
        path.write_bytes(gzip.compress(text.encode()) if name.endswith(".gz") else text.encode())
    return folder


@pytest.mark.parametrize("name", ["a.json", "a.json.gz", "a.json.zip"])
def test_a_list_of_products_is_read_plain_gzipped_or_zipped(tmp_path: Path, name: str) -> None:
    found = search_catalogue.load(written(tmp_path, name, json.dumps([LAMP, MOUSE])))
    assert found.ids == ("7", "8")
    assert found.titles == ("Red lamp", "Wireless mouse")
    assert found.brands == ("Acme", "")
    assert found.categories == ("", "Computers > Mice")
    assert found.attributes[0] == (("colour", "Red"), ("cable length", "3"), ("dimmable", "yes"))
    assert found.images[0] == "//x.eu/7.jpg"
    assert found.prices[0] == 1995
    assert math.isnan(found.prices[1])


@pytest.mark.parametrize(
    "text",
    [
        json.dumps(LAMP) + "\n\n" + json.dumps(MOUSE) + "\n",
        json.dumps({"products": [LAMP, MOUSE]}),
        json.dumps({"hits": {"hits": [{"_id": "7", "_source": LAMP}, {"_id": "8", "_source": MOUSE}]}}),
        json.dumps({"7": LAMP, "8": MOUSE}),
        "\ufeff" + json.dumps([LAMP, MOUSE]),
    ],
)
def test_lines_wrapped_lists_and_a_byte_order_mark_are_read_too(tmp_path: Path, text: str) -> None:
    assert search_catalogue.load(written(tmp_path, "a.json", text)).ids == ("7", "8")


def test_nested_fields_of_another_shop_are_found_by_their_common_names() -> None:
    found = product_of({
        "@type": "Product", "sku": "A1", "productName": "Oak desk", "brand": {"name": "Wood & Co"},
        "categoryPath": ["Home", "Desks"], "description": "<p>Solid <b>oak</b></p>", "offers": {"price": "1,249.50"},
        "attributes": [{"name": "Width", "value": "120 cm"}], "specs": {"surface": "oiled"},
    })  # fmt: skip
    assert found is not None
    assert (found.id, found.title, found.brand, found.category) == ("A1", "Oak desk", "Wood & Co", "Home > Desks")
    assert found.description == "Solid oak"
    assert found.price == 1249.5
    assert set(found.attributes) == {("width", "120 cm"), ("surface", "oiled")}


ANYTHING = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(), inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(st.sampled_from(["id", "title", "brand", "price", "attributes", "x"]), ANYTHING))
def test_any_object_is_a_product_or_none(raw: dict[str, Any]) -> None:
    found = product_of(raw)
    assert found is None or (found.id and found.title)


def test_repeated_ids_and_objects_without_one_are_counted_and_said(tmp_path: Path) -> None:
    found = search_catalogue.load(
        written(tmp_path, "a.json", json.dumps([LAMP, LAMP | {"title": "B"}, {"title": "C"}]))
    )
    assert found.titles == ("Red lamp",)
    assert found.notes == (
        "1 products repeat an id; the first of each was kept",
        "1 objects without an id or any text were left out",
    )


@pytest.mark.parametrize(
    ("name", "content", "why"),
    [
        ("a.json", b"[{", "is not JSON"),
        ("a.json", b"[1, 2]", "lists '1'"),
        ("a.json", b"\xff\xfe[", "no UTF-8"),
        ("a.json", b"[]", "no product"),
        ("a.json", b"[" * 200_000, "nested too deeply"),
        ("a.json.gz", b"[]", "not gzip"),
        ("a.json.gz", gzip.compress(b"[]" * 999)[:-9], "cut off"),
        ("a.json.zip", b"PK\x03\x04", "no zip file"),
        ("a.txt", b"[]", "no catalogue file"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=why):
        search_catalogue.load(tmp_path)


def test_a_zip_bomb_is_stopped_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_catalogue, "MAX_BYTES", 3_000_000)
    with pytest.raises(DataError, match="more than 3 MB, unpacked"):
        search_catalogue.load(written(tmp_path, "a.json.zip", " " * 4_000_000))


def test_the_catalogue_of_an_electronics_shop_is_read_as_it_ships() -> None:
    folder = PROJECT.parent / "shared" / "data" / "icecat_electronics"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/icecat_electronics")
    found = search_catalogue.load(folder / "products-1.json.zip")
    assert len(found) == 5000
    assert all(found.titles)
    assert all(found.brands)
