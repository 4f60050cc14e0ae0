"""Whether the first month of a new product can be foretold from the products most like it, against plain means."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from recsys.evaluation.stock.measuring import drawn, ends
from recsys.scenarios.stock.launches import MONTH, Beginnings, expected
from recsys.scenarios.stock.sales import Sales
from recsys.scenarios.stock.series import Doubles
from recsys.schema import Floats, Rows

FEWEST: Final = 20  # new products of which something can be said
LABELS: Final = {
    "alike": "Mean of the 30 most like it",
    "category": "Mean of its category",
    "all": "Mean of all launches",
}


def newcomers(sales: Sales, vectors: Floats, seed: int) -> list[dict[str, Any]]:
    """A line for each way, best first; empty where too few products began in the last third of the days."""
    begun = Beginnings.of(sales.items, sales.days, sales.quantities, sales.launched, len(sales.panel), sales.last_day)
    cut = sales.last_day - max(2 * MONTH, sales.last_day // 3) + 1
    known, new = begun.known_by(cut), begun.begun_in(cut, sales.last_day - MONTH + 1)
    if len(new) < FEWEST:
        return []
    sold = begun.sold(known)
    told = expected(new, known, sold, vectors)
    if told is None:
        return []
    came = begun.sold(new)[:, -1]
    ways = {
        "alike": told.mean[:, -1],
        "category": _by_category(sales, known, new, sold[:, -1]),
        "all": np.full(len(new), sold[:, -1].mean()),
    }
    draws = drawn(len(new), seed)
    base = np.abs(came - ways["all"])
    inside = (came >= np.floor(told.low[:, -1])) & (came <= np.ceil(told.high[:, -1]))
    lines = [_line(name, told_by, came, base, draws) for name, told_by in ways.items()]
    for each in lines:
        each["held"] = round(float(inside.mean()), 4) if each["method"] == "alike" else None
    return sorted(lines, key=lambda each: each["mae"])


def _by_category(sales: Sales, known: Rows, new: Rows, sold: Doubles) -> Doubles:
    """(new,) the mean of the known ones of the same category, of all where there is none."""
    sums = np.bincount(sales.codes[known], weights=sold, minlength=len(sales.groups))
    number = np.bincount(sales.codes[known], minlength=len(sales.groups))
    means = np.where(number > 0, sums / np.maximum(number, 1), sold.mean())
    return np.asarray(means[sales.codes[new]], np.float64)


def _line(name: str, told: Doubles, came: Doubles, base: Doubles, draws: np.ndarray[Any, Any]) -> dict[str, Any]:
    errors = np.abs(came - told)
    change = errors[draws].sum(axis=1) / np.maximum(base[draws].sum(axis=1), 1e-9) - 1
    return {
        "method": name,
        "label": LABELS[name],
        "products": len(came),
        "sold": round(float(came.mean()), 3),
        "mae": round(float(errors.mean()), 4),
        "mae_ci95": ends(errors[draws].mean(axis=1)),
        "wape": round(float(errors.sum() / max(came.sum(), 1e-9)), 4),
        "change": round(float(errors.sum() / max(base.sum(), 1e-9) - 1), 4),
        "change_ci95": ends(change),
    }
