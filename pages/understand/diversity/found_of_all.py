"""What an evaluation of re-ranking found for everybody: a sentence for each part of it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

from pages.shared.finding import percent

WAYS: Final = {"distance": "mean distance", "mmr": "MMR", "dpp": "DPP"}
Rows = Sequence[Mapping[str, Any]]


def costs(report: dict[str, Any]) -> str:
    """What the evaluation found, in one sentence."""
    best, goal = report["best"], report["goal"]
    loss, gain = -goal["ndcg_change"], goal["diversity_change"]
    low, high = next(row["ndcg_change_ci95"] for row in report["rows"] if row["chosen"] and row["way"] == best["way"])
    cost = f"costs {loss * 100:.1f} % of nDCG" if loss > 0 else f"gains {-loss * 100:.1f} % of nDCG"
    return (
        f"Of all ways {WAYS[best['way']]} did best on the validation: on held-out visits it makes the lists "
        f"{gain * 100:.1f} % more diverse and {cost} (with 95 % confidence {-high * 100:.1f} to {-low * 100:.1f} %)."
    )


def rules(rows: Rows) -> str:
    """How many rules cost nothing that can be told, and which costs most for sure."""
    sure = [row for row in rows if row["ndcg_change_ci95"][1] < 0]
    free = len(rows) - len(sure)
    if not sure:
        return f"None of the {len(rows)} settings of rules costs anything that can be told from luck."
    dearest = min(sure, key=lambda row: float(row["ndcg_change"]))
    low, high = dearest["ndcg_change_ci95"]
    told = f"For {free} of {len(rows)} settings of rules no cost can be told from luck; the dearest is"
    amount = f"“{dearest['rule']} {dearest['amount']:g}”"
    cost, least, most = (percent(-change) for change in (dearest["ndcg_change"], high, low))
    return f"{told} {amount}: {cost} of nDCG (95 % interval {least} to {most})."


def shown(rows: Rows) -> str:
    """Which group of products is shown least for what it sells, and what re-ranking does for it."""
    scored = [row for row in rows if row["lists"] == "by score"]
    least = min(scored, key=lambda row: float(row["ratio"]))
    after = [row for row in rows if row["lists"] == "re-ranked" and _same(row, least, ("by", "group"))]
    if least["ratio"] >= 1:
        return "No group of products is shown less than what is taken of it would deserve."
    then = f", re-ranked {after[0]['ratio']:.2f}" if after else ""
    return (
        f"Shown least for what is taken of it: “{least['group']}” (by {least['by']}), with {least['ratio']:.2f} of the "
        f"exposure that its share of what was taken would deserve{then}."
    )


def served(rows: Rows) -> str:
    """Who is served best and worst by score, and for how many groups re-ranking is apart from that."""
    scored = [row for row in rows if row["model"] == "by score"]
    if len(scored) < 2:
        return "There are not two groups of shoppers large enough to compare."
    best, worst = (pick(scored, key=lambda row: float(row["mean"])) for pick in (max, min))
    apart = sum(
        other["high"] < row["low"] or other["low"] > row["high"]
        for row in scored
        for other in rows
        if other["model"] == "re-ranked" and _same(row, other, ("slicing", "slice"))
    )
    told = "For no group" if not apart else f"For {apart} of {len(scored)} groups"
    sure = "more than luck" if worst["high"] < best["low"] else "which may be luck"
    return (
        f"Served best are “{best['slice']}” (nDCG {best['mean']:.3f}), worst “{worst['slice']}” ({worst['mean']:.3f}), "
        f"{sure}. {told} the intervals before and after re-ranking lie apart."
    )


def _same(one: Mapping[str, Any], other: Mapping[str, Any], names: Sequence[str]) -> bool:
    return all(one[name] == other[name] for name in names)
