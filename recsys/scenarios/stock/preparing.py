"""The step that foretells a shop's demand, where its purchases have dates and reach over enough weeks."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import write_array
from recsys.index.shared_rows import SharedRowsIndex
from recsys.progress import Progress
from recsys.scenarios.stock.foretelling import Foretold, foretell
from recsys.scenarios.stock.launches import MONTH, Beginnings, expected
from recsys.scenarios.stock.promoted import uplift
from recsys.scenarios.stock.sales import Sales, sales_of, why_not
from recsys.scenarios.stock.series import Panel, best_sellers
from recsys.scenarios.stock.what_if import what_if
from recsys.steps.contract import Basis, Context, Step

DEMAND: Final = "demand"
MOST: Final = 1_000  # products that are foretold, the best sellers
MOST_GROUPS: Final = 500
MOST_NEW: Final = 1_000  # new products that are listed, the best sold first: with fewer, all that fail would be unseen
FACTS: Final = "facts.json"


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    dataset = context.opened("dataset")
    if why := why_not(dataset):
        return _facts(folder, {"off": why})
    progress(0, 10, "weekly sales")
    sales = sales_of(dataset, context.opened("promotions"))
    best = best_sellers(sales.panel.units, MOST)
    if not len(best):
        return _facts(folder, {"off": "Nothing was sold in this shop in whole weeks yet."})
    products = sales.panel.take(best)
    groups = sales.by_category
    kept = best_sellers(groups.units, MOST_GROUPS)
    told: dict[str, Any] = {
        "products": _foretold(products, folder, "products", progress, 1),
        "categories": _foretold(groups.take(kept), folder, "categories", progress, 5),
    }
    write_array(folder / "products_row.npy", best)
    progress(8, 10, "what promotions would sell")
    told["what_if"] = _what_if(products, told["products"]["horizon"], folder)
    progress(9, 10, "new products")
    fresh = _new_products(sales, context, folder)
    return _facts(
        folder,
        {
            "off": "",
            "weeks": sales.panel.weeks,
            "first_week": sales.begins(0).date().isoformat(),
            "promotions": sales.promotions,
            "uplift": uplift(products),
            "groups": [sales.groups[code] for code in kept.tolist()],
            "new": fresh,
            **told,
        },
    )


def _facts(folder: Path, facts: dict[str, Any]) -> dict[str, Any]:
    (folder / FACTS).write_text(json.dumps(facts, ensure_ascii=False, indent=1), encoding="utf-8")
    return {"off": facts["off"], "weeks": facts.get("weeks", 0)}


def _foretold(panel: Panel, folder: Path, name: str, progress: Progress, begun: int) -> dict[str, Any]:
    """Write the series, what is foretold of them and its spread; say how."""
    found: Foretold = foretell(panel, said=lambda done: progress(begun + done, 10, f"{name}: earlier weeks"))
    arrays = {
        "units": panel.units,
        "price": panel.price,
        "forecast": found.forecast,
        "edges": found.spread.edges,
        "single": found.spread.single,
        "summed": found.spread.summed,
    }
    if panel.planned is not None:
        arrays["planned"] = panel.planned
    for part, values in arrays.items():
        write_array(folder / f"{name}_{part}.npy", np.asarray(values, np.float32))
    return asdict(found.chosen) | {"horizon": found.forecast.shape[1], "origins": list(found.origins)}


def _what_if(panel: Panel, horizon: int, folder: Path) -> dict[str, Any]:
    """Write what the products would sell with and without promotions; say which kinds, and how wide."""
    found = what_if(panel, horizon)
    if found is None:
        return {"kinds": []}
    arrays = {
        "without": found.without,
        "promoted": found.promoted,
        "edges": found.spread.edges,
        "single": found.spread.single,
        "summed": found.spread.summed,
    }
    for part, values in arrays.items():
        write_array(folder / f"what_if_{part}.npy", np.asarray(values, np.float32))
    return {"kinds": list(found.kinds), "shares": found.shares}


def _new_products(sales: Sales, context: Context, folder: Path) -> dict[str, Any]:
    """Write what the products of the last month sold, and what was to be expected of them at their age."""
    begun = Beginnings.of(sales.items, sales.days, sales.quantities, sales.launched, len(sales.panel), sales.last_day)
    new = begun.begun_in(max(0 if begun.launched else MONTH, sales.last_day - MONTH + 1), sales.last_day)
    known = begun.known_by(sales.last_day + 1)
    age = np.clip(sales.last_day - begun.begun[new], 0, MONTH - 1)
    sold = begun.sold(new)[np.arange(len(new)), age]
    order = np.argsort(-sold, kind="stable")[:MOST_NEW]
    new, age, sold, number = new[order], age[order], sold[order], len(new)
    index = SharedRowsIndex.load(context.opened("vectors").path)
    told = None
    if len(new):
        vectors = index.vectors_at(np.arange(index.size, dtype=np.int32))
        told = expected(new, known, begun.sold(known), vectors)
    if told is None:
        return {"number": number, "listed": 0, "launched": begun.launched, "compared": len(known)}
    at = np.arange(len(new))
    figures = np.stack(
        [age + 1, sold, told.low[at, age], told.mean[at, age], told.high[at, age], told.mean[:, -1]], axis=1
    )
    write_array(folder / "new_row.npy", new)
    write_array(folder / "new_like.npy", told.like)
    write_array(folder / "new_figures.npy", figures.astype(np.float32))
    return {"number": number, "listed": len(new), "launched": begun.launched, "compared": len(known)}


STEP: Final = Step(
    DEMAND,
    "Foretell the demand of the next weeks",
    __name__,
    _make,
    rests_on=(Basis("dataset"), Basis("vectors"), Basis("promotions")),
    needed=False,
)
