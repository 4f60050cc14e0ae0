"""All ways to foretell demand beside each other, and which of them were best on earlier weeks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.scenarios.stock.learned import SMOOTHED, over_all, with_promotions
from recsys.scenarios.stock.series import Doubles, Panel
from recsys.scenarios.stock.simple import MOVING_AVERAGES, OTHERS, SEASONAL_NAIVE

Forecaster = Callable[[Panel, int], Doubles | None]

METHODS: Final[Mapping[str, Forecaster]] = {
    **SEASONAL_NAIVE,
    **MOVING_AVERAGES,
    **OTHERS,
    **SMOOTHED,
    "over-all": over_all,
}
LABELS: Final[Mapping[str, str]] = {
    "naive": "Last week again",
    "month-ago": "Four weeks ago again",
    "mean-4": "Mean of 4 weeks",
    "mean-8": "Mean of 8 weeks",
    "mean-13": "Mean of 13 weeks",
    "median-8": "Median of 8 weeks",
    "ets": "Exponential smoothing (ETS)",
    "croston": "Croston (SBA)",
    "tsb": "TSB",
    "over-all": "One model over all series",
    "planned": "One model over all series, displays and mailers known",
    "combination": "Combination",
}
PLANNED: Final[tuple[str, Forecaster]] = ("planned", with_promotions)
"""Stands beside the others and is not chosen among them: it needs the plan of the weeks to come."""
MOST_TOGETHER: Final = 3  # methods of a combination
ORIGINS: Final = 3  # earlier weeks from which the methods are tried
LEANING: Final = 0.25  # of all that was sold: a way that foretells so much too little or too much is not chosen
EARLIEST: Final = 4  # weeks that are known at the first of them


@dataclass(frozen=True, slots=True, eq=False)
class Tried:
    """What every method foretold from some earlier weeks, beside what came."""

    origins: tuple[int, ...]  # the first week that was not known
    forecasts: dict[str, Doubles]  # name -> (origins, n, horizon)
    came: Doubles  # (origins, n, horizon)

    def wape(self, name: str) -> float:
        """Weighted absolute percentage error over all: sum |y - f| / sum y; NaN where nothing was sold."""
        return wape(self.forecasts[name], self.came)

    def leaning(self, forecasts: Doubles) -> float:
        """By how much more than what was sold was foretold in all, as a share of it; below 0: less."""
        total = float(self.came.sum())
        return float(forecasts.sum()) / total - 1 if total > 0 else 0.0

    def mean_of(self, names: Sequence[str]) -> Doubles:
        """(origins, n, horizon) the mean of these methods."""
        return np.asarray(np.mean([self.forecasts[name] for name in names], axis=0), np.float64)


def wape(forecasts: Doubles, came: Doubles) -> float:
    """sum |y - f| / sum y; NaN where nothing was sold."""
    total = float(came.sum())
    return float(np.abs(came - forecasts).sum()) / total if total > 0 else float("nan")


def origins_before(week: int, horizon: int, number: int = ORIGINS) -> tuple[int, ...]:
    """Weeks from which methods are tried so that all they foretell lies before a week, latest first.

    They lie half a horizon apart where there are weeks enough, closer where not.
    """
    latest = week - horizon
    apart = max(1, min(horizon // 2, (latest - horizon - EARLIEST) // max(1, number - 1)))
    return tuple(origin for origin in range(latest, latest - number * apart, -apart) if origin >= EARLIEST)


def tried(panel: Panel, origins: Sequence[int], horizon: int, said: Callable[[int], None] = lambda done: None) -> Tried:
    """Every method from each of these weeks, knowing only what lies before; methods that need more are left out."""
    found: dict[str, list[Doubles]] = {}
    for number, origin in enumerate(origins):
        known = panel.until(origin)
        for name, method in METHODS.items():
            if (forecast := method(known, horizon)) is not None:
                found.setdefault(name, []).append(forecast)
        said(number + 1)
    whole = {name: np.stack(each) for name, each in found.items() if len(each) == len(origins)}
    came = np.stack([panel.units[:, origin : origin + horizon] for origin in origins])
    return Tried(tuple(origins), whole, came)


@dataclass(frozen=True, slots=True)
class Chosen:
    """What was best on earlier weeks, by WAPE."""

    season: str  # the strongest of SEASONAL_NAIVE
    average: str  # the strongest of MOVING_AVERAGES
    together: tuple[str, ...]  # the methods of which the mean is taken: one, where no mean is better
    wapes: dict[str, float]  # of every method there, and of the combination

    def forecast(self, panel: Panel, horizon: int) -> Doubles:
        """(n, horizon) the mean of the chosen methods."""
        found = [METHODS[name](panel, horizon) for name in self.together]
        return np.asarray(np.mean([each for each in found if each is not None], axis=0), np.float64)


def chosen(trial: Tried) -> Chosen:
    """The best seasonal naive, the best moving average, and the best mean of a few methods, one added at a time.

    Where most products sell nothing in most weeks, the least absolute error is made by foretelling nothing, and nothing
    can be planned by that: a mean that leans by more than LEANING is passed over where there is another.
    """
    wapes = {name: trial.wape(name) for name in trial.forecasts}

    def best(names: Sequence[str]) -> str:
        return min(names, key=lambda name: (np.nan_to_num(wapes[name], nan=np.inf), list(METHODS).index(name)))

    level = [name for name in wapes if abs(trial.leaning(trial.forecasts[name])) <= LEANING] or list(wapes)
    together = [best(level)]
    reached = wapes[together[0]]
    while len(together) < MOST_TOGETHER:
        means = {name: trial.mean_of([*together, name]) for name in wapes if name not in together}
        others = {
            name: wape(mean, trial.came)
            for name, mean in means.items()
            if abs(trial.leaning(mean)) <= LEANING or level == list(wapes)
        }
        name = min(others, key=lambda each: np.nan_to_num(others[each], nan=np.inf), default="")
        if not name or not others[name] < reached:
            break
        together.append(name)
        reached = others[name]
    wapes["combination"] = reached
    return Chosen(best(list(SEASONAL_NAIVE)), best(list(MOVING_AVERAGES)), tuple(together), wapes)
