"""The evaluation of sponsored places: simple ways stand beside it, whoever wins is said, and nothing is hidden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from recsys.evaluation.ads import bidding
from recsys.evaluation.ads.data import AdData
from recsys.evaluation.ads.kept import NEEDED
from recsys.evaluation.ads.running import CHOSEN, FLOORS, PLACES, Effort, evaluated, finding
from recsys.scenarios.ads.auction import FIRST, SECOND, Rules
from recsys.scenarios.ads.clicks import ClickModel
from recsys.scenarios.ads.day import Selling, Standing
from recsys.scenarios.ads.market import Joining, drawn_market, makers_of
from recsys.scenarios.ads.pacing import NONE, UNLIMITED
from recsys.shops.contract import Crowd
from tests.scenarios.ads.a_shop import HAS, items, shelves

CLICKS = ClickModel(0.5, 0.3, 0.8, "for tests")


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(bidding, "DAYS", 4)
        n, people = 40, 6
        table = items(n)
        worth = np.tile(np.linspace(1, 0, n, dtype=np.float32), (people, 1))
        ids = tuple(map(str, range(people))), tuple(map(str, range(n)))
        crowd = Crowd(*ids, lambda who, rows, rng: tuple(("click",) if row < 30 else () for row in rows))
        makers = makers_of(table, HAS, converts=0.1)
        data = AdData("tiny", {"dataset": "tiny"}, shelves(table, people), makers, CLICKS, {}, crowd, worth)
        return evaluated(data, Effort(days=3, visits=60))


def test_it_has_all_that_the_page_shows(report: dict[str, Any]) -> None:
    assert report.keys() | {"command"} >= NEEDED
    assert "simulated" in report["simulated"]
    assert len(report["frontier"]) == len(PLACES) * len(FLOORS)


def test_without_advertising_nothing_is_earned_and_nothing_lost(report: dict[str, Any]) -> None:
    none = report["ways"][0]
    assert none["name"] == "none"
    assert none["money"]["mean"] == 0
    assert none["kept"] == none["utility"] == none["clicks"] == {"mean": 1.0, "low": 1.0, "high": 1.0}


def test_true_worth_falls_where_shelves_are_sold(report: dict[str, Any]) -> None:
    by = {line["name"]: line for line in report["ways"]}
    assert by["highest"]["utility"]["mean"] < by[CHOSEN]["utility"]["mean"] < 1


def test_first_prices_earn_more_on_the_same_bids_and_invite_lower_ones(report: dict[str, Any]) -> None:
    by = {line["name"]: line for line in report["ways"]}
    assert by["first"]["money"]["mean"] >= by["unpaced"]["money"]["mean"]
    assert report["settled_bids"]["first"]["mean"] < 1


def test_a_floor_never_costs_relevance_on_the_frontier(report: dict[str, Any]) -> None:
    for places in PLACES:
        kept = [point["kept"]["mean"] for point in report["frontier"] if point["places"] == places]
        assert kept[-1] >= kept[0]


def test_the_chosen_way_does_not_differ_from_itself(report: dict[str, Any]) -> None:
    (line,) = [line for line in report["ways"] if line["name"] == CHOSEN]
    assert all(spread["mean"] == 0 for spread in line["chosen_minus_this"].values())


@pytest.mark.parametrize(
    ("low", "high", "said"), [(1, 3, "earns more than"), (-3, -1, "earns less than"), (-1, 1, "neither more nor less")]
)
def test_the_finding_says_who_earns_more(report: dict[str, Any], low: float, high: float, said: str) -> None:
    lines = [
        line | ({"chosen_minus_this": {"money": {"mean": (low + high) / 2, "low": low, "high": high}}})
        for line in report["ways"]
    ]
    assert said in finding(lines)


def test_second_prices_invite_higher_bids_than_first_prices() -> None:
    table = items(40)
    market = drawn_market(makers_of(table, HAS, converts=0.1), Joining(share=1.0))
    standing = Standing(shelves(table, 5), market, CLICKS)
    daily = np.full(len(market.names), UNLIMITED)

    def bid(price: str) -> float:
        selling = Selling(Rules(1, 0.0, price=price), NONE, cap=0)
        return float(bidding.settled(standing, selling, daily, 60, 0).mean())

    assert bid(SECOND) > bid(FIRST)
