"""What was read of reviews comes back from disk as it was, and what is missing is refused in words."""

from __future__ import annotations

from dataclasses import fields
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys import schema as s
from recsys.errors import ArtifactError
from recsys.scenarios.reviews import kept
from recsys.scenarios.reviews.analysing import Read

TIMES = np.array(["2026-01-01", "2026-02-01", "NaT"], "datetime64[ns]")
TABLE = pd.DataFrame(
    {s.REVIEW: ["Good one.", "Bad.", ""], s.STARS: [5.0, np.nan, 1.0], s.ITEM: [3, 4, 4], s.TIME: TIMES}
)


def made() -> Read:
    return Read(
        ["Good one.", "Bad.", ""],
        np.array([5.0, np.nan, 1.0]),
        [3, 4, 4],
        TIMES,
        np.array([0.8, -0.5, np.nan]),
        ["Good one.", "Bad."],
        np.array([0, 1]),
        np.array([0.7, -0.4]),
        np.array([0, -1]),
        ("one",),
        np.array([0.6, 0.0, 0.0]),
        np.array([True, False]),
        np.array([0.9, 0.1]),
        np.array([-1, -1, -1]),
        np.array([-1, 1, 1]),
    )


def test_all_of_it_comes_back(tmp_path: Path) -> None:
    kept.keep(made(), tmp_path)
    again = kept.as_read(tmp_path, TABLE)
    for each in fields(Read):
        one, two = getattr(made(), each.name), getattr(again, each.name)
        if isinstance(one, np.ndarray):
            assert one.dtype == two.dtype, each.name
            assert np.array_equal(one, two, equal_nan=one.dtype.kind in "fM"), each.name
        else:
            assert one == two, each.name


@pytest.mark.parametrize("name", [*(f"{name}.npy" for name in kept.ARRAYS), kept.SAID])
def test_what_is_missing_is_refused(tmp_path: Path, name: str) -> None:
    kept.keep(made(), tmp_path)
    (tmp_path / name).unlink()
    with pytest.raises(ArtifactError, match="cannot be opened") as refused:
        kept.as_read(tmp_path, TABLE)
    assert refused.value.remedy
