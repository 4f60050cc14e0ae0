"""Who redeems is foretold from what was known before, and from nothing else."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from recsys.errors import DataError
from recsys.scenarios.offers.anyway import bought_anyway, change, redeemers_who_bought
from recsys.scenarios.offers.describing import RECENT, REMEMBERED, Days, Described, describable, describe
from recsys.scenarios.offers.redemption import Settings, calibrated, foretell, per_redeemer, shared, sigmoid
from recsys.scenarios.offers.tables import OfferTables
from recsys.shops.campaigns import Campaigns, checked
from tests.scenarios.offers.made_up import FIRST, PEOPLE, given, history, redeems, tables

WHO = np.array([redeems(row) for row in range(PEOPLE)])


def all_described(found: OfferTables) -> dict[int, Described]:
    days = Days.of(history())
    return {row: describe(found, days, row) for row in range(len(found.campaigns)) if describable(found, row)}


def test_who_always_redeems_is_foretold_and_who_never_does_is_not() -> None:
    found = tables()
    told = foretell(found, all_described(found), Settings())
    last = told[8]
    assert last.chance[WHO].min() > 0.8
    assert last.chance[~WHO].max() < 0.1
    assert last.chance.sum() == pytest.approx(WHO.sum(), rel=0.1)
    assert last.coupons[WHO][:, 0].min() > 0.5 > last.coupons[WHO][:, 1].max()


def test_a_campaign_before_which_nothing_was_redeemed_is_not_foretold() -> None:
    found = tables()
    described = all_described(found)
    assert 0 not in described  # it begins on the first day
    told = foretell(found, described, Settings())
    assert min(told) == 2  # by campaign 1; campaign 0 could not be described
    nobody = given()
    none = tables(replace(nobody, redemptions=nobody.redemptions.iloc[:0]))
    assert foretell(none, all_described(none), Settings()) == {}


def test_what_comes_later_changes_nothing() -> None:
    whole = given()
    cut = FIRST + pd.Timedelta(days=200)
    early = replace(whole, redemptions=whole.redemptions[whole.redemptions["time"] < cut])
    a, b = (foretell(each, all_described(each), Settings())[5] for each in (tables(whole), tables(early)))
    assert np.array_equal(a.chance, b.chance)
    assert np.array_equal(a.coupons, b.coupons)


def test_days_are_counted_before_the_start_alone() -> None:
    here = describe(tables(), Days.of(history()), 3)  # begins on day 120
    assert here.window == RECENT
    assert here.lately[0].tolist() == [8, 0]  # days 40, 50 ... 110; of the second coupon nothing
    assert here.ever[0].tolist() == [12, 0]
    assert here.past[0] == 3
    assert here.since[0] == 120 - 83


@pytest.mark.parametrize("kind", ["platt", "isotonic"])
def test_a_calibration_brings_chances_to_the_shares_that_came(kind: str) -> None:
    random = np.random.default_rng(0)
    truth = random.normal(-1, 1.5, 20_000)
    hits = (random.random(len(truth)) < sigmoid(truth)) * 1.0
    told = calibrated(2 * truth + 1, hits, Settings(kind)).chance(2 * truth + 1)
    assert np.abs(told - sigmoid(truth)).mean() < 0.02
    assert calibrated(truth[:50], hits[:50], Settings(kind)).chance(truth) == pytest.approx(sigmoid(truth))  # too few


def test_a_line_that_is_drawn_stays_with_what_was_foretold_until_enough_has_come() -> None:
    random = np.random.default_rng(1)
    truth = random.normal(-1, 1.5, 20_000)
    hits = (random.random(len(truth)) < sigmoid(truth)) * 1.0
    off = 2 * truth + 1  # the line back is 0.5 x - 0.5
    settings = Settings("drawn", 0.2, 0.1)
    few, many = (calibrated(off[:n], hits[:n], settings) for n in (20, 20_000))
    none = calibrated(np.empty(0), np.empty(0), settings)
    assert (none.slope, none.shift) == (1, 0)
    assert many.slope == pytest.approx(0.5, abs=0.03)
    assert many.shift == pytest.approx(-0.5, abs=0.05)
    assert abs(few.shift) < abs(many.shift)
    assert few.slope > many.slope


def test_coupons_add_up_to_what_is_expected_of_the_campaign() -> None:
    logits = np.log(np.array([[1 / 9, 3 / 7], [1.0, 1.0]]))  # chances alone of 0.1, 0.3; 0.5, 0.5
    told = shared(np.array([0.8, 4.0]), logits)
    assert told[0] == pytest.approx([0.2, 0.6])
    assert told[1] == pytest.approx([0.95, 0.95])  # two coupons are not redeemed four times
    found = tables()
    last = foretell(found, all_described(found), Settings())[8]
    expected = last.chance * per_redeemer(found, "plain", 350)
    assert last.coupons.sum(axis=1) == pytest.approx(np.minimum(expected, last.coupons.sum(axis=1)))
    assert last.coupons[expected < 0.9].sum() == pytest.approx(expected[expected < 0.9].sum())  # no cap is reached
    assert per_redeemer(found, "plain", 350) == 1  # everybody redeems one coupon
    assert per_redeemer(found, "of no such kind", 350) == 1


def test_redemptions_of_long_ago_are_remembered_by_their_day_alone() -> None:
    found, days = tables(), Days.of(history())
    early, late = (describe(found, days, row) for row in (4, 8))  # begin on days 160 and 350
    assert late.past[0] == 8
    assert np.expm1(early.features[0, 0]) == pytest.approx(4)
    assert np.expm1(late.features[0, 0]) == pytest.approx(3)  # redeemed on days 203, 243 and 283, after day 170
    assert late.start - REMEMBERED == 170


def test_who_bought_before_would_buy_anyway() -> None:
    found = tables()
    here = all_described(found)[7]
    anyway = bought_anyway(here)
    assert anyway[WHO][:, 0].min() > 0.75  # 2 purchases are due in 20 days: 1 - exp(-2), drawn to the others
    assert anyway[~WHO].max() < 0.1
    bought = redeemers_who_bought(found, here)
    assert (bought.value, bought.of) == (1.0, WHO.sum())
    assert change(found, Days.of(history()), here) is None  # everybody was addressed: nobody to compare with


def test_what_is_no_campaign_is_left_out_and_said_or_refused() -> None:
    good = given()
    odd = good.redemptions.assign(paid=[-1.0, *good.redemptions["paid"][1:]])
    told = checked(replace(good, redemptions=odd))
    assert np.isnan(told.redemptions["paid"].iloc[0])
    assert "1 redemptions have a negative amount" in " ".join(told.notes)
    back = good.campaigns.assign(ends=good.campaigns["starts"] - pd.Timedelta(days=1))
    with pytest.raises(DataError, match="ends before it begins"):
        checked(replace(good, campaigns=back))
    with pytest.raises(DataError, match="lacks discount"):
        checked(replace(good, redemptions=good.redemptions.drop(columns="discount")))
    twice = Campaigns(
        pd.concat([good.campaigns, good.campaigns.iloc[:1]]), good.coupons, good.addressed, good.redemptions
    )
    with pytest.raises(DataError, match="two campaigns are called 'c0'"):
        checked(twice)


def test_redemptions_of_who_was_not_addressed_are_not_counted() -> None:
    good = given()
    fewer = tables(replace(good, addressed=good.addressed[good.addressed["shopper_id"] != "s0"]))
    assert fewer.redeemed_in(3)[0] == 0
    assert fewer.redeemed_in(3)[4] == 1
    assert "by somebody who was not addressed" in " ".join(fewer.notes)
