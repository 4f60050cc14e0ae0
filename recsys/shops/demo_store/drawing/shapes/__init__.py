"""The silhouettes, a module a department; clothing and sport have two."""

from recsys.shops.demo_store.drawing.shapes import (
    bags,
    beauty,
    clothing,
    electronics,
    football,
    garden,
    home,
    kitchen,
    legwear,
    shoes,
    sport,
    toys,
)

__all__ = [
    "bags",
    "beauty",
    "clothing",
    "electronics",
    "football",
    "garden",
    "home",
    "kitchen",
    "legwear",
    "shoes",
    "sport",
    "toys",
]
