"""What was counted in baskets, as plain arrays in a folder."""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
from scipy import sparse

from recsys.artifacts import Artifact, write_array
from recsys.scenarios.basket.completing import Counted
from recsys.scenarios.basket.together import Together
from recsys.schema import Floats

OFF: Final = "off"  # in the info of a shop that has no visits: why nothing was counted


def save(known: Counted, folder: Path) -> None:
    """Write the arrays into an existing folder. Raises StorageError where the disk refuses them."""
    write_array(folder / "groups.npy", known.groups)
    write_array(folder / "vectors.npy", known.vectors.astype(np.float32))
    write_array(folder / "baskets.npy", np.array([known.together.baskets], np.int64))
    for name, together in (("together", known.together), ("needed", known.needed)):
        write_array(folder / f"{name}_each.npy", together.each)
        _save(together.both, folder, name)
    _save(known.following, folder, "following")


def load(artifact: Artifact) -> Counted:
    """What `save` wrote. Raises ArtifactError when something is missing."""
    number = int(artifact.array("baskets")[0])
    together, needed = (
        Together(_load(artifact, name), np.asarray(artifact.array(f"{name}_each"), np.float64), number)
        for name in ("together", "needed")
    )
    return Counted(
        np.log1p(together.each).astype(np.float32),
        together,
        together.evidence(),
        np.asarray(artifact.array("groups"), np.int32),
        needed,
        needed.evidence(),
        np.asarray(artifact.array("vectors"), np.float32),
        _load(artifact, "following"),
    )


def _save(matrix: sparse.csr_array, folder: Path, name: str) -> None:
    write_array(folder / f"{name}_data.npy", matrix.data.astype(np.float32))
    write_array(folder / f"{name}_indices.npy", matrix.indices.astype(np.int32))
    write_array(folder / f"{name}_indptr.npy", matrix.indptr.astype(np.int64))


def _load(artifact: Artifact, name: str) -> sparse.csr_array:
    data: Floats = np.asarray(artifact.array(f"{name}_data"), np.float32)
    indptr = np.asarray(artifact.array(f"{name}_indptr"), np.int64)
    n = len(indptr) - 1
    return sparse.csr_array((data, np.asarray(artifact.array(f"{name}_indices"), np.int32), indptr), shape=(n, n))
