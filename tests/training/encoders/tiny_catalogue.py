"""A catalogue of 96 products in the few words that a tiny encoder knows: a name, a description and facts each."""

from __future__ import annotations

import csv
from itertools import product
from pathlib import Path

KINDS = ("whole", "dry", "frozen", "laundry")
THINGS = {"milk": "c", "tea": "d", "pasta": "e", "shampoo": "f", "waffles": "g", "detergent": "h"}
MAKES = {"1": "i", "2": "j", "a": "k", "b": "l"}


def write_catalogue(folder: Path) -> Path:
    """The folder with its one file of products."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "products.csv").open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(["id", "title", "brand", "description", "category", "material"])
        for number, (kind, thing, make) in enumerate(product(KINDS, THINGS, MAKES)):
            said = f"{THINGS[thing]} {MAKES[make]} {kind[0]}"
            writer.writerow([f"p{number}", f"{kind} {thing} {make}", "tea", said, thing, f"{kind} stuff"])
    return folder


def write_judgments(path: Path) -> Path:
    """Three judged queries of it."""
    rows = ["query,docid,rating", "whole milk,p0,3", "whole milk,p30,0", "dry tea,p28,3", "dry tea,p2,1", "pasta,p8,2"]
    path.write_text("\n".join(rows) + "\n", encoding="utf-8")
    return path
