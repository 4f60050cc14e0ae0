"""A shop that has just opened: a catalogue of forty books with descriptions and authors, and nobody has come yet."""

from __future__ import annotations

from typing import Final

import pandas as pd

from recsys.datasets.contract import Dataset
from recsys.progress import Progress
from recsys.schema.money import Money
from recsys.shops.contract import Examples, People, Shop

NAME: Final = "catalogue"
AUTHORS: Final = ("Mara Lindqvist", "Ossian Bell", "Iris Tamura", "Jonas Weidemann", "Noor Haddad")
KINDS: Final[dict[str, str]] = {
    "Murder at the {}": "A detective story in which nobody tells the truth about the {}.",
    "A Short History of the {}": "How the {} came about, from its first builders to our days.",
    "Sailing to the {}": "A voyage by boat towards the {}, alone and in all weathers.",
    "Cooking in the {}": "Eighty recipes for small kitchens, collected around the {}.",
    "Letters from the {}": "A love story told in letters that were found in the {}.",
    "Robots of the {}": "Science fiction: machines wake up in the {} and ask who built them.",
    "The Garden behind the {}": "Flowers, hedges and vegetables for the ground behind the {}.",
    "Ghosts of the {}": "Seven tales to be read by candlelight, all set in the {}.",
}
PLACES: Final = ("Lighthouse", "Station", "Observatory", "Harbour", "Library")


def items() -> pd.DataFrame:
    """40 books: 8 kinds, each at 5 places by 5 authors."""
    return pd.DataFrame(
        [
            {
                "item_id": f"B{kind * len(PLACES) + number:02d}",
                "title": title.format(place),
                "brand": AUTHORS[number],
                "description": about.format(place.lower()),
            }
            for kind, (title, about) in enumerate(KINDS.items())
            for number, place in enumerate(PLACES)
        ]
    )


def load(progress: Progress) -> Dataset:
    """The books, and neither people nor events."""
    from recsys.datasets.completing import completed

    progress(1, 1, "made up")
    return completed(NAME, items(), source="made up for the tests", licence="none needed", icon="📚")


CATALOGUE: Final = Shop(
    name=NAME,
    title="Books of tomorrow",
    description="Forty made-up books that nobody has read yet",
    licence="none needed",
    load=load,
    version=lambda: "catalogue 1",
    people=People(one="reader", many="readers"),
    money=Money("EUR", "de_DE"),
    icon="📚",
    examples=Examples(queries=("a murder by the sea",), placeholder="a book about gardens"),
)
