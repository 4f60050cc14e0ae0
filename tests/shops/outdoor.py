"""A made-up shop of outdoor gear, so that nothing rests on there being one grocer.

200 things in euros, written the German way, with pictures, ratings, stock, costs, launch dates, attributes and reviews;
its people are members with a level, who view, favour, buy and send back; purchases stand alone, without baskets. The
right answers are known: each member is of one of four kinds and buys from one department only, again and again in the
order of its list.
"""

from __future__ import annotations

from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys.datasets.contract import Dataset
from recsys.progress import Progress
from recsys.schema.money import Money
from recsys.shops.contract import Examples, People, Shop, Words

HERE: Final = Path(__file__).parent
NAME: Final = "outdoor"
FIRST_DAY: Final = pd.Timestamp("2025-03-01")
DAYS: Final = 120
MEMBERS: Final = 80
MAKES: Final = ("Fjellvik", "Kumo", "Tarnbeck", "Solano")
COLOURS: Final = ("black", "orange", "forest green", "sky blue", "sand")
DEPARTMENTS: Final[dict[str, tuple[str, ...]]] = {
    "Shelter": ("tent", "tarp", "hammock", "sleeping bag", "camping mat"),
    "Footwear": ("hiking boots", "trail running shoes", "sandals", "wool socks", "gaiters"),
    "Kitchen": ("gas stove", "titanium pot", "water bottle", "folding spoon", "coffee filter"),
    "Light": ("headlamp", "lantern", "bike light", "solar charger", "power bank"),
}
KINDS_OF_MEMBERS: Final = tuple(DEPARTMENTS)
LEVELS: Final = ("bronze", "silver", "gold")
PRICES: Final = {"Shelter": 149.0, "Footwear": 79.0, "Kitchen": 24.5, "Light": 39.9}
PURPOSES: Final = ("for two nights in the hills", "light enough for a long walk")


def items() -> pd.DataFrame:
    """200 products: 4 departments of 5 categories of 10, by make and colour."""
    rows = []
    for department, categories in DEPARTMENTS.items():
        for place, category in enumerate(categories):
            for number in range(10):
                make, colour = MAKES[number % 4], COLOURS[number // 2]
                row = len(rows)
                price = round(PRICES[department] * (0.6 + 0.2 * place) * (1 + number / 20), 2)
                rows.append(
                    {
                        "item_id": f"P{row:03d}",
                        "title": f"{make} {category} {colour}",
                        "name": f"{category} {colour}",
                        "brand": make,
                        "category": category.capitalize(),
                        "department": department,
                        "price": price,
                        "description": f"A {colour} {category} by {make}, {PURPOSES[number % 2]}.",
                        "picture": f"{department.lower()}.png",
                        "rating": 3.0 + (row % 5) / 2,
                        "ratings": 1 + row % 17,
                        "stock": float(row % 7),
                        "launch_date": FIRST_DAY + pd.Timedelta(days=row % 30 - 200),
                        "cost": round(price / 2, 2),
                    }
                )
    return pd.DataFrame(rows)


def attributes(products: pd.DataFrame) -> pd.DataFrame:
    """Colour and make of each product as (item_id, attribute, value)."""
    colour = products["name"].str.split().str[-1]
    return pd.concat(
        [
            pd.DataFrame({"item_id": products["item_id"], "attribute": "colour", "value": colour}),
            pd.DataFrame({"item_id": products["item_id"], "attribute": "make", "value": products["brand"]}),
        ],
        ignore_index=True,
    )


def members() -> pd.DataFrame:
    """80 members, numbered from M00, each with a level."""
    return pd.DataFrame(
        {
            "shopper_id": [f"M{row:02d}" for row in range(MEMBERS)],
            "level": [LEVELS[row % 3] for row in range(MEMBERS)],
        }
    )


def events(products: pd.DataFrame) -> pd.DataFrame:
    """Each member, of the kind row % 4: 12 purchases through their department's 50 products, each after a view.

    The product of purchase i of member m is number (3 * (m // 4) + i) % 50 of the department, so that what comes next
    is certain; every fifth is favoured, one is sent back.
    """
    ids = products["item_id"].to_numpy().reshape(4, 50)
    rows = []
    for member in range(MEMBERS):
        department, start = member % 4, 3 * (member // 4)
        for step in range(12):
            item = ids[department, (start + step) % 50]
            day = FIRST_DAY + pd.Timedelta(days=(member % 7) + step * 9, hours=9 + member % 8)
            who = {"shopper_id": f"M{member:02d}", "item_id": item}
            rows.append({**who, "time": day, "event": "view", "paid": 0.0})
            rows.append({**who, "time": day + pd.Timedelta(minutes=5), "event": "purchase", "paid": 20.0 + step})
            if step % 5 == 0:
                rows.append({**who, "time": day + pd.Timedelta(minutes=2), "event": "favourite", "paid": 0.0})
        rows.append({**who, "time": day + pd.Timedelta(days=3), "event": "return", "paid": 0.0})
    return pd.DataFrame(rows)


def reviews(bought: pd.DataFrame) -> pd.DataFrame:
    """A review of every seventh purchase, by who bought it."""
    some = bought[bought["event"] == "purchase"].iloc[::7]
    stars = np.array([5.0, 4.0, 2.0])[np.arange(len(some)) % 3]
    words = np.array(["Kept me dry all night.", "Good value, a little heavy.", "The zip broke at once."])
    return pd.DataFrame(
        {
            "item_id": some["item_id"].to_numpy(),
            "shopper_id": some["shopper_id"].to_numpy(),
            "time": some["time"].to_numpy() + np.timedelta64(5, "D"),
            "stars": stars,
            "review": words[np.arange(len(some)) % 3],
        }
    )


def load(progress: Progress) -> Dataset:
    """The whole made-up data set."""
    from recsys.datasets.completing import completed

    products = items()
    did = events(products)
    progress(1, 1, "made up")
    return completed(
        NAME,
        products,
        did,
        members(),
        source="made up for the tests",
        licence="none needed",
        icon="🎒",
        said_traits=("level",),
        tables={"attributes": attributes(products), "reviews": reviews(did)},
    )


OUTDOOR: Final = Shop(
    name=NAME,
    title="Outdoor gear",
    description="Two hundred made-up things for nights outside",
    licence="none needed",
    load=load,
    version=lambda: "outdoor 1",
    people=People(one="member", many="members", traits={"level": "Level"}, cohort=("level",)),
    money=Money("EUR", "de_DE"),
    department_icons={"Shelter": "⛺", "Footwear": "🥾", "Kitchen": "🍳", "Light": "🔦"},
    icon="🎒",
    examples=Examples(
        queries=("light tent", "warm sleeping bag", "stove under 30 €"),
        placeholder="something to sleep in",
        finds=("lantern",),
        search_set=("tent", "boots"),
        command="headlamp",
    ),
    words=Words(),
    pictures=HERE / "pictures",
    simulated=True,
)
