"""Whether a shelf that lets reviews count is worth it: nDCG with and without, on what was bought later."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import sparse

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.evaluation import problems
from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.diversity.candidates import Candidates, candidates
from recsys.evaluation.problems import Problem
from recsys.evaluation.protocol import Protocol
from recsys.evaluation.significance import bootstrap_means
from recsys.evaluation.splits import Task
from recsys.progress import Progress, silent
from recsys.ranking.models import model_of
from recsys.reranking.contract import unit_range
from recsys.scenarios.reviews.analysing import Doubles, Read
from recsys.scenarios.reviews.satisfaction import ALL, satisfied, told, with_reviews
from recsys.schema import Rows

CUT: Final = 10
POOL: Final = 100  # products of each visit that are re-ordered
MODEL: Final = "tifu-knn"
WEIGHTS: Final = (0.01, 0.02, 0.05, 0.1, 0.2, 0.3)
STARS: Final = -2  # the number of the simple way: the mean of the stars, shrunk likewise
METRIC: Final = f"ndcg@{CUT}"
PROTOCOL: Final = {
    "shelf": "one cut in time: what was bought in the last 30 days is the test, in the 30 before them the validation; "
    f"the {POOL} best of a full ranking by {MODEL}, re-ordered; products bought before are ranked like the others",
    "shelf reviews": "those written before the window alone say how well a product is spoken of; the head that judges "
    "words and the groups of sentences are the shop's, learned from all of its reviews",
    "shelf chosen": f"the aspect and the weight by {METRIC} on the validation, of the stars likewise; the test was "
    "looked at once; paired interval over visits",
}


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """One question: who asks, the candidates of each, and how reviews before it speak of every product."""

    task: Task
    found: Candidates
    fits: Mapping[int, Doubles]  # by aspect
    later: Mapping[str, Any]  # how the reviews of the window speak of products by how they were spoken of before


def evaluated(dataset: Artifact, vectors: Artifact, read: Read, progress: Progress = silent) -> dict[str, Any]:
    """A task for the report on a shop's reviews. Raises BadRequestError and DataError where no window can be cut."""
    problem = problems.of_dataset(Protocol("temporal", "strict", keep_seen=True), dataset, vectors)
    categories = storage.load_items(dataset.path)[s.CATEGORY].tolist()
    first = np.datetime64(str(dataset.json("dataset.json")["first_day"]), "ns")
    model = model_of(MODEL)
    made = model.make(dict(next(iter(model.grid))), 0).fit(problem.split.for_choosing, problem.side)
    windows = [
        _window(task, made, read, categories, first, progress)
        for task in (problem.split.validation, problem.split.test)
    ]
    return _report(problem, windows[0], windows[1], read)


def _window(
    task: Task, made: Any, read: Read, categories: list[str], first: np.datetime64, progress: Progress
) -> Window:
    found = candidates(made, task.visits, POOL, keep_seen=True, progress=progress)
    before = first + np.timedelta64(int(task.visits.days[0]), "D")
    known = {a: satisfied(*told(read, a, before), categories) for a in (ALL, *range(len(read.names)))}
    fits = {aspect: said.fit for aspect, said in known.items()}
    starred = np.isfinite(read.stars) & (read.times < before)
    items = np.asarray(read.items)[starred].astype(np.int64)
    fits[STARS] = satisfied(items, read.stars[starred], categories).fit
    return Window(task, found, fits, _later(read, known[ALL].lift, before))


def _report(problem: Problem, validation: Window, test: Window, read: Read) -> dict[str, Any]:
    tried = {
        (aspect, weight): float(np.nanmean(_ndcg(validation, aspect, weight)))
        for aspect in validation.fits
        for weight in WEIGHTS
    }
    by_reviews = max((key for key in tried if key[0] != STARS), key=lambda key: (tried[key], -key[1]))
    by_stars = max((key for key in tried if key[0] == STARS), key=lambda key: (tried[key], -key[1]))
    names = {ALL: "all aspects", **dict(enumerate(read.names))}
    ways = {
        "without": ("Without reviews", (ALL, 0.0)),
        "stars": (f"The stars, weight {by_stars[1]:g}", by_stars),
        "reviews": (f"What is said of {names[by_reviews[0]]}, weight {by_reviews[1]:g}", by_reviews),
        "strong": (f"All aspects, weight {WEIGHTS[-1]:g}", (ALL, WEIGHTS[-1])),
    }
    values = {name: _ndcg(test, *way) for name, (_, way) in ways.items()}
    base = values["without"]
    moved = {name: {"places_changed": _placed_otherwise(test, *way)} for name, (_, way) in ways.items()}
    return {
        "task": "shelf",
        "metric": METRIC,
        "better": "higher",
        "test": int(np.isfinite(base).sum()),
        "methods": [_line(name, label, values[name]) for name, (label, _) in ways.items()],
        "changes": {name: _mean(values[name] - base) | moved[name] for name in ways if name != "without"},
        "validation": {"reviews": round(tried[by_reviews], 4), "stars": round(tried[by_stars], 4)},
        "later": test.later,
        "visits": problem.rules()["asked"],
    }


def _later(read: Read, lift: Doubles, start: np.datetime64) -> dict[str, Any]:
    """How much better later reviews speak of products that were spoken of well before, than of the others."""
    items, mood = told(read, ALL, since=start)
    above, below = mood[lift[items] > 0], mood[lift[items] < 0]
    if min(len(above), len(below)) < 2:
        return {"above": len(above), "below": len(below), "value": None, "ci95": None}
    draws = [bootstrap_means(side[:, None])[:, 0] for side in (above, below)]
    ends = np.quantile(draws[0] - np.random.default_rng(0).permutation(draws[1]), (0.025, 0.975))
    return {
        "above": len(above),
        "below": len(below),
        "value": round(float(above.mean() - below.mean()), 4),
        "ci95": [round(float(end), 4) for end in ends],
    }


def _ordered(window: Window, aspect: int, weight: float) -> Rows:
    items = window.found.items
    scores = np.vstack([_scaled(each) for each in window.found.scores])
    fit = np.where(items >= 0, window.fits[aspect][np.maximum(items, 0)], 0.0)
    again = np.where(items >= 0, with_reviews(scores, fit, weight), -np.inf)
    order = np.argsort(-again, axis=1, kind="stable")[:, :CUT]
    return np.take_along_axis(items, order, 1)


def _scaled(scores: Any) -> Doubles:
    known = np.isfinite(scores)
    found = np.zeros(len(scores))
    found[known] = unit_range(scores[known].astype(np.float64))
    return found


def _ndcg(window: Window, aspect: int, weight: float) -> Doubles:
    relevant: sparse.csr_array = window.task.relevant
    return accuracy(_ordered(window, aspect, weight), relevant, [CUT])[METRIC].to_numpy(np.float64)


def _placed_otherwise(window: Window, aspect: int, weight: float) -> float:
    """The share of the first ten places that hold another product."""
    before, after = _ordered(window, ALL, 0.0), _ordered(window, aspect, weight)
    kept = [len(set(a) & set(b)) for a, b in zip(before.tolist(), after.tolist(), strict=True)]
    return round(1 - float(np.mean(kept)) / CUT, 4)


def _line(name: str, label: str, values: Doubles) -> dict[str, Any]:
    return {"method": name, "label": label, "test": int(np.isfinite(values).sum())} | _mean(values)


def _mean(values: Doubles) -> dict[str, Any]:
    means = bootstrap_means(pd.DataFrame({"": values}).to_numpy(np.float64))[:, 0]
    ends = [round(float(end), 4) for end in np.quantile(means, (0.025, 0.975))]
    return {"value": round(float(np.nanmean(values)), 4), "ci95": ends}
