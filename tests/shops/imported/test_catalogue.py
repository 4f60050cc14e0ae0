"""A catalogue as a shop ships it, read strictly and bounded."""

from __future__ import annotations

import gzip
import json
import math
import time
import zipfile
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.errors import DataError
from recsys.files.bounds import CATALOGUE
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
        ("a.json", b"[1, 2]", "entry 1 is a int"),
        ("a.json", b"\0\0[", "is no text"),
        ("a.json", b"[]", "no product"),
        ("a.json", b"[" * 200_000, "nested too deeply"),
        ("a.json", b"[" * 992 + b"]" * 992, "a.json"),
        ("a.json.gz", b"[]", "not gzip"),
        ("a.json.gz", gzip.compress(b"[]" * 999, mtime=0)[:-9], "cut off"),
        ("a.json.zip", b"PK\x03\x04", "no zip file"),
        ("a.txt", b"[]", "no catalogue file"),
    ],
)
def test_what_cannot_be_read_is_named_with_its_reason(tmp_path: Path, name: str, content: bytes, why: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(DataError, match=why):
        search_catalogue.load(tmp_path)


def test_a_zip_bomb_is_stopped_while_it_unpacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(search_catalogue, "CATALOGUE", replace(CATALOGUE, bytes=3_000_000))
    with pytest.raises(DataError, match="larger than 3 MB, unpacked"):
        search_catalogue.load(written(tmp_path, "a.json.zip", " " * 4_000_000))


def test_the_catalogue_of_an_electronics_shop_is_read_as_it_ships() -> None:
    folder = PROJECT.parent / "shared" / "data" / "icecat_electronics"
    if not folder.is_dir():
        pytest.skip("needs ../shared/data/icecat_electronics")
    found = search_catalogue.load(folder / "products-1.json.zip")
    assert len(found) == 5000
    assert all(found.titles)
    assert all(found.brands)


def test_what_html_says_is_text_and_what_a_browser_hides_is_none() -> None:
    found = product_of({
        "id": "003", "title": "K&ouml;lner Bl&uuml;tenhonig 500 g",
        "description": "<p>Mild&nbsp;honey &amp; cr&egrave;me</p><style>p{color:red}</style><script>x<y</script>",
        "brand": "Caf&amp;eacute; 5 < 6 & AT&T",
    })  # fmt: skip
    assert found is not None
    assert (found.title, found.description) == ("Kölner Blütenhonig 500 g", "Mild honey & crème")
    assert found.brand == "Café 5 < 6 & AT&T"


@pytest.mark.parametrize("text", ["<a " * 6_000, "<!--" * 5_000, "<a b='" * 3_000, "<style>" * 2_800, "&lt;" * 5_000])
def test_broken_markup_takes_no_longer_than_other_text(text: str) -> None:
    started = time.process_time()
    product_of({"id": "1", "title": "x", "description": text})
    assert time.process_time() - started < 1


def test_prices_of_every_country_are_read(tmp_path: Path) -> None:
    written_as = {
        "1.234,56 €": 1234.56, "2,49 €": 2.49, "CHF 1'234.50": 1234.5, "CHF 1’234.50": 1234.5, "1 234,50 kr": 1234.5,
        "1\u202f234,50\u00a0€": 1234.5, "R$ 1.499.000,00": 1_499_000, "₹ 1,23,456.00": 123_456, "Rs.1499": 1499,
        "kr. 1.299,-": 1299, "£1,249.50": 1249.5, "ab 9,99 €": 9.99, "٣٫٥٠": 3.5, "0.125 €": 0.125, "5.000₫": 5000,
        1_499_000.0: 1_499_000, 12_999.99: 12_999.99, 1.499: 1.499, 7: 7,
    }  # fmt: skip
    products = [{"id": f"{n:03}", "title": "x", "price": price} for n, price in enumerate(written_as)]
    found = search_catalogue.load(written(tmp_path, "a.json", json.dumps(products)))
    assert found.prices.tolist() == pytest.approx(list(written_as.values()))


@pytest.mark.parametrize(("clear", "expected"), [("2,49 €", 1.234), ("2.49 €", 1234.0)])
def test_what_one_price_leaves_open_the_others_decide(tmp_path: Path, clear: str, expected: float) -> None:
    products = [{"id": "1", "title": "x", "price": "1,234 €"}, {"id": "2", "title": "y", "price": clear}]
    found = search_catalogue.load(written(tmp_path, "a.json", json.dumps(products)))
    assert found.prices[0] == pytest.approx(expected)
    assert "prices with a decimal" in found.said


def test_a_price_that_cannot_be_is_none_and_counted(tmp_path: Path) -> None:
    prices = ["9" * 40, 10**400, -5, "on request", 2]
    text = json.dumps([{"id": str(n), "title": "x", "price": price} for n, price in enumerate(prices)])
    found = search_catalogue.load(written(tmp_path, "a.json", text))
    assert np.isnan(found.prices).tolist() == [True, True, True, True, False]
    assert found.notes == ("4 prices cannot be read or are impossible; these products have none",)


def test_ids_keep_all_of_their_digits_and_their_zeros(tmp_path: Path) -> None:
    text = '[{"id": 10012345.0, "title": "a"}, {"id": 10012346.0, "title": "b"}, {"id": "007", "title": "c"},'
    text += (
        '{"id": 7, "title": "d"}, {"id": 12345678901234567890.0, "title": "e"}, {"id": '
        + "9" * 5000
        + ', "title": "f"}]'
    )
    found = search_catalogue.load(written(tmp_path, "a.json", text))
    assert set(found.ids) >= {"10012345", "10012346", "007", "7", "12345678901234567890"}
    assert len(found) == 6


def test_products_can_stand_in_the_order_of_their_ids_whatever_the_file_says(tmp_path: Path) -> None:
    for name, products in (("one", [LAMP, MOUSE]), ("two", [MOUSE, LAMP])):
        (tmp_path / name).mkdir()
        found = search_catalogue.load(written(tmp_path / name, "a.json", json.dumps(products))).by_id()
        assert found.ids == ("7", "8")
        assert found.titles == ("Red lamp", "Wireless mouse")
        assert found.prices[0] == 1995


def test_a_catalogue_in_latin_1_or_utf_16_is_read(tmp_path: Path) -> None:
    for encoding, said in (("latin-1", "Latin-1"), ("utf-16", "UTF-16")):
        (tmp_path / "a.json").write_bytes('[{"id": "1", "title": "Käse"}]'.encode(encoding))
        found = search_catalogue.load(tmp_path)
        assert found.titles == ("Käse",)
        assert said in found.said


def test_damaged_lzma_within_a_zip_is_said(tmp_path: Path) -> None:
    path = tmp_path / "a.json.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("inner.json", json.dumps([LAMP, MOUSE]) * 50)
    data = bytearray(path.read_bytes())
    for place in range(60, 120):
        data[place] ^= 0x5A
    path.write_bytes(bytes(data))
    with pytest.raises(DataError, match=r"a\.json\.zip cannot be read"):
        search_catalogue.load(tmp_path)


TABLE = (
    'Product ID;Title;Brand;Category;Price;Wattage\n007;"Lamp; red";Acme;Lamps;"1.234,50 €";60 W\n8;Desk;;;12,00 €;\n'
)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_a_table_is_a_catalogue(tmp_path: Path, encoding: str) -> None:
    path = tmp_path / "products.csv"
    path.write_bytes(TABLE.replace("\n", "\r\n").encode(encoding))
    found = search_catalogue.load(path)
    assert (found.ids, found.titles, found.brands) == (("007", "8"), ("Lamp; red", "Desk"), ("Acme", ""))
    assert found.categories == ("Lamps", "")
    assert found.prices.tolist() == [1234.5, 12.0]
    assert found.attributes[0] == (("wattage", "60 W"),)
    assert "a table separated by semicolons" in found.said


def test_a_table_without_ids_numbers_its_rows_and_says_so(tmp_path: Path) -> None:
    (tmp_path / "products.tsv").write_text("name\tbrand\nRed lamp, 24 inch\tAcme\nDesk\tZenith\n")
    found = search_catalogue.load(tmp_path)
    assert (found.ids, found.titles) == (("1", "2"), ("Red lamp, 24 inch", "Desk"))
    assert "its rows numbered" in found.said


def test_beside_json_files_a_table_is_no_catalogue(tmp_path: Path) -> None:
    (tmp_path / "judgments.csv").write_text("query,docid,rating\nlamp,7,3\n")
    (tmp_path / "products.json").write_text('[{"id": "7", "title": "Lamp"}]')
    assert search_catalogue.load(tmp_path).ids == ("7",)
    with zipfile.ZipFile(tmp_path / "all.zip", "w") as archive:
        for name in ("judgments.csv", "products.json"):
            archive.write(tmp_path / name, name)
    assert search_catalogue.load(tmp_path / "all.zip").ids == ("7",)


def test_a_table_that_names_no_title_is_refused_in_words(tmp_path: Path) -> None:
    (tmp_path / "judgments.csv").write_text("query,docid,rating\nlamp,7,3\n")
    with pytest.raises(DataError, match="no column that is known as the title's"):
        search_catalogue.load(tmp_path)
