"""A simulated marketplace, made from a seed: products with pictures, people with tastes, and the truth behind them.

It is on no list of shops yet: `SHOPS` gets it once its pictures have a place among the prepared files.
"""

from __future__ import annotations

from typing import Final

from recsys.shops.contract import Shop

SHOPS: Final[tuple[Shop, ...]] = ()
