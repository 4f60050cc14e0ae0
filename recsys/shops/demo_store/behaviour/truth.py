"""What nobody in the shop may see: the utility of every product for every shopper."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from recsys.shops.demo_store.behaviour.model import Model


@dataclass(frozen=True)
class Truth:
    """Of n shoppers and m products, rows as in the tables given and returned.

    `utility` is static: at the start, without season, offers, launches, what was bought and what friends bought.
    A shopper whose life stage changes on a day has `need_change` and `audience_change` on top of it from then on.
    """

    utility: np.ndarray  # (n, m) float32, logits; 0 is as good as buying nothing
    need_change: np.ndarray  # (n, n_types) float32
    audience_change: np.ndarray  # (n, n_audiences) float32
    changes_on: np.ndarray  # (n,) int32, a day; far beyond the last one for those who do not change
    latent: pd.DataFrame  # a row a shopper, see tastes.latent
    products: pd.DataFrame  # a row a product: item_id, quality, appeal, launch_day, type (code), audience (code)
    model: Model

    def utility_on(self, shopper_row: int, day: int) -> np.ndarray:
        """(m,) float32: the shopper's static utilities in the life stage of that day."""
        own: np.ndarray = self.utility[shopper_row]
        if day < self.changes_on[shopper_row]:
            return own
        need = self.need_change[shopper_row][self.products["type"].to_numpy()]
        return np.asarray(own + need + self.audience_change[shopper_row][self.products["audience"].to_numpy()])

    def worth_on(self, day: int) -> np.ndarray:
        """(n, m) float32: what a product adds to buying nothing, max(utility, 0), in the stages of life of that day.

        So an unwanted product does no harm but takes a place. What is launched later is worth nothing to anybody.
        """
        worth = np.maximum(np.stack([self.utility_on(row, day) for row in range(len(self.utility))]), 0.0)
        worth[:, self.products["launch_day"].to_numpy() > day] = 0.0
        return np.asarray(worth, np.float32)
