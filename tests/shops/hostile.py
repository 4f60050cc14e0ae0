"""A shop whose every text is what a page must not make anything of: addresses, Markdown, icons, formulas.

`SHELFLENS_SHOP_PACKS='["tests.shops.hostile"]'` adds it to the others.
"""

from __future__ import annotations

from typing import Final

import pandas as pd

from recsys.datasets.contract import Dataset
from recsys.progress import Progress
from recsys.shops.contract import Examples, People, Shop
from tests.shops.outdoor import events, items, members

NAME: Final = "hostile"
HOST: Final = "evil.example"
LIVE: Final = (
    f"https://{HOST}/a?b=c#d",
    f"HTTP://{HOST}",
    f"www.{HOST}/x",
    f"someone.else@{HOST}",
    f"mailto:someone@{HOST}",
    f"[click](https://{HOST})",
    f"<https://{HOST}/a>",
    f"![x](https://{HOST}/x.png)",
    f'<a href="https://{HOST}">x</a>',
    f"[x]: https://{HOST}",
    f"ht\u202etps://{HOST} www\u2066.{HOST}",
    "**bold** __it__ ~~gone~~ `code` # head > quote",
    ":material/rocket: :material_rocket: :streamlit: :pizza:",
    ":red[red] :small[x] :green-badge[y] $x^2$ $$y$$",
    "a -> b <- c <-> d -- e >= f <= g ~= h",
    "=HYPERLINK(\"https://evil.example\")",
)  # fmt: skip


def load(progress: Progress) -> Dataset:
    """The products and members of the outdoor shop, each called by one of LIVE too, with baskets and reviews."""
    from recsys.datasets.completing import completed

    products, people = items(), members()
    live = [LIVE[row % len(LIVE)] for row in range(len(products))]
    for column in ("title", "brand", "category", "department", "description"):
        products[column] = [f"{text} {kind}" for text, kind in zip(live, products[column], strict=True)]
    products["department"] = [LIVE[row // 50] for row in range(len(products))]
    people["level"] = [LIVE[row % 3] for row in range(len(people))]
    progress(1, 1, "made up")
    did: pd.DataFrame = events(products)
    did["basket"] = did["shopper_id"] + did["time"].dt.to_period("M").astype(str)
    return completed(
        NAME, products, did, people, source=LIVE[0], licence=LIVE[5], icon="🏴", said_traits=("level",),
        tables={"reviews": reviews(did)},
    )  # fmt: skip


def reviews(did: pd.DataFrame) -> pd.DataFrame:
    """A review of every fourth purchase, of texts that are live, and some that no reader should fall over."""
    odd = (
        "",
        "<script>alert(1)</script>",
        "😀😍👍",
        "المنتج رائع جدا",
        "とても良い靴です。",
        "x" * 100_000,
        "Buy now! " * 9_000,
    )
    bought = did[did["event"] == "purchase"].iloc[::4]
    texts = [*(f"Very good. {text}" for text in LIVE), *(f"It broke. {text}" for text in LIVE), *odd]
    return pd.DataFrame(
        {
            "item_id": bought["item_id"].to_numpy(),
            "shopper_id": bought["shopper_id"].to_numpy(),
            "time": bought["time"].to_numpy(),
            "stars": [(5.0, 1.0, 4.0)[row % 3] for row in range(len(bought))],
            "review": [texts[row % len(texts)] for row in range(len(bought))],
        }
    )


SHOPS: Final = (
    Shop(
        name=NAME,
        title=f"Texts as they come: {LIVE[0]}",
        description=f"{LIVE[5]} {LIVE[2]}",
        licence=LIVE[0],
        load=load,
        version=lambda: "hostile 2",
        people=People(one="member", many="members", traits={"level": "Level"}, cohort=("level",)),
        icon="🏴",
        examples=Examples(queries=LIVE[:6], placeholder=LIVE[0], finds=(LIVE[2],), search_set=LIVE[:5]),
        simulated=True,
    ),
)
