"""What several seeds gave is put together row by row."""

from __future__ import annotations

from typing import Any

import pytest

from benchmarks.multimodal import together


def report(value: float) -> dict[str, Any]:
    row = {"task": "t", "what": "w", "system": "fusion", "value": value, "ci95": [value - 0.1, value + 0.1], "n": 9}
    return {"learned_from": 50, "rows": [row | {"goal": 0.5}]}


def test_the_mean_stands_beside_every_seed() -> None:
    (row,) = together([report(0.4), report(0.6)])
    assert row["value"] == pytest.approx(0.5)
    assert row["by_seed"] == "0.4000 0.6000"
    assert (row["low"], row["high"]) == (pytest.approx(0.3), pytest.approx(0.5))  # of the first seed
    assert (row["learned_from"], row["asked"]) == (50, 9)
