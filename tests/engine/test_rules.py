"""The shelf as rules, of every shop: what a rule says of its products is true of them."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.schema import Request
from tests.engine.test_any_shop import query_of, shopper_of


@pytest.mark.parametrize("query", [False, True])
def test_what_rules_say_is_the_mean_of_the_scores_that_the_shelf_gives(any_engine: Engine, query: bool) -> None:
    request = Request(shopper=shopper_of(any_engine), query=query_of(any_engine) if query else "", k=8)
    found = any_engine.ruling.of(request)
    if found is None:
        pytest.skip("too few candidates, or all score the same")
    for item in any_engine.answer(request).items:
        place = found.of(item.row)
        assert place is not None
        rule = found.rules.rules[place]
        for condition in rule.conditions:
            value = float(found.features[condition.feature].values[np.flatnonzero(found.rows == item.row)[0]])
            assert np.isnan(value) or condition.low is None or value > condition.low
            assert np.isnan(value) or condition.high is None or value <= condition.high
        assert any_engine.ruling.said(found, rule)
    assert found.of(-1) is None
    assert sum(rule.products for rule in found.rules.rules) == len(found.rows)
    assert found.rules.explained <= 1


def test_no_rule_speaks_of_what_the_shop_does_not_know(any_engine: Engine) -> None:
    found = any_engine.ruling.of(Request(shopper=shopper_of(any_engine), k=8))
    if found is None:
        pytest.skip("too few candidates, or all score the same")
    names = {each.name for each in found.features}
    has = {each.value for each in any_engine.capabilities.there}
    assert "prices" in has or "price" not in names
    assert "brands" in has or not any("brand" in name for name in names)
    assert any_engine.whys.bought(Request(shopper=shopper_of(any_engine))) or not any("times that" in n for n in names)


def test_everybodys_shelf_is_ruled_by_how_many_bought(sample_engine: Engine) -> None:
    found = sample_engine.ruling.of(Request(k=8))
    assert found is not None
    assert found.rules.faithful
    first = found.rules.rules[0]
    assert found.features[first.conditions[0].feature].name == "households who bought it"
    assert "or more" in sample_engine.ruling.said(found, first)
