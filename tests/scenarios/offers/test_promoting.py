"""What a display goes with is found where it is known by construction, and its interval holds it."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

from recsys.datasets.interactions import Interactions
from recsys.progress import silent
from recsys.scenarios.offers.promoting import PRODUCT_WEEKS, WEEKS, Panel, effects
from recsys.scenarios.offers.weekly import BOTH, DISPLAY, MAILER, OFFER, of_offers, of_promotions
from recsys.shops.campaigns import Promotions

LIFT = 2.0


def panel(lift: float = LIFT, products: int = 120, stores: int = 4, weeks: int = 40) -> Panel:
    random = np.random.default_rng(1)
    product = np.repeat(np.arange(products), stores)
    on = (random.random((len(product), weeks)) < 0.2).astype(np.float32)
    level = random.gamma(2, 1, len(product))[:, None] * (1 + 0.5 * np.sin(np.arange(weeks)))
    return Panel(random.poisson(level * lift**on).astype(np.float32), product, {"display": on})


@pytest.mark.parametrize("within", [WEEKS, PRODUCT_WEEKS])
def test_a_known_effect_is_found_within_its_interval(within: str) -> None:
    (told,) = effects(panel(), within)
    assert told.low < LIFT < told.high
    assert told.times == pytest.approx(LIFT, rel=0.05)
    (nothing,) = effects(panel(lift=1.0), within)
    assert nothing.low < 1 < nothing.high


def test_a_price_cut_everywhere_is_taken_out_within_the_same_week() -> None:
    """Half of the displays stand where the product sells thrice in all stores: only the other design counts it in."""
    made = panel(lift=1.0)
    random = np.random.default_rng(2)
    cut = np.repeat(random.random((120, 40)) < 0.2, 4, axis=0)
    on = (cut & (random.random(cut.shape) < 0.5)).astype(np.float32)
    level = random.gamma(2, 1, len(made.product))[:, None]
    units = random.poisson(level * np.where(cut, 3.0, 1.0)).astype(np.float32)
    shop = Panel(units, made.product, {"display": on})
    (over_time,), (same_week,) = effects(shop, WEEKS), effects(shop, PRODUCT_WEEKS)
    assert over_time.low > 1.5
    assert same_week.low < 1 < same_week.high


def test_what_stands_too_rarely_or_sells_nothing_says_nothing() -> None:
    made = panel()
    rare = np.zeros_like(made.flags["display"])
    rare[0, :5] = 1
    assert effects(Panel(made.units, made.product, {"display": rare}), WEEKS) == []
    assert effects(Panel(np.zeros_like(made.units), made.product, made.flags), WEEKS) == []


def test_batches_become_a_panel() -> None:
    sales = pd.DataFrame({"item_id": [1, 1, 2, 9], "store_id": 7, "week": [2, 4, 3, 3], "units": [6, 6, 20, 50]})
    batch = pd.DataFrame(
        {"item_id": [1, 1, 2, 5], "store_id": 7, "week": [2, 3, 3, 3], "displayed": [True, False, True, True],
         "mailed": [False, True, True, True]}
    )  # fmt: skip
    given = Promotions(sales, lambda progress: iter([batch.iloc[:2], batch.iloc[2:]]), (2, 4), "here")
    found, _, read = of_promotions(given, ["1", "2"], silent)
    assert read == 4
    assert found.units.tolist() == [[6, 0, 6], [0, 20, 0]]  # item 9 is none of the shop's
    assert found.flags[DISPLAY].tolist() == [[1, 0, 0], [0, 0, 0]]
    assert found.flags[MAILER].tolist() == [[0, 1, 0], [0, 0, 0]]
    assert found.flags[BOTH].tolist() == [[0, 0, 0], [0, 1, 0]]


def test_price_offers_become_shares_of_weeks() -> None:
    days = np.repeat(np.arange(0, 28, 2), 1).astype(np.int32)
    history = Interactions(
        np.array([0, len(days)]), np.zeros(len(days), np.int32), np.arange(len(days), dtype=np.int32), days, 2
    )
    offers = pd.DataFrame({"item": [0], "starts": [pd.Timestamp("2025-01-08")], "ends": [pd.Timestamp("2025-01-15")]})
    found = of_offers(history, offers, pd.Timestamp("2025-01-01"), 27)
    assert found.flags[OFFER].tolist() == [[0, 1, 0, 0]]
    assert found.units.sum() == 14
