"""Gains over the simple way: read from every kind of evaluation, up is better, what cannot be read is passed over."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recsys.evaluation.gains import Gain, gains


def keep(folder: Path, name: str, report: dict[str, Any], shop: str = "a shop") -> None:
    source = {"dataset": shop} if shop else {"file": "x"}
    whole = {"dataset": shop or "a file", "source": source, "protocol": {}, "command": "x"}
    (folder / f"{name}.json").write_text(json.dumps(whole | report), encoding="utf-8")


def line(method: str, value: float, **more: Any) -> dict[str, Any]:
    return {"method": method, "label": method, "value": value, "ci95": [value - 0.01, value + 0.01], **more}


def of_use(folder: Path, use: str) -> list[Gain]:
    return [each for each in gains("a shop", folder) if each.use == use and each.on == "a shop"]


def test_a_basket_tells_its_change_against_the_best_simple_way_of_each_group(tmp_path: Path) -> None:
    mine = {"method": "mix", "label": "m", "best": False, "mrr": 0.3, "change": 0.5, "change_ci95": [0.2, 0.8]}
    best = {"method": "popular", "label": "Bestsellers", "best": True, "mrr": 0.2, "change": 0.0}
    keep(tmp_path, "basket_x", {"methods": [line | {"group": "all"} for line in (mine, best)]})
    (found,) = of_use(tmp_path, "Basket")
    assert (found.ours, found.theirs, found.simple, found.change, found.ends) == (
        0.3,
        0.2,
        "Bestsellers",
        0.5,
        (0.2, 0.8),
    )
    assert found.verdict == "beats it"


def test_a_smaller_error_of_a_forecast_is_a_gain(tmp_path: Path) -> None:
    mine = {
        "method": "combination",
        "label": "m",
        "base": False,
        "wape": 0.8,
        "change": -0.2,
        "change_ci95": [-0.3, 0.1],
    }
    base = {"method": "naive", "label": "Last week", "base": True, "wape": 1.0, "change": 0.0, "change_ci95": [0, 0]}
    report = {"products": [mine, base], "categories": [mine, base], "newcomers": [], "goals": [], "seconds": {}}
    keep(tmp_path, "stock_x", report)
    found = of_use(tmp_path, "Stock")
    assert [(each.change, each.ends, each.verdict) for each in found] == [(0.2, (-0.1, 0.3), "may be luck")] * 2


def test_offers_are_held_against_the_way_they_were_measured_against(tmp_path: Path) -> None:
    methods = [
        {"method": "model", "label": "m", "lift": 4.0, "lift_ahead": 1.0, "lift_ahead_ci95": [0.3, 1.5]},
        {"method": "past", "label": "Past redemptions", "lift": 3.0},
        {"method": "popular", "label": "Popular", "lift": 1.2},
    ]
    keep(tmp_path, "offers_x", {"pairs": {"methods": methods}, "coupons": {}, "goals": []})
    (found,) = of_use(tmp_path, "Offers")
    assert (found.theirs, found.simple) == (3.0, "Past redemptions")
    assert found.ends == pytest.approx((0.1, 0.5))


@pytest.mark.parametrize(
    ("better", "ours", "theirs", "verdict"),
    [
        ("higher", 0.95, 0.90, "beats it"),
        ("higher", 0.91, 0.90, "may be luck"),
        ("lower", 0.40, 0.50, "beats it"),
        ("lower", 0.60, 0.50, "is beaten"),
    ],
)
def test_reviews_without_a_paired_change_are_sure_where_their_intervals_lie_apart(
    better: str, ours: float, theirs: float, verdict: str, tmp_path: Path
) -> None:
    methods = [line("majority", 0.5 if better == "higher" else 0.9), line("tfidf_ridge", theirs), line("head", ours)]
    keep(tmp_path, "reviews_x", {"tasks": [{"task": "stars", "metric": "m", "better": better, "methods": methods}]})
    (found,) = of_use(tmp_path, "Reviews")
    assert found.verdict == verdict
    assert found.simple == "tfidf_ridge"
    assert (found.change > 0) == ((ours > theirs) == (better == "higher"))


def test_ads_tell_what_relevance_they_keep_and_what_money_they_give_up(tmp_path: Path) -> None:
    def of(value: float, apart: float) -> dict[str, float]:
        return {"mean": value, "low": apart - 0.1, "high": apart + 0.1}

    simple = {"name": "highest", "label": "Highest bid", "kept": of(0.8, 0.7), "money": of(2.0, 1.9)}
    simple["chosen_minus_this"] = {"kept": of(0.2, 0.2), "money": of(-1.0, -1.0)}
    chosen = {"name": "throttled", "label": "Chosen", "kept": of(1.0, 0.9), "money": of(1.0, 0.9)}
    keep(tmp_path, "ads_x", {"ways": [simple, chosen], "frontier": [], "finding": "", "simulated": ""})
    kept, money = of_use(tmp_path, "Ads")
    assert (kept.change, kept.verdict) == (pytest.approx(0.25), "beats it")
    assert (money.change, money.verdict) == (pytest.approx(-0.5), "is beaten")


def test_a_report_of_another_version_is_passed_over_and_the_rest_is_told(tmp_path: Path) -> None:
    keep(tmp_path, "ads_x", {"ways": [{"name": "other"}], "frontier": [], "finding": "", "simulated": ""})
    keep(tmp_path, "stock_x", dict.fromkeys(("products", "categories", "newcomers", "goals", "seconds"), ({"x": 1},)))
    assert not of_use(tmp_path, "Ads") + of_use(tmp_path, "Stock")
    came_along = gains("demo_store")
    assert {each.use for each in came_along} == {"Basket", "Ads", "Stock", "Reviews"}
    assert len({(each.asks, each.on) for each in came_along}) == len(came_along)
