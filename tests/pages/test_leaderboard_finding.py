"""The sentence with which the leaderboard begins: who wins, and whether that is more than luck."""

from __future__ import annotations

from typing import Any

import pytest

from pages.lab.leaderboard.finding import sentence
from pages.shared.finding import lead, plus, thousandths

NAMES = {"blend": "Blend", "transformer": "Transformer", "most-popular": "Bestsellers", "tifu-knn": "Own favourites"}


def report(
    figures: dict[str, float], pairs: dict[tuple[str, str], tuple[float, float, float, float]]
) -> dict[str, Any]:
    """A run that reached these figures; pairs are (difference, low, high, p)."""
    keys = ("difference", "low", "high", "p_corrected")
    return {
        "compared_by": "ndcg@10",
        "models": [
            {"name": name, "label": NAMES[name], "metrics": {"ndcg@10": mean}, "ci95": {}, "shoppers": {},
             "fit_s": 1.0, "score_s": 1.0, "choose_s": 1.0, "peak_mb": 1.0}
            for name, mean in figures.items()
        ],
        "comparisons": [
            {"model": one, "against": other} | dict(zip(keys, values, strict=True))
            for (one, other), values in pairs.items()
        ],
    }  # fmt: skip


def said(figures: dict[str, float], pairs: dict[tuple[str, str], tuple[float, float, float, float]]) -> str:
    return sentence(report(figures, pairs), NAMES).replace("\\", "").replace("**", "")


def test_a_trained_winner_is_set_against_the_best_simple_baseline() -> None:
    found = said(
        {"blend": 0.2, "transformer": 0.19, "most-popular": 0.16},
        {("blend", "transformer"): (0.01, 0.005, 0.015, 0.001), ("blend", "most-popular"): (0.04, 0.032, 0.048, 0.001)},
    )
    assert found == (  # .04 / .16
        "Blend ranks best: nDCG@10 0.200, 25 % ahead of bestsellers, more than luck (95 % interval 20 % to 30 %)."
    )


def test_a_lead_within_chance_is_no_lead() -> None:
    found = said({"blend": 0.101, "most-popular": 0.1}, {("blend", "most-popular"): (0.001, -0.002, 0.004, 0.4)})
    assert found == (
        "Blend ranks best: nDCG@10 0.101, but its lead of 1 % over bestsellers may be luck (95 % interval −2 % to 4 %)."
    )


def test_a_simple_baseline_that_wins_is_said_first() -> None:
    found = said({"most-popular": 0.2, "blend": 0.1}, {("blend", "most-popular"): (-0.1, -0.15, -0.05, 0.001)})
    assert found == (
        "A simple baseline wins: Bestsellers with nDCG@10 0.200, 100 % ahead of blend, more than luck "
        "(95 % interval 50 % to 150 %)."
    )


def test_another_one_that_may_do_as_well_is_named() -> None:
    found = said(
        {"blend": 0.2, "transformer": 0.199, "most-popular": 0.1},
        {("blend", "transformer"): (0.001, -0.01, 0.01, 0.9), ("blend", "most-popular"): (0.1, 0.08, 0.12, 0.001)},
    )
    assert found.endswith("(95 % interval 80 % to 120 %); transformer may do as well.")


def test_simple_ones_alone_are_set_against_each_other() -> None:
    found = said({"tifu-knn": 0.3, "most-popular": 0.2}, {("tifu-knn", "most-popular"): (0.1, 0.08, 0.12, 0.001)})
    assert found.startswith("Own favourites ranks best: nDCG@10 0.300, 50 % ahead of bestsellers, more than luck")


@pytest.mark.parametrize(
    ("figures", "why"),
    [({"blend": 0.2}, "nothing ran beside it"), ({"blend": 0.2, "most-popular": 0.1}, "were not compared")],
)
def test_without_a_comparison_nobody_is_the_best(figures: dict[str, float], why: str) -> None:
    found = said(figures, {})
    assert "ranks best" not in found
    assert why in found


def test_what_is_ahead_of_nothing_is_told_without_a_share() -> None:
    found = said({"blend": 0.02, "most-popular": 0.0}, {("blend", "most-popular"): (0.02, 0.01, 0.03, 0.001)})
    assert "0.020 ahead of bestsellers, more than luck (95 % interval +0.010 to +0.030)" in found


def test_two_that_are_equal_are_level() -> None:
    found = said({"blend": 0.1, "most-popular": 0.1}, {("blend", "most-popular"): (0.0, -0.01, 0.01, 1.0)})
    assert "level with bestsellers" in found


def test_an_interval_without_0_of_a_lead_that_may_be_luck_is_explained() -> None:
    said = lead("bestsellers", 0.002, 0.0005, 0.0035, 0.08, 0.1)
    assert said == (
        "but its lead of 2 % over bestsellers may be luck (95 % interval 0.5 % to 3 %, without 0, but of this pair "
        "alone: of several that are compared, one comes so far by chance)"
    )
    assert "by chance" not in lead("bestsellers", 0.002, -0.0005, 0.0035, 0.3, 0.1)
    assert "by chance" not in lead("bestsellers", 0.002, 0.0005, 0.0035, 0.01, 0.1)
    assert "by chance" in lead("bestsellers", -0.002, -0.0035, -0.0005, 0.08, 0.1)


def test_changes_have_a_real_sign_and_zero_has_none() -> None:
    changes = (0.4, -0.36, 0.001, -0.001, 1.0)
    assert [plus(change) for change in changes] == ["+0.40", "−0.36", "0.00", "0.00", "+1.00"]
    assert [thousandths(change) for change in changes] == ["+0.400", "−0.360", "+0.001", "−0.001", "+1.000"]
