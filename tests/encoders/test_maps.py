"""The maps as they are served: known vectors, new ones, and files that do not fit."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.maps import Maps
from recsys.errors import ArtifactError
from recsys.schema import Floats
from tests.encoders.clusters import EACH, unit


def test_a_known_vector_is_placed_where_it_lies_or_beside_it(
    built: tuple[Maps, Path, object], clustered: Floats
) -> None:
    maps, _, _ = built
    assert maps.place("pca", 3, clustered[:5]) == pytest.approx(maps.positions("pca", 3)[:5], abs=1e-4)
    centre = unit(np.eye(16, dtype=np.float32)[2:3])
    for method in ("umap", "tsne"):
        place = maps.place(method, 2, centre)
        nearest = np.linalg.norm(maps.positions(method, 2) - place, axis=1).argmin()
        assert nearest // EACH == 2


def test_nothing_to_place_is_nothing_placed(built: tuple[Maps, Path, object]) -> None:
    maps, _, _ = built
    assert maps.place("umap", 2, np.empty((0, 16), np.float32)).shape == (0, 2)


def test_a_map_that_is_not_there_is_named(built: tuple[Maps, Path, object]) -> None:
    maps, _, _ = built
    with pytest.raises(ArtifactError, match=r"no map 'umap' in 4 dimensions.*umap 2"):
        maps.positions("umap", 4)


def test_maps_of_other_vectors_are_refused(built: tuple[Maps, Path, object], clustered: Floats) -> None:
    with pytest.raises(ArtifactError, match="the maps have 300 points"):
        Maps(built[1], clustered[:10])


def test_a_damaged_list_of_maps_says_what_to_do(tmp_path: Path, clustered: Floats) -> None:
    (tmp_path / "maps.json").write_text(json.dumps({"maps": [{"method": "umap"}]}))
    with pytest.raises(ArtifactError, match=r"cannot be read.*prepare"):
        Maps(tmp_path, clustered)
