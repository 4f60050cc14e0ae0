"""From the simulation to the tables of a shop: what a shop can know, and nothing of the truth behind it."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import code_version, fingerprint
from recsys.datasets.completing import completed
from recsys.datasets.contract import CleaningRule, Dataset
from recsys.progress import Progress
from recsys.shops.contract import FALLBACK_ICON, Worth
from recsys.shops.demo_store.about import ICONS, LICENCE, SOURCE
from recsys.shops.demo_store.behaviour import Behaviour, Model, simulate
from recsys.shops.demo_store.products import ATTRIBUTES, TABLES, make_products
from recsys.shops.demo_store.reviews import written


@dataclass(frozen=True, slots=True)
class Size:
    """How much is simulated, and from which seed."""

    products: int
    shoppers: int
    seed: int


def version(size: Size) -> str:
    """A fingerprint of what the simulation rests on beside its code: the tables, the size, the model's parameters."""
    tables = sorted(TABLES.glob("*.csv"))
    return fingerprint(code_version(*tables), asdict(size), asdict(Model()))


def simulated(size: Size, progress: Progress | None = None) -> tuple[pd.DataFrame, Behaviour, pd.DataFrame]:
    """(products, what people did with the truth beside it, their reviews): the same for the same size and seed."""
    of_products, of_behaviour, of_words = np.random.SeedSequence(size.seed).spawn(3)
    products = make_products(size.products, of_products)
    step = None if progress is None else (lambda done, total, what: progress(done, total))
    behaviour = simulate(products, size.shoppers, int(of_behaviour.generate_state(1)[0]), progress=step)
    return products, behaviour, written(behaviour.aspects, of_words)


def worth(size: Size) -> Worth:
    """The truth of a store of this size, made again from its seed: it lies in no file.

    Of a product to a shopper: max(utility, 0), the static utility in the stage of life of the last day, without season,
    offers and what was bought before. What is not launched by then is worth nothing to anybody.
    """
    products, behaviour, _ = simulated(size)
    values = behaviour.truth.worth_on(int(behaviour.truth.model.days) - 1)
    return Worth(tuple(behaviour.shoppers[s.SHOPPER_ID]), tuple(products[s.ITEM_ID]), values)


def load(progress: Progress, size: Size) -> Dataset:
    """The demo store as any other shop's data."""
    products, behaviour, reviews = simulated(size, progress)
    first_day = pd.Timestamp(behaviour.truth.model.start)
    return completed(
        "demo_store",
        _items(products, reviews, first_day),
        behaviour.events,
        behaviour.shoppers,
        source=SOURCE,
        licence=LICENCE,
        icon=FALLBACK_ICON,
        cleaning=_nothing_dropped(products, behaviour),
        said_traits=("life_stage",),
        tables={
            "attributes": _attributes(products),
            "reviews": reviews,
            "offers": behaviour.offers,
            "impressions": behaviour.impressions,
            "friends": behaviour.friends,
        },
    )


def _items(products: pd.DataFrame, reviews: pd.DataFrame, first_day: pd.Timestamp) -> pd.DataFrame:
    """The items table: what a shop says of its products; quality stays where it is."""
    stars = reviews.groupby("item_id")["stars"].agg(["mean", "size"]).reindex(products["item_id"])
    items = products[["item_id", "title", "name", "brand", "department", "price", "cost", "description"]].copy()
    items[s.CATEGORY] = products["type"]
    items[s.ICON] = products["department"].map(ICONS)
    items[s.PICTURE] = products[s.ITEM_ID] + ".jpg"  # drawn at preparation, not lying anywhere
    items[s.STOCK] = products["stock"].astype("float64")
    items[s.LAUNCH_DATE] = first_day + pd.to_timedelta(products["launch_day"], unit="D")
    items[s.RATING] = stars["mean"].to_numpy()
    items[s.RATINGS] = stars["size"].fillna(0).astype("int64").to_numpy()
    items[s.TEXT] = [_text(product) for product in products.itertuples(index=False)]
    return items


def _text(product: object) -> str:
    """What the encoder reads: the name, the make, and what the title leaves out."""
    of = {name: str(getattr(product, name)) for name in ("name", "brand", *ATTRIBUTES)}
    season = "" if of["season"] == "all year" else f", {of['season']}"
    return f"{of['name']}. {of['style']} {of['type'].lower()} for {of['occasion']}{season}. {of['brand']}."


def _attributes(products: pd.DataFrame) -> pd.DataFrame:
    """item_id, attribute, value: a row for each attribute of each product."""
    table = products[["item_id", *ATTRIBUTES]].melt("item_id", var_name=s.ATTRIBUTE, value_name=s.VALUE)
    return table.astype({s.ATTRIBUTE: "str", s.VALUE: "str"})


def _nothing_dropped(products: pd.DataFrame, behaviour: Behaviour) -> tuple[CleaningRule, ...]:
    """A simulation needs no cleaning; what was made is counted all the same."""
    why = "made whole: nothing had to be dropped"
    made = {"products": len(products), "events": len(behaviour.events), "impressions": len(behaviour.impressions)}
    return tuple(CleaningRule("simulated", table, n, 0, why) for table, n in made.items())
