"""The step that draws maps of pictures: what it leaves out, what it draws, and what a shop without pictures gets."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recsys.artifacts import Artifact, write_array
from recsys.encoders.fusion.fusion import as_query
from recsys.encoders.item_maps import GAP, ItemMaps
from recsys.encoders.preparing.picture_maps import PLACINGS, STEP
from recsys.errors import ArtifactError
from recsys.progress import silent
from recsys.schema import Floats
from recsys.settings import Settings
from recsys.steps.contract import Context
from tests.encoders.clusters import EACH, unit

WITHOUT = (3, 70)  # products without a picture
TWINS = (10, 11)  # with the same one


def products() -> Floats:
    """Three crowds of EACH unit vectors in 12 dimensions, the last number of which pads them, as those of a fusion."""
    rng = np.random.default_rng(0)
    crowds = np.repeat(np.eye(12, dtype=np.float32)[:3], EACH, axis=0)
    found = unit(crowds + rng.normal(scale=0.05, size=crowds.shape).astype(np.float32))
    found[TWINS[1]] = found[TWINS[0]]
    return found


def context(folder: Path, arrays: dict[str, dict[str, Any]], info: dict[str, Any]) -> Context:
    def opened(name: str) -> Artifact:
        path = folder / name
        path.mkdir(parents=True, exist_ok=True)
        for file, array in arrays[name].items():
            write_array(path / f"{file}.npy", array)
        files = {f"{file}.npy": {} for file in arrays[name]}
        return Artifact(name, path, {"files": files, "info": info})

    return Context(Settings(), opened, lambda: folder)


@pytest.fixture(scope="module")
def drawn(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Floats, dict[str, Any]]:
    folder = tmp_path_factory.mktemp("picture_maps")
    pictures = products()
    pictures[list(WITHOUT)] = 0
    n = len(pictures)
    feature_of = np.arange(n, dtype=np.int32)
    feature_of[list(WITHOUT)] = -1
    rng = np.random.default_rng(1)
    given = {
        "fusion": {"pictures": pictures, "fused": products(), "described": products()},
        "vectors": {"vectors": rng.normal(size=(n, 5)).astype(np.float32), "row_of_item": np.arange(n)},
        "picture_features": {"features": rng.normal(size=(n, 9)).astype(np.float16), "feature_of": feature_of},
    }
    made = folder / "made"
    made.mkdir()
    return made, pictures, STEP.make(context(folder, given, {}), silent, made)


def test_it_rests_on_the_space_and_is_not_needed_for_a_shelf() -> None:
    assert STEP.name == "picture_maps"
    assert not STEP.needed
    assert {basis.step for basis in STEP.rests_on} == {"fusion", "picture_features", "vectors"}


def test_products_without_a_picture_have_no_place_and_are_counted(drawn: tuple[Path, Floats, dict[str, Any]]) -> None:
    folder, pictures, info = drawn
    maps = ItemMaps(folder / "pictures", pictures)
    assert info["without"] == len(WITHOUT)
    assert info["maps"] == 8  # two methods, two or three dimensions, two kinds of vectors
    assert np.flatnonzero(~maps.there).tolist() == list(WITHOUT)
    for method in ("umap", "pca"):
        places = maps.positions(method, 2)
        assert np.flatnonzero(np.isnan(places).any(axis=1)).tolist() == list(WITHOUT)
    assert maps.nearest(as_query(pictures[:1])[0], len(pictures))[0].size == len(pictures) - len(WITHOUT)


def test_equal_pictures_share_a_place_and_crowds_stay_together(drawn: tuple[Path, Floats, dict[str, Any]]) -> None:
    folder, pictures, _ = drawn
    places = ItemMaps(folder / "pictures", pictures).positions("umap", 2)
    assert (places[TWINS[0]] == places[TWINS[1]]).all()
    middles = np.stack([np.nanmedian(places[EACH * i : EACH * (i + 1)], axis=0) for i in range(3)])
    away = np.linalg.norm(places[:, None] - middles, axis=2)
    there = ~np.isnan(places).any(axis=1)
    assert (away[there].argmin(axis=1) == np.repeat(np.arange(3), EACH)[there]).all()


def test_a_picture_that_is_asked_with_lies_in_its_crowd(drawn: tuple[Path, Floats, dict[str, Any]]) -> None:
    folder, pictures, _ = drawn
    maps = ItemMaps(folder / "pictures", pictures)
    asked = as_query(products()[[3]])  # one that is not on the map itself
    for method in ("umap", "pca"):
        places = maps.positions(method, 2)
        nearest = np.nanargmin(np.linalg.norm(places - maps.place(method, 2, asked), axis=1))
        assert nearest // EACH == 0
    assert maps.nearest(asked[0], 5)[0].max() < EACH


def test_the_gap_is_measured_on_products_with_both(drawn: tuple[Path, Floats, dict[str, Any]]) -> None:
    folder, pictures, info = drawn
    gap = json.loads((folder / GAP).read_text())
    assert gap["products"] == len(pictures) - len(WITHOUT)
    assert gap["after"]["distance"] == info["gap_distance"] == 0  # texts and pictures were given the same vectors
    assert gap["before"]["own"] == 0
    assert gap["missing"]["without_picture"] == len(WITHOUT)
    assert gap["missing"]["kept_by_words"] == gap["missing"]["kept_by_picture"] == 1


def test_maps_of_other_products_are_refused(drawn: tuple[Path, Floats, dict[str, Any]]) -> None:
    with pytest.raises(ArtifactError, match=r"150 items where there are 7.*prepare"):
        ItemMaps(drawn[0] / "pictures", drawn[1][:7])


def test_a_shop_without_pictures_gets_a_mark_and_no_maps(tmp_path: Path) -> None:
    nothing = {name: np.zeros((0, 1), np.float32) for name in PLACINGS}
    made = tmp_path / "made"
    made.mkdir()
    info = STEP.make(
        context(tmp_path, {"fusion": nothing}, {"off": "the shop has fewer than 60 pictures"}), silent, made
    )
    assert info == {"maps": 0, "off": "the shop has fewer than 60 pictures"}
    assert [path.name for path in made.iterdir()] == [GAP]
    assert json.loads((made / GAP).read_text()) == {}
