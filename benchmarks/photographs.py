"""What a shop of drawings finds for photographs: `python -m benchmarks.photographs --pictures FOLDER`.

Photographs of real products, of kinds and colours that the simulated store sells too, are brought to its storefront as
a person would: `Engine.look`, then ten products. With and without what the network calls the things. Photographs of
dresses are also asked with their own colours turned to red, since hardly a plain red dress is among them.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from benchmarks import machine
from benchmarks.report import RESULTS
from recsys.artifacts import write_whole
from recsys.engine import Engine
from recsys.evaluation.multimodal import folder as reading
from recsys.files.pictures import RGB, jpeg
from recsys.schema import Request
from recsys.settings import Settings, load_settings

K: Final = 10
EACH: Final = 45  # photographs of a kind, at most
SEED: Final = 0
# What the folder calls a kind -> what the store calls it: those that both have
KINDS: Final[dict[str, set[str]]] = {
    "Dresses": {"Evening dress", "Summer dress"}, "Tshirts": {"T-shirt"}, "Shirts": {"Shirt"}, "Jeans": {"Trousers"},
    "Trousers": {"Trousers"}, "Skirts": {"Skirt"}, "Jackets": {"Jacket"}, "Sweaters": {"Sweater"},
    "Sweatshirts": {"Sweater"}, "Casual Shoes": {"Sneakers"}, "Sports Shoes": {"Sneakers"}, "Sandals": {"Sandals"},
    "Heels": {"High heels"}, "Handbags": {"Handbag", "Tote bag"}, "Backpacks": {"Backpack"}, "Watches": {"Smartwatch"},
    "Lipstick": {"Lipstick"}, "Perfume and Body Mist": {"Perfume"},
}  # fmt: skip
SHADES: Final = {"Navy Blue": "navy", "Off White": "white"}  # colours under other names; the others by their own
RED: Final = 0  # hue
STRONG: Final = 70  # saturation of 255 from which a pixel has a colour of its own
SKIN_HUES: Final = (3, 32)  # of 255: what of a person is not the dress
SKIN_STRENGTHS: Final = (30, 175)
MOSTLY: Final = 0.25  # of the dress is turned, or it is not asked
PROTOCOL: Final = (
    f"At most {EACH} photographs of each kind that folder and store both have, drawn by seed {SEED} from the test part "
    "of the folder; nothing is learned from it here, and gate and share of the names were chosen on its other part.",
    f"Each is looked at as the storefront does and {K} products are asked for; of them, the share of the right kind, "
    "of the right colour (where the store has it), and of both; mean over photographs, 95 % interval by bootstrap.",
    "Without names is the picture's own vector; with names a picture whose nearest product is below the cosine that "
    "counts as alike is drawn towards the vector of what the network calls it.",
    "Red dresses: photographs of dresses whose coloured pixels, skin left out, are turned to red; only where that is "
    f"{MOSTLY:.0%} of what is not ground. Share of {K} that are dresses, red (red or burgundy), and both.",
)


def photographs(pictures: Path, test: bool) -> list[tuple[str, str, RGB]]:
    """(kind, colour, picture) of those that are asked."""
    products = reading.read_products(pictures)
    ids, kinds = np.array(products.ids), products.columns["articleType"]
    part = np.array([reading.is_test(each) == test for each in ids])
    rng = np.random.default_rng(SEED)
    chosen = [rng.permutation(np.flatnonzero((kinds == kind) & part))[:EACH] for kind in KINDS]
    row = {str(ids[each]): int(each) for each in np.concatenate(chosen)}
    found = [(row[name], pixels) for name, pixels in reading.pictures(pictures, frozenset(row)) if pixels is not None]
    return [(str(kinds[each]), str(products.columns["baseColour"][each]), pixels) for each, pixels in found]


def reddened(pixels: RGB) -> RGB | None:
    """The picture with its colours turned to red; None where it has few."""
    from PIL import Image

    turned = np.array(Image.fromarray(pixels).convert("HSV"))
    hue, strength, light = (turned[..., channel].astype(int) for channel in range(3))
    skin = (hue > SKIN_HUES[0]) & (hue < SKIN_HUES[1]) & (strength > SKIN_STRENGTHS[0]) & (strength < SKIN_STRENGTHS[1])
    coloured = (strength > STRONG) & ~skin
    if coloured.sum() < MOSTLY * max(1, (light < 245).sum()):
        return None
    turned[..., 0] = np.where(coloured, RED, hue)
    turned[..., 1] = np.where(coloured, np.maximum(strength, 205), strength)
    turned[..., 2] = np.where(coloured, np.clip(1.1 * light + 25, 0, 235), light)
    return np.asarray(Image.fromarray(turned, "HSV").convert("RGB"))


class Asking:
    """The storefront of a shop, asked with pictures."""

    def __init__(self, settings: Settings) -> None:
        self.engine = Engine.open(settings)
        items, table = self.engine.items, self.engine._attribute_table()
        assert table is not None
        colour = table[table["attribute"] == "colour"].drop_duplicates("item").set_index("item")["value"]
        self._place = {str(each): row for row, each in enumerate(items["item_id"].tolist())}
        self.kinds = items["category"].astype(str).to_numpy()
        self.colours = colour.reindex(range(len(items))).fillna("").astype(str).to_numpy()

    def found(self, pixels: RGB) -> tuple[Any, Any]:
        """((K,) kinds, (K,) colours) of what is found."""
        answer = self.engine.answer(Request(looks=self.engine.look(jpeg(pixels)).looks, k=K))
        rows = [self._place[str(item.item_id)] for item in answer.items]
        return self.kinds[rows], self.colours[rows]

    def without_names(self, without: bool) -> None:
        """Look at pictures without what the network calls them, or with it."""
        looking = self.engine._looking
        assert looking is not None
        looking.__dict__.pop("_things", None)
        if without:
            looking.__dict__["_things"] = None


def of_photographs(asking: Asking, asked: Iterable[tuple[str, str, RGB]]) -> pd.DataFrame:
    """A row a photograph: kind, and the shares of ten that are right; NaN where the store has no such colour."""
    rows, sold = [], set(asking.colours)
    for kind, shade, pixels in asked:
        kinds, colours = asking.found(pixels)
        wanted = SHADES.get(shade, shade.lower())
        right, same = np.isin(kinds, list(KINDS[kind])), colours == wanted if wanted in sold else np.full(K, np.nan)
        both = (right & (colours == wanted)).mean() if wanted in sold else np.nan
        rows.append({"what": kind, "kind": right.mean(), "colour": np.mean(same), "both": both})
    return pd.DataFrame(rows)


def of_red_dresses(asking: Asking, dresses: Iterable[RGB]) -> pd.DataFrame:
    """A row a dress that could be turned to red."""
    rows = []
    for pixels in dresses:
        if (turned := reddened(pixels)) is not None:
            kinds, colours = asking.found(turned)
            right, red = np.isin(kinds, list(KINDS["Dresses"])), np.isin(colours, ["red", "burgundy"])
            rows.append({"kind": right.mean(), "colour": red.mean(), "both": (right & red).mean()})
    return pd.DataFrame(rows)


def summed(table: pd.DataFrame) -> dict[str, Any]:
    """The mean of each share with its interval."""
    rng = np.random.default_rng(SEED)
    found: dict[str, Any] = {"photographs": len(table)}
    for name in ("kind", "colour", "both"):
        values = table[name].dropna().to_numpy(np.float64)
        low, high = np.quantile(rng.choice(values, (1000, len(values))).mean(axis=1), [0.025, 0.975])
        shares = {"mean": values.mean(), "low": low, "high": high}
        found[name] = {key: round(float(share), 3) for key, share in shares.items()}
    return found


def main() -> None:
    """Ask, and write what was found."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pictures", type=Path, required=True, help="a folder of products with pictures")
    parser.add_argument("--part", choices=("test", "learned"), default="test", help="learned: to choose by; not kept")
    given = parser.parse_args()
    asking = Asking(load_settings().model_copy(update={"shop": "demo_store"}))
    asked = photographs(given.pictures, given.part == "test")
    dresses = [pixels for kind, _, pixels in asked if kind == "Dresses"]
    report: dict[str, Any] = {"protocol": PROTOCOL}
    for name, without in (("without names", True), ("with names", False)):
        asking.without_names(without)
        table = of_photographs(asking, asked)
        by_kind = table.groupby("what")[["kind", "colour", "both"]].mean().round(2)
        report[name] = {
            "all": summed(table),
            "by kind": {str(kind): row.dropna().to_dict() for kind, row in by_kind.iterrows()},
            "red dresses": summed(of_red_dresses(asking, dresses)),
        }
    report |= {"machine": machine.described(), "command": "python -m benchmarks.photographs --pictures FOLDER"}
    if given.part == "test":
        write_whole(RESULTS / "photographs_demo_store.json", (json.dumps(report, indent=1) + "\n").encode())
    json.dump(report, sys.stdout, indent=1)


if __name__ == "__main__":
    main()
