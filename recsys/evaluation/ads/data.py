"""What the evaluation of sponsored places rests on: the shelves of a prepared shop, and who answers them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.evaluation.significance import SAMPLING
from recsys.evaluation.truth import aligned
from recsys.progress import silent
from recsys.ranking.shortlists import Shortlists
from recsys.scenarios.ads.auction import Doubles
from recsys.scenarios.ads.clicks import USUAL, ClickModel, attention_of, fitted
from recsys.scenarios.ads.market import Makers, conversion_of, makers_of
from recsys.scenarios.ads.shelves import Shelves
from recsys.schema import Floats
from recsys.schema.capabilities import Capability
from recsys.shops import registry
from recsys.shops.contract import Crowd

STRENGTHS: Final = 10  # groups of what was shown, by how sure the order was of it
RESAMPLES: Final = 200
LEAST_LOOKS: Final = 500  # of fewer a model says nothing
LATE: Final = "30min"  # after a page was shown: a look at a product later than that is none of this page
VIEW: Final = "view"


@dataclass(frozen=True, eq=False)
class AdData:
    """A shop whose places are sold."""

    name: str
    source: dict[str, Any]
    shelves: Shelves
    makers: Makers
    clicks: ClickModel
    estimated: dict[str, Any]  # how the click model was estimated; empty where it was not
    crowd: Crowd | None = None  # people who act themselves, of a simulated shop
    worth: Floats | None = None  # (p, n_items) of the same shop


def of_shop(name: str, dataset: Artifact, order: Artifact) -> AdData:
    """The data of a prepared shop. Raises BadRequestError where nobody could advertise in it."""
    shop, items, has = registry.shop(name), storage.load_items(dataset.path), storage.capabilities(dataset)
    info = dataset.json("dataset.json")
    words = shop.words
    makers = makers_of(items, has, house=words.house_brand, other=words.other_brand, converts=conversion_of(info))
    activity = np.diff(np.asarray(dataset.array("history_indptr"), np.int64)).astype(np.float64)
    shelves = Shelves(items, Shortlists.load(order), activity)
    clicks: ClickModel = USUAL
    estimated: dict[str, Any] = {}
    if has.has(Capability.IMPRESSIONS, Capability.VIEWS):
        clicks, estimated = estimated_clicks(*_records(name))
    source = {"dataset": name, "version": dataset.manifest["version"], "items": len(items), "shoppers": len(activity)}
    data = AdData(name, source, shelves, makers, clicks, estimated)
    if shop.crowd is None or shop.truth is None:
        return data
    people = [str(one) for one in storage.load_shoppers(dataset.path)[s.SHOPPER_ID]]
    ids = [str(one) for one in items[s.ITEM_ID]]
    crowd = shop.crowd()
    if list(crowd.item_ids) != ids or list(crowd.shopper_ids) != people:
        return data
    return AdData(name, source, shelves, makers, clicks, estimated, crowd, aligned(shop.truth(), people, ids))


def _records(name: str) -> tuple[pd.DataFrame, pd.DataFrame]:
    """(what was shown, what was looked at closer), from the shop's source: its preparation keeps no looks."""
    found = registry.shop(name).load(silent)
    events = found.events
    return found.tables["impressions"], events[events[s.EVENT] == VIEW][[s.SHOPPER, s.ITEM, s.TIME]]


def estimated_clicks(shown: pd.DataFrame, looks: pd.DataFrame) -> tuple[ClickModel, dict[str, Any]]:
    """(the click model of these records, how it was estimated).

    A look belongs to the latest time that the product was shown to the shopper, LATE before at most. What was shown is
    grouped by its propensity, how sure the order was of it. The interval is a bootstrap over shoppers. The usual model,
    and nothing told, where there are fewer than LEAST_LOOKS.
    """
    clicks, count = counted(shown, looks)
    if clicks.sum() < LEAST_LOOKS or not clicks[:, 0].any():
        return USUAL, {}
    examined, attracts = fitted(clicks.sum(axis=0), count.sum(axis=0))
    rng = np.random.default_rng(SAMPLING.seed)
    n = len(clicks)
    found = []
    for _ in range(RESAMPLES):
        times = rng.multinomial(n, np.full(n, 1 / n)).astype(np.float64)
        again = fitted(np.tensordot(times, clicks, 1), np.tensordot(times, count, 1))[0]
        found.append(attention_of(again))
    attention = attention_of(examined)
    low, high = np.percentile(found, [2.5, 97.5])
    model = ClickModel(
        round(attention, 4), round(float(attracts[0]), 4), round(float(attracts[-1]), 4),
        f"estimated on {int(count.sum()):,} products shown and {int(clicks.sum()):,} looks at them: place j is "
        f"looked at with chance 1 / j^{attention:.3f}, of what is seen {100 * attracts[0]:.1f} % to "
        f"{100 * attracts[-1]:.1f} % is clicked",
    )  # fmt: skip
    told = {
        "shown": int(count.sum()),
        "clicks": int(clicks.sum()),
        "attention": attention,
        "attention_ci95": [float(low), float(high)],
        "examined": [float(each) for each in examined],
        "attracts": [float(each) for each in attracts],
    }
    return model, told


def counted(shown: pd.DataFrame, looks: pd.DataFrame) -> tuple[Doubles, Doubles]:
    """(looks, showings), (n_shoppers, places, STRENGTHS) each."""
    shown = shown.sort_values(s.TIME, kind="stable").reset_index(drop=True)
    shown["showing"] = np.arange(len(shown))
    joined = pd.merge_asof(
        looks.sort_values(s.TIME, kind="stable"), shown[[s.SHOPPER, s.ITEM, s.TIME, "showing"]],
        on=s.TIME, by=[s.SHOPPER, s.ITEM], tolerance=pd.Timedelta(LATE),
    )  # fmt: skip
    clicked = np.zeros(len(shown))
    clicked[joined["showing"].dropna().astype(np.int64).to_numpy()] = 1.0
    rank = shown[s.PROPENSITY].rank(method="first").to_numpy() - 1
    strength = np.minimum((rank * STRENGTHS / max(len(shown), 1)).astype(np.int64), STRENGTHS - 1)
    who, place = pd.factorize(shown[s.SHOPPER])[0], shown[s.POSITION].to_numpy(np.int64) - 1
    shape = (int(who.max(initial=-1)) + 1, int(place.max(initial=-1)) + 1, STRENGTHS)
    at = np.ravel_multi_index((who, place, strength), shape)
    size = int(np.prod(shape))
    count = np.bincount(at, minlength=size).astype(np.float64)
    return np.asarray(np.bincount(at, clicked, size).reshape(shape), np.float64), count.reshape(shape)
