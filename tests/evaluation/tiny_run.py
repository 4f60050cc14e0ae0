"""A kept run of three recommenders whose every figure can be worked out by hand."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recsys.evaluation.results import SHOPPER, TAKEN, Evaluation
from recsys.evaluation.runs import KeptRun, keep
from recsys.evaluation.significance import Sampling, compare, intervals

SAMPLING = Sampling(resamples=50, flips=2_000)
SHOPPERS = 80
FEW, MANY = "few purchases (1-2)", "many purchases (3-9)"
# Of 80 shoppers the first 40 have few purchases. "good" has a hit for the first 60, "popular" for every fourth and
# "costly" for the first 60 but one: means 60/80 = .75, 20/80 = .25 and 59/80 = .7375.
HITS = {
    "good": np.arange(SHOPPERS) < 60,
    "most-popular": np.arange(SHOPPERS) % 4 == 0,
    "costly": np.arange(SHOPPERS) < 59,
}
LABELS = {"good": "Good one (learned)", "most-popular": "Bestsellers", "costly": "Costly one"}
SECONDS = {"good": 30.0, "most-popular": 0.5, "costly": 300.0}


def values() -> dict[str, pd.DataFrame]:
    """Two metrics per shopper: the hit, and a popularity of which less is better."""
    return {
        name: pd.DataFrame({"ndcg@10": hits.astype(float), "popularity@10": np.full(SHOPPERS, popularity)})
        for (name, hits), popularity in zip(HITS.items(), (0.5, 1.0, 0.25), strict=True)
    }


def shoppers(prefix: str = "s") -> pd.DataFrame:
    """Slices, ids, and what was taken: item 1 by everybody."""
    activity = pd.Categorical([FEW] * 40 + [MANY] * 40, [FEW, MANY], ordered=True)
    return pd.DataFrame(
        {
            "activity": activity,
            "shopper": pd.Categorical(["known shoppers (warm)"] * SHOPPERS),
            SHOPPER: [f"{prefix}{row}" for row in range(SHOPPERS)],
            TAKEN: [np.array([1], np.int32)] * SHOPPERS,
        }
    )


def top() -> dict[str, np.ndarray[Any, np.dtype[np.int32]]]:
    """Lists of three: items 1, 2, 3 where there is a hit, else 4, 2, 3."""
    return {name: np.where(hits[:, None], [[1, 2, 3]], [[4, 2, 3]]).astype(np.int32) for name, hits in HITS.items()}


def evaluation(**changes: Any) -> Evaluation:
    """The run as it is before it is kept; `changes` replace parts of the report."""
    known = values()
    compared = pd.DataFrame({name: table["ndcg@10"] for name, table in known.items()})
    rules = {"name": "sequences", "variant": "strict", "keep_seen": False, "cutoffs": [10], "days": 30, "seed": 0,
             "asked": "80 of 80 shoppers", "split": "the last item",
             "candidates": "full ranking over all 5 items"}  # fmt: skip
    report = {
        "dataset": "tiny",
        "source": {"interactions": "tiny.txt"},
        "protocol": rules,
        "models": [_model(name, table) for name, table in known.items()],
        "comparisons": compare(compared, sampling=SAMPLING).to_dict("records"),
        "slices": [],
        "compared_by": "ndcg@10",
    } | changes
    return Evaluation(report, shoppers(), known, top())


def kept_run(root: Path, **changes: Any) -> KeptRun:
    """The run, kept below `root`."""
    return keep(evaluation(**changes), root)


def _model(name: str, table: pd.DataFrame) -> dict[str, Any]:
    found = intervals(table, SAMPLING)
    return {
        "name": name,
        "label": LABELS[name],
        "settings": {},
        "validation": {"ndcg@10": 0.5},
        "metrics": found["mean"].to_dict() | {"coverage@10": 0.8, "gini@10": 0.1},
        "ci95": {metric: [row.low, row.high] for metric, row in found.iterrows()},
        "shoppers": {metric: int(n) for metric, n in found["count"].items()},
        "choose_s": 1.0,
        "fit_s": SECONDS[name] / 2,
        "score_s": SECONDS[name] / 2,
        "peak_mb": 10.0,
        "seed": 0,
    }
