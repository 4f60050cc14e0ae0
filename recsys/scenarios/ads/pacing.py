"""Budgets of a day in whole cents, and two ways to make them last until the evening.

Throttling takes part in a share of the auctions only, and moves that share towards what the plan of the day says
(Agarwal, Ghosh, Wei & You, "Budget pacing for targeted online advertisements at LinkedIn", KDD 2014). Shading lowers
the bid itself by a multiplier that learns from what was spent (Balseiro & Gur, "Learning in repeated auctions with
budgets: regret minimization and equilibrium", Management Science 2019).
"""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.errors import BadRequestError
from recsys.scenarios.ads.auction import Cents, Doubles

NONE, THROTTLED, SHADED = "none", "throttled", "shaded"
PACINGS: Final = (NONE, THROTTLED, SHADED)
UNLIMITED: Final = 2**53  # cents
RATE: Final = 0.1  # by which a share moves at each look, as in the paper of 2014
LEAST: Final = 0.01  # share of auctions that everybody takes part in: who never does learns nothing
# Of a multiplier at each look: a plan missed by a hundredth of the budget moves it by 0.2. On days that no figure is
# made of, of 0.5, 2, 5 and 20 the largest left fewest without budget in the evening (28, 25, 23 and 16 %).
STEP: Final = 20.0
MOST_SHADED: Final = 9.0  # a tenth of the bid is the least that is bid
LOOKS: Final = 100  # looks at the budget over a day


class Budgets:
    """What every advertiser has left of a day, to the cent. Not for two threads at once."""

    def __init__(self, daily: Cents, pacing: str = THROTTLED) -> None:
        """Begin a day with these budgets in cents (a,). Raises BadRequestError for a negative one or unknown pacing."""
        if daily.size and int(daily.min()) < 0:
            raise BadRequestError(
                f"a daily budget of {int(daily.min())} cents cannot be", allowed="0 or more", remedy="give 0 for none"
            )
        if pacing not in PACINGS:
            raise BadRequestError(
                f"the pacing {pacing!r} is not known", allowed=", ".join(PACINGS), remedy=f"choose {THROTTLED!r}"
            )
        self.daily = daily.astype(np.int64)
        self.spent: Cents = np.zeros_like(self.daily)
        self.pacing = pacing
        self.share: Doubles = np.full(len(daily), 0.5 if pacing == THROTTLED else 1.0)  # of auctions taken part in
        self.shading: Doubles = np.zeros(len(daily))
        self._seen = self.spent.copy()

    @property
    def left(self) -> Cents:
        """Cents that are left, (a,)."""
        return self.daily - self.spent

    def bids(self, cents: Cents, advertisers: np.ndarray, chance: Doubles) -> Cents:
        """What is bid in the next auction, (m,), of bids in cents (m,): never more than is left.

        `chance` (a,), uniform in 0..1, decides who takes part where auctions are throttled.
        """
        who = np.maximum(advertisers, 0)
        if not len(self.daily):
            return np.zeros_like(cents)
        bid = cents
        if self.pacing == SHADED:
            bid = np.floor(cents / (1 + self.shading[who])).astype(np.int64)
        if self.pacing == THROTTLED:
            bid = np.where(chance[who] < self.share[who], cents, 0)
        return np.where(advertisers >= 0, np.minimum(bid, self.left[who]), 0)

    def pay(self, advertiser: int, cents: int) -> None:
        """Take a price from a budget. Raises ValueError where it is more than is left."""
        if not 0 <= cents <= self.left[advertiser]:
            raise ValueError(f"{cents} cents of {self.left[advertiser]} left")
        self.spent[advertiser] += cents

    def look(self, before: float, now: float) -> None:
        """Compare what was spent with the plan, from one share of the day's visits to the next."""
        if self.pacing == NONE or now <= before:
            return
        if self.pacing == THROTTLED:
            late = self.spent > self.daily * now
            self.share = np.clip(self.share * np.where(late, 1 - RATE, 1 + RATE), LEAST, 1.0)
            return
        known = np.maximum(self.daily, 1)
        over = (self.spent - self._seen) / known - (now - before)  # of the budget, beyond the plan
        self.shading = np.clip(self.shading + STEP * over, 0.0, MOST_SHADED)
        self._seen = self.spent.copy()


def budget_cents(amount: float, many: int) -> Cents:
    """The same budget for everybody, (many,), in cents, of an amount in the shop's currency; infinite is UNLIMITED.

    Raises BadRequestError for a negative amount and for NaN.
    """
    if np.isnan(amount) or amount < 0:
        raise BadRequestError(
            f"a daily budget of {amount} cannot be", allowed="an amount of 0 or more", remedy="give 0 for none"
        )
    return np.full(many, UNLIMITED if amount * 100 >= UNLIMITED else round(amount * 100), np.int64)
