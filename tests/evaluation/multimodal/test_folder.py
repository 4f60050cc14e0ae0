"""Folders of products with pictures: what is read, what is left out and said, what is refused."""

from __future__ import annotations

import io
import tarfile
from pathlib import Path

import numpy as np
import pytest

from recsys.errors import DataError
from recsys.evaluation.multimodal.folder import (
    hashed,
    is_test,
    is_validation,
    pictures,
    read_products,
)
from recsys.files.pictures import jpeg

HEADER = "id,gender,masterCategory,subCategory,articleType,baseColour,season,year,usage,productDisplayName"
ROWS = (
    "7,Men,Apparel,Topwear,Shirts,Blue,Summer,2012,Casual,A blue shirt",
    "12,Women,Footwear,Shoes,Heels,Red,Winter,2012,Party,Heels, red, of leather",
    "30,Men,Apparel,Topwear,Shirts,,Summer,2012,,Another shirt",
)


def written(folder: Path, rows: tuple[str, ...] = ROWS, header: str = HEADER) -> Path:
    (folder / "styles.csv").write_text("\n".join([header, *rows, ""]), encoding="utf-8")
    (folder / "images").mkdir(exist_ok=True)
    return folder


def picture(value: int = 90) -> bytes:
    return jpeg(np.full((40, 30, 3), value, np.uint8))


def test_products_are_read_sorted_by_id_with_titles_put_together(tmp_path: Path) -> None:
    more = ("8,Men,Apparel", "7,Men,Apparel,Topwear,Shirts,Blue,Summer,2012,Casual,A twin", "")
    products = read_products(written(tmp_path, (*ROWS, *more)))
    assert products.ids == ("12", "30", "7")
    assert products.columns["productDisplayName"].tolist() == [
        "Heels, red, of leather",
        "Another shirt",
        "A blue shirt",
    ]
    assert products.columns["baseColour"].tolist() == ["Red", "", "Blue"]
    assert [note.split()[0] for note in products.notes] == ["1", "1", "1"]
    assert "commas" in products.notes[0]
    assert "too few" in products.notes[1]
    assert "there before" in products.notes[2]


def test_columns_may_stand_in_any_order(tmp_path: Path) -> None:
    row = "A shirt,7,Men,Apparel,Topwear,Shirts,Blue,Summer,Casual"
    header = "productDisplayName,id,gender,masterCategory,subCategory,articleType,baseColour,season,usage"
    products = read_products(written(tmp_path, (row,), header))
    assert products.ids == ("7",)
    assert products.columns["usage"].tolist() == ["Casual"]


def test_pictures_of_a_folder_are_read_and_damaged_ones_told(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "images" / "7.jpg").write_bytes(picture())
    (tmp_path / "images" / "12.jpg").write_bytes(b"no picture")
    (tmp_path / "images" / "99.jpg").write_bytes(picture())  # of no product
    (tmp_path / "images" / "30.txt").write_text("x", encoding="utf-8")
    found = dict(pictures(tmp_path, frozenset({"7", "12", "30"})))
    assert set(found) == {"7", "12"}
    assert found["12"] is None
    assert found["7"] is not None
    assert found["7"].shape == (40, 30, 3)


def test_pictures_of_an_archive_are_read_in_place(tmp_path: Path) -> None:
    written(tmp_path)
    with tarfile.open(tmp_path / "images.tar", "w") as archive:
        for name, content in (("images/7.jpg", picture()), ("../12.jpg", picture()), ("images/7.jpg", b"a twin")):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            archive.addfile(member, io.BytesIO(content))
        link = tarfile.TarInfo("images/30.jpg")
        link.type, link.linkname = tarfile.SYMTYPE, "/etc/passwd"
        archive.addfile(link)
    before = sorted(tmp_path.rglob("*"))
    found = dict(pictures(tmp_path, frozenset({"7", "12", "30"})))
    assert set(found) == {"7", "12"}
    assert found["7"] is not None
    assert sorted(tmp_path.rglob("*")) == before  # nothing is unpacked to disk


def test_a_damaged_archive_is_said(tmp_path: Path) -> None:
    written(tmp_path)
    (tmp_path / "images.tar").write_bytes(b"no archive at all" * 100)
    with pytest.raises(DataError, match=r"images\.tar is damaged"):
        list(pictures(tmp_path, frozenset({"7"})))


def test_folders_of_another_form_are_refused(tmp_path: Path) -> None:
    with pytest.raises(DataError, match=r"has no styles\.csv"):
        read_products(tmp_path)
    (tmp_path / "styles.csv").write_text(HEADER, encoding="utf-8")
    with pytest.raises(DataError, match="has no pictures"):
        read_products(tmp_path)
    written(tmp_path, ())
    with pytest.raises(DataError, match="has no products"):
        read_products(tmp_path)
    written(tmp_path, (), HEADER.replace("baseColour", "color"))
    with pytest.raises(DataError, match="has no column baseColour"):
        read_products(tmp_path)
    (tmp_path / "styles.csv").write_bytes(b"")
    with pytest.raises(DataError, match="has no column id"):
        read_products(tmp_path)


def test_the_split_is_by_the_id_alone() -> None:
    assert hashed("1525") == int("0x" + __import__("hashlib").sha256(b"1525").hexdigest(), 16)
    ids = [str(number) for number in range(8000)]
    test = [i for i in ids if is_test(i)]
    validation = [i for i in ids if not is_test(i) and is_validation(i)]
    assert 1850 < len(test) < 2150
    assert 1350 < len(validation) < 1650
