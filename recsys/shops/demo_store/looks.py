"""What a picture of a product is drawn from: its shape and its attributes, and nothing that a person could not see."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Look:
    """The visible side of one product.

    `silhouette` is a name of the column `silhouette` in `tables/types.csv`; `colour` and `accent` are "#RRGGBB", the
    product's own colours; `material`, `pattern` and `style` are values of the same table; `department` sets the
    background; `seed` tells apart what is alike in all of these: proportions, details, the layout of a pattern.
    """

    silhouette: str
    colour: str
    accent: str
    material: str
    pattern: str
    style: str
    audience: str
    department: str
    seed: int
