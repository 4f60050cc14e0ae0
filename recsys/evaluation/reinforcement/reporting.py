"""From pieces to figures: means with intervals, planners against the rest, and what that says in a sentence."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.evaluation.reinforcement.methods import BY_NAME, METHODS
from recsys.evaluation.reinforcement.world import WORLDS
from recsys.evaluation.significance import holm, randomisation_test

LEVEL: Final = 0.95
SURE: Final = 0.05  # of a corrected p
BANDITS: Final = ("linucb", "thompson")
SHOWN: Final = ("value", "purchases", "pages", "visits", "utility")
Doubles = npt.NDArray[np.float64]
Found = Mapping[str, Mapping[str, Any]]  # world -> method -> settings, chosen_by, seeds


def report_of(found: Found) -> dict[str, Any]:
    """All figures, as plain data."""
    return {
        "worlds": [{"world": world.name, "label": world.label} | verdict(found[world.name]) for world in WORLDS],
        "final": [line for world in WORLDS for line in _final(world.name, found[world.name])],
        "curves": [line for world in WORLDS for line in _curves(world.name, found[world.name])],
        "compared": [line for world in WORLDS for line in compared(world.name, found[world.name])],
        "examples": [
            {"world": world.name, "method": name, "label": BY_NAME[name].label, "pages": mine["seeds"][0]["story"]}
            for world in WORLDS
            for name, mine in found[world.name].items()
            if name in _telling(found[world.name])
        ],
    }


def over_seeds(values: Doubles) -> tuple[float, list[float]]:
    """The mean of a figure over seeds (n,), and its 95 % interval by Student's t."""
    from scipy.stats import t

    mean = float(values.mean())
    half = float(t.ppf((1 + LEVEL) / 2, len(values) - 1) * values.std(ddof=1) / np.sqrt(len(values)))
    return round(mean, 5), [round(mean - half, 5), round(mean + half, 5)]


def best_of(mine: Mapping[str, Any], names: Sequence[str]) -> str:
    """Which of these methods brought the people who choose most."""
    return max(names, key=lambda name: float(mine[name]["chosen_by"]))


def rivals(mine: Mapping[str, Any]) -> dict[str, str]:
    """Whom planners are compared with, by what they stand for."""
    still = [method.name for method in METHODS if not method.plans]
    return {"greedy": "greedy", "bandit": best_of(mine, BANDITS), "best": best_of(mine, still)}


def compared(world: str, mine: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A line for each planner and rival: the difference of value, paired by seed."""
    planners = [method.name for method in METHODS if method.plans]
    for against, rival in rivals(mine).items():
        base = _of(mine, rival, "value")
        apart = np.stack([_of(mine, name, "value") - base for name in planners], axis=1)  # (seeds, planners)
        p = holm(randomisation_test(apart))
        for name, column, corrected in zip(planners, apart.T, p, strict=True):
            mean, interval = over_seeds(column)
            yield {
                "world": world, "method": name, "label": BY_NAME[name].label,
                "against": against, "rival": rival, "rival_label": BY_NAME[rival].label,
                "difference": mean, "difference_ci95": interval,
                "change": round(mean / float(base.mean()), 5),
                "change_ci95": [round(side / float(base.mean()), 5) for side in interval],
                "p": round(float(corrected), 5),
            }  # fmt: skip


def verdict(mine: Mapping[str, Any]) -> dict[str, Any]:
    """Whether planning pays: the planner that was chosen against the greedy ranker and the best that does not plan."""
    planner = best_of(mine, [method.name for method in METHODS if method.plans])
    lines = {line["against"]: line for line in compared("", mine) if line["method"] == planner}
    told = {"planner": planner, "rival": lines["best"]["rival"]}
    return told | {
        "beats_greedy": ahead(lines["greedy"]), "pays": ahead(lines["greedy"]) and ahead(lines["best"]),
        "loses": lines["best"]["difference_ci95"][1] < 0 and lines["best"]["p"] < SURE,
    }  # fmt: skip


def ahead(line: Mapping[str, Any]) -> bool:
    """Whether a difference is above 0 and more than luck."""
    return bool(line["difference_ci95"][0] > 0 and line["p"] < SURE)


def _of(mine: Mapping[str, Any], method: str, figure: str) -> Doubles:
    return np.array([float(piece[figure]) for piece in mine[method]["seeds"]])


def _final(world: str, mine: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    for method in METHODS:
        line: dict[str, Any] = {"world": world, "method": method.name, "label": method.label, "plans": method.plans}
        line |= {"settings": mine[method.name]["settings"], "seeds": len(mine[method.name]["seeds"])}
        line["people"] = sum(piece["people"] for piece in mine[method.name]["seeds"])
        for figure in SHOWN:
            line[figure], line[f"{figure}_ci95"] = over_seeds(_of(mine, method.name, figure))
        yield line


def _curves(world: str, mine: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """The value after so many episodes of training; of what is not trained one point."""
    for method in METHODS:
        courses = [piece["curve"] for piece in mine[method.name]["seeds"]]
        for points in zip(*courses, strict=True):
            value, interval = over_seeds(np.array([point["value"] for point in points]))
            yield {
                "world": world, "method": method.name, "label": method.label, "trained": method.trained,
                "episodes": points[0]["episodes"], "value": value, "value_ci95": interval,
            }  # fmt: skip


def _telling(mine: Mapping[str, Any]) -> set[str]:
    """The methods whose episode is told: the planner, the greedy ranker, and the best that does not plan."""
    told = verdict(mine)
    return {str(told["planner"]), str(told["rival"]), "greedy"}
