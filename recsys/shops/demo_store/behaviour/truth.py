"""What nobody in the shop may see: the utility of every product for every shopper, and how well a slate does by it."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recsys.shops.demo_store.behaviour.model import Model

_ARRAYS = ("utility", "need_change", "audience_change", "changes_on")


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

    def write(self, folder: Path) -> None:
        """Writes the truth into a folder of its own, apart from what the shop loads."""
        folder.mkdir(parents=True, exist_ok=True)
        for name in _ARRAYS:
            np.save(folder / f"{name}.npy", getattr(self, name), allow_pickle=False)
        self.latent.to_parquet(folder / "latent.parquet", index=False)
        self.products.to_parquet(folder / "products.parquet", index=False)
        (folder / "model.json").write_text(json.dumps(asdict(self.model), indent=1) + "\n", encoding="utf-8")

    @classmethod
    def read(cls, folder: Path) -> Truth:
        """What `write` wrote; the arrays are mapped, not loaded."""
        arrays: dict[str, Any] = {
            name: np.load(folder / f"{name}.npy", mmap_mode="r", allow_pickle=False) for name in _ARRAYS
        }
        said = json.loads((folder / "model.json").read_text(encoding="utf-8"))
        model = Model(**said | {"kinds": tuple(said["kinds"])})
        people, products = (pd.read_parquet(folder / f"{name}.parquet") for name in ("latent", "products"))
        return cls(**arrays, latent=people, products=products, model=model)


def utility_captured(truth: Truth, shopper_row: int, item_rows: np.ndarray, k: int, day: int | None = None) -> float:
    """How much of the best possible slate's worth a slate of k has for one shopper, 0 to 1.

    captured = sum_j v(slate_j) / log2(1 + j)  /  the same sum over the k products of highest v, in that order,
    v = max(utility, 0): what a product adds to buying nothing, so that an unwanted one does no harm but takes a place.
    Discounted as nDCG is (Jaervelin & Kekaelaeinen 2002): places further down are seen less. A product named twice
    counts once, at its first place. 0 where no product is worth anything to this shopper.
    With a `day`, utilities are those of the life stage of that day, and what is launched later is worth nothing;
    without one they are static and all products count.
    Raises ValueError for k < 1.
    """
    if k < 1:
        raise ValueError(f"k={k}: a slate has at least one place")
    utility = truth.utility[shopper_row] if day is None else truth.utility_on(shopper_row, day)
    worth = np.maximum(utility, 0.0).astype(np.float64)  # (m,)
    if day is not None:
        worth[truth.products["launch_day"].to_numpy() > day] = 0.0
    slate = np.asarray(item_rows, np.int64)[:k]
    gains = np.zeros(len(slate))
    _, first = np.unique(slate, return_index=True)
    gains[first] = worth[slate[first]]
    discount = 1 / np.log2(np.arange(2, k + 2))
    best = np.sort(worth)[::-1][:k]
    most = float(best @ discount[: len(best)])
    return float(gains @ discount[: len(slate)]) / most if most > 0 else 0.0
