"""Pictures lie one after another in one file and come back by the row of their item."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.datasets.pictures import Pictures, read_file, write


def test_each_item_gets_its_own_back(tmp_path: Path) -> None:
    assert write(tmp_path, iter([b"one", None, b"", b"two", b"\x00\xff"])) == 3
    found = Pictures.load(tmp_path)
    assert [found.of(row) for row in range(5)] == [b"one", None, None, b"two", b"\x00\xff"]
    assert found.there().tolist() == [True, False, False, True, True]
    assert len(found) == 5
    for row in (-1, 5):
        with pytest.raises(IndexError, match="5 items"):
            found.of(row)


def test_a_shop_without_any_has_none(tmp_path: Path) -> None:
    assert write(tmp_path, [None, None]) == 0
    found = Pictures.load(tmp_path)
    assert [found.of(0), found.of(1)] == [None, None]


def test_a_picture_is_read_from_within_the_folder_alone(tmp_path: Path) -> None:
    folder = tmp_path / "pictures"
    (folder / "shoes").mkdir(parents=True)
    (folder / "shoes" / "red.jpg").write_bytes(b"red")
    (tmp_path / "key").write_bytes(b"secret")
    (folder / "link.jpg").symlink_to(tmp_path / "key")
    assert read_file(folder, "shoes/red.jpg") == b"red"
    for name in ("../key", str(tmp_path / "key"), "link.jpg", "none.jpg", "", ".", "shoes", "a\0b", "x" * 5000):
        assert read_file(folder, name) is None
