"""Logs of made-up policies as files."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

GOOD: dict[str, Sequence[object]] = {
    "item_id": ["a", "b", "a", "c"],
    "position": [1, 2, 1, 2],
    "click": [0, 1, 0, 0],
    "propensity_score": [0.5, 0.25, 0.5, 0.125],
}


def write(path: Path, columns: Mapping[str, Sequence[object]], separator: str = ",") -> Path:
    """A table with these columns."""
    path.parent.mkdir(parents=True, exist_ok=True)
    lines = [separator.join(columns), *(separator.join(map(str, row)) for row in zip(*columns.values(), strict=True))]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def drawn(path: Path, chances: Sequence[float], rates: Sequence[float], n: int, seed: int) -> Path:
    """A log of n impressions at two positions, of a policy with these chances; products are clicked at these rates."""
    rng = np.random.default_rng(seed)
    items = rng.choice(len(chances), n, p=chances)
    clicks = rng.random(n) < np.array(rates)[items]
    columns = {
        "item_id": [f"p{item}" for item in items],
        "position": rng.integers(1, 3, n).tolist(),
        "click": clicks.astype(int).tolist(),
        "propensity_score": [chances[item] for item in items],
    }
    return write(path, columns)
