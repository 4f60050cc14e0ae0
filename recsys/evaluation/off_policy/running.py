"""`python -m recsys evaluate off-policy` without logs: how far each estimator is from the truth of a simulated shop."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from recsys.evaluation.learning.running import LearningData
from recsys.evaluation.off_policy import diagnostics
from recsys.evaluation.off_policy.data import Chances, Doubles, Log
from recsys.evaluation.off_policy.estimators import ESTIMATORS, PLAIN, SHRUNK_FROM, WEIGHTS, Estimator, Parts
from recsys.evaluation.off_policy.intervals import (
    LEVEL,
    Interval,
    bootstrapped,
    empirical_bernstein,
    share_interval,
    students_t,
)
from recsys.evaluation.off_policy.least_error import HALVES, Least, add_log, answers, told, true_rates
from recsys.evaluation.off_policy.reward_model import FOLDS, expected, expected_tables
from recsys.evaluation.off_policy.store import (
    CANDIDATES,
    LEARNED_FROM,
    LOGGED,
    ORDERS,
    PLACES,
    Laboratory,
    Pages,
    as_log,
    chances,
    laboratory,
    logged,
    true_value,
)
from recsys.evaluation.significance import Sampling, bootstrap_means
from recsys.progress import Progress, silent

ASKED_RATES: Final = 4  # times the pages by which the truth of one policy is told: of the true click rates
GOAL: Final = 0.5  # mean squared error of a doubly robust estimator, as a share of that of IPS
ROUNDS: Final = (500, 2_000, 10_000)  # pages of a log
RESAMPLES: Final = 400  # of each log, for its bootstrap interval: a hundred logs of three sizes are resampled
# name -> (a, b): what a place adds lies in a range of at most a * largest weight + b, where rewards and what is
# expected lie in 0..1: w r in [0, w], and q + w (r - q) in [-w, 1 + w]
BOUNDED: Final = {"iips": (1.0, 0.0), "dr": (2.0, 1.0), "switch": (2.0, 1.0)}
KINDS: Final = {"t": "Student's t", "bootstrap": "bootstrap", "bernstein": "empirical Bernstein"}
PAIRS: Final = (*((name, plain) for name, plain in PLAIN.items() if "switch" not in name), ("dr", "ips"))


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried."""

    repeats: int = 100  # logs, each drawn anew
    rounds: int = ROUNDS[-1]  # pages of the longest log
    people: int = 200
    asked: int = 150_000  # pages of each policy, by which its true worth is told
    seed: int = 0

    @property
    def sizes(self) -> tuple[int, ...]:
        """Lengths of logs: those of ROUNDS that are shorter, and the longest."""
        return (*(each for each in ROUNDS if each < self.rounds), self.rounds)


@dataclass(slots=True, eq=False)
class _Seen:
    """Of one estimator, target and length, over all logs so far."""

    estimates: list[float] = field(default_factory=list)
    intervals: dict[str, list[Interval]] = field(default_factory=dict)


Key = tuple[str, int, str]  # target, rounds, estimator


def evaluated(
    data: LearningData, effort: Effort, progress_of: Callable[[str], Progress] = lambda label: silent
) -> dict[str, Any]:
    """The report, as plain data."""
    progress = progress_of("Logs")
    steps = effort.repeats + len(ORDERS) + 2
    progress(0, steps, "people and policies")
    lab = laboratory(data, min(effort.people, len(data.counts)), effort.seed)
    truth = {}
    for turn, name in enumerate(ORDERS):
        progress(1 + turn, steps, f"the truth of {name}")
        truth[name] = true_value(lab, name, effort.asked, effort.seed)
    progress(1 + len(ORDERS), steps, "the true click rates")
    rates = true_rates(lab, ASKED_RATES * effort.asked, effort.seed)
    seen: dict[Key, _Seen] = {}
    least: Least = {}
    health: dict[tuple[str, int, str], list[dict[str, float]]] = {}
    for repeat in range(effort.repeats):
        progress(2 + len(ORDERS) + repeat, steps, f"log {repeat + 1} of {effort.repeats}")
        pages = logged(lab, effort.rounds, np.random.default_rng([effort.seed, 3, repeat]))
        add_log(lab, pages, rates, least)
        for size in effort.sizes:
            _one_log(lab, pages.first(size), repeat, seen, health)
    progress(steps, steps, "")
    lines = list(_lines(seen, truth, least))
    return {
        "dataset": data.name,
        "source": data.source | {"people": len(lab.people), "items": len(np.unique(lab.candidates))},
        "policies": [
            {"policy": name, "label": ORDERS[name].label, "logged": name == LOGGED, "value": round(value, 5),
             "error": round(error, 5)} for name, (value, error) in truth.items()
        ],
        "lines": lines,
        "health": list(_health(health)),
        "goals": list(_goals(seen, truth, least, effort)),
        "protocol": _rules(effort, lab),
    }  # fmt: skip


def _one_log(
    lab: Laboratory,
    pages: Pages,
    repeat: int,
    seen: dict[Key, _Seen],
    health: dict[tuple[str, int, str], list[dict[str, float]]],
) -> None:
    """Every estimate of every target from one log, with intervals."""
    n, log = len(pages.who), as_log(lab, pages)
    tables = expected_tables(lab.features, pages.who, pages.shown, pages.rewards)
    shown_ever = _shown_ever(lab, pages)
    made: list[tuple[Key, Parts, float | None]] = []
    for name, policy in lab.policies.items():
        if name == LOGGED:
            continue
        target = chances(lab, name, pages)
        model = expected(tables, policy.weights, policy.places, pages.who, pages.shown)
        for each in ESTIMATORS.values():
            made.append(((name, n, each.name), each.make(log, target, model), _width(lab, name, each)))
        unseen = diagnostics.unseen_share(policy.places.transpose(0, 2, 1).reshape(-1, CANDIDATES), shown_ever)
        for view in WEIGHTS:
            health.setdefault((name, n, view), []).append(_measured(log, target, view) | {"unseen": unseen})
    intervals = bootstrapped([parts for _, parts, _ in made], Sampling(RESAMPLES, 1, LEVEL, seed=repeat))
    for (key, parts, width), by_bootstrap in zip(made, intervals, strict=True):
        influence, found = parts.influence, seen.setdefault(key, _Seen())
        found.estimates.append(parts.estimate)
        of_all = {"t": students_t(influence), "bootstrap": by_bootstrap}
        if width is not None:
            of_all["bernstein"] = empirical_bernstein(influence, width)
        for kind, interval in of_all.items():
            found.intervals.setdefault(kind, []).append(interval)


def _width(lab: Laboratory, name: str, estimator: Estimator) -> float | None:
    """Of the range of what a page can add, where the policies tell it: rewards are at most 1 at each place."""
    if estimator.name not in BOUNDED:
        return None
    most = (lab.policies[name].places / lab.policies[LOGGED].places).max(axis=(0, 1))  # (k,)
    times, plus = BOUNDED[estimator.name]
    return float((times * most + plus).sum())


def _shown_ever(lab: Laboratory, pages: Pages) -> np.ndarray:
    """(p * k, c) whether the log showed a candidate to a person at a place."""
    shown = np.zeros((len(lab.people), PLACES, CANDIDATES), np.bool_)
    shown[pages.who[:, None], np.arange(PLACES)[None], pages.shown] = True
    return shown.reshape(-1, CANDIDATES)


def _measured(log: Log, target: Chances, view: str) -> dict[str, float]:
    weights = WEIGHTS[view](log.chances, target)
    return {"effective": diagnostics.effective_share(weights), "largest": diagnostics.largest_share(weights)}


def _lines(
    seen: Mapping[Key, _Seen], truth: Mapping[str, tuple[float, float]], least: Least
) -> Iterator[dict[str, Any]]:
    """A line for each target, length of log and estimator."""
    for (target, rounds, name), found in seen.items():
        value, estimator = truth[target][0], ESTIMATORS[name]
        errors = np.array(found.estimates) - value
        means = bootstrap_means(np.stack([errors, errors**2], axis=1))
        plain = PLAIN.get(name)
        against = _ratio(errors, np.array(seen[target, rounds, plain].estimates) - value) if plain else None
        yield {
            "target": target,
            "target_label": ORDERS[target].label,
            "rounds": rounds,
            "estimator": name,
            "label": estimator.label,
            "view": estimator.view,
            "logs": len(errors),
            "bias": _rounded(errors.mean()),
            "bias_ci95": _sides(means[:, 0]),
            "spread": _rounded(errors.std(ddof=1)),
            "mse": _rounded((errors**2).mean(), 8),
            "mse_ci95": _sides(means[:, 1], 8),
            "rmse": _rounded(np.sqrt((errors**2).mean())),
            "coverage": {kind: _covered(each, value) for kind, each in found.intervals.items()},
            "width": {
                kind: _rounded(np.mean([high - low for low, high in each])) for kind, each in found.intervals.items()
            },
            **({} if against is None else {"against": plain, "ratio": against[0], "ratio_ci95": against[1]}),
            **told(least, target, name, plain),
        }


def _covered(intervals: Sequence[Interval], value: float) -> dict[str, Any]:
    """The share of intervals that hold the truth, with an interval of its own."""
    hits = sum(low <= value <= high for low, high in intervals)
    return {
        "share": round(hits / len(intervals), 4),
        "ci95": [round(side, 4) for side in share_interval(hits, len(intervals))],
    }


def _ratio(errors: Doubles, plain: Doubles) -> tuple[float, list[float]]:
    """Mean squared error as a share of another's over the same logs, with a bootstrap interval over logs."""
    both = np.stack([errors**2, plain**2], axis=1)
    means = bootstrap_means(both)
    ratio = both[:, 0].mean() / max(float(both[:, 1].mean()), 1e-300)
    return _rounded(ratio, 4), _sides(means[:, 0] / np.maximum(means[:, 1], 1e-300), 4)


def _sides(values: Doubles, digits: int = 5) -> list[float]:
    return [_rounded(side, digits) for side in np.percentile(values, [2.5, 97.5])]


def _rounded(value: Any, digits: int = 5) -> float:
    return round(float(value), digits)


def _health(found: Mapping[tuple[str, int, str], Sequence[Mapping[str, float]]]) -> Iterator[dict[str, Any]]:
    for (target, rounds, view), each in found.items():
        means = {key: round(float(np.mean([one[key] for one in each])), 5) for key in each[0]}
        yield {"target": target, "target_label": ORDERS[target].label, "rounds": rounds, "view": view, **means}


def _goals(
    seen: Mapping[Key, _Seen], truth: Mapping[str, tuple[float, float]], least: Least, effort: Effort
) -> Iterator[dict[str, Any]]:
    """Doubly robust against IPS at the longest logs: of the same view of a page, and against IPS of whole pages."""
    for target in (name for name in ORDERS if name != LOGGED):
        for name, plain in PAIRS:
            mine, other = (
                np.array(seen[target, effort.rounds, each].estimates) - truth[target][0] for each in (name, plain)
            )
            ratio, ci95 = _ratio(mine, other)
            yield {
                "target": target, "target_label": ORDERS[target].label, "rounds": effort.rounds, "estimator": name,
                "against": plain, "ratio": ratio, "ratio_ci95": ci95, "goal": GOAL,
                "met": ratio <= GOAL and ci95[1] < 1.0, **told(least, target, name, plain),
            }  # fmt: skip


def _rules(effort: Effort, lab: Laboratory) -> dict[str, str]:
    orders = "; ".join(
        f"{each.label}: softmax of {each.score}, temperature {each.temperature}, {each.explore:.0%} evenly"
        for each in ORDERS.values()
    )
    return {
        "pages": f"{PLACES} products of {CANDIDATES} candidates of each person (half the most popular, half nearest to "
        "what they took), drawn one after another without replacement in proportion to weights (Plackett-Luce)",
        "propensities": "exact: the chance of each product at its place, and given what stands above it",
        "policies": f"{orders}. The first draws the logs. Scores are standardised over each person's candidates; the "
        f"taste was learned from {LEARNED_FROM} pages of each person before any log",
        "reward": "1 where a person did anything with a product, else 0; a page earns their sum",
        "truth": f"{effort.asked:,} pages of each policy, answered by the same {len(lab.people)} people with a seed of "
        "its own; people answer by the simulation's model of choice",
        "logs": f"{effort.repeats}, each drawn anew; shorter ones are the first pages of the longest; a page is for a "
        "person drawn evenly from all",
        "model": f"logistic regression on pairs of features (popularity, taste, nearness, purchases, place), "
        f"cross-fitted in {FOLDS} folds of pages; its settings were chosen by log loss on pages of another seed",
        "switch": "threshold by variance plus squared bound of the bias (Wang et al. 2017), or by SLOPE (Su et al. "
        "2020), each from the log alone",
        "shrunk": f"lambda w / (w^2 + lambda) in place of w (Su et al. 2020), lambda {SHRUNK_FROM[1]:g} of the square "
        f"of the weights' {SHRUNK_FROM[0]:.1%} quantile, chosen on people and logs of other seeds",
        "least": "variance of the same estimator with people's true click rates as its model, as a share of that of "
        f"IPS, over the longest logs; the same for logs of any length. The rates are asked for {HALVES} times "
        f"independently, {answers(ASKED_RATES * effort.asked, len(lab.people)):,} answers of each person to each "
        "product at each place; what is done with a product here hangs on person, product and place alone",
        "interval": f"of an estimate, 95 %: Student's t; percentile bootstrap over pages, {RESAMPLES} resamples; "
        "empirical Bernstein where the range is known. Of bias and mean squared error: bootstrap over logs; of "
        "coverage: Wilson",
        "seed": str(effort.seed),
    }
