"""A shop in which the mailer sells three times as much, and nothing else ever changes."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest

from recsys.progress import silent
from recsys.scenarios.offers.weekly import of_promotions
from recsys.scenarios.stock.learned import over_all, with_promotions
from recsys.scenarios.stock.methods import METHODS, PLANNED, wape
from recsys.scenarios.stock.series import DISPLAY, FARTHEST, MAILER, Panel, by_group, widely
from recsys.scenarios.stock.what_if import BOTH, kinds_of, what_if
from recsys.shops.campaigns import Promotions

WEEKS, USUAL, TIMES = 30, 6.0, 3.0


@pytest.fixture(scope="module")
def mailed() -> Panel:
    """120 products, each in the mailer in a fifth of all weeks, those to come too; never on display."""
    random = np.random.default_rng(0)
    on = random.random((120, WEEKS + FARTHEST)) < 0.2
    # not all alike: of equal numbers the absolute error tells no direction to learn in
    units = np.where(on[:, :WEEKS], USUAL * TIMES, USUAL) * random.uniform(0.8, 1.2, (120, WEEKS))
    return Panel(units, np.ones_like(units), None, {DISPLAY: np.zeros(on.shape), MAILER: on.astype(float)})


def test_a_plan_that_is_known_is_worth_its_errors(mailed: Panel) -> None:
    known = mailed.until(WEEKS - 4)
    with_plan, without = with_promotions(known, 4), over_all(known, 4)
    assert with_plan is not None
    assert without is not None
    came = mailed.units[:, WEEKS - 4 :]
    assert wape(with_plan, came) < 0.15  # 0.1 is luck
    assert wape(without, came) > 0.25  # nobody can know which fifth it is
    assert PLANNED[0] not in METHODS


def test_no_plan_no_such_forecast(mailed: Panel) -> None:
    plain = Panel(mailed.units, mailed.price)
    assert with_promotions(plain, 4) is None
    assert what_if(plain, 4) is None
    assert kinds_of(plain) == {}
    short = Panel(mailed.units[:, :6], mailed.price[:, :6], None, {MAILER: mailed.promoted[MAILER][:, : 6 + FARTHEST]})
    assert with_promotions(short, 4) is None
    assert what_if(short, 4) is None


def test_what_a_promotion_sells_is_what_it_sold(mailed: Panel) -> None:
    found = what_if(mailed, 4)
    assert found is not None
    assert found.kinds == (MAILER,)  # of displays nothing was ever seen
    assert found.shares == {MAILER: 1.0}
    assert found.without == pytest.approx(USUAL, rel=0.1)  # whatever the real plan of these weeks says
    for week in range(4):
        others = np.delete(found.promoted[0, week], week, axis=1)
        assert found.promoted[0, week, :, week] == pytest.approx(USUAL * TIMES, rel=0.2)
        assert others == pytest.approx(USUAL, rel=0.2)


def test_a_model_that_foretells_nothing_says_nothing_of_promotions(mailed: Panel) -> None:
    rare = np.where(np.random.default_rng(1).random(mailed.units.shape) < 0.2, 3.0, 0.0)  # the median week is 0
    assert what_if(Panel(rare, mailed.price, None, mailed.promoted), 4) is None
    assert what_if(Panel(rare * 0, mailed.price, None, mailed.promoted), 4) is None


def test_both_are_promoted_where_both_were_seen(mailed: Panel) -> None:
    half = {DISPLAY: mailed.promoted[MAILER] * 0.3, MAILER: mailed.promoted[MAILER]}
    told = kinds_of(Panel(mailed.units, mailed.price, None, half))
    assert told == {DISPLAY: {DISPLAY: 0.3}, MAILER: {MAILER: 1.0}, BOTH: {DISPLAY: 0.3, MAILER: 1.0}}


def test_weeks_that_begin_on_another_day_are_taken_by_their_days() -> None:
    # 15 days: the two whole weeks here begin on days 1 and 8; theirs on day 6, and a week later
    cells, shares = np.array([[0, 0], [1, 1]]), np.array([[0.0, 0.7], [0.7, 0.0]])
    found = widely(cells, shares, begins=6, n=2, last_day=14)
    assert found[MAILER].shape == (2, 2 + FARTHEST)
    assert found[MAILER][0, :3] == pytest.approx([0.7 * 2 / 7, 0.7 * 5 / 7, 0])  # days 6, 7; days 8 to 12
    assert found[DISPLAY][1, :4] == pytest.approx([0, 0.7 * 2 / 7, 0.7 * 5 / 7, 0])
    assert found[DISPLAY][0].sum() == 0
    same = widely(cells, shares, begins=1, n=2, last_day=14)
    assert same[MAILER][0, 0] == 0.7


def test_panels_keep_their_promotions() -> None:
    plan = {MAILER: np.arange(4 * (5 + FARTHEST), dtype=float).reshape(4, -1)}
    panel = Panel(np.ones((4, 5)), np.ones((4, 5)), None, plan)
    assert panel.take(np.array([2])).promoted[MAILER].tolist() == [plan[MAILER][2].tolist()]
    assert panel.until(3).promoted[MAILER].shape == (4, 3 + FARTHEST)
    grouped = by_group(panel, np.array([0, 0, 1, 1]), 2)
    assert grouped.promoted[MAILER][0] == pytest.approx(plan[MAILER][:2].mean(axis=0))


def test_stores_count_by_what_they_sell() -> None:
    sales = pd.DataFrame({"item_id": [1, 1], "store_id": [7, 8], "week": [2, 2], "units": [30, 10]})
    batch = pd.DataFrame(
        {"item_id": [1, 1, 1, 2], "store_id": [7, 8, 7, 8], "week": [2, 3, 5, 2],
         "displayed": [True, False, True, True], "mailed": [False, True, False, False]}
    )  # fmt: skip

    def batches(_: object) -> Iterator[pd.DataFrame]:
        yield batch

    _, told, _ = of_promotions(Promotions(sales, batches, (2, 4), "here"), ["1", "2"], silent)
    cells = {
        (item, week): (d, m) for item, week, d, m in zip(told.item, told.week, told.display, told.mailer, strict=True)
    }
    assert cells[0, 0] == (0.75, 0)  # the store that sells three quarters
    assert cells[0, 1] == (0, 0.25)
    assert cells[0, 3] == (0.75, 0)  # after the last whole week: a plan
    assert cells[1, 0] == (0.25, 0)
    assert len(cells) == 4
