"""`python -m recsys evaluate ads`: days of sponsored places against simple ways to sell them, and the frontier."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Any, Final

import numpy as np

from recsys.evaluation.ads.bidding import settled
from recsys.evaluation.ads.data import AdData
from recsys.evaluation.truth import utility_captured
from recsys.progress import Progress, silent
from recsys.scenarios.ads.auction import FIRST, Rules
from recsys.scenarios.ads.day import Day, K, Selling, Standing, Visits, drawn_visits, simulated
from recsys.scenarios.ads.figures import interval
from recsys.scenarios.ads.market import SIMULATED, Joining, drawn_market
from recsys.scenarios.ads.pacing import NONE, SHADED, THROTTLED, UNLIMITED
from recsys.schema import Rows

PLACES: Final = (1, 2, 3, 4)
FLOORS: Final = (0.0, 0.25, 0.5, 0.75, 0.9)
RESERVE: Final = 0.1  # of the middle bid
EVENING: Final = 18  # hour from which money counts as earned in the evening
CHOSEN: Final = "throttled"  # the way that stands for this scenario
MEASURES: Final = ("money", "kept", "clicks", "utility", "ended", "evening", "surplus", "filled")


@dataclass(frozen=True, slots=True)
class Effort:
    """How much is asked."""

    days: int = 10  # seeds
    visits: int = 1_000  # of a day
    places: int = 2
    floor: float = 0.5
    clicks: float = 20.0  # middle bids that a daily budget holds, of a day of a thousand visits
    cap: int = 3
    seed: int = 0


@dataclass(frozen=True, slots=True)
class Way:
    """One way to sell places."""

    label: str
    selling: Selling
    budgets: bool = True
    bids: str = ""  # of which price rule bids have settled under; "" for what a click is worth


def ways(effort: Effort, reserve: int) -> dict[str, Way]:
    """All that are compared, the simple ones first."""
    ours = Rules(effort.places, effort.floor, reserve)
    first = replace(ours, price=FIRST)
    plain = Rules(effort.places, 0.0, 0, FIRST, ranked=False)

    def sold(rules: Rules, pacing: str = NONE, cap: int = effort.cap) -> Selling:
        return Selling(rules, pacing, cap)

    return {
        "none": Way("No advertising", sold(replace(ours, places=0))),
        "highest": Way("Highest bid first, pays it, no floor", sold(plain, cap=0)),
        "first": Way("First price with floor, brands still bid all a click is worth", sold(first)),
        "first_settled": Way(
            "First price with floor and pacing, brands bid what pays them best", sold(first, THROTTLED), bids="first"
        ),
        "no_floor": Way("Second price without floor, not paced", sold(replace(ours, floor=0.0))),
        "unpaced": Way("Second price with floor, not paced", sold(ours)),
        "throttled": Way("Second price with floor, paced by leaving auctions out", sold(ours, THROTTLED)),
        "shaded": Way("Second price with floor, paced by lowering bids", sold(ours, SHADED)),
        "second_settled": Way(
            "Second price with floor and pacing, brands bid what pays them best", sold(ours, THROTTLED), bids="second"
        ),
    }


def evaluated(
    data: AdData, effort: Effort, progress_of: Callable[[str], Progress] = lambda label: silent
) -> dict[str, Any]:
    """The report, as plain data."""
    found: dict[str, list[dict[str, float]]] = {}
    grid: dict[tuple[int, float], list[dict[str, float]]] = {}
    labels: dict[str, str] = {}
    progress = progress_of("Days of selling")
    settles: dict[str, list[float]] = {"first": [], "second": []}
    for turn in range(effort.days):
        progress(turn, effort.days, f"day {turn + 1}")
        one = _OneDay(data, effort, effort.seed + turn)
        for name, way in ways(effort, one.reserve).items():
            labels[name] = way.label
            found.setdefault(name, []).append(one.sold(way))
        for rule, shares in one.settled.items():
            settles[rule].append(float(np.mean(shares)) if len(shares) else 1.0)
        for places in PLACES:
            for floor in FLOORS:
                rules = Rules(places, floor, one.reserve)
                way = Way("", Selling(rules, THROTTLED, effort.cap))
                grid.setdefault((places, floor), []).append(one.sold(way))
    progress(effort.days, effort.days, "")
    lines = [_line(name, labels[name], each, found) for name, each in found.items()]
    report = {
        "dataset": data.name,
        "source": data.source,
        "simulated": SIMULATED,
        "assumed": list(data.makers.said),
        "settings": {
            "places": effort.places, "floor": effort.floor, "reserve_of_middle_bid": RESERVE,
            "budget_in_middle_bids": effort.clicks * effort.visits / 1000, "cap": effort.cap, "shelf": K,
        },
        "ways": lines,
        "settled_bids": {rule: interval(each)._asdict() for rule, each in settles.items() if each},
        "frontier": [
            {"places": places, "floor": floor} | {m: _spread(each, m) for m in ("money", "kept", "clicks", "utility")}
            for (places, floor), each in grid.items()
        ],
        "click_model": {
            "attention": data.clicks.attention, "low": data.clicks.low, "high": data.clicks.high,
            "said": data.clicks.said, "estimated": data.estimated,
        },
        "protocol": _rules(data, effort),
    }  # fmt: skip
    return report | {"finding": finding(lines)}


class _OneDay:
    """A market, its visits and everybody's answers, of one seed."""

    def __init__(self, data: AdData, effort: Effort, seed: int) -> None:
        self._data, self._effort, self._seed = data, effort, seed
        self.market = drawn_market(data.makers, Joining(seed=seed))
        self.reserve = round(RESERVE * self.market.usual)
        self._visits: Visits = drawn_visits(data.shelves.activity, effort.visits, seed)
        self._standing = Standing(data.shelves, self.market, data.clicks)
        self._without: Day | None = None
        self.settled: dict[str, Any] = {}

    def sold(self, way: Way) -> dict[str, float]:
        """The figures of one way."""
        standing = self._standing
        if way.bids:
            shares = settled(self._standing, way.selling, self._daily(way), self._effort.visits, self._seed)
            self.settled[way.bids] = shares
            standing = Standing(self._data.shelves, self.market, self._data.clicks, self.market.lowered_by(shares))
        answers = None if self._data.crowd is None else self._answer
        day = simulated(standing, self._visits, way.selling, self._daily(way), self._seed, answers)
        if self._without is None:  # no advertising comes first
            self._without = day
        return self._figures(day, way)

    def _daily(self, way: Way) -> Any:
        cents = round(self._effort.clicks * self._effort.visits / 1000 * self.market.usual)
        return np.full(len(self.market.names), cents if way.budgets else UNLIMITED, np.int64)

    def _answer(self, who: int, rows: Rows, rng: np.random.Generator) -> Any:
        assert self._data.crowd is not None
        return np.array(["click" in acts for acts in self._data.crowd.respond(who, rows, rng)], np.bool_)

    def _figures(self, day: Day, way: Way) -> dict[str, float]:
        assert self._without is not None
        bidding = np.unique(self.market.advertisers[self.market.cents > 0])
        thousand = 1000 / len(day.shelves)
        offered = max(way.selling.rules.places * len(day.shelves), 1)
        return {
            "money": day.earned * thousand,
            "kept": float(day.kept.mean()),
            "clicks": float(day.clicked.sum() / max(self._without.clicked.sum(), 1)),
            "utility": self._utility(day) / max(self._utility(self._without), 1e-12),
            "ended": float(np.isfinite(day.ended[bidding]).mean()) if len(bidding) else 0.0,
            "evening": float(day.spent[:, EVENING:].sum() / max(day.earned, 1)),
            "surplus": float(day.worth.sum() - day.earned) * thousand,
            "filled": float(day.sponsored.sum() / offered),
        }

    def _utility(self, day: Day) -> float:
        """Of the best shelf's true worth, what was shown has; NaN where no truth is known."""
        if self._data.worth is None or (self._visits.who < 0).any():
            return float("nan")
        return float(np.nanmean(utility_captured(day.shelves, self._data.worth[self._visits.who], K)))


def _spread(each: Sequence[dict[str, float]], measure: str) -> dict[str, float] | None:
    values = [line[measure] for line in each]
    return None if np.isnan(values).any() else interval(values)._asdict()


def _line(
    name: str, label: str, each: Sequence[dict[str, float]], all_found: dict[str, list[dict[str, float]]]
) -> dict[str, Any]:
    """A way with its figures, and how the chosen way differs from it on the same days."""
    chosen = all_found[CHOSEN]
    paired = {
        measure: _spread(
            [{measure: ours[measure] - its[measure]} for ours, its in zip(chosen, each, strict=True)], measure
        )
        for measure in ("money", "kept", "clicks", "utility", "surplus")
    }
    return {"name": name, "label": label} | {m: _spread(each, m) for m in MEASURES} | {"chosen_minus_this": paired}


def finding(lines: Sequence[dict[str, Any]]) -> str:
    """What the table says in a few sentences, whoever wins."""
    by = {line["name"]: line for line in lines}
    ours, highest, free = by[CHOSEN], by["highest"], by["unpaced"]

    def times(cents: float) -> str:
        return f"{cents / ours['money']['mean']:.2f} times" if ours["money"]["mean"] > 0 else "no multiple of"

    said = (
        f"A floor, second prices and pacing cost {_share(1 - ours['kept']['mean'])} of the relevance of a shelf; "
        f"highest bid first costs {_share(1 - highest['kept']['mean'])} and earns {times(highest['money']['mean'])} as "
        "much while brands bid all that a click is worth to them."
    )
    pace = free["chosen_minus_this"]["money"]
    if pace["low"] > 0:
        verdict = "earns more than not pacing"
    elif pace["high"] < 0:
        verdict = "earns less than not pacing"
    else:
        verdict = "earns neither more nor less than not pacing, beyond luck"
    said += (
        f" Pacing keeps {_share(1 - ours['ended']['mean'])} of the advertisers in the auctions until the evening "
        f"instead of {_share(1 - free['ended']['mean'])}, and {verdict}."
    )
    if "first_settled" in by and "second_settled" in by:
        first, second = by["first_settled"]["money"]["mean"], by["second_settled"]["money"]["mean"]
        said += (
            f" Where each brand bids what pays it best, less is bid: first prices then earn {times(first)} and second "
            f"prices {times(second)} as much as second prices do on full bids."
        )
    if ours["utility"]:
        said += (
            f" By the truth of the simulated shop a shelf keeps {_share(ours['utility']['mean'])} of its worth to "
            f"people, with highest bid first {_share(highest['utility']['mean'])}."
        )
    return said


def _share(share: float) -> str:
    return f"{100 * share:.1f} %"


def _rules(data: AdData, effort: Effort) -> dict[str, str]:
    people = (
        "who clicks is answered by the simulated people of the shop themselves"
        if data.crowd is not None
        else "who clicks is drawn from the click model"
    )
    return {
        "what": SIMULATED,
        "seeds": f"{effort.days} days, each with its own advertisers, bids, visits and luck, from seed {effort.seed} "
        "on; all ways meet the same ones",
        "interval": "95 % by Student's t over the days; differences are paired by day",
        "pages": f"{effort.visits:,} visits a day by shoppers drawn by how much they did, each to a shelf of {K}: the "
        "learned order of the shopper, one product of a kind, else what most people take",
        "bids": "a brand bids for all its products its margin times purchases a click, times a factor of the brand, "
        "log-normal with mean 1 and standard deviation 0.5 of the logarithm; 70 % of brands join",
        "settled": "where brands bid what pays them best, each has tried shares of what a click is worth to it on "
        "other simulated days, twice over, and keeps the share that left it most",
        "money": "paid clicks in cents, a thousand visits; no label is assumed to keep anybody from clicking",
        "relevance": "nDCG of the shelf shown with the scores of the order as gains, the shelf without advertising "
        "being 1",
        "utility": "true worth of the shelf shown as a share of that without advertising (utility@12), where a "
        "simulated shop knows it; no method sees it",
        "clicks": f"{people}; the auction predicts by the position-based model, {data.clicks.said}",
        "chosen": "nothing is chosen by these figures: the settings were fixed beforehand",
    }
