"""The step that gathers pictures: read from a folder, drawn by a pack, or none; what cannot be had is said."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from io import BytesIO
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from PIL import Image

from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.datasets.pictures import Pictures
from recsys.progress import Stopped
from recsys.settings import Settings
from recsys.shops import picturing, registry
from recsys.shops.contract import Drawer, Shop
from recsys.steps.contract import Context
from tests.shops.outdoor import OUTDOOR, load

DRAWER = Drawer(__name__)


def looks(items: pd.DataFrame, attributes: pd.DataFrame) -> list[int]:
    """What this module draws from, as a drawer: the row of the item."""
    assert len(attributes) == 2 * len(items)
    return list(range(len(items)))


def picture(look: int) -> bytes:
    return b"picture %d" % look


@pytest.fixture(scope="module")
def dataset(tmp_path_factory: pytest.TempPathFactory) -> Artifact:
    folder = tmp_path_factory.mktemp("dataset")
    storage.save(load(lambda *done: None), folder)
    return Artifact("dataset", folder, {"files": {}, "info": {}})


@pytest.fixture
def make(dataset: Artifact, tmp_path: Path) -> Iterator[Any]:
    """Make the step for a shop; gives what it noted and the pictures."""
    folder = tmp_path / "made"
    folder.mkdir()

    def made(shop: Shop, progress: Any = lambda *done: None) -> tuple[dict[str, Any], Pictures]:
        registry.bring(replace(shop, name="catalogue_of_pictures"))
        context = Context(Settings(shop="catalogue_of_pictures"), lambda name: dataset, lambda: tmp_path)
        return picturing.STEP.make(context, progress, folder), Pictures.load(folder)

    yield made
    registry._brought.pop("catalogue_of_pictures", None)


def test_those_of_a_folder_become_square_jpegs_of_one_size(make: Any) -> None:
    info, found = make(OUTDOOR)
    assert info == {"items": 200, "pictures": 200, "unread": 0, "such_as": []}
    image = Image.open(BytesIO(found.of(0)))
    assert (image.format, image.size) == ("JPEG", (picturing.SIDE, picturing.SIDE))
    assert found.of(0) == found.of(1) != found.of(199)  # a picture a department


def test_what_is_missing_or_damaged_is_left_out_and_said(make: Any, tmp_path: Path) -> None:
    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "shelter.png").write_bytes((OUTDOOR.pictures / "shelter.png").read_bytes())
    (folder / "light.png").write_bytes(b"no light")
    info, found = make(replace(OUTDOOR, pictures=folder))
    assert info["pictures"] == 50
    assert info["unread"] == 1
    assert "light.png is no picture" in info["such_as"][0]
    assert found.there().tolist() == [row < 50 for row in range(200)]


def test_a_pack_draws_its_own_in_the_order_of_the_items(make: Any) -> None:
    done: list[int] = []
    info, found = make(replace(OUTDOOR, drawer=DRAWER), lambda n, total, what: done.append(n))
    assert info["pictures"] == 200
    assert [found.of(row) for row in (0, 1, 57, 199)] == [b"picture %d" % row for row in (0, 1, 57, 199)]
    assert done == [50, 100, 150, 200]


def test_whoever_stops_it_waits_for_no_more_drawings(make: Any) -> None:
    def stop(*done: object) -> None:
        raise Stopped

    with pytest.raises(Stopped):
        make(replace(OUTDOOR, drawer=DRAWER), stop)


def test_where_a_library_of_the_system_is_missing_nothing_is_drawn_and_that_is_said(
    make: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(picturing.sys, "platform", "linux")
    info, found = make(replace(OUTDOOR, drawer=Drawer(__name__, ("libnowhere.so.9",))))
    assert info["pictures"] == 0
    assert "libnowhere.so.9" in info["such_as"][0]
    assert not found.there().any()


def test_a_shop_too_large_to_be_drawn_is_not_and_that_is_said(make: Any) -> None:
    info, found = make(replace(OUTDOOR, drawer=replace(DRAWER, most=199)))
    assert "more than 199 products" in info["such_as"][0]
    assert not found.there().any()
    assert make(replace(OUTDOOR, drawer=replace(DRAWER, most=200)))[0]["pictures"] == 200


def test_a_shop_without_pictures_has_none(make: Any) -> None:
    info, found = make(replace(OUTDOOR, pictures=None))
    assert info == {"items": 200, "pictures": 0, "unread": 0, "such_as": []}
    assert not found.there().any()


def test_another_file_in_the_folder_makes_it_anew(tmp_path: Path, make: Any) -> None:
    def source(shop: Shop) -> object:
        registry.bring(replace(shop, name="catalogue_of_pictures"))
        return picturing.STEP.inputs(Settings(shop="catalogue_of_pictures"))

    folder = tmp_path / "few"
    folder.mkdir()
    (folder / "shelter.png").write_bytes(b"one")
    before = source(replace(OUTDOOR, pictures=folder))
    assert source(replace(OUTDOOR, pictures=folder)) == before
    (folder / "light.png").write_bytes(b"two")
    assert source(replace(OUTDOOR, pictures=folder)) != before
    assert source(replace(OUTDOOR, drawer=DRAWER)) != source(replace(OUTDOOR, drawer=Drawer(__name__, ("no.so",))))
    assert source(replace(OUTDOOR, pictures=None)) is None


def test_pictures_of_a_shelf_are_arrays_that_can_be_looked_at(make: Any) -> None:
    _, found = make(OUTDOOR)
    pixels = np.asarray(Image.open(BytesIO(found.of(120))))
    assert pixels.std() > 1
