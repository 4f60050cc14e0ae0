"""`python -m recsys evaluate cold-start`: cold items, cold shoppers, and shoppers who answer questions."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys.errors import BadRequestError
from recsys.evaluation.cold_start import choices, methods
from recsys.evaluation.cold_start.data import ColdData
from recsys.evaluation.cold_start.judging import NDCG, Values, chosen_mix, compared, drawn, equal_mix, valued
from recsys.evaluation.cold_start.methods import COMBINED, MEMBERS, Fitted
from recsys.evaluation.cold_start.splits import FOLDS, KNOWN, ColdTask, cold_items, cold_shoppers
from recsys.evaluation.significance import SAMPLING, Sampling
from recsys.progress import Progress, silent

GOALS: Final = {"items": 0.5, "shoppers": 0.3}  # change of nDCG@10 against the best baseline
BUCKETS: Final = ((0, 0, "0"), (1, 2, "1 to 2"), (3, 5, "3 to 5"), (6, 10, "6 to 10"), (11, 10**9, "11 or more"))
LUCK: Final = 0.05  # a change with a larger p does not count as a goal that is met
LEAST: Final = 30  # visits that a group needs to have figures of its own
FEW_SHOPPERS: Final = 5_000  # of fewer, every part is asked once: a fifth alone would say little
WINDOW: Final = 4  # a window of cold items is the length of the data divided by this, where it is not said


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is asked."""

    visits: int = 3_000  # of a test, at most, drawn by seed
    chosen_by: int = 1_000  # of a validation
    answering: int = 500  # shoppers of each part who answer questions
    days: int = 0  # of a window of cold items; 0: a quarter of the data
    seed: int = 0


def evaluated(
    data: ColdData, effort: Effort, progress_of: Callable[[str], Progress] = lambda label: silent
) -> dict[str, Any]:
    """The report, as plain data. Raises BadRequestError where nothing is known of the items."""
    if data.side.attributes is None or not data.side.attributes.nnz:
        raise BadRequestError(
            "nothing is known of these items, so that a new one is like no other",
            allowed="a shop, or a file with attributes",
            remedy="give --attributes FILE",
        )
    span = int(data.table.days.max(initial=0)) + 1 if data.table.dated else 0
    effort = replace(effort, days=effort.days or span // WINDOW)
    sampling = replace(SAMPLING, seed=SAMPLING.seed + effort.seed)
    items = _items(data, effort, sampling, progress_of)
    shoppers = _shoppers(data, effort, sampling, span // 3 if data.table.dated else -1, progress_of)
    report = {"dataset": data.name, "source": data.source} | items | shoppers
    return report | {"goals": _goals(report), "protocol": _rules(data, effort, span)}


def _items(
    data: ColdData, effort: Effort, sampling: Sampling, progress_of: Callable[[str], Progress]
) -> dict[str, Any]:
    validation, test = cold_items(data.table, data.launched, effort.days, effort.seed)
    before = methods.for_items(data, validation.known, effort.seed)
    task = drawn(validation.task, effort.chosen_by, effort.seed)
    popularity = _popularity(before, task, validation, data)
    mix = chosen_mix(
        _named(before, popularity), task, validation.candidates, popularity, progress_of("Choosing by cold items")
    )
    fitted = methods.for_items(data, test.known, effort.seed)
    task = drawn(test.task, effort.visits, effort.seed)
    values = valued(fitted, task, test.candidates, mix, progress_of("Ranking cold items"))
    everything, baselines = np.ones(data.table.n_items, np.bool_), fitted.baselines
    offered = valued(fitted, task, test.on_offer, mix, progress_of("Ranking all on offer"))
    amid = valued(fitted, task, everything, mix, progress_of("Ranking them among all"))
    lines = [line | {"known": "all"} for line in compared(values, fitted.baselines, sampling)]
    lengths = task.visits.histories.lengths
    for low, high, name in BUCKETS:
        inside = (lengths >= low) & (lengths <= high)
        if inside.sum() >= LEAST:
            some = {method: each[inside] for method, each in values.items()}
            lines += [
                line | {"known": name, "visits": int(inside.sum())}
                for line in compared(some, fitted.baselines, sampling)
            ]
    return {
        "items": [{"visits": len(task.visits)} | line for line in lines],
        **{
            name: [{"visits": len(task.visits), "known": "all"} | line for line in compared(each, baselines, sampling)]
            for name, each in (("items_on_offer", offered), ("items_among_all", amid))
        },
        "items_weights": mix.said(),
        "items_ranked": {"items": int(test.candidates.sum()), "items_on_offer": int(test.on_offer.sum())},
    }


def _popularity(fitted: Fitted, task: Any, cold: ColdTask, data: ColdData) -> str:
    """The baseline that does best on the validation: it stands in the combination for popularity."""
    values = valued(fitted, task, cold.candidates, equal_mix(fitted.baselines[0]))
    return max(fitted.baselines, key=lambda name: float(values[name][NDCG].mean()))


def _named(fitted: Fitted, popularity: str) -> Fitted:
    """Only what the combination needs."""
    names = (*MEMBERS[:-1], popularity)
    return Fitted({name: fitted.methods[name] for name in names}, fitted.baselines)


def _shoppers(
    data: ColdData, effort: Effort, sampling: Sampling, day: int, progress_of: Callable[[str], Progress]
) -> dict[str, Any]:
    rotations = FOLDS if len(data.table) < FEW_SHOPPERS else 1
    everything = np.ones(data.table.n_items, np.bool_)
    found: dict[int, list[Values]] = {n: [] for n in KNOWN}
    asked: dict[int, list[Values]] = {n: [] for n in KNOWN}
    chosen: dict[int, list[dict[str, Any]]] = {n: [] for n in KNOWN}
    baselines: tuple[str, ...] = ()
    progress = progress_of("Cold shoppers")
    for turn, (validation, test) in enumerate(cold_shoppers(data.table, day, effort.seed, rotations)):
        fitted = methods.for_shoppers(data, test.known)
        baselines = fitted.baselines
        for place, n in enumerate(KNOWN):
            progress(turn * len(KNOWN) + place, rotations * len(KNOWN), f"{n} events known")
            before = drawn(validation.tasks[n], effort.chosen_by, effort.seed)
            popularity = _best(fitted, before, everything)
            mix = chosen_mix(_named(fitted, popularity), before, everything, popularity)
            task = drawn(test.tasks[n], effort.visits, effort.seed)
            found[n].append(valued(fitted, task, everything, mix))
            chosen[n].append(mix.said())
        for n, values in choices.simulated(data, validation, test, effort.answering, effort.seed).items():
            asked[n].append(values)
    progress(rotations * len(KNOWN), rotations * len(KNOWN), "")
    joined = {n: _joined(parts) for n, parts in found.items()}
    lines = [
        line | {"known": n, "visits": len(values[COMBINED])}
        for n, values in joined.items()
        for line in compared(values, baselines, sampling)
    ]
    return {
        "shoppers": lines,
        "shoppers_weights": {str(n): each for n, each in chosen.items()},
        "choices": choices.lines({n: _joined(parts) for n, parts in asked.items()}, sampling),
    }


def _best(fitted: Fitted, task: Any, candidates: Any) -> str:
    if len(fitted.baselines) == 1:
        return fitted.baselines[0]
    alone = Fitted({name: fitted.methods[name] for name in (*MEMBERS[:-1], *fitted.baselines)}, fitted.baselines)
    values = valued(alone, task, candidates, equal_mix(fitted.baselines[0]))
    return max(fitted.baselines, key=lambda name: float(values[name][NDCG].mean()))


def _joined(parts: list[Values]) -> Values:
    return {name: pd.concat([each[name] for each in parts], ignore_index=True) for name in parts[0]}


def _goals(report: Mapping[str, Any]) -> list[dict[str, Any]]:
    """For each goal what the combination reached: all cold items together, shoppers by number of known events."""
    found = []
    for task, goal in GOALS.items():
        for line in report[task]:
            if line["method"] != COMBINED or (task == "items" and line["known"] != "all"):
                continue
            reached = line["ndcg_change"]
            best = _leader(report[task], line["known"])
            found.append(
                {
                    "task": task,
                    "known": line["known"],
                    "goal": goal,
                    "ndcg_change": reached,
                    "ndcg_change_ci95": line["ndcg_change_ci95"],
                    "hit_change": line["hit_change"],
                    "p": line["p"],
                    "met": reached is not None and reached >= goal and (line["p"] or 0) < LUCK,
                    "best_method": best,
                }
            )
    return found


def _leader(lines: list[dict[str, Any]], known: Any) -> str:
    """The method with the highest nDCG of that group: where it is not the combination, one part alone did better."""
    return str(max((line for line in lines if line["known"] == known), key=lambda line: line["ndcg"])["method"])


def _rules(data: ColdData, effort: Effort, span: int) -> dict[str, Any]:
    return dict(_sentences(data, effort, span))


def _sentences(data: ColdData, effort: Effort, span: int) -> Iterator[tuple[str, str]]:
    if data.table.dated:
        yield (
            "items",
            f"what was taken before day {span - effort.days} of {span} is known; an item that nobody had taken by "
            f"then is cold; what shoppers took of them in the {effort.days} days after is the truth. Weights are "
            f"chosen on the {effort.days} days before, with what was known then",
        )
        yield (
            "shoppers",
            f"a fifth is held out wholly; others are known up to day {span // 3}, and what the held-out shoppers took "
            f"from then on counts as theirs from the first; another fifth is chosen by",
        )
    else:
        yield (
            "items",
            "no dates, so that no item is new: a tenth of the items is drawn by seed and made cold, none of their "
            "events "
            "is known, and each shopper up to their first of them; another tenth is chosen by, the test's left out",
        )
        yield "shoppers", "a fifth is held out wholly, others are known whole (no dates); another fifth is chosen by"
    yield (
        "candidates",
        "full ranking. Cold items: all that anybody took afterwards; items_on_offer: with those that nobody took; "
        "items_among_all: with all others. Cold shoppers: all items. What was taken before is left out",
    )
    yield (
        "truth",
        f"cold shoppers: those with more than {max(KNOWN)} items, every first purchase of an item an event; what "
        f"follows the first {max(KNOWN)} (ten at most) is the truth at every number of known events, so that these are "
        "the same shoppers with the same truth",
    )
    described = "text vectors" if data.side.vectors is not None else "attributes, rare ones weighing more"
    yield "content", f"cosine with the mean of what was taken, by {described}"
    yield (
        "combination",
        "weighted sum over content, graph, cohort and popularity, of 1 / (60 + place) or of standardised scores; "
        "weights in quarters, a quarter of the way back to equal; all by nDCG@50 on the validation",
    )
    yield (
        "baseline",
        "the best on the test itself. Items: popularity of an item's category, brand and attributes among known items; "
        "newest first, where launches are known; chance. Shoppers: bestsellers, of all time and of late",
    )
    yield (
        "choices",
        "held-out shoppers are asked which of four products they like best, and answer by what is nearest to the mean "
        "of what they will take: nobody knows their own future that well, so this is the most that choices can bring. "
        f"'careless' gives {choices.CARELESS:.0%} of the answers by chance",
    )
    yield "interval", "95 %: percentile bootstrap over shoppers; p: paired randomisation test of nDCG@10"
    yield (
        "effort",
        f"at most {effort.visits:,} visits of a test, {effort.chosen_by:,} to choose by, {effort.answering:,} who "
        f"answer, drawn by seed {effort.seed}",
    )
