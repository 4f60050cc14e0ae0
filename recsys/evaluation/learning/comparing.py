"""People by people, one way beside another: means, changes, and how sure they are."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recsys.evaluation.learning.visits import Doubles
from recsys.evaluation.significance import bootstrap_means, intervals, randomisation_test


def compared(name: str, values: Doubles, base: Doubles) -> dict[str, Any]:
    """The mean of `values` (p,), called `name`, with its interval over people; by how much it is more than `base`'s."""
    known = np.isfinite(values) & np.isfinite(base)  # a person to whom nothing is worth anything has no figure
    told = intervals(pd.DataFrame({name: values[known]})).iloc[0]
    both = bootstrap_means(np.stack([values[known], base[known]], axis=1))
    changes = both[:, 0] / both[:, 1] - 1.0
    p = float(randomisation_test((values - base)[known][:, None])[0]) if (values != base)[known].any() else None
    return {
        "people": int(known.sum()),
        name: round(float(told["mean"]), 5),
        f"{name}_ci95": [round(float(told["low"]), 5), round(float(told["high"]), 5)],
        "change": round(float(values[known].mean() / base[known].mean() - 1.0), 5),
        "change_ci95": [round(float(side), 5) for side in np.percentile(changes, [2.5, 97.5])],
        "p": p,
    }
