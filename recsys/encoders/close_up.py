"""A map of what lies near one place: made for it, so that distances on it mean something."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.schema import Floats, Rows

NEAREST: Final = 240  # products: enough to see what changes with distance, few enough to be told apart
EDGE: Final = 0.95  # of the plane's half: how far out the farthest lies


@dataclass(frozen=True, slots=True, eq=False)
class CloseUp:
    """The products nearest to a place, and the place itself, on a plane from -1 to 1."""

    positions: Floats  # (n_items, 2), NaN for those that are not near
    spot: Floats  # (2,)
    kept: float  # the share of what tells these products apart that the plane keeps, 0 to 1
    products: int


def close_up(asking: Floats, vectors: Floats, shown: Rows, k: int = NEAREST) -> CloseUp:
    """The two directions along which the k products nearest to `asking` (d,) differ most (principal components).

    `vectors` (n_items, d) are the products' as they ask themselves, of length 1, 0 for those without one; those in
    `shown` are on the plane too, however far they are. From the place outwards distances count by their root, so that a
    few that lie far off leave room for the near ones; in any one direction the nearer stays nearer. Pearson, "On lines
    and planes of closest fit", 1901.
    """
    there = np.asarray(vectors.any(axis=1))
    scores = np.where(there, vectors @ asking, -np.inf)
    near = np.argsort(-scores, kind="stable")[: min(k, int(there.sum()))]
    rows = np.union1d(near, shown[there[shown]])
    middle = vectors[rows].mean(axis=0, dtype=np.float64)
    _, lengths, directions = np.linalg.svd(vectors[rows] - middle, full_matrices=False)
    axes = np.zeros((2, vectors.shape[1]))
    axes[: len(directions[:2])] = directions[:2]
    axes *= np.sign(axes[[0, 1], np.abs(axes).argmax(axis=1)])[:, None]  # a component has no sign
    places = (np.vstack([vectors[rows], asking]) - middle) @ axes.T  # (m + 1, 2)
    places = _filling(_seen_from(places[-1], places))
    positions = np.full((len(vectors), 2), np.nan, np.float32)
    positions[rows] = places[:-1]
    all_of_it = float((lengths**2).sum())
    kept = float((lengths[:2] ** 2).sum()) / all_of_it if all_of_it > 1e-12 else 1.0
    return CloseUp(positions, places[-1].astype(np.float32), kept, len(rows))


def _seen_from(spot: npt.NDArray[np.float64], places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(m, 2) places around a spot (2,), in their directions, as far off as the root of their distance."""
    away = places - spot
    distance = np.linalg.norm(away, axis=1, keepdims=True)
    found: npt.NDArray[np.float64] = away / np.sqrt(np.maximum(distance, 1e-12))
    return found


def _filling(places: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(m, 2) places moved and stretched to reach from edge to edge both ways; what is one place stays one."""
    low, high = places.min(axis=0), places.max(axis=0)
    reach = np.where(high - low > 1e-6, high - low, np.inf)
    found: npt.NDArray[np.float64] = EDGE * 2 * (places - (low + high) / 2) / reach
    return found
