"""A table of products as the behaviour needs them, drawn from the demo store's types."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from recsys.shops import demo_store

NO_DRAWING = "NO PICTURE WAS DRAWN: skia needs libGL and libEGL (Debian: apt-get install libgl1 libegl1)"
COLOURS = ("black", "white", "red", "navy", "olive", "pink", "mustard", "teal", "grey", "lilac")


def products(n: int = 200, seed: int = 0, per_brand: int = 25) -> pd.DataFrame:
    """n products: types by their share, words of the type's own lists, a tenth launched within the days."""
    rng = np.random.default_rng(seed)
    types = pd.read_csv(Path(demo_store.__file__).parent / "tables" / "types.csv")
    rows = rng.choice(len(types), n, p=types["share"] / types["share"].sum())
    chosen = types.iloc[rows].reset_index(drop=True)

    def one_of(column: str) -> list[str]:
        return [str(rng.choice(words.split("|"))) for words in chosen[column]]

    quality = rng.beta(3, 2, n)
    price = np.exp(np.log(chosen["low"]) + rng.beta(2, 3, n) * np.log(chosen["high"] / chosen["low"])).round(2)
    brands = max(n // per_brand, 4)
    weights = 1 / np.arange(1, brands + 1) ** 0.7
    return pd.DataFrame({
        "item_id": [f"P{row:05d}" for row in range(n)],
        "type": chosen["type"],
        "department": chosen["department"],
        "colour": rng.choice(COLOURS, n),
        "material": one_of("materials"),
        "pattern": one_of("patterns"),
        "style": one_of("styles"),
        "occasion": one_of("occasions"),
        "season": one_of("seasons"),
        "audience": one_of("audiences"),
        "brand": [f"Brand {row}" for row in rng.choice(brands, n, p=weights / weights.sum())],
        "price": price,
        "cost": (price * 0.6).round(2),
        "quality": quality,
        "launch_day": np.where(rng.random(n) < 0.1, rng.integers(0, 180, n), -rng.integers(1, 700, n)),
        "repeat_days": chosen["repeat_days"],
        "share": chosen["share"],
    })  # fmt: skip
