"""A small grocery shelf with a known right answer for every query."""

from __future__ import annotations

from functools import cache

import pandas as pd

from recsys import schema as s
from recsys.query.spelling import Spelling
from recsys.query.vocabulary import Names, Vocabulary
from recsys.query.words import ShopWords
from recsys.shops import registry

# name, size, brand, category, department, price, how many such products
ROWS = (
    ("Pasta & ramen noodles", "16 oz", "Store brand", "Dry noodles & pasta", "Grocery", 1.00, 10),
    ("Pasta & ramen noodles", "1 lb", "National brand", "Dry noodles & pasta", "Grocery", 2.00, 10),
    ("Pasta sauce", "24 oz", "National brand", "Pasta sauce", "Grocery", 3.00, 8),
    ("Egg noodles", "12 oz", "National brand", "Dry noodles & pasta", "Grocery", 2.50, 4),
    ("Large eggs", "1 dozen", "Store brand", "Eggs", "Grocery", 2.00, 6),
    ("Egg salad", "", "National brand", "Deli salads & dips", "Deli", 4.00, 3),
    ("White milk", "1/2 gallon", "Store brand", "Milk & creamers", "Grocery", 1.80, 5),
    ("White milk", "1 gallon", "National brand", "Milk & creamers", "Grocery", 3.20, 5),
    ("Chocolate milk", "1 pint", "National brand", "Milk & creamers", "Grocery", 1.50, 3),
    ("Soft drinks, 2-liter bottles", "2 liter", "Store brand", "Soft drinks", "Grocery", 0.80, 9),
    ("Soft drinks, cans", "12 x 12 oz", "National brand", "Soft drinks", "Grocery", 4.50, 9),
    ("Soft drinks, bottles", "67 oz", "National brand", "Soft drinks", "Grocery", 1.30, 2),
    ("Refrigerated fruit drinks, no juice", "64 oz", "National brand", "Refrigerated juices", "Grocery", 2.20, 4),
    ("Orange juice", "64 oz", "National brand", "Refrigerated juices", "Grocery", 3.40, 7),
    ("Sugar-free pies", "", "National brand", "Pies", "Bakery", 5.00, 2),
    ("Pound cakes", "1 lb", "National brand", "Cakes", "Bakery", 4.10, 3),
    ("Bouquets without roses", "", "National brand", "Flowers", "Floral", 9.00, 2),
    ("Rose bouquets", "", "National brand", "Roses", "Floral", 12.00, 2),
    ("Whole turkey, under 15 pounds", "", "National brand", "Turkey", "Fresh meat", 15.00, 2),
    ("Ice cream quarts", "1 quart", "National brand", "Ice cream", "Grocery", 3.10, 3),
    ("Ice cream sandwiches", "6 count", "National brand", "Ice cream", "Grocery", 2.90, 3),
    ("Peanut butter", "18 oz", "Store brand", "Peanut butter & jelly", "Grocery", 2.10, 6),
    ("Peanuts", "8 oz", "National brand", "Nuts", "Grocery", 3.00, 4),
    ("Mixed nuts", "10 oz", "National brand", "Nuts", "Grocery", 6.00, 4),
    ("Almonds", "8 oz", "National brand", "Nuts", "Grocery", 7.00, 2),
    ("Cookies & raisins", "10 oz", "National brand", "Cookies", "Grocery", 2.60, 5),
    ("Break & bake cookie dough", "16 oz", "National brand", "Cookies", "Grocery", 3.30, 2),
    ("Toothpaste", "6 oz", "National brand", "Oral care", "Health, beauty & household", 2.40, 5),
    ("Paper towels", "6 pack", "Store brand", "Paper towels", "Health, beauty & household", 5.00, 4),
    ("Strawberries", "1 lb", "National brand", "Berries", "Produce", 3.00, 3),
    ("Tomatoes", "", "National brand", "Tomatoes", "Produce", 1.90, 3),
    ("Bananas", "", "National brand", "Tropical fruit", "Produce", 0.60, 3),
    ("Cheese slices", "12 oz", "Store brand", "Packaged cheese", "Grocery", 2.30, 5),
    ("Tomato soup", "10.75 oz", "Store brand", "Soup", "Grocery", 0.90, 4),
    ("Red onions", "3 lb", "National brand", "Onions", "Produce", 2.00, 3),
    ("Wine", "750 ml", "National brand", "Wine", "Grocery", 9.00, 4),
    ("Potato chips", "10 oz", "National brand", "Snacks", "Grocery", 2.80, 6),
    ("Dog food", "30 lb", "National brand", "Dog food", "Grocery", 22.00, 3),
)  # fmt: skip

ENGLISH = {"with": 9_000_000, "spaghetti": 5906, "banana": 11_724, "bread": 60_000, "breed": 8_000,
           "for": 9_000_000, "cola": 50, "cold": 90_000, "dinner": 90_000, "quick": 80_000, "kids": 90_000,
           "tooth": 15_000, "paste": 900, "chest": 30_000}  # fmt: skip


WORDS = ShopWords.of(registry.shop("complete_journey"))


@cache
def shelf() -> pd.DataFrame:
    """The items table: one row per product, 177 in all."""
    columns = [s.NAME, s.SIZE, s.BRAND, s.CATEGORY, s.DEPARTMENT, s.PRICE]
    rows = [row[:-1] for row in ROWS for _ in range(row[-1])]
    items = pd.DataFrame(rows, columns=columns)
    items[s.TITLE] = items[s.NAME] + items[s.SIZE].map(lambda size: f", {size}" if size else "")
    return items


@cache
def vocabulary() -> Vocabulary:
    """The shelf's vocabulary."""
    return Vocabulary.of(shelf(), WORDS)


@cache
def spelling() -> Spelling:
    """The spelling over the shelf and a dozen English words."""
    return Spelling.of([Names.of(shelf()[s.NAME]), Names.of(shelf()[s.CATEGORY])], vocabulary(), ENGLISH)


@cache
def makes() -> pd.DataFrame:
    """A catalogue that has real brands, one of which ("Fresh") is also a common word."""
    rows = [("Acme Corp laptop 15s-fq5000", "Acme Corp", 500.0)] * 2 + [("Zenith phone", "Zenith", 300.0)] * 2
    rows += [("Fresh Fresh soap", "Fresh", 3.0), ("Fresh bread", "Acme Corp", 2.0), ("Fresh milk", "Zenith", 1.0)]
    rows += [("Under Armour socks", "Under Armour", 9.0), ("5 Hour shot", "5 Hour", 3.0), ("Fresh fish", "Zenith", 8.0)]
    items = pd.DataFrame(rows, columns=[s.NAME, s.BRAND, s.PRICE])
    return items.assign(**{s.TITLE: items[s.NAME], s.SIZE: "", s.CATEGORY: "Things", s.DEPARTMENT: "All"})
