"""The step that measures what displays, mailers and price offers go with, where a shop knows of any."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import storage_errors, write_array
from recsys.datasets import storage
from recsys.progress import Progress
from recsys.scenarios.offers.promoting import PRODUCT_WEEKS, WEEKS, Panel, effects
from recsys.scenarios.offers.weekly import Shares, of_offers, of_promotions
from recsys.schema.capabilities import Capability
from recsys.settings import Settings
from recsys.shops import registry
from recsys.shops.campaigns import source_of
from recsys.steps.code import Code
from recsys.steps.contract import Basis, Context, Step

NAME: Final = "promotions"
FILE: Final = "effects.json"
CELLS: Final = "cells.npy"  # (m, 2) product and week in which it was on display or in the mailer
SHARES: Final = "shares.npy"  # (m, 2) in what share of the stores: display, mailer
BEGINS: Final = "begins"  # in the info: the first day of week 0 of the cells; "" where there are none


def _source(settings: Settings) -> object:
    source = source_of(registry.shop(settings.shop))
    if source is None or source.promotions is None:
        return None
    return source.version(), Code.of(settings).fingerprint(source.module) if source.module else ""


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    found = _panel(context, progress)
    if found is None:
        _keep([], folder)
        return {
            "effects": 0,
            "why": "nothing is known of displays, mailers or price offers, or of days",
        }
    panel, shares, about, designs = found
    if shares is not None:
        with storage_errors(folder):
            write_array(folder / CELLS, np.column_stack([shares.item, shares.week]))
            write_array(folder / SHARES, np.column_stack([shares.display, shares.mailer]))
    told = [asdict(each) for within in designs for each in effects(panel, within)]
    price = storage.load_items(context.opened("dataset").path)[s.PRICE].to_numpy(np.float64)[panel.product]
    for each in told:
        on = panel.flags[each["name"]].sum(axis=1).astype(np.float64)
        sound = np.isfinite(price) & (price > 0) & (on > 0)
        each["price"] = float(np.average(price[sound], weights=on[sound])) if sound.any() else None
        each["units_without"] = each["units_without"] if np.isfinite(each["units_without"]) else None
    _keep(told, folder)
    series = {"series": len(panel.units), "products": len(np.unique(panel.product)), "weeks": panel.units.shape[1]}
    return {"effects": len(told), **series, **about}


def _keep(told: list[dict[str, Any]], folder: Path) -> None:
    with storage_errors(folder):
        (folder / FILE).write_text(json.dumps(told, indent=1), encoding="utf-8")


def _panel(context: Context, progress: Progress) -> tuple[Panel, Shares | None, dict[str, Any], tuple[str, ...]] | None:
    """(weekly sales, how widely what was promoted, what to say, within what is compared); None: nothing is known."""
    dataset = context.opened("dataset")
    source, info = source_of(registry.shop(context.settings.shop)), dataset.json("dataset.json")
    items = storage.load_items(dataset.path)
    if source is not None and source.promotions is not None:
        given = source.promotions(progress)
        panel, shares, read = of_promotions(given, items[s.ITEM_ID].astype(str).tolist(), progress)
        about = {"rows": read, "where": given.where, BEGINS: given.begins.date().isoformat() if given.begins else ""}
        return panel, shares if given.begins else None, about, (PRODUCT_WEEKS, WEEKS)
    has = storage.capabilities(dataset)
    if not has.has(Capability.OFFERS) or not has.has(Capability.DATES):
        return None
    offers = storage.load_table(dataset.path, "offers")
    first, last = pd.Timestamp(info["first_day"]), int(info["days"]) - 1
    panel = of_offers(storage.load_interactions(dataset, len(items)), offers, first, last)
    return panel, None, {"rows": len(offers), "where": "a product in a week"}, (WEEKS,)


STEP: Final = Step(
    NAME,
    "Measure displays, mailers and price offers",
    __name__,
    _make,
    rests_on=(Basis("dataset"),),
    inputs=_source,
    needed=False,
)
"""Until it is made the page Offers says that it is being made."""
