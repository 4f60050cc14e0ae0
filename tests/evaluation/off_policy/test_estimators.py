"""Estimators on pages that can all be enumerated: what they give on average is the truth, to rounding."""

from __future__ import annotations

from itertools import permutations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from recsys.errors import DataError
from recsys.evaluation.off_policy.data import Chances, Doubles, Log
from recsys.evaluation.off_policy.estimators import (
    CASCADE,
    ESTIMATORS,
    INDEPENDENT,
    PAGE,
    PLAIN,
    WEIGHTS,
    Model,
    Parts,
    above,
    direct,
    doubly_robust,
    ips,
    shrunk,
    slope,
    snips,
    switch,
    threshold_by_bound,
    threshold_by_slope,
)
from recsys.evaluation.off_policy.plackett_luce import chances_of, place_chances

C, K = 4, 3
PAGES = np.array(list(permutations(range(C), K)), np.int64)  # (24, 3): all pages there are
NOBODY = np.zeros(len(PAGES), np.int64)
LOGGING = np.array([[0.4, 0.3, 0.2, 0.1]])
TARGET = np.array([[0.1, 0.15, 0.25, 0.5]])
WORTH = np.array([0.1, 0.3, 0.5, 0.9])
SEEN = np.array([1.0, 0.6, 0.3])  # of the places


def chances(weights: Doubles) -> Chances:
    return chances_of(weights, place_chances(weights, K), NOBODY, PAGES)


def alone() -> Doubles:
    """What is earned at a place depends on the product there alone."""
    return WORTH[PAGES] * SEEN


def cascade() -> Doubles:
    """The better what stands above, the less is earned below."""
    above_it = np.cumsum(WORTH[PAGES], axis=1) - WORTH[PAGES]
    return WORTH[PAGES] * SEEN / (1.0 + above_it)


def whole() -> Doubles:
    """What is earned anywhere depends on what stands last."""
    return WORTH[PAGES] * WORTH[PAGES][:, -1:]


def model_of(table: Doubles, weights: Doubles = TARGET) -> Model:
    """What a table (C, K) expects, and means over the target policy, summed over all pages by hand."""
    target = place_chances(weights, K)[0]
    steps = np.empty(PAGES.shape)
    for row, page in enumerate(PAGES):
        for place in range(K):
            left = [item for item in range(C) if item not in page[:place]]
            steps[row, place] = weights[0, left] @ table[left, place] / weights[0, left].sum()
    places = np.broadcast_to((target * table).sum(axis=0), PAGES.shape)
    return Model(table[PAGES, np.arange(K)], places, steps)


RIGHT = model_of(WORTH[:, None] * SEEN)
WRONG = model_of(np.random.default_rng(3).random((C, K)))


def log_of(rewards: Doubles) -> Log:
    return Log(PAGES, rewards, chances(LOGGING))


def mean(parts: Parts, weights: Doubles = LOGGING) -> float:
    """Over all pages, by how often the policy draws each."""
    return float(chances(weights).steps.prod(axis=1) @ parts.values.sum(axis=1))


def truth(rewards: Doubles) -> float:
    return float(chances(TARGET).steps.prod(axis=1) @ rewards.sum(axis=1))


@pytest.mark.parametrize(
    ("view", "rewards"),
    [
        (INDEPENDENT, alone()),
        (CASCADE, alone()),
        (CASCADE, cascade()),
        (PAGE, alone()),
        (PAGE, cascade()),
        (PAGE, whole()),
    ],
)
def test_weights_are_right_on_average_where_rewards_depend_on_no_more_than_they_cover(
    view: str, rewards: Doubles
) -> None:
    weights = WEIGHTS[view](chances(LOGGING), chances(TARGET))
    assert mean(ips(weights, rewards)) == pytest.approx(truth(rewards), abs=1e-12)


@pytest.mark.parametrize(("view", "rewards"), [(INDEPENDENT, cascade()), (INDEPENDENT, whole()), (CASCADE, whole())])
def test_they_are_not_where_rewards_depend_on_more(view: str, rewards: Doubles) -> None:
    weights = WEIGHTS[view](chances(LOGGING), chances(TARGET))
    assert abs(mean(ips(weights, rewards)) - truth(rewards)) > 0.01


@pytest.mark.parametrize(("name", "rewards"), [("dr", alone()), ("cascade_dr", cascade()), ("page_dr", whole())])
@pytest.mark.parametrize("model", [RIGHT, WRONG])
def test_doubly_robust_is_right_with_any_model_where_the_weights_are(name: str, rewards: Doubles, model: Model) -> None:
    made = ESTIMATORS[name].make(log_of(rewards), chances(TARGET), model)
    assert mean(made) == pytest.approx(truth(rewards), abs=1e-12)


@pytest.mark.parametrize("name", ["dr", "page_dr", "dm"])
def test_it_is_right_with_any_propensities_where_the_model_is(name: str) -> None:
    strange = Log(PAGES, alone(), Chances(np.full(PAGES.shape, 0.07), np.full(PAGES.shape, 0.9)))
    made = ESTIMATORS[name].make(strange, chances(TARGET), RIGHT)
    assert mean(made, np.full((1, C), 0.25)) == pytest.approx(truth(alone()), abs=1e-12)


def test_by_cascade_too_what_is_expected_step_by_step_is_right_with_the_weights_alone() -> None:
    zero = Model(np.zeros(PAGES.shape), np.zeros(PAGES.shape), np.zeros(PAGES.shape))
    with_none = ESTIMATORS["cascade_dr"].make(log_of(cascade()), chances(TARGET), zero)
    plain = ESTIMATORS["rips"].make(log_of(cascade()), chances(TARGET), zero)
    assert with_none.values == pytest.approx(plain.values)


def test_a_good_model_makes_pages_say_more_alike_things() -> None:
    chance = chances(LOGGING).steps.prod(axis=1)
    for name, plain in PLAIN.items():
        made = {
            each: ESTIMATORS[each].make(log_of(alone()), chances(TARGET), RIGHT).influence for each in (name, plain)
        }
        spread = {each: chance @ values**2 - (chance @ values) ** 2 for each, values in made.items()}
        assert spread[name] < spread[plain]


floats = st.floats(-5, 5, allow_nan=False)
rows = st.integers(2, 30)


@st.composite
def drawn_logs(draw: st.DrawFn) -> tuple[Doubles, Doubles, Model]:
    """Weights of at least 0, some above it at each place, rewards, and what a model expects."""
    rng = np.random.default_rng(draw(st.integers(0, 2**31)))
    n, k = draw(rows), draw(st.integers(1, 4))
    weights = rng.exponential(size=(n, k)) * (rng.random((n, k)) < 0.8)
    weights[0] += 0.1
    return weights, rng.normal(size=(n, k)), Model(*(rng.normal(size=(n, k)) for _ in range(3)))


@settings(max_examples=60, deadline=None)
@given(drawn_logs(), floats)
def test_self_normalised_moves_with_a_shift_of_all_rewards(log: tuple[Doubles, Doubles, Model], by: float) -> None:
    weights, rewards, _ = log
    shifted = snips(weights, rewards + by).estimate
    assert shifted == pytest.approx(snips(weights, rewards).estimate + by * weights.shape[1], abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(drawn_logs(), st.floats(0.1, 50))
def test_self_normalised_does_not_care_for_the_unit_of_weights(log: tuple[Doubles, Doubles, Model], by: float) -> None:
    weights, rewards, _ = log
    assert snips(weights * by, rewards).estimate == pytest.approx(snips(weights, rewards).estimate, abs=1e-9)


@settings(max_examples=60, deadline=None)
@given(drawn_logs())
def test_switch_is_doubly_robust_without_a_threshold_and_the_model_below_all(
    log: tuple[Doubles, Doubles, Model],
) -> None:
    weights, rewards, model = log
    assert switch(weights, rewards, model, np.inf).values == pytest.approx(
        doubly_robust(weights, rewards, model).values
    )
    assert switch(weights, rewards, model, -1.0).values == pytest.approx(direct(model).values)


@settings(max_examples=60, deadline=None)
@given(drawn_logs())
def test_doubly_robust_without_a_model_is_ips(log: tuple[Doubles, Doubles, Model]) -> None:
    weights, rewards, _ = log
    zero = Model(*(np.zeros(rewards.shape) for _ in range(3)))
    assert doubly_robust(weights, rewards, zero).values == pytest.approx(ips(weights, rewards).values)


@settings(max_examples=60, deadline=None)
@given(drawn_logs())
def test_what_pages_add_has_the_estimate_as_mean(log: tuple[Doubles, Doubles, Model]) -> None:
    weights, rewards, model = log
    for parts in (ips(weights, rewards), snips(weights, rewards), doubly_robust(weights, rewards, model)):
        assert parts.influence.mean() == pytest.approx(parts.estimate, abs=1e-9)


def test_a_policy_that_shows_nothing_that_was_logged_earns_nothing_by_weights() -> None:
    nothing = np.zeros((5, 2))
    assert snips(nothing, np.ones((5, 2))).estimate == 0.0
    assert np.isfinite(snips(nothing, np.ones((5, 2))).influence).all()


def test_slope_takes_the_last_that_agrees_with_all_before_it() -> None:
    assert slope([1.0, 1.1, 1.3, 1.9], [0.2, 0.1, 0.05, 0.01]) == 2  # 1.9 is beyond 1.4, where 1.3's ends
    assert slope([1.0, 3.0], [0.1, 0.1]) == 0
    assert slope([1.0, 1.0, 1.0], [0.3, 0.2, 0.1]) == 2


def test_the_bound_keeps_all_weights_where_giving_one_up_may_cost_more_than_it_spares() -> None:
    weights = np.ones((1_000, 1))
    weights[0] = 1.5
    rewards = np.tile([[0.0], [1.0]], (500, 1))
    model = Model(*(np.full((1_000, 1), 0.5) for _ in range(3)))
    kept = threshold_by_bound(weights, rewards, model, lambda each: above(weights, each))
    assert kept >= 1.0  # all but one weight are 1: without these the bias may be 1
    enormous = weights.copy()
    enormous[0] = 1e3
    bound = threshold_by_bound(enormous, rewards, model, lambda each: 0.0 if each >= 1.0 else 1.0)
    assert bound < 1e3


def test_slope_gives_up_weights_where_the_model_says_the_same() -> None:
    rng = np.random.default_rng(0)
    weights = rng.exponential(size=(500, 1))
    model = Model(*(np.full((500, 1), 0.5) for _ in range(3)))
    assert threshold_by_slope(weights, np.full((500, 1), 0.5), model) == -1.0


def test_shrinking_leaves_small_weights_and_draws_in_large_ones() -> None:
    assert shrunk(np.full((10, 2), 2.0)) == pytest.approx(0.4 * 2 / (4 + 0.4))  # lambda: a tenth of 2 squared
    weights = np.linspace(0.0, 50.0, 10_001)[:, None]
    drawn_in = shrunk(weights)
    assert drawn_in[0, 0] == 0.0
    assert (drawn_in <= weights).all()
    assert drawn_in[100, 0] == pytest.approx(0.5, rel=0.01)  # of 0.5
    strength = 0.1 * float(np.quantile(weights, 0.999)) ** 2
    assert drawn_in.max() == pytest.approx(strength**0.5 / 2, rel=1e-3)  # at w = sqrt(lambda)
    assert (shrunk(np.zeros((3, 2))) == 0.0).all()


def test_what_stands_above_a_threshold_is_counted_by_its_weight() -> None:
    assert above(np.array([[1.0], [3.0], [2.0], [0.0]]), 1.5) == pytest.approx((3.0 + 2.0) / 4)


@pytest.mark.parametrize("name", list(ESTIMATORS))
def test_no_estimator_takes_chances_that_are_none(name: str) -> None:
    log = log_of(alone())
    shown = np.full(log.items.shape, 1.5)
    with pytest.raises(DataError, match="from 0 to 1"):
        ESTIMATORS[name].make(log, Chances(shown, shown), RIGHT)
