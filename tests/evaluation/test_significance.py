"""Intervals and tests, on differences whose chances can be counted."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from recsys.evaluation import significance
from recsys.evaluation.significance import Sampling, bootstrap_means, compare, holm, intervals, randomisation_test

QUICK = Sampling(resamples=200, flips=500)


def frame(**columns: list[float]) -> pd.DataFrame:
    return pd.DataFrame(columns)


def test_the_mean_and_the_count_leave_out_what_is_missing() -> None:
    found = intervals(frame(hit=[1.0, 0.0, np.nan, 1.0]), QUICK).loc["hit"]
    assert found["mean"] == (1 + 0 + 1) / 3
    assert found["count"] == 3


def test_equal_values_have_an_interval_of_no_width() -> None:
    found = intervals(frame(ndcg=[0.5] * 40), QUICK).loc["ndcg"]
    assert (found["low"], found["high"]) == (0.5, 0.5)


def test_a_column_without_any_value_has_no_interval() -> None:
    found = intervals(frame(a=[np.nan, np.nan], b=[1.0, 1.0]), QUICK)
    assert found.loc["a", ["mean", "low", "high"]].isna().all()
    assert found.loc["a", "count"] == 0
    assert found.loc["b", "mean"] == 1


def test_no_shoppers_have_no_interval() -> None:
    found = intervals(pd.DataFrame({"hit": np.empty(0)}), QUICK).loc["hit"]
    assert np.isnan(found["mean"])
    assert np.isnan(found["low"])


def test_the_interval_of_a_rate_is_that_of_the_binomial_distribution() -> None:
    rate, n = 0.3, 400
    found = intervals(frame(hit=[1.0] * 120 + [0.0] * 280)).loc["hit"]
    error = 1.96 * (rate * (1 - rate) / n) ** 0.5  # 0.045
    assert found["low"] == pytest.approx(rate - error, abs=0.006)
    assert found["high"] == pytest.approx(rate + error, abs=0.006)


def test_scipy_draws_the_same_interval() -> None:
    from scipy import stats

    values = np.random.default_rng(3).exponential(size=300)
    theirs = stats.bootstrap((values,), np.mean, n_resamples=2000, method="percentile", rng=np.random.default_rng(5))
    ours = intervals(pd.DataFrame({"x": values}), Sampling(resamples=2000)).loc["x"]
    assert ours["low"] == pytest.approx(theirs.confidence_interval.low, abs=0.02)
    assert ours["high"] == pytest.approx(theirs.confidence_interval.high, abs=0.02)


def test_the_same_seed_gives_the_same_resamples_and_another_gives_others() -> None:
    values = np.arange(20.0)[:, None]
    assert (bootstrap_means(values, Sampling(seed=1)) == bootstrap_means(values, Sampling(seed=1))).all()
    assert (bootstrap_means(values, Sampling(seed=1)) != bootstrap_means(values, Sampling(seed=2))).any()


def test_all_columns_see_the_same_resamples() -> None:
    values = np.arange(20.0)
    means = bootstrap_means(np.column_stack([values, 2 * values + 1]), QUICK)
    assert means[:, 1] == pytest.approx(2 * means[:, 0] + 1)


def test_resamples_drawn_in_small_pieces_are_as_many(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(significance, "CELLS_AT_ONCE", 7)  # less than one resample of 20 shoppers
    means = bootstrap_means(np.arange(20.0)[:, None], QUICK)
    assert means.shape == (200, 1)
    assert not np.isnan(means).any()
    assert randomisation_test(np.ones((20, 1)), QUICK) == pytest.approx([1 / 501], abs=1e-4)


def test_five_equal_gains_happen_by_luck_once_in_sixteen() -> None:
    p = randomisation_test(np.full((5, 1), 0.1), Sampling(flips=20_000))
    assert p == pytest.approx([2 / 2**5], abs=0.005)  # all heads or all tails


def test_shoppers_who_saw_no_difference_change_nothing() -> None:
    differences = np.concatenate([np.full(5, 0.1), np.zeros(30)])[:, None]
    assert randomisation_test(differences, Sampling(flips=20_000)) == pytest.approx([2 / 2**5], abs=0.005)


def test_missing_differences_are_left_out() -> None:
    differences = np.concatenate([np.full(5, 0.1), np.full(30, np.nan)])[:, None]
    assert randomisation_test(differences, Sampling(flips=20_000)) == pytest.approx([2 / 2**5], abs=0.005)


def test_no_difference_at_all_is_luck_for_certain() -> None:
    assert randomisation_test(np.zeros((9, 1)), QUICK).tolist() == [1.0]


def test_nothing_to_compare_has_no_p() -> None:
    assert np.isnan(randomisation_test(np.full((4, 1), np.nan), QUICK)).all()


def test_p_is_never_0() -> None:
    assert randomisation_test(np.ones((200, 1)), QUICK).tolist() == [1 / 501]


@given(st.lists(st.integers(-8, 8), min_size=1, max_size=10))
def test_p_is_the_share_of_all_sign_patterns(whole: list[int]) -> None:
    differences = np.array(whole) / 10
    signs = 1 - 2 * ((np.arange(2 ** len(whole))[:, None] >> np.arange(len(whole))) & 1)
    exact = (np.abs(signs @ np.array(whole)) >= abs(sum(whole))).mean()
    assert randomisation_test(differences[:, None], Sampling(flips=4000)) == pytest.approx([exact], abs=0.05)


def test_under_luck_alone_one_test_in_twenty_is_below_one_twentieth() -> None:
    luck = np.random.default_rng(11).standard_normal((60, 400))
    assert (randomisation_test(luck, QUICK) < 0.05).mean() == pytest.approx(0.05, abs=0.025)


def test_holm_multiplies_the_smallest_by_the_number_of_tests() -> None:
    assert holm(np.array([0.04, 0.01, 0.02])).tolist() == pytest.approx([0.04, 0.01 * 3, 0.02 * 2])


def test_holm_never_lets_a_larger_p_become_smaller_than_a_smaller_one() -> None:
    assert holm(np.array([0.030, 0.031])).tolist() == pytest.approx([0.03 * 2, 0.06])  # 0.031 * 1 is less


def test_holm_stops_at_1_and_leaves_out_what_is_missing() -> None:
    assert holm(np.array([0.7, np.nan, 0.9])).tolist() == pytest.approx([1.0, np.nan, 1.0], nan_ok=True)
    assert holm(np.array([])).tolist() == []


@given(st.lists(st.floats(0, 1), min_size=1, max_size=8))
def test_holm_lies_between_p_and_bonferroni_and_keeps_the_order(drawn: list[float]) -> None:
    p = np.array(drawn)
    corrected = holm(p)
    assert (corrected >= p).all()
    assert (corrected <= np.minimum(1, p * len(p)) + 1e-12).all()
    assert (np.diff(corrected[np.argsort(p)]) >= 0).all()


def test_every_pair_is_compared_once() -> None:
    found = compare(frame(a=[1.0, 0.0, 1.0], b=[0.0, 0.0, 1.0], c=[1.0, 1.0, 1.0]), sampling=QUICK)
    assert list(zip(found["model"], found["against"], strict=True)) == [("a", "b"), ("a", "c"), ("b", "c")]
    assert found["difference"].tolist() == pytest.approx([1 / 3, -1 / 3, -2 / 3])
    assert found["count"].tolist() == [3, 3, 3]


def test_every_model_can_be_compared_with_one() -> None:
    found = compare(frame(a=[1.0, 0.0], b=[0.0, 0.0], c=[1.0, 1.0]), against="b", sampling=QUICK)
    assert list(zip(found["model"], found["against"], strict=True)) == [("a", "b"), ("c", "b")]
    assert found["difference"].tolist() == [1 / 2, 1]


def test_a_real_difference_is_found_and_a_tie_is_not() -> None:
    chance = np.random.default_rng(0)
    weak = chance.random(300)
    found = compare(
        pd.DataFrame({"better": weak + 0.1 + 0.05 * chance.standard_normal(300), "weak": weak, "same": weak})
    ).set_index(["model", "against"])
    assert found.loc[("better", "weak"), "p_corrected"] == pytest.approx(3 / 10_001)  # the least of three tests
    assert found.loc[("better", "weak"), "low"] > 0.09
    assert found.loc[("weak", "same"), "p"] == 1
    assert found.loc[("weak", "same"), ["difference", "low", "high"]].tolist() == [0, 0, 0]


def test_pairing_sees_a_difference_that_the_models_intervals_hide() -> None:
    weak = np.linspace(0, 1, 100)
    values = pd.DataFrame({"better": weak + 0.02, "weak": weak})
    alone = intervals(values)
    assert alone.loc["better", "low"] < alone.loc["weak", "high"]
    assert compare(values)["low"].tolist() == pytest.approx([0.02])


def test_shoppers_with_one_value_only_are_left_out_of_that_pair() -> None:
    found = compare(frame(a=[1.0, 1.0, np.nan], b=[0.0, np.nan, 1.0]), sampling=QUICK)
    assert found["count"].tolist() == [1]
    assert found["difference"].tolist() == [1.0]


@pytest.mark.parametrize(("names", "against"), [(["a"], None), (["a", "b"], "c")])
def test_a_comparison_needs_two_models_that_are_there(names: list[str], against: str | None) -> None:
    with pytest.raises(ValueError, match="two models or more"):
        compare(pd.DataFrame({name: [1.0] for name in names}), against)


@pytest.mark.parametrize("wrong", [{"resamples": 0}, {"flips": 0}, {"level": 1.0}, {"level": 0.0}])
def test_sampling_that_draws_nothing_is_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(ValueError, match="must"):
        Sampling(**wrong)  # type: ignore[arg-type]
