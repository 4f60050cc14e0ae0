"""Demand of the next weeks, with its spread: methods and errors from earlier weeks, then one look ahead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

from recsys.errors import BadRequestError
from recsys.scenarios.stock.intervals import Spread
from recsys.scenarios.stock.methods import Chosen, Tried, chosen, origins_before, tried
from recsys.scenarios.stock.series import FARTHEST, Doubles, Panel, check_horizon, check_weeks

WEEKS_FOR_EACH: Final = 3  # weeks of history for each one that is looked ahead


@dataclass(frozen=True, slots=True, eq=False)
class Foretold:
    """The next weeks of all series of a panel."""

    forecast: Doubles  # (n, horizon)
    spread: Spread
    chosen: Chosen
    origins: tuple[int, ...]  # the weeks from which methods were tried


def farthest(weeks: int) -> int:
    """How many weeks are looked ahead from so many: FARTHEST, fewer where the history is short."""
    check_weeks(weeks)
    return min(FARTHEST, weeks // WEEKS_FOR_EACH)


def chosen_before(
    panel: Panel, week: int, horizon: int, said: Callable[[int], None] = lambda done: None
) -> tuple[Chosen, Spread, Tried]:
    """What was best of what lies wholly before a week, and how far it erred.

    Raises BadRequestError where not one earlier week is left to try from.
    """
    origins = origins_before(week, horizon)
    if not origins:
        raise BadRequestError(f"{week} weeks are too few to try {horizon} weeks ahead", remedy="look fewer weeks ahead")
    trial = tried(panel, origins, horizon, said)
    best = chosen(trial)
    return best, Spread.of(trial.mean_of(best.together), trial.came), trial


def foretell(panel: Panel, horizon: int | None = None, said: Callable[[int], None] = lambda done: None) -> Foretold:
    """The next weeks of each series. Raises BadRequestError for too few weeks, and a horizon that is not looked at."""
    most = farthest(panel.weeks)
    horizon = most if horizon is None else horizon
    check_horizon(horizon, most)
    best, spread, trial = chosen_before(panel, panel.weeks, horizon, said)
    return Foretold(best.forecast(panel, horizon), spread, best, trial.origins)
