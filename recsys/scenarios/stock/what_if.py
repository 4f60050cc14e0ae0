"""What a product would sell were it promoted in one of the next weeks, and were it not: one model, several plans.

The model saw which weeks were promoted and what was sold then. It is asked twice of the same week and product, so the
difference is what weeks with a promotion sold more than other weeks of products like it. That is no proof of a cause:
what is put in a mailer was chosen, and is lowered in price at the same time.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.scenarios.stock.intervals import Spread
from recsys.scenarios.stock.learned import WARM_UP, under_plans, with_promotions
from recsys.scenarios.stock.methods import LEANING, METHODS
from recsys.scenarios.stock.series import DISPLAY, MAILER, OFFER, Doubles, Panel

BOTH: Final = "both"
ON: Final = 0.05  # share of the stores, or of the days, from which a week counts as promoted
WIDE: Final = {DISPLAY: 0.95, MAILER: 0.5, OFFER: 0.5}
"""Which quantile of the promoted weeks a promotion is taken to reach: most products on display stand in few stores."""
LEAST_WEEKS: Final = 100  # of products with such a promotion, for anything to be learned from
ORIGINS: Final = 2  # earlier weeks from which its errors are taken


@dataclass(frozen=True, slots=True, eq=False)
class WhatIf:
    """Of n products, what they sell under no plan and under each kind of promotion in each week to come."""

    without: Doubles  # (n, horizon)
    kinds: tuple[str, ...]
    promoted: Doubles  # (kinds, horizon, n, horizon): kind, the week of it, product, week
    shares: dict[str, float]  # how widely each is taken to be, of stores or of days
    spread: Spread  # of this model on earlier weeks, whose plans were known


def kinds_of(panel: Panel) -> dict[str, dict[str, float]]:
    """By kind of promotion the shares that it is made of; only those that were seen often enough."""
    seen = dict(panel.promoted) | ({} if panel.planned is None else {OFFER: panel.planned})
    shares = {}
    for name, plan in seen.items():
        on = plan[:, : panel.weeks]
        on = on[on >= ON]
        if len(on) >= LEAST_WEEKS:
            shares[name] = float(np.quantile(on, WIDE[name]))
    kinds = {name: {name: share} for name, share in shares.items()}
    if DISPLAY in shares and MAILER in shares:
        kinds[BOTH] = {DISPLAY: shares[DISPLAY], MAILER: shares[MAILER]}
    return kinds


def what_if(panel: Panel, horizon: int) -> WhatIf | None:
    """The whole of it; None for a shop that knows of no promotions, or of too few weeks.

    None too where the model leans by more than LEANING on earlier weeks: where most weeks sell nothing it foretells
    nothing, promoted or not.
    """
    kinds = kinds_of(panel)
    origins = list(range(panel.weeks - horizon, WARM_UP + horizon, -horizon))[:ORIGINS]
    if not kinds or not origins:
        return None
    method = with_promotions if panel.promoted else METHODS["over-all"]
    tried = [method(panel.until(week), horizon) for week in origins]
    came = [panel.units[:, week : week + horizon] for week in origins]
    foretold, sold = np.stack([each for each in tried if each is not None]), np.stack(came)
    if not sold.any() or abs(foretold.sum() - sold.sum()) > LEANING * sold.sum():
        return None
    names = {name for made in kinds.values() for name in made}
    nothing = {name: np.zeros((len(panel), horizon)) for name in names}
    plans = [nothing]
    for made in kinds.values():
        plans += [nothing | _in_week(made, week, len(panel), horizon) for week in range(horizon)]
    found = under_plans(panel, horizon, plans)
    if found is None:
        return None
    promoted = np.stack(found[1:]).reshape(len(kinds), horizon, len(panel), horizon)
    shares = {name: share for made in kinds.values() for name, share in made.items()}
    return WhatIf(found[0], tuple(kinds), promoted, shares, Spread.of(foretold, sold))


def _in_week(made: Mapping[str, float], week: int, n: int, horizon: int) -> dict[str, Doubles]:
    found = {}
    for name, share in made.items():
        found[name] = np.zeros((n, horizon))
        found[name][:, week] = share
    return found
