"""The sentences of an evaluation of re-ranking, against rows whose answer is known."""

from __future__ import annotations

from typing import Any

from pages.understand.diversity import found_of_all


def rule(name: str, change: float, low: float, high: float) -> dict[str, Any]:
    return {"rule": name, "amount": 2, "ndcg_change": change, "ndcg_change_ci95": [low, high]}


def group(lists: str, name: str, ratio: float) -> dict[str, Any]:
    return {"lists": lists, "by": "brand", "group": name, "ratio": ratio}


def cohort(model: str, name: str, mean: float, half: float) -> dict[str, Any]:
    return {
        "model": model, "slicing": "age", "slice": name, "mean": mean, "low": mean - half, "high": mean + half,
    }  # fmt: skip


def test_the_dearest_rule_is_named_and_what_may_be_luck_is_counted() -> None:
    rows = [rule("free", 0.0, -0.01, 0.01), rule("dear", -0.07, -0.1, -0.04), rule("less", -0.03, -0.06, -0.01)]
    said = found_of_all.rules(rows)
    assert said.startswith("For 1 of 3 settings")
    assert "“dear 2”: 7 % of nDCG (95 % interval 4 % to 10 %)" in said
    assert "None of the 1 settings" in found_of_all.rules(rows[:1])


def test_who_is_shown_least_is_told_with_what_re_ranking_does() -> None:
    rows = [group("by score", "small", 0.4), group("by score", "large", 1.3), group("re-ranked", "small", 0.6)]
    assert "“small” (by brand), with 0.40" in found_of_all.shown(rows)
    assert "re-ranked 0.60" in found_of_all.shown(rows)
    assert "No group" in found_of_all.shown([group("by score", "large", 1.3)])


def test_who_is_served_best_and_worst_is_told_with_its_certainty() -> None:
    rows = [cohort("by score", "young", 0.1, 0.01), cohort("by score", "old", 0.05, 0.01)]
    after = [cohort("re-ranked", "young", 0.2, 0.01), cohort("re-ranked", "old", 0.05, 0.01)]
    said = found_of_all.served([*rows, *after])
    assert "best are “young” (nDCG 0.100), worst “old” (0.050), more than luck. For 1 of 2 groups" in said
    unsure = found_of_all.served([cohort("by score", "young", 0.1, 0.09), cohort("by score", "old", 0.05, 0.09)])
    assert "which may be luck. For no group" in unsure
    assert "not two groups" in found_of_all.served(rows[:1])
