"""One evaluation of demand: methods chosen on earlier weeks, then asked from several later ones."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

import numpy as np

from recsys.artifacts import Artifact
from recsys.errors import BadRequestError
from recsys.evaluation.stock.measuring import Outcome, drawn, held, line
from recsys.evaluation.stock.newcomers import newcomers
from recsys.progress import Progress
from recsys.scenarios.stock.foretelling import chosen_before
from recsys.scenarios.stock.intervals import COVERAGE
from recsys.scenarios.stock.methods import LABELS, METHODS, PLANNED, Chosen
from recsys.scenarios.stock.sales import Sales
from recsys.scenarios.stock.series import FARTHEST, Doubles, Panel, best_sellers
from recsys.scenarios.stock.what_if import ON
from recsys.schema import Floats

TESTED: Final = 5  # test weeks from which is looked ahead, one week apart
GOAL: Final = -0.15  # change of WAPE against the strongest seasonal naive
SECONDS: Final = 60.0  # goal for a thousand series
FEWEST: Final = 12  # weeks of which some can be kept for a test
LADDER: Final = ((40, FARTHEST), (20, 4), (FEWEST, 2))  # from so many weeks on, so many are looked ahead


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is measured."""

    series: int = 1_000  # best sellers
    horizon: int = 0  # weeks ahead; 0: as many as the weeks of the shop allow
    seed: int = 0


def horizon_of(weeks: int, wanted: int) -> int:
    """How many weeks ahead a shop with so many weeks can be tested. Raises BadRequestError where none, or fewer."""
    most = next((ahead for least, ahead in LADDER if weeks >= least), 0)
    if not most:
        raise BadRequestError(
            f"the shop has {weeks} whole weeks of sales",
            allowed=f"{FEWEST} and more: methods are chosen on some and tested on later ones",
            remedy="measure once there are more",
        )
    if wanted > most:
        raise BadRequestError(
            f"{wanted} weeks ahead cannot be tested on {weeks} weeks", allowed=f"1 to {most}", remedy="look less far"
        )
    return wanted or most


def evaluated(
    sales: Sales,
    vectors: Callable[[], Floats],
    dataset: Artifact,
    effort: Effort,
    progress_of: Callable[[str], Progress],
) -> dict[str, Any]:
    """The whole report, as JSON. `vectors` are of all products, read once they are needed."""
    panel = sales.panel
    horizon = horizon_of(panel.weeks, effort.horizon)
    tests = tuple(range(panel.weeks - horizon - TESTED + 1, panel.weeks - horizon + 1))
    best = best_sellers(panel.units[:, : tests[0]], effort.series)
    if not len(best):
        raise BadRequestError(
            "nothing was sold before the test weeks", remedy="choose a shop whose purchases reach over more weeks"
        )
    products = _judged(panel.take(best), tests, horizon, effort.seed, progress_of("products"))
    groups = sales.by_category
    sold = best_sellers(groups.units[:, : tests[0]], len(groups))
    categories = _judged(groups.take(sold), tests, horizon, effort.seed, progress_of("categories"))
    fresh = newcomers(sales, vectors(), effort.seed)
    progress_of("newcomers")(1, 1)
    strongest = products["chosen"]["season"]
    return {
        "dataset": sales.shop,
        "source": {"dataset": sales.shop, "version": dataset.manifest["version"], "weeks": panel.weeks,
                   "products": int((panel.units.sum(axis=1) > 0).sum()), "promotions": sales.promotions or "unknown"},
        "protocol": _protocol(sales, tests, horizon, products, effort),
        "products": products["lines"],
        "products_planned": products["planned"],
        "products_held": products["held"],
        "products_chosen": products["chosen"],
        "categories": categories["lines"],
        "categories_planned": categories["planned"],
        "categories_held": categories["held"],
        "categories_chosen": categories["chosen"],
        "newcomers": fresh,
        "goals": [
            _goal("products", products, strongest),
            {"task": "seconds", "goal": SECONDS, "seconds": products["seconds"]["combination"],
             "met": products["seconds"]["combination"] <= SECONDS},
            *([_goal("products, displays and mailers known", products, strongest, PLANNED[0])] if products["planned"]
              else []),
        ],
        "seconds": products["seconds"] | {"series": len(best)},
    }  # fmt: skip


def _goal(task: str, judged: Mapping[str, Any], base: str, method: str = "combination") -> dict[str, Any]:
    own = next(each for each in judged["lines"] if each["method"] == method)
    return {
        "task": task, "goal": GOAL, "change": own["change"], "change_ci95": own["change_ci95"], "against": LABELS[base],
        "met": own["change"] <= GOAL, "beyond_luck": own["change_ci95"][1] <= GOAL,
    }  # fmt: skip


def _judged(panel: Panel, tests: tuple[int, ...], horizon: int, seed: int, progress: Progress) -> dict[str, Any]:
    """Methods chosen before the first test week, and what all of them foretold from the test weeks."""
    steps = 3 + len(tests)
    best, spread, trial = chosen_before(panel, tests[0], horizon, lambda done: progress(done, steps, "earlier weeks"))
    found, seconds = _asked(panel, tests, horizon, best, lambda done: progress(3 + done, steps, "test weeks"))
    came = np.stack([panel.units[:, week : week + horizon] for week in tests])
    scales = np.stack([np.abs(np.diff(panel.units[:, :week], axis=1)).mean(axis=1) for week in tests])
    outcomes = {name: Outcome(each, came, scales) for name, each in found.items()}
    draws = drawn(len(panel), seed)
    lines = [
        line(name, LABELS[name], outcome, outcomes[best.season], draws)
        | {"earlier_wape": round(best.wapes[name], 4) if name in best.wapes else None, "base": name == best.season}
        for name, outcome in outcomes.items()
    ]
    return {
        "planned": _planned(panel, tests, horizon, outcomes, draws),
        "lines": sorted(lines, key=lambda each: each["wape"]),
        "held": {
            "single": held(np.stack([spread.weekly(each) for each in found["combination"]]), came, draws),
            "together": held(
                np.stack([spread.until(each) for each in found["combination"]]), came.cumsum(axis=2), draws
            ),
        },
        "chosen": {
            "season": best.season, "average": best.average, "together": list(best.together),
            "origins": list(trial.origins), "series": len(panel),
        },
        "seconds": seconds,
    }  # fmt: skip


def _planned(
    panel: Panel, tests: tuple[int, ...], horizon: int, outcomes: Mapping[str, Outcome], draws: Any
) -> dict[str, Any] | None:
    """The model that knows displays and mailers beside the one that does not: in all, in promoted weeks, in others."""
    own, without = outcomes.get(PLANNED[0]), outcomes.get("over-all")
    if own is None or without is None:
        return None
    wide = np.max(list(panel.promoted.values()), axis=0)
    on = np.stack([wide[:, week : week + horizon] for week in tests]) >= ON
    parts = {"all": np.ones_like(on), "promoted": on, "others": ~on}
    told: dict[str, dict[str, Any]] = {}
    for name, some in parts.items():
        mine, theirs = (
            Outcome(np.where(some, each.forecasts, 0), np.where(some, each.came, 0), each.scales)
            for each in (own, without)
        )
        told[name] = {"units": float(mine.came.sum())}
        for label, each, base in (("with", mine, theirs), ("without", theirs, theirs)):
            figures = line(PLANNED[0], "", each, base, draws)
            told[name][label] = {key: figures[key] for key in ("wape", "wape_ci95", "change", "change_ci95", "bias")}
    return told


def _asked(
    panel: Panel, tests: tuple[int, ...], horizon: int, best: Chosen, said: Callable[[int], None]
) -> tuple[dict[str, Doubles], dict[str, float]]:
    """((origins, n, horizon) of each method and of the combination, seconds of one look ahead from all series)."""
    found: dict[str, list[Doubles]] = {}
    seconds: dict[str, float] = {}
    for number, week in enumerate(tests):
        known = panel.until(week)
        for name, method in {**METHODS, PLANNED[0]: PLANNED[1]}.items():
            began = time.perf_counter()
            if (forecast := method(known, horizon)) is not None:
                found.setdefault(name, []).append(forecast)
                seconds[name] = round(time.perf_counter() - began, 3)  # the last: libraries are loaded by then
        said(number + 1)
    whole = {name: np.stack(each) for name, each in found.items() if len(each) == len(tests)}
    whole["combination"] = np.mean([whole[name] for name in best.together], axis=0)
    seconds["combination"] = round(sum(seconds[name] for name in best.together), 3)
    return whole, seconds


def _plans(sales: Sales) -> str:
    if not sales.panel.promoted:
        return ""
    return (
        " In what share of stores a product is displayed or in the mailer is a plan that a shop makes weeks before: "
        f"the line “{LABELS[PLANNED[0]]}” is told the real one of the test weeks, no other line is, and it is "
        "not chosen among."
    )


def _protocol(
    sales: Sales, tests: tuple[int, ...], horizon: int, products: Mapping[str, Any], effort: Effort
) -> dict[str, str]:
    earlier = ", ".join(str(week + 1) for week in sorted(products["chosen"]["origins"]))
    prices = {
        "paid": "The price paid beside the usual one (upper quartile of 13 weeks) is known of past weeks; what will be "
        "discounted is not known and not used.",
        "plan": "Offers are the shop's own plan: of past and of coming weeks the share of days on offer is known.",
    }
    return {
        "split": f"{sales.panel.weeks} whole weeks; from the beginnings of weeks {tests[0] + 1} to {tests[-1] + 1}, "
        f"{len(tests)} test origins, 1 to {horizon} weeks are foretold; every method knows only the weeks before.",
        "what": f"The {products['chosen']['series']:,} products of which most was sold before week {tests[0] + 1}, and "
        "all categories that sold anything by then; units sold, returns not taken off.",
        "chosen": f"The season of the seasonal naive (1 or 4 weeks: one year of weeks has none before), the moving "
        f"average and the mean of some (3 methods at most, equally) by WAPE from the beginnings of weeks {earlier}, "
        f"whose {horizon} weeks end before the first test origin.",
        "promotions": prices.get(sales.promotions, "Nothing is known of prices over time.") + _plans(sales),
        "intervals": f"{COVERAGE:.0%} from the errors of the combination on those earlier weeks (split conformal), by "
        "week ahead and size; whole units.",
        "interval": f"95 %: bootstrap over series, 1,000 draws, seed {effort.seed}.",
        "seconds": "One look ahead over all products, libraries loaded, one thread for each as they set it.",
    }
