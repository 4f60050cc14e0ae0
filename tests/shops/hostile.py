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
    """The products and members of the outdoor shop, each called by one of LIVE too."""
    from recsys.datasets.completing import completed

    products, people = items(), members()
    live = [LIVE[row % len(LIVE)] for row in range(len(products))]
    for column in ("title", "brand", "category", "department", "description"):
        products[column] = [f"{text} {kind}" for text, kind in zip(live, products[column], strict=True)]
    products["department"] = [LIVE[row // 50] for row in range(len(products))]
    people["level"] = [LIVE[row % 3] for row in range(len(people))]
    progress(1, 1, "made up")
    did: pd.DataFrame = events(products)
    return completed(
        NAME, products, did, people, source=LIVE[0], licence=LIVE[5], icon="🏴", said_traits=("level",)
    )  # fmt: skip


SHOPS: Final = (
    Shop(
        name=NAME,
        title=f"Texts as they come: {LIVE[0]}",
        description=f"{LIVE[5]} {LIVE[2]}",
        licence=LIVE[0],
        load=load,
        version=lambda: "hostile 1",
        people=People(one="member", many="members", traits={"level": "Level"}, cohort=("level",)),
        icon="🏴",
        examples=Examples(queries=LIVE[:6], placeholder=LIVE[0], finds=(LIVE[2],), search_set=LIVE[:5]),
        simulated=True,
    ),
)
