"""What a choice depends on at its time, on top of the static utility, and the memory that this needs.

    u = U[s, p]
        + need and audience of a life stage that has changed since the start
        + season * cos(2 pi (day of the year - middle of the product's season) / 365)
        + novelty[s] * exp(-days since the launch / novelty_days)
        - price[s] * log(price now / price) + offer_pull if it is on offer
        + wanting(type, days since the shopper last bought of this type)
        + habit (used up) or owned (lasts) if the shopper bought this very product before
        + friend * exp(-days since a friend bought it / friend_days)
        + mission if it is of the type that the page was opened for

Of a type that is used up in R days, wanting = due * r - sated * (1 - r), r = logistic((days - R) / (due_width R));
of one that lasts, wanting = -sated * exp(-days / sated_days).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from recsys.shops.demo_store.behaviour.catalogue import Catalogue
from recsys.shops.demo_store.behaviour.model import Model
from recsys.shops.demo_store.behaviour.tastes import Tastes

MIDDLES: Final = {"winter": 15, "spring": 105, "summer": 196, "autumn": 288}  # days of the year
_LONG_AGO: Final = -10_000  # a day so far back that nothing is left of it
_PURCHASE_WEIGHS: Final = 5.0  # views, in popularity


@dataclass
class Memory:
    """What has happened so far; days are int16. Changed by `learn` at the end of each day."""

    bought: np.ndarray  # (n, m) day of the shopper's last purchase of the product
    by_friend: np.ndarray  # (n, m) day of the last purchase of it by a friend
    bought_type: np.ndarray  # (n, n_types)
    looked: np.ndarray  # (n, n_departments) float32, views, from 1 for each so that a stranger has no leaning
    popularity: np.ndarray  # (m,) views and purchases, fading
    friends_from: np.ndarray  # (n + 1,) where each shopper's friends begin in `friends`
    friends: np.ndarray  # rows of shoppers

    def learn(self, views: np.ndarray, purchases: np.ndarray, day: int, goods: Catalogue, model: Model) -> None:
        """Takes in a day: `views` and `purchases` are (2, k), rows of shoppers over rows of products."""
        self.popularity *= 0.5 ** (1 / model.popularity_days)
        self.popularity += np.bincount(views[1], minlength=goods.m)
        self.popularity += _PURCHASE_WEIGHS * np.bincount(purchases[1], minlength=goods.m)
        np.add.at(self.looked, (views[0], goods.codes["department"][views[1]]), np.float32(1))
        who, what = purchases
        self.bought[who, what] = day
        self.bought_type[who, goods.codes["type"][what]] = day
        many = self.friends_from[who + 1] - self.friends_from[who]
        within = np.arange(many.sum()) - np.repeat(np.cumsum(many) - many, many)
        told = self.friends[np.repeat(self.friends_from[who], many) + within]
        self.by_friend[told, np.repeat(what, many)] = day


def start(tastes: Tastes, goods: Catalogue, appeal: np.ndarray, pairs: np.ndarray, rng: np.random.Generator) -> Memory:
    """The first morning: everybody bought of each type at some time, and the store knows what was popular before."""
    n = len(tastes.stage)
    cycle = np.where(goods.type_repeat > 0, goods.type_repeat, 365.0)
    popularity = np.exp(1.5 * appeal + rng.normal(0.0, 0.7, goods.m)) * goods.type_share[goods.codes["type"]]
    return Memory(
        bought=np.full((n, goods.m), _LONG_AGO, np.int16),
        by_friend=np.full((n, goods.m), _LONG_AGO, np.int16),
        bought_type=(-1 - rng.random((n, len(cycle))) * cycle).astype(np.int16),
        looked=np.ones((n, goods.n("department")), np.float32),
        popularity=np.where(goods.launch < 0, 4.0 * popularity, 0.0),
        friends_from=np.searchsorted(pairs[:, 0], np.arange(n + 1)),
        friends=pairs[:, 1],
    )


def seasons(goods: Catalogue, model: Model) -> np.ndarray:
    """(days, n_season_words) float32: how much in season; 0 for what is for all year."""
    first = date.fromisoformat(model.start).timetuple().tm_yday
    day = (first + np.arange(model.days))[:, None]
    middles = np.array([MIDDLES.get(word, np.nan) for word in goods.words["season"]])  # (n_season_words,)
    return np.asarray(np.nan_to_num(model.season * np.cos(2 * np.pi * (day - middles) / 365)), np.float32)


def wanting(since: np.ndarray, repeat: np.ndarray, model: Model) -> np.ndarray:
    """How wanted a type is so many days after it was bought; `repeat` is 0 for what lasts. Shapes broadcast."""
    cycle = np.maximum(repeat, 1.0)
    r = 1 / (1 + np.exp(np.clip(-(since - cycle) / (model.due_width * cycle), -30, 30)))
    lasting = -model.sated * np.exp(-np.maximum(since, 0) / model.sated_days)
    return np.asarray(np.where(repeat > 0, model.due * r - model.sated * (1 - r), lasting))


@dataclass(frozen=True)
class Setting:
    """What does not change within the days."""

    goods: Catalogue
    tastes: Tastes
    model: Model
    utility: np.ndarray  # (n, m) float32
    season: np.ndarray  # (days, n_season_words)
    prices: np.ndarray  # (days, m)

    def at(self, who: np.ndarray, what: np.ndarray, mission: np.ndarray, day: int, memory: Memory) -> np.ndarray:
        """Utilities on a day. `who`, `what`, `mission` (a type, -1 for none) and what is returned: (k,)."""
        goods, model, kind = self.goods, self.model, self.goods.codes["type"][what]
        u = self.utility[who, what] + self._stage(who, what, day)
        u = u + self.season[day, goods.codes["season"][what]]
        u += self.tastes.novelty[who] * np.exp(-np.maximum(day - goods.launch[what], 0) / model.novelty_days)
        now = self.prices[day, what]
        u += np.where(now < goods.price[what] * 0.999, model.offer_pull, 0.0)
        u -= self.tastes.price[who] * np.log(now / goods.price[what])
        u += wanting(day - memory.bought_type[who, kind].astype(float), goods.repeat[what], model)
        before = memory.bought[who, what] >= 0
        u += np.where(before, np.where(goods.repeat[what] > 0, model.habit, model.owned), 0.0)
        u += model.friend * np.exp(-(day - memory.by_friend[who, what].astype(float)) / model.friend_days)
        return np.asarray(u + model.mission * (kind == mission))

    def _stage(self, who: np.ndarray, what: np.ndarray, day: int) -> np.ndarray:
        """What a change of life stage adds: (k,)."""
        stage, tastes = self.tastes.stage_on(day)[who], self.tastes
        kind, audience = self.goods.codes["type"][what], self.goods.codes["audience"][what]
        more = tastes.need[stage, who, kind] - tastes.need[0, who, kind]
        return np.asarray(more + tastes.audience[stage, who, audience] - tastes.audience[0, who, audience])
