"""What follows a purchase: how it turned out, what is sent back, what is said of it, what is shown to friends.

Aspects, each -1 to 1 with some noise (clipped):

    fit       sized things (clothes, shoes): 0.35 + 0.5 * a number fixed for shopper and product; others 0.45
    quality   2 * quality(p) - 1
    value     0.9 * (quality(p) - 0.4) - 0.5 * price[s] * log(paid / typical price)
    delivery  0.5, for one parcel in twelve -0.7
    looks     tanh(style[s, p] + colour[s, p] + pattern[s, p]) / 2 + 0.3

    returned  with chance logistic(return_base + bad_quality * (1/2 - quality(p)) + bad_fit * max(-fit, 0))
    stars     2.5 + 3.3 * (0.3 quality + 0.2 value + 0.2 fit + 0.2 looks + 0.1 delivery) + noise, rounded, 1 to 5
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.shops.demo_store.behaviour.choices import logistic
from recsys.shops.demo_store.behaviour.moment import Setting
from recsys.shops.demo_store.behaviour.pages import DAY
from recsys.shops.demo_store.behaviour.utility import pair_noise

ASPECTS: Final = ("fit", "quality", "value", "delivery", "looks")
SIZED: Final = ("Clothing", "Shoes")
_WEIGHTS: Final = {"quality": 0.3, "value": 0.2, "fit": 0.2, "looks": 0.2, "delivery": 0.1}
_LATE: Final = 1 / 12
_SENT_BACK_AFTER: Final = (3, 15)  # days
_REVIEWED_AFTER: Final = (2, 22)


@dataclass(frozen=True)
class Purchases:
    """Lines bought: all (k,)."""

    shopper: np.ndarray
    item: np.ndarray
    seconds: np.ndarray
    quantity: np.ndarray
    paid: np.ndarray


@dataclass(frozen=True)
class Outcome:
    """Rows of the purchases that came back or were reviewed, when, and how the reviewed ones turned out."""

    returned: np.ndarray  # rows
    returned_at: np.ndarray  # seconds
    reviewed: np.ndarray  # rows, no pair of shopper and product twice
    reviewed_at: np.ndarray
    stars: np.ndarray  # of the reviewed, 1.0 to 5.0
    aspects: dict[str, np.ndarray]  # of the reviewed


def outcome(bought: Purchases, setting: Setting, key: int, rng: np.random.Generator) -> Outcome:
    """What happens to the lines bought; what would happen after the last day does not."""
    aspects = _aspects(bought, setting, key, rng)
    k, model, end = len(bought.item), setting.model, setting.model.days * DAY
    chance = logistic(
        model.return_base
        + model.bad_quality * (0.5 - setting.goods.quality[bought.item])
        + model.bad_fit * np.maximum(-aspects["fit"], 0.0)
    )
    back = rng.random(k) < chance
    back_at = bought.seconds + rng.integers(_SENT_BACK_AFTER[0] * DAY, _SENT_BACK_AFTER[1] * DAY, k)
    said_at = bought.seconds + rng.integers(_REVIEWED_AFTER[0] * DAY, _REVIEWED_AFTER[1] * DAY, k)
    content = sum((weight * aspects[name] for name, weight in _WEIGHTS.items()), np.zeros(k))
    stars = np.clip(np.rint(2.5 + 3.3 * content + rng.normal(0.0, 0.8, k)), 1.0, 5.0)
    # the very glad and the very cross write more (Hu, Zhang & Pavlou 2009)
    writes = rng.random(k) < model.review * np.where(np.abs(stars - 3.5) > 1, 1.25, 0.8)
    returned = np.flatnonzero(back & (back_at < end))
    reviewed = np.flatnonzero(writes & (said_at < end))
    pairs = np.stack([bought.shopper[reviewed], bought.item[reviewed]], axis=1)
    reviewed = reviewed[np.sort(np.unique(pairs, axis=0, return_index=True)[1])] if len(reviewed) else reviewed
    kept = {name: aspects[name][reviewed] for name in ASPECTS}
    return Outcome(returned, back_at[returned], reviewed, said_at[reviewed], stars[reviewed], kept)


def _aspects(bought: Purchases, setting: Setting, key: int, rng: np.random.Generator) -> dict[str, np.ndarray]:
    """Name -> (k,) in -1..1."""
    who, what, goods, tastes = bought.shopper, bought.item, setting.goods, setting.tastes
    k, quality = len(what), goods.quality[what]
    sized = np.isin(np.array(goods.words["department"], object)[goods.codes["department"][what]], SIZED)
    fit = np.where(sized, 0.35 + 0.5 * pair_noise(who, what, key), 0.45)
    dear = np.log(bought.paid / bought.quantity / goods.price[what]) + goods.relative_price[what]
    liked = sum((tastes.words[f][who, goods.codes[f][what]] for f in ("style", "colour", "pattern")), np.zeros(k))
    means = {
        "fit": fit,
        "quality": 2 * quality - 1,
        "value": 0.9 * (quality - 0.4) - 0.5 * tastes.price[who] * dear,
        "delivery": np.where(rng.random(k) < _LATE, -0.7, 0.5),
        "looks": np.tanh(liked) / 2 + 0.3,
    }
    return {name: np.clip(means[name] + rng.normal(0.0, 0.2, k), -1.0, 1.0) for name in ASPECTS}
