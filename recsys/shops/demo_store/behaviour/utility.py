"""The static utility of every product for every shopper: a multinomial logit's systematic part (McFadden 1974).

    U[s, p] = base
              + style[s, p] + colour[s, p] + pattern[s, p] + material[s, p]      taste
              + need[s, type(p)] + audience[s, audience(p)]                      need
              + quality[s] * (quality(p) - 1/2) + brand[s, brand(p)] + appeal(p)
              - price[s] * log(price(p) / typical price of type(p))
              + noise[s, p]                                                      fixed for the pair

What a choice adds on top of it at its time is in `moment.py`; the Gumbel noise of each choice in `choices.py`.
"""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.shops.demo_store.behaviour.catalogue import Catalogue
from recsys.shops.demo_store.behaviour.model import Model
from recsys.shops.demo_store.behaviour.tastes import Tastes

TASTED: Final = ("style", "colour", "pattern", "material", "brand")
_BLOCK: Final = 64  # shoppers at a time: the hashes of a block of 10,000 products stay within 5 MB
_GOLDEN: Final = np.uint64(0x9E3779B97F4A7C15)


def utilities(tastes: Tastes, goods: Catalogue, appeal: np.ndarray, model: Model, key: int) -> np.ndarray:
    """(n, m) float32, in blocks of shoppers; `key` makes the noise."""
    n = len(tastes.stage)
    done = np.empty((n, goods.m), np.float32)
    of_product = (model.base + appeal).astype(np.float32)
    quality = (goods.quality - 0.5).astype(np.float32)
    price = goods.relative_price.astype(np.float32)
    for first in range(0, n, _BLOCK):
        rows = slice(first, min(first + _BLOCK, n))
        block = done[rows]
        block[:] = of_product
        for field in TASTED:
            block += tastes.words[field][rows].astype(np.float32)[:, goods.codes[field]]
        block += tastes.need[0, rows].astype(np.float32)[:, goods.codes["type"]]
        block += tastes.audience[0, rows].astype(np.float32)[:, goods.codes["audience"]]
        block += tastes.quality[rows, None].astype(np.float32) * quality
        block -= tastes.price[rows, None].astype(np.float32) * price
        shoppers = np.arange(rows.start, rows.stop)[:, None]
        block += np.float32(model.noise) * pair_noise(shoppers, np.arange(goods.m)[None, :], key)
    return done


def pair_noise(shoppers: np.ndarray, items: np.ndarray, key: int) -> np.ndarray:
    """A number of mean 0 and variance 1 for each pair of rows, always the same for a key; shapes broadcast. float32.

    A hash (splitmix64: Steele, Lea & Flood 2014) of both rows, its four 16-bit parts summed: four uniform numbers
    are as near to a normal one as is needed here, and no table of pairs has to be kept.
    """
    one = _mixed(shoppers.astype(np.uint64) * _GOLDEN + np.uint64(key))
    other = _mixed(items.astype(np.uint64) + np.uint64(key ^ 0x5851F42D4C957F2D))
    bits = np.ascontiguousarray(_mixed(one ^ other))
    parts = bits.view(np.uint16).reshape(*bits.shape, 4).sum(axis=-1, dtype=np.uint32)
    scale = np.float32(65536 * np.sqrt(4 / 12))
    return np.asarray((parts.astype(np.float32) - np.float32(2 * 65535)) / scale)


def _mixed(x: np.ndarray) -> np.ndarray:
    x = (x ^ (x >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    x = (x ^ (x >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(x ^ (x >> np.uint64(31)))
