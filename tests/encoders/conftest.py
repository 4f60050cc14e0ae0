"""What the tests of the maps share: clusters, and the maps of them, built once."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.maps import Maps
from recsys.encoders.projection import build_maps
from recsys.schema import Floats
from tests.encoders.clusters import CLUSTERS, EACH, unit


@pytest.fixture(scope="session")
def clustered() -> Floats:
    """300 unit vectors: cluster c is axis c of 16 with noise of .05, so that all 49 others are nearer than the rest."""
    rng = np.random.default_rng(0)
    centres = np.repeat(np.eye(16, dtype=np.float32)[:CLUSTERS], EACH, axis=0)
    return unit(centres + rng.normal(scale=0.05, size=centres.shape).astype(np.float32))


@pytest.fixture(scope="session")
def built(clustered: Floats, tmp_path_factory: pytest.TempPathFactory) -> tuple[Maps, Path, list[tuple[int, int, str]]]:
    folder = tmp_path_factory.mktemp("maps")
    told: list[tuple[int, int, str]] = []
    build_maps(clustered, folder, lambda done, total, note="": told.append((done, total, note)))
    return Maps(folder, clustered), folder, told
