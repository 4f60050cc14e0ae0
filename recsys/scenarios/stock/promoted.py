"""How much more is sold in weeks at a discount than in other weeks: an association, no proof."""

from __future__ import annotations

from typing import Any, Final

import numpy as np

from recsys.scenarios.stock.series import Doubles, Panel

CUT: Final = 0.95  # of the usual price, and below: a discount
LEAST: Final = 3  # weeks of either kind in which a product was sold
DRAWS: Final = 500


def at_discount(price: Doubles) -> np.ndarray[Any, np.dtype[np.bool_]]:
    """Which weeks were at a discount."""
    return price <= CUT


def uplift(panel: Panel, seed: int = 0) -> dict[str, Any] | None:
    """What weeks at a discount sold beside the other weeks of the same products, with a 95 % interval over products.

    Where no plan says what was on offer, a price is only known of a week in which something was sold: then weeks
    without a sale are left out on both sides. None where fewer than ten products had both kinds of weeks.
    """
    sold = panel.units > 0 if panel.planned is None else np.ones(panel.units.shape, bool)
    cut = at_discount(panel.price) & sold
    usual = ~at_discount(panel.price) & sold
    both = (cut.sum(axis=1) >= LEAST) & (usual.sum(axis=1) >= LEAST)
    if both.sum() < 10:
        return None
    units = panel.units[both]
    mean = np.where(usual[both], units, 0).sum(axis=1) / usual[both].sum(axis=1)
    came = np.where(cut[both], units, 0).sum(axis=1)
    meant = mean * cut[both].sum(axis=1)
    draws = np.random.default_rng(seed).integers(0, len(came), (DRAWS, len(came)))
    values = came[draws].sum(axis=1) / np.maximum(meant[draws].sum(axis=1), 1e-9) - 1
    low, high = np.percentile(values, (2.5, 97.5))
    share = float(np.where(cut, panel.units, 0).sum() / max(panel.units.sum(), 1e-9))
    change = float(came.sum() / max(meant.sum(), 1e-9) - 1)
    return {"change": change, "ci95": [float(low), float(high)], "products": int(both.sum()), "share": share}
