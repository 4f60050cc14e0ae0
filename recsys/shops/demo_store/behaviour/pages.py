"""Who comes on a day, and what each page they open is about: arrivals, topics, and what is typed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Final

import numpy as np

from recsys.shops.demo_store.behaviour.catalogue import DEPARTMENT, EVERYONE, GIFT, HOME, SEARCH, TYPE
from recsys.shops.demo_store.behaviour.moment import Memory, Setting, wanting
from recsys.shops.demo_store.behaviour.queries import Wishes, draw_wishes, texts

WEEK: Final = (0.95, 0.90, 0.93, 0.97, 1.05, 1.12, 1.08)  # visits from Monday to Sunday, beside the mean
DAY: Final = 86_400  # seconds
OPEN: Final = 5.0  # hours between which visits begin; nobody's night runs into the next morning's visit
CLOSE: Final = 23.0
_BETWEEN: Final = 900  # seconds from one visit of a shopper to the next, at least
_HOURS_APART: Final = 1.8  # standard deviation of a visit's hour around the shopper's own
_PAGE_SECONDS: Final = (180, 420)  # from one page of a visit to the next, longer than choices on a page take


@dataclass(frozen=True)
class Pages:
    """The pages of a day, those of a visit one after another. All (n_pages,) but the wishes."""

    shopper: np.ndarray
    visit: np.ndarray  # a number of its own over all days
    seconds: np.ndarray  # int64, since the start of the first day
    leaves: np.ndarray  # int64, when the visit ends
    kind: np.ndarray  # of catalogue.HOME ...
    group: np.ndarray  # row of the shelf
    mission: np.ndarray  # the type it was opened for, -1 for none
    wishes: Wishes
    queries: np.ndarray  # texts, None where nothing was typed


def open_pages(
    day: int, first_visit: int, setting: Setting, memory: Memory, wished: np.ndarray, rng: np.random.Generator
) -> Pages:
    """The pages of one day, their visits counted from `first_visit`."""
    model, goods = setting.model, setting.goods
    shopper, visit, seconds, leaves = _arrivals(day, setting, rng)
    kind = rng.choice(len(model.kinds), len(shopper), p=np.array(model.kinds) / sum(model.kinds))
    live = goods.launch <= day
    mission = _topics(shopper, day, setting, memory, live, rng)
    audience = _receivers(shopper, day, setting, live, rng)
    kind = np.where((kind == GIFT) & (audience < 0), SEARCH, kind)
    kind = np.where((kind != HOME) & (kind != GIFT) & (mission < 0), HOME, kind)
    group = np.select(
        [kind == DEPARTMENT, (kind == TYPE) | (kind == SEARCH), kind == GIFT],
        [goods.type_department[mission], mission, audience],
        0,
    )
    mission = np.where((kind == HOME) | (kind == GIFT), -1, mission)
    wishes = draw_wishes(np.where(kind == SEARCH, shopper, -1), mission, setting, live, wished, rng)
    queries = texts(kind, group, wishes, goods, model.typo, rng)
    return Pages(shopper, first_visit + visit, seconds, leaves, kind, group, mission, wishes, queries)


def _arrivals(
    day: int, setting: Setting, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """Shopper, visit, time and the visit's end for each page: visits are Poisson, by activity and weekday."""
    tastes, model = setting.tastes, setting.model
    weekday = (date.fromisoformat(model.start).weekday() + day) % 7
    rate = tastes.activity * WEEK[weekday] * (tastes.weekend if weekday >= 5 else 1.0)
    visitor = np.repeat(np.arange(len(rate)), rng.poisson(rate))
    many = 1 + rng.poisson(model.further_pages, len(visitor))
    last = np.cumsum(many) - 1  # row of each visit's last page
    visit = np.repeat(np.arange(len(visitor)), many)
    gaps = rng.integers(*_PAGE_SECONDS, len(visit))
    passed = np.cumsum(gaps)
    passed -= passed[last - many + 1][visit]  # 0 at the first page of each visit
    lasts = passed[last] + _PAGE_SECONDS[1]
    begins = day * DAY + _one_by_one(visitor, _hours(tastes.hour[visitor], rng), lasts)
    return visitor[visit], visit, begins[visit] + passed, (begins + lasts)[visit]


def _hours(usual: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Seconds of the day, around each visitor's usual hour, between OPEN and CLOSE."""
    hour = usual + rng.normal(0.0, _HOURS_APART, len(usual))
    hour = np.where(hour > CLOSE, 2 * CLOSE - hour, np.where(hour < OPEN, 2 * OPEN - hour, hour))
    return (np.clip(hour, OPEN, CLOSE) * 3600).astype(np.int64) + rng.integers(0, 60, len(usual))


def _one_by_one(visitor: np.ndarray, begins: np.ndarray, lasts: np.ndarray) -> np.ndarray:
    """When visits begin, later where one shopper's would overlap; `visitor` is sorted."""
    begins = begins[np.lexsort((begins, visitor))]  # visits differ in nothing else yet, so they can trade times
    nth = np.arange(len(visitor)) - np.searchsorted(visitor, visitor)
    for n in range(1, int(nth.max(initial=0)) + 1):
        rows = np.flatnonzero(nth == n)
        begins[rows] = np.maximum(begins[rows], begins[rows - 1] + lasts[rows - 1] + _BETWEEN)
    return begins


def _topics(
    shopper: np.ndarray, day: int, setting: Setting, memory: Memory, live: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """The type that each page is opened for: a logit of need, season and what is due; -1 where none is sold."""
    goods, model, kinds = setting.goods, setting.model, setting.goods.codes["type"]
    many = np.bincount(kinds[live], minlength=goods.n("type"))
    season = np.bincount(kinds[live], setting.season[day, goods.codes["season"]][live], minlength=goods.n("type"))
    need = setting.tastes.need[setting.tastes.stage_on(day)[shopper], shopper]  # (n_pages, n_types)
    since = day - memory.bought_type[shopper].astype(float)
    worth = need + season / np.maximum(many, 1) + wanting(since, goods.type_repeat, model)
    worth = np.where(many > 0, worth / model.topic_temperature + rng.gumbel(size=worth.shape), -np.inf)
    return np.where(many.any(), worth.argmax(axis=1), -1)


def _receivers(
    shopper: np.ndarray, day: int, setting: Setting, live: np.ndarray, rng: np.random.Generator
) -> np.ndarray:
    """Whom a gift would be for: a logit of the shopper's audiences; -1 where nothing is made for anybody."""
    goods, tastes = setting.goods, setting.tastes
    words = goods.words["audience"]
    many = np.bincount(goods.codes["audience"][live], minlength=len(words))
    open_to = (many > 0) & np.array([word != EVERYONE for word in words])
    worth = tastes.audience[tastes.stage_on(day)[shopper], shopper]
    worth = np.where(open_to, worth + rng.gumbel(size=worth.shape), -np.inf)
    return np.where(open_to.any(), worth.argmax(axis=1), -1)
