"""`python -m recsys evaluate experiments`: what a test takes on the shop's own data, and if promises hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np

from recsys.errors import BadRequestError
from recsys.evaluation.experiments import looks, own_data, planning
from recsys.evaluation.experiments.anytime import looking
from recsys.evaluation.experiments.crowd import EVERY, MOST, PLACES, TASTE, compared
from recsys.evaluation.experiments.cuped import saved
from recsys.evaluation.experiments.own_data import BUYERS, CONVERSION, EARLIER, SPEND, Baseline, Log
from recsys.evaluation.experiments.sample_size import USUAL
from recsys.evaluation.learning.running import LearningData
from recsys.progress import Progress, silent

LIFTS: Final = (0.02, 0.05, 0.1, 0.2)
EACH_VISIT: Final = 4  # one of so many tests is looked at after each visit too: there are a hundred times as many looks


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is tried."""

    splits: int = 2_000  # random ways to send people to two groups
    pages: int = 6_000  # that people answer, for each pair of rankings and for each ranking
    runs: int = 500  # tests that draw from these
    seed: int = 0


def evaluated(
    log: Log,
    crowd: LearningData | None,
    source: dict[str, Any],
    effort: Effort,
    progress_of: Callable[[str], Progress] = lambda label: silent,
) -> dict[str, Any]:
    """The report, as plain data. `crowd` is None for a shop whose people cannot be asked."""
    progress = progress_of("Tests without a difference")
    progress(0, 3, "what is known before")
    metrics = own_data.baselines(log)
    cuped = list(_cuped(log, metrics, effort.seed))
    progress(1, 3, "looked at daily")
    alarms = list(_alarms(log, effort))
    progress(2, 3, "halves")
    halves = list(_halves(log, metrics, effort))
    progress(3, 3, "")
    pairs = (
        [] if crowd is None else compared(crowd, effort.pages, effort.runs, effort.seed, progress_of("Two rankings"))
    )
    return {
        "dataset": log.name,
        "source": source | {"people": log.shoppers, "days": log.length},
        "metrics": [asdict(each) | {"tests": list(_tests(each))} for each in metrics],
        "looking": asdict(looking(USUAL)),
        "cuped": cuped,
        "alarms": alarms,
        "halves": halves,
        "interleaving": pairs,
        "protocol": _rules(log, metrics, effort, asked=crowd is not None),
    }


def _tests(baseline: Baseline) -> Iterator[dict[str, Any]]:
    """What a test takes to find each of LIFTS, half and half, with 80 % power and 5 % false alarms."""
    for lift in LIFTS:
        try:
            plan = planning.planned(baseline, lift, USUAL)
        except BadRequestError:  # a share cannot become so much more
            continue
        kinds = {"plain": plan.plain, "cuped": plan.cuped, "looked": plan.looked, "looked_mean": plan.looked_mean}
        yield {"lift": lift, "people": {name: need.people for name, need in kinds.items()}} | {
            "days": {name: need.days for name, need in kinds.items()}
        }


def _cuped(log: Log, metrics: tuple[Baseline, ...], seed: int) -> Iterator[dict[str, Any]]:
    """What each length of the time before saves, of each metric."""
    for metric in metrics:
        lengths = {*(days for days in EARLIER if days <= log.length - metric.watched), metric.before}
        for before in sorted(lengths):
            found = own_data.values(log, metric.name, metric.watched, before)
            told = saved(found.outcome, found.before, seed)
            yield {
                "metric": metric.name,
                "before": before,
                "watched": metric.watched,
                "people": len(found.outcome),
                "saved": round(told.share, 4),
                "saved_ci95": [round(told.low, 4), round(told.high, 4)],
            }


def _alarms(log: Log, effort: Effort) -> Iterator[dict[str, Any]]:
    """How often tests without a difference ring; where visits are known by whether they end in a purchase, too."""
    _, days, bought, paid = own_data.visits_with_purchase(log)
    measured = {CONVERSION: bought} if log.came is not None else {}
    if log.amounts is not None:
        measured[SPEND] = paid
    for name, values in measured.items():
        yield {"metric": name, "looked": "daily"} | looks.daily(values, days, effort.splits, effort.seed)
        splits, each = max(effort.splits // EACH_VISIT, 1), np.arange(len(values))
        yield {"metric": name, "looked": "each"} | looks.alarms(values, each, splits, effort.seed + 1)


def _halves(log: Log, metrics: tuple[Baseline, ...], effort: Effort) -> Iterator[dict[str, Any]]:
    for metric in metrics:
        if metric.name != CONVERSION:  # its linear form has no mean that could be so much more
            found = own_data.values(log, metric.name, metric.watched, metric.before)
            for how, told in looks.halves(found, effort.splits, effort.seed + 2).items():
                yield {"metric": metric.name, "how": how} | told


def _rules(log: Log, metrics: tuple[Baseline, ...], effort: Effort, *, asked: bool) -> dict[str, str]:
    watched, before = metrics[0].watched, metrics[0].before
    visits = "visits: all that a person was shown on one day" if log.came is not None else "days with a purchase"
    told = {
        "split": f"by time: the last {watched} days stand for a test, the {before} before them for what was known",
        "people": f"{BUYERS}, {SPEND}: who had bought before the last {watched} days; {CONVERSION}: who came in them",
        "sizes": "both groups together, two-sided, 80 % power, 5 % false alarms, half and half",
        "cuped": "share of the variance that the covariate takes out, 95 % bootstrap interval over people; theta is "
        "estimated on the same people",
        "alarms": f"{effort.splits} random ways to send {visits}, one by one, to two groups that are treated alike; "
        f"looked at each day's end, and of a quarter of them after each visit, from the 100th on; 95 % Wilson",
        "halves": f"{effort.splits} random halves of the people; p against a uniform one by Kolmogorov and Smirnov; "
        f"covered: 95 % intervals that hold a lift of {looks.LIFT:.0%} built into one half",
        "seed": str(effort.seed),
    }
    if asked:
        told["interleaving"] = (
            f"pages of {PLACES}; rankings by popularity and {TASTE:g} times the cosine with what each person took; "
            f"{effort.pages} pages answered for each pair interleaved and each ranking alone; {effort.runs} tests draw "
            f"from them with replacement, given up after {MOST['interleaving']:,} pages (interleaving) and "
            f"{MOST['groups']:,} (groups, looked at every {EVERY}); which is better says utility@{PLACES} by the "
            f"truth; where none is, both sides draw from the pages of both"
        )
    return told
