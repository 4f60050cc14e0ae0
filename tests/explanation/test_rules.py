"""Rules for scores that follow known rules, and for scores that follow none."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.explanation.rules import DEPTH, FEWEST, Condition, Feature, Rules, rules

RANDOM = np.random.default_rng(11)
M = 400
PRICE = Feature("price", "money", RANDOM.uniform(0, 20, M))
BOUGHT = Feature("bought", "count", RANDOM.integers(0, 4, M).astype(np.float64))
NOISE = Feature("noise", "share", RANDOM.uniform(0, 1, M))


def made(scores: np.ndarray, *features: Feature) -> Rules:
    found = rules(features or (PRICE, BOUGHT, NOISE), scores)
    assert found is not None
    return found


def holds(conditions: tuple[Condition, ...], features: tuple[Feature, ...], product: int) -> bool:
    values = [float(features[each.feature].values[product]) for each in conditions]
    return all(
        (each.low is None or value > each.low) and (each.high is None or value <= each.high)
        for each, value in zip(conditions, values, strict=True)
    )


def test_the_rules_by_which_scores_were_made_are_found() -> None:
    scores = np.where(BOUGHT.values >= 2, 3.0, np.where(PRICE.values <= 10, 0.4, 0.1))
    found = made(scores)
    assert [rule.mean for rule in found.rules] == pytest.approx([3.0, 0.4, 0.1])
    assert [rule.spread for rule in found.rules] == pytest.approx([0, 0, 0], abs=1e-12)
    best, middle, _ = found.rules
    assert best.conditions == (Condition(1, low=1.5),)
    assert {each.feature for each in middle.conditions} == {0, 1}
    (price,) = [each for each in middle.conditions if each.feature == 0]
    assert price.high == pytest.approx(10, abs=0.3)
    assert best.products == int((BOUGHT.values >= 2).sum())
    assert found.explained > 0.95
    assert found.faithful
    assert found.error < 0.01 < found.error_plain


def test_scores_that_nothing_foretells_are_said_to_be_so() -> None:
    found = made(np.random.default_rng(2).normal(size=M))
    assert found.explained < 0.1
    assert not found.faithful
    assert found.error >= 0.95 * found.error_plain


def test_each_product_follows_the_one_rule_whose_conditions_it_meets() -> None:
    features = (PRICE, BOUGHT, NOISE)
    scores = PRICE.values * NOISE.values + BOUGHT.values
    found = made(scores, *features)
    for product in range(M):
        met = [place for place, rule in enumerate(found.rules) if holds(rule.conditions, features, product)]
        assert met == [found.of[product]]
    assert sum(rule.products for rule in found.rules) == M
    assert len(found.rules) <= 2**DEPTH
    assert [rule.mean for rule in found.rules] == sorted((rule.mean for rule in found.rules), reverse=True)
    for place, rule in enumerate(found.rules):
        assert rule.mean == pytest.approx(scores[found.of == place].mean())
        assert len({each.feature for each in rule.conditions}) == len(rule.conditions)


def test_a_feature_asked_twice_is_one_condition_with_two_ends() -> None:
    found = made(np.where((PRICE.values > 5) & (PRICE.values <= 15), 1.0, 0.0), PRICE)
    (condition,) = found.rules[0].conditions
    assert condition.low == pytest.approx(5, abs=0.3)
    assert condition.high == pytest.approx(15, abs=0.3)


def test_the_same_scores_have_the_same_rules() -> None:
    scores = PRICE.values + BOUGHT.values
    one, other = made(scores), made(scores)
    assert one.rules == other.rules
    assert (one.explained, one.error) == (other.explained, other.error)


def test_what_is_not_known_counts_as_the_middle() -> None:
    some = np.where(np.arange(M) % 2, PRICE.values, np.nan)
    middle = np.where(np.isnan(some), np.nanmedian(some), some)
    scores = PRICE.values * 1.0
    told, filled = made(scores, Feature("price", "money", some)), made(scores, Feature("price", "money", middle))
    assert told.rules == filled.rules
    nothing = made(scores, Feature("price", "money", np.full(M, np.nan)))
    assert len(nothing.rules) == 1
    assert nothing.explained == pytest.approx(0)


def test_too_few_products_and_scores_that_are_all_the_same_have_no_rules() -> None:
    few = Feature("price", "money", PRICE.values[: FEWEST - 1])
    assert rules([few], few.values) is None
    assert rules([PRICE], np.full(M, 0.3)) is None
    assert rules([], PRICE.values) is None
