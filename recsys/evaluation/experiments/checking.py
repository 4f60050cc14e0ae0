"""What the planning and reading of a test refuses, in plain words."""

from __future__ import annotations

import math
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.errors import BadRequestError

Doubles = npt.NDArray[np.float64]
FEWEST: Final = 2  # values that a variance takes


def between(name: str, value: float, low: float = 0.0, high: float = 1.0) -> float:
    """The value, where it lies between the two and is neither. Raises BadRequestError."""
    if not (isinstance(value, int | float) and low < value < high):
        raise BadRequestError(
            f"{name} {value} cannot be used",
            allowed=f"a number above {low:g} and below {high:g}",
            remedy="choose one in between",
        )
    return float(value)


def above_zero(name: str, value: float) -> float:
    """The value, where it is a finite number above 0. Raises BadRequestError."""
    return between(name, value, 0.0, math.inf)


def values_of(name: str, values: npt.ArrayLike, fewest: int = FEWEST) -> Doubles:
    """The values as (n,) doubles. Raises BadRequestError for too few, and for what is no finite number."""
    found = np.asarray(values, np.float64)
    if found.ndim != 1 or len(found) < fewest:
        raise BadRequestError(
            f"{name}: {found.size} values in {found.ndim} dimensions",
            allowed=f"{fewest} or more in a row",
            remedy="wait until there are more",
        )
    if strange := int((~np.isfinite(found)).sum()):
        raise BadRequestError(
            f"{name}: {strange} of {len(found)} values are no finite numbers",
            allowed="finite numbers",
            remedy="leave out who has none, in both groups alike",
        )
    return found
