"""What text, pictures and all of it together are worth to shoppers, by the truth of a simulated shop.

Each way of knowing products gives a vector per product; a shopper's profile is the faded mean of what they took, and
what is nearest to it is shown. Popularity and EASE stand beside them: they know nothing of products, all of shoppers.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys.encoders.fusion.fusion import as_query
from recsys.errors import BadRequestError
from recsys.evaluation import truth
from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.full_ranking import best_of_each
from recsys.evaluation.problems import Problem
from recsys.evaluation.significance import SAMPLING, compare, intervals
from recsys.progress import Progress, silent
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.item_content import ContentByText
from recsys.recommenders.most_popular import MostPopular
from recsys.recommenders.personal_frequency import fading_history
from recsys.recommenders.registry import RECOMMENDERS
from recsys.recommenders.transformer.in_space import InterestInSpace
from recsys.schema import Floats

K: Final = 10
TEXT: Final = "text alone"
SPACES: Final = {
    "picture alone": "pictures",
    "text, attributes and price": "described",
    "everything": "fused",
}
"""What is known, and the prepared file of its vectors in the one space."""
GROUPS: Final = ("all", "warm", "cold")
PROTOCOL: Final = {
    "split": "one cut in time; shoppers who took anything in the window after it, and something before it",
    "candidates": "all products, those that somebody took before the cut (warm), or those that nobody did (cold); what "
    "the shopper took before is left out of the lists and of the ideal",
    "utility": f"true worth of the list's first {K}, discounted by log2(1 + place), of the best possible list's",
    "log": f"nDCG@{K} of what was taken in the window, of shoppers who took anything of the group",
    "profile": "mean of the vectors of what was taken, each .6 to the power of the baskets since; nothing was chosen",
    "interval": "95 %, percentile bootstrap over shoppers, 1,000 resamples; differences are paired, p by "
    "randomisation, corrected after Holm over the pairs of a group",
}


@dataclass(frozen=True, slots=True, eq=False)
class Known:
    """What the vectors of a shop's products say, and who is asked."""

    problem: Problem
    spaces: Mapping[str, Floats]  # of SPACES, each (n_items, d)
    worth: Floats  # (n_shoppers, n_items) the truth
    seed: int = 0


def evaluated(known: Known, progress: Progress = silent) -> dict[str, Any]:
    """Rows of group, system, utility and log, with intervals; differences from text alone; the protocol.

    Raises BadRequestError where nobody can be asked.
    """
    task = known.problem.split.test
    asked = np.flatnonzero(task.visits.histories.lengths > 0).astype(np.int32)
    if len(asked) < 2:
        raise BadRequestError("nobody has taken anything before the cut", allowed="two shoppers or more")
    task = task.take(asked)
    training = known.problem.split.for_testing
    taken = np.bincount(training.items, minlength=training.n_items) > 0
    groups = {"all": np.ones(len(taken), np.bool_), "warm": taken, "cold": ~taken}
    seen = task.visits.histories.matrix().toarray() > 0
    worth = np.where(seen, 0, known.worth[task.visits.shoppers])
    values: dict[str, dict[str, pd.DataFrame]] = {group: {} for group in GROUPS}
    systems = _systems(known, task.visits, progress)
    for name, scores in systems.items():
        for group, there in groups.items():
            top = best_of_each(np.where(seen | ~there, -np.inf, scores), K)
            utility = truth.utility_captured(top, np.where(there, worth, 0), K)
            log = accuracy(top, _only(task.relevant, there), [K])[f"ndcg@{K}"]
            values[group][name] = pd.DataFrame({"utility": utility, "log": log.to_numpy()})
    return {
        "dataset": known.problem.name,
        "source": known.problem.source,
        "protocol": PROTOCOL | {"days": known.problem.protocol.days, "seed": known.seed},
        "shoppers": len(asked),
        "products": {group: int(there.sum()) for group, there in groups.items()},
        "rows": [row for group in GROUPS for row in _rows(group, values[group])],
        "differences": [row for group in GROUPS for row in _differences(group, values[group])],
    }


def _systems(known: Known, visits: Visits, progress: Progress) -> dict[str, Floats]:
    """System -> (b, n_items) scores."""
    training, side = known.problem.split.for_testing, known.problem.side
    ease = RECOMMENDERS["ease"]
    transformer = InterestInSpace(dimension=known.spaces["everything"].shape[1], seed=known.seed)
    content = SideInformation(vectors=np.ascontiguousarray(known.spaces["everything"], np.float32))
    found: dict[str, Floats] = {
        "chance": np.random.default_rng(known.seed).random((len(visits), training.n_items), np.float32),
        "popular": MostPopular().fit(training, side).score(visits),
        "EASE": ease.make({}, known.seed).fit(training, side).score(visits),
        TEXT: ContentByText().fit(training, side).score(visits),
    }
    for name, vectors in known.spaces.items():
        found[name] = _nearest(vectors, visits)
    found["everything, by the Transformer"] = transformer.fit(training, content, progress).score(visits)
    return found


def _nearest(vectors: Floats, visits: Visits) -> Floats:
    """(b, n_items) as `ContentByText`, the profile asking as a query of the space does."""
    profile = fading_history(visits.histories, ContentByText().history_fading) @ vectors
    scores: Floats = as_query(np.asarray(profile, np.float32)) @ vectors.T
    return scores


def _only(relevant: Any, there: Any) -> Any:
    """What was taken of these products."""
    kept = relevant.copy()
    kept.data = kept.data * there[kept.indices]
    kept.eliminate_zeros()
    return kept


def _rows(group: str, values: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    out = []
    for system, table in values.items():
        found: dict[str, dict[str, Any]] = intervals(table, SAMPLING).to_dict("index")  # type: ignore[assignment]
        row: dict[str, Any] = {"group": group, "system": system}
        for metric in ("utility", "log"):
            of = found[metric]
            row |= {
                metric: _number(of["mean"]),
                f"{metric}_ci95": [_number(of["low"]), _number(of["high"])],
                f"{metric}_shoppers": int(of["count"]),
            }
        out.append(row)
    return out


def _differences(group: str, values: Mapping[str, pd.DataFrame]) -> list[dict[str, Any]]:
    """Of utility, each system against text alone."""
    utility = pd.DataFrame({system: table["utility"] for system, table in values.items()})
    if not utility.notna().any(axis=None):
        return []
    found = compare(utility, TEXT)
    return [
        {
            "group": group,
            "system": str(row["model"]),
            "against": TEXT,
            **{key: _number(row[key]) for key in ("difference", "low", "high", "p", "p_corrected")},
        }
        for row in found.to_dict("records")
    ]


def _number(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 4)
