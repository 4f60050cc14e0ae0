"""`python -m recsys evaluate diversity`: settings chosen on the validation, and what they cost on the test."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from recsys.errors import BadRequestError
from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.diversity import fairness
from recsys.evaluation.diversity.candidates import SCALES, Candidates, Described, candidates
from recsys.evaluation.diversity.judging import DIVERSITY, NDCG, SHELF, Lists, Setting, change, listed, measured, row
from recsys.evaluation.diversity.rules import Known, priced
from recsys.evaluation.full_ranking import top_items
from recsys.evaluation.problems import Problem
from recsys.evaluation.significance import SAMPLING, Sampling
from recsys.evaluation.splits import Task
from recsys.progress import Progress, silent
from recsys.ranking.models import Model
from recsys.recommenders.contract import Recommender
from recsys.reranking.chosen import DIVERSIFY

STRENGTHS: Final = (0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.55, 0.6, 0.7, 0.8)
MOST_LOSS: Final = 0.02  # of nDCG, that diversity may cost
MARGIN: Final = 0.005  # kept from it on the validation, whose noise would else carry half of the choices over it
LEAST_GAIN: Final = 0.10  # of diversity, that it should bring
CHOOSE_MODEL_BY: Final = 4_000  # validation visits, as every evaluation


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is asked: visits drawn by seed, and candidates of each."""

    visits: int = 5_000  # of the test, and as many of the validation
    candidates: int = 200
    seed: int = 0


def evaluated(
    problem: Problem,
    model: Model,
    effort: Effort,
    known: Known | None = None,
    progress_of: Callable[[str], Progress] = lambda label: silent,
) -> dict[str, Any]:
    """The report, as plain data. Raises BadRequestError where nothing is known by which products could differ."""
    if problem.side.vectors is None and problem.side.attributes is None:
        raise BadRequestError(
            "nothing is known of these items, so that none is like another",
            allowed="a shop, or a file with attributes",
            remedy="give --attributes FILE",
        )
    described = Described(problem.side)
    settings, recommender = _recommender(problem, model, effort, progress_of(f"Choosing {model.label}"))
    validation = _drawn(problem.split.validation, effort)
    tried = [Setting(way, scale, s) for way in DIVERSIFY for scale in SCALES for s in (0.0, *STRENGTHS)]
    found = _candidates(problem, recommender, validation, effort, progress_of("Ranking the validation"))
    on_validation = _compared(listed(found, described, tried, progress_of("Re-ranking it")), validation, problem)
    chosen = {way: _choice(way, on_validation) for way in DIVERSIFY}
    task = _drawn(problem.split.test, effort)
    test = _candidates(problem, _for_test(problem, model, settings, recommender, effort), task, effort, silent)
    shown = [Setting(way, chosen[way].scale, s) for way in DIVERSIFY for s in (0.0, *STRENGTHS)]
    lists = listed(test, described, shown, progress_of("Re-ranking the test"))
    known = known or Known()
    report = _report(problem, model, settings, effort, on_validation, chosen, lists, task, known.groups)
    told = progress_of("Asking what rules cost")
    return report | {"rules": priced(test, described, known, task, problem, _sampling(effort), told)}


def _recommender(
    problem: Problem, model: Model, effort: Effort, progress: Progress
) -> tuple[Mapping[str, Any], Recommender]:
    """The settings that rank the validation best, and the recommender fitted with them on neither task's answers."""
    split, best = problem.split, (-1.0, dict[str, Any](), None)
    task = _drawn(split.validation, replace(effort, visits=CHOOSE_MODEL_BY))
    for number, settings in enumerate(model.grid):
        progress(number, len(model.grid), model.name)
        made = model.make(settings, effort.seed).fit(split.for_choosing, problem.side)
        top = top_items(made, task.visits, 10, keep_seen=problem.protocol.keep_seen)
        value = float(accuracy(top, task.relevant, [10])["ndcg@10"].mean())
        if value > best[0]:
            best = (value, dict(settings), made)  # type: ignore[assignment]
    if best[2] is None:
        raise BadRequestError(f"{model.name} cannot be fitted here", remedy="name another one with --model")
    return best[1], best[2]


def _for_test(
    problem: Problem, model: Model, settings: Mapping[str, Any], fitted: Recommender, effort: Effort
) -> Recommender:
    split = problem.split
    if split.for_testing is split.for_choosing:
        return fitted
    return model.make(settings, effort.seed).fit(split.for_testing, problem.side)


def _drawn(task: Task, effort: Effort) -> Task:
    drawn = np.random.default_rng(effort.seed).permutation(len(task.visits))[: effort.visits]
    return task.take(np.sort(drawn).astype(np.int32))


def _candidates(
    problem: Problem, recommender: Recommender, task: Task, effort: Effort, progress: Progress
) -> Candidates:
    keep_seen = problem.protocol.keep_seen
    return candidates(recommender, task.visits, effort.candidates, keep_seen=keep_seen, progress=progress)


def _compared(lists: Mapping[Setting, Lists], task: Task, problem: Problem) -> list[tuple[Setting, dict[str, Any]]]:
    """Each setting with its change against relevance alone."""
    values = {setting: measured(made.top, task, problem.side) for setting, made in lists.items()}
    return [(setting, change(mine, values[replace(setting, strength=0.0)])) for setting, mine in values.items()]


def _choice(way: str, tried: Sequence[tuple[Setting, dict[str, Any]]]) -> Setting:
    """Of one way the setting that brings most diversity for no more than the loss that is allowed, less the margin."""
    within = [
        (float(found["diversity_change"] or 0.0), setting)
        for setting, found in tried
        if setting.way == way and float(found["ndcg_change"] or 0.0) >= MARGIN - MOST_LOSS
    ]
    return max(within, key=lambda each: (each[0], -each[1].strength))[1]


def _report(
    problem: Problem,
    model: Model,
    settings: Mapping[str, Any],
    effort: Effort,
    on_validation: Sequence[tuple[Setting, dict[str, Any]]],
    chosen: Mapping[str, Setting],
    lists: Mapping[Setting, Lists],
    task: Task,
    groups: Mapping[str, fairness.Grouping],
) -> dict[str, Any]:
    sampling = _sampling(effort)
    values = {setting: measured(made.top, task, problem.side) for setting, made in lists.items()}
    rows = []
    for setting, made in lists.items():
        base = values[replace(setting, strength=0.0)]
        rows.append(row(setting, made, values[setting], base, sampling) | {"chosen": setting == chosen[setting.way]})
    best = _best(on_validation, chosen)
    alone = replace(best, strength=0.0)
    winner = next(line for line in rows if line["chosen"] and line["way"] == best.way)
    kept = {"by score": lists[alone].top, "re-ranked": lists[best].top}
    return {
        "dataset": problem.name,
        "source": problem.source,
        "model": {"name": model.name, "label": model.label, "settings": dict(settings)},
        "protocol": _rules(problem, effort, len(task.visits)),
        "validation": [_setting(setting) | found for setting, found in on_validation],
        "rows": rows,
        "best": _setting(best),
        "goal": {
            "most_loss": MOST_LOSS,
            "least_gain": LEAST_GAIN,
            "ndcg_change": winner["ndcg_change"],
            "diversity_change": winner["diversity_change"],
            "met": winner["ndcg_change"] >= -MOST_LOSS and winner["diversity_change"] >= LEAST_GAIN,
        },
        "exposure": fairness.exposure(kept, task, groups),
        "cohorts": fairness.served(
            {"by score": values[alone][NDCG], "re-ranked": values[best][NDCG]}, task, problem, sampling
        ),
    }


def _sampling(effort: Effort) -> Sampling:
    return replace(SAMPLING, seed=SAMPLING.seed + effort.seed)


def _best(on_validation: Sequence[tuple[Setting, dict[str, Any]]], chosen: Mapping[str, Setting]) -> Setting:
    """Of the settings chosen, the one that brought most diversity on the validation."""
    gains = {setting: float(found["diversity_change"] or 0.0) for setting, found in on_validation}
    return max(chosen.values(), key=lambda setting: gains[setting])


def _setting(setting: Setting) -> dict[str, Any]:
    return {"way": setting.way, "relevance": setting.scale, "strength": setting.strength}


def _rules(problem: Problem, effort: Effort, asked: int) -> dict[str, Any]:
    described = "text vectors" if problem.side.vectors is not None else "attributes"
    return problem.rules() | {
        "visits": f"{asked:,} test visits and as many of the validation, drawn by seed {effort.seed}",
        "shelf": SHELF,
        "pool": f"the {effort.candidates} best of a full ranking over all items",
        "diversity": f"{DIVERSITY}: 1 - mean cosine over the pairs of a list, by {described}",
        "relevance": "scaled to 0..1 over the pool: the recommender's scores, 1 / place, or the geometric mean of both",
        "shown": "the chosen ones in the order of their scores: re-ranking changes who is shown",
        "chosen": f"on the validation alone: most diversity at no more than {MOST_LOSS - MARGIN:.1%} less {NDCG} "
        f"({MARGIN:.1%} of the {MOST_LOSS:.0%} allowed is kept as a margin for its noise)",
        "change": "of the means, relative to the same lists by score; paired bootstrap over visits",
    }
