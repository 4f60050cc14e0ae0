"""The days, one after another: pages are opened, slates shown, choices made, and all of it remembered."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd

from recsys.shops.demo_store.behaviour.afterwards import Outcome, Purchases, outcome
from recsys.shops.demo_store.behaviour.catalogue import GIFT, SEARCH, catalogue
from recsys.shops.demo_store.behaviour.choices import Chosen, Shown, choose
from recsys.shops.demo_store.behaviour.friends import draw_friends
from recsys.shops.demo_store.behaviour.model import Model
from recsys.shops.demo_store.behaviour.moment import Memory, Setting, seasons, start
from recsys.shops.demo_store.behaviour.offers import Offers, draw_offers
from recsys.shops.demo_store.behaviour.pages import Pages, open_pages
from recsys.shops.demo_store.behaviour.policy import Policy
from recsys.shops.demo_store.behaviour.queries import wishable
from recsys.shops.demo_store.behaviour.record import Record, clock, joined
from recsys.shops.demo_store.behaviour.tastes import draw_tastes, latent, visible
from recsys.shops.demo_store.behaviour.truth import Truth
from recsys.shops.demo_store.behaviour.utility import utilities

_STREAMS: Final = ("tastes", "products", "friends", "offers", "past", "days", "afterwards", "keys")
_LOOKED: Final = 5  # seconds until the first product of a page is opened
_LINE: Final = 6  # seconds a place further down takes
_MARKED: Final = 12  # seconds from a view to the heart, and to the basket below
_TAKEN: Final = 25
_TOLD: Final = 40


@dataclass(frozen=True)
class Behaviour:
    """All that the people of the store did, in the columns of the tables of `recsys.datasets`, and the truth beside it.

    `shoppers`: shopper_id, life_stage, age, region. `friends`: shopper_id, friend_id, each pair in both directions.
    `events`, `impressions`: see `record`. `offers`: item_id, starts, ends (the first midnight without it), offer_price.
    `aspects`, for who writes the reviews: shopper_id, item_id, time, stars, and five scores of -1 to 1.
    The shop loads none of `truth` and `aspects`.
    """

    shoppers: pd.DataFrame
    friends: pd.DataFrame
    events: pd.DataFrame
    impressions: pd.DataFrame
    offers: pd.DataFrame
    aspects: pd.DataFrame
    truth: Truth


def simulate(
    products: pd.DataFrame,
    n_shoppers: int = 1_000,
    seed: int = 0,
    model: Model | None = None,
    progress: Callable[[int, int, str], None] | None = None,
) -> Behaviour:
    """What `n_shoppers` did in a store of these products: the same for the same seed, to the byte
    (on one kind of processor and one NumPy: others may round an exponential otherwise in its last bit).

    `products` (m rows): item_id, the words of `catalogue.FIELDS`, price, quality (0..1), launch_day (from 0 on the
    first day; negative for older ones), repeat_days (0 for what lasts), share (how common its type is).
    Time and memory are linear in the shoppers and in the products. Raises ValueError without shoppers or prices.
    """
    if n_shoppers < 1:
        raise ValueError(f"n_shoppers={n_shoppers}; somebody has to come")
    model = model or Model()
    # a stream for each part, so that more of one draws nothing else anew
    streams = dict(zip(_STREAMS, np.random.SeedSequence(seed).spawn(len(_STREAMS)), strict=True))
    rng = {name: np.random.default_rng(stream) for name, stream in streams.items()}
    goods = catalogue(products)
    tastes = draw_tastes(n_shoppers, goods, model, rng["tastes"])
    pairs = draw_friends(tastes, model, rng["friends"])
    appeal = rng["products"].normal(0.0, model.appeal, goods.m)
    offers = draw_offers(goods, model, rng["offers"])
    noise, fit = (int(key) for key in rng["keys"].integers(0, 2**62, 2))
    utility = utilities(tastes, goods, appeal, model, noise)
    setting = Setting(goods, tastes, model, utility, seasons(goods, model), offers.prices(goods, model.days))
    record, bought = _days(setting, start(tastes, goods, appeal, pairs, rng["past"]), streams["days"], progress)
    after = outcome(bought, setting, fit, rng["afterwards"])
    record.add("return", bought.shopper[after.returned], bought.item[after.returned], after.returned_at)
    record.add("review", bought.shopper[after.reviewed], bought.item[after.reviewed], after.reviewed_at)
    return _tables(setting, appeal, pairs, offers, record, bought, after)


def _days(
    setting: Setting, memory: Memory, stream: np.random.SeedSequence, progress: Callable[[int, int, str], None] | None
) -> tuple[Record, Purchases]:
    """All days: what was recorded, and the lines bought."""
    record, model, wished = Record(), setting.model, wishable(setting.goods)
    lines: list[dict[str, np.ndarray]] = []
    visits = 0
    for day, seed in enumerate(stream.spawn(model.days)):
        rng = np.random.default_rng(seed)
        pages = open_pages(day, visits, setting, memory, wished, rng)
        visits = int(pages.visit.max(initial=visits - 1)) + 1
        items, propensities = Policy(setting.goods, memory, model, day, wished).slates(pages, rng)
        shown = _shown(pages, items, setting, memory, day)
        chosen = choose(shown, model, rng)
        lines.append(_remember(record, pages, shown, propensities[items >= 0], chosen, setting, day, rng))
        viewed, bought = chosen.viewed, chosen.bought
        memory.learn(
            np.stack([shown.shopper[viewed], shown.item[viewed]]),
            np.stack([shown.shopper[bought], shown.item[bought]]),
            day, setting.goods, model,
        )  # fmt: skip
        if progress:
            progress(day + 1, model.days, "days")
    return record, Purchases(**joined(lines))


def _shown(pages: Pages, items: np.ndarray, setting: Setting, memory: Memory, day: int) -> Shown:
    """The slates as rows, with the utilities of the day."""
    page, place = np.nonzero(items >= 0)
    shopper, item = pages.shopper[page], items[page, place]
    utility = setting.at(shopper, item, pages.mission[page], day, memory)
    visit = pages.visit[page] - (pages.visit[0] if len(pages.visit) else 0)
    kind = setting.goods.codes["type"][item]
    return Shown(page, visit, shopper, item, kind, place + 1, setting.tastes.attention[shopper], utility)


def _remember(
    record: Record, pages: Pages, shown: Shown, propensity: np.ndarray, chosen: Chosen, setting: Setting, day: int,
    rng: np.random.Generator,
) -> dict[str, np.ndarray]:  # fmt: skip
    """Writes down a day; returns its lines as `Purchases` has them."""
    at = pages.seconds[shown.page]
    record.impressions.append({
        "shopper": shown.shopper.astype(np.int32), "item": shown.item.astype(np.int32), "seconds": at,
        "position": shown.position.astype(np.int8), "propensity": propensity,
    })  # fmt: skip
    typed = (pages.kind == SEARCH) | (pages.kind == GIFT)
    nothing = np.full(int(typed.sum()), -1)
    record.add("search", pages.shopper[typed], nothing, pages.seconds[typed], query=pages.queries[typed])
    seen_at = at + _LOOKED + _LINE * shown.position
    told = chosen.viewed & (rng.random(len(at)) < setting.model.share_view)
    done = {"view": (chosen.viewed, 0), "favourite": (chosen.favourite, _MARKED), "basket": (chosen.basket, _TAKEN),
            "share": (told, _TOLD)}  # fmt: skip
    for kind, (which, later) in done.items():
        record.add(kind, shown.shopper[which], shown.item[which], seen_at[which] + later)
    which = np.flatnonzero(chosen.bought)
    who, what, leaves = shown.shopper[which], shown.item[which], pages.leaves[shown.page[which]]
    more = np.where(setting.goods.repeat[what] > 0, rng.poisson(0.35, len(which)), rng.random(len(which)) < 0.04)
    quantity = 1 + more.astype(np.int64)
    paid = np.round(quantity * setting.prices[day, what].astype(np.float64), 2)
    visit = pages.visit[shown.page[which]]
    record.add("purchase", who, what, leaves, visit=visit, quantity=quantity, paid=paid)
    shares = rng.random(len(which)) < setting.model.share_purchase
    record.add("share", who[shares], what[shares], leaves[shares] + _TOLD)
    return {"shopper": who, "item": what, "seconds": leaves, "quantity": quantity, "paid": paid}


def _tables(
    setting: Setting, appeal: np.ndarray, pairs: np.ndarray, offers: Offers, record: Record, bought: Purchases,
    after: Outcome,
) -> Behaviour:  # fmt: skip
    goods, tastes, first = setting.goods, setting.tastes, setting.model.start
    n = len(tastes.stage)
    ids = np.array([f"S{row + 1:0{max(4, len(str(n)))}d}" for row in range(n)], object)
    reviewed = {
        "shopper_id": ids[bought.shopper[after.reviewed]],
        "item_id": goods.ids[bought.item[after.reviewed]],
        "time": clock(first, after.reviewed_at),
        "stars": after.stars,
    }
    midnight = np.datetime64(first, "ns")
    return Behaviour(
        shoppers=visible(tastes, ids),
        friends=pd.DataFrame({"shopper_id": ids[pairs[:, 0]], "friend_id": ids[pairs[:, 1]]}),
        events=record.events_table(first, ids, goods.ids),
        impressions=record.impressions_table(first, ids, goods.ids),
        offers=pd.DataFrame({
            "item_id": goods.ids[offers.item],
            "starts": midnight + offers.starts.astype("timedelta64[D]"),
            "ends": midnight + offers.ends.astype("timedelta64[D]"),
            "offer_price": offers.price,
        }),
        aspects=pd.DataFrame(reviewed | after.aspects).sort_values(["time", "shopper_id"], ignore_index=True),
        truth=_truth(setting, appeal, latent(tastes, goods, ids)),
    )  # fmt: skip


def _truth(setting: Setting, appeal: np.ndarray, people: pd.DataFrame) -> Truth:
    goods, tastes = setting.goods, setting.tastes
    products = pd.DataFrame({
        "item_id": goods.ids, "quality": goods.quality, "appeal": appeal, "launch_day": goods.launch,
        "type": goods.codes["type"], "audience": goods.codes["audience"],
    })  # fmt: skip
    return Truth(
        utility=setting.utility,
        need_change=(tastes.need[1] - tastes.need[0]).astype(np.float32),
        audience_change=(tastes.audience[1] - tastes.audience[0]).astype(np.float32),
        changes_on=tastes.changes_on.astype(np.int32),
        latent=people,
        products=products,
        model=setting.model,
    )
