"""What a shop's own data say of a test: what is measured now, how it varies, and what the time before explains."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.errors import BadRequestError
from recsys.evaluation.experiments.checking import Doubles, above_zero, between
from recsys.evaluation.experiments.cuped import Saved, saved
from recsys.schema import Rows
from recsys.schema.capabilities import Capability

WEEK: Final = 7
WATCHED: Final = 28  # days that each person of a test is watched: whole weeks
BEFORE: Final = 4  # times as long a time before it, where there is so much: more of it tells more of a person
EARLIER: Final = (7, 14, 28, 56, 112)  # days before the test, of which each is measured
FEWEST: Final = 30  # people, below whom a variance is a guess

CONVERSION, BUYERS, SPEND, OWN = "conversion", "buyers", "spend", "own"


@dataclass(frozen=True, slots=True, eq=False)
class Log:
    """Who bought for how much on which day, and who came on which day; days are counted from the first one."""

    name: str
    shoppers: int
    who: Rows  # (m,) of each line bought
    days: Rows  # (m,)
    amounts: Doubles | None  # (m,) None where prices are not known
    came: tuple[Rows, Rows] | None  # (v,) shoppers and days of visits, each once; None where only purchases are known
    length: int  # days of the whole log


@dataclass(frozen=True, slots=True)
class Baseline:
    """A metric as it is without a test."""

    name: str  # CONVERSION, BUYERS, SPEND or OWN
    mean: float
    deviation: float  # of one person's value; of one visit's for CONVERSION
    skewness: float  # of one person's value
    inflation: float  # times as many as if each counted alone: visits of one person are alike
    people: int  # of the log's last `watched` days; visits for CONVERSION; 0 where there is no log
    a_day: float  # new people a day, visits for CONVERSION
    watched: int  # days
    before: int  # days, of which the covariate is made
    saved: Saved

    @property
    def is_rate(self) -> bool:
        """Whether it is a share of those who are counted."""
        return self.name != SPEND


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """What a test would have measured of each person, and what was known of them before."""

    outcome: Doubles  # (n,)
    before: Doubles  # (n,)


def of_shop(name: str, dataset: Artifact) -> Log:
    """The log of a prepared shop. Raises BadRequestError where nobody bought anything, and where nothing has a date."""
    has = storage.capabilities(dataset)
    if not has.has(Capability.PURCHASES) or not has.has(Capability.DATES):
        what = "dates" if has.has(Capability.PURCHASES) else "purchases"
        raise BadRequestError(
            f"the data of {name!r} have no {what}",
            allowed="purchases with dates, which are cut into what was before a test and what was within it",
            remedy="bring a table of events with a time, or plan with figures of your own",
        )
    indptr = np.asarray(dataset.array("history_indptr"), np.int64)
    who = np.repeat(np.arange(len(indptr) - 1, dtype=np.int32), np.diff(indptr))
    amounts = None
    if has.has(Capability.PRICES):
        prices = storage.load_items(dataset.path)[s.PRICE].to_numpy(np.float64)
        paid = prices[dataset.array("history_item")] * dataset.array("history_quantity")
        amounts = np.nan_to_num(paid, nan=0.0)
    told = dataset.json("dataset.json")
    came = _visits(dataset, str(told["first_day"])) if has.has(Capability.IMPRESSIONS) else None
    days = np.asarray(dataset.array("history_day"), np.int32)
    return Log(name, len(indptr) - 1, who, days, amounts, came, int(told["days"]))


def _visits(dataset: Artifact, first_day: str) -> tuple[Rows, Rows]:
    """Who came on which day, each once, in order of the day: a visit is all that somebody was shown on one day."""
    shown = storage.load_table(dataset.path, "impressions")
    days = (shown[s.TIME].dt.normalize() - pd.Timestamp(first_day)).dt.days.to_numpy(np.int64)
    most = int(shown[s.SHOPPER].max()) + 1
    visits = np.unique(days * most + shown[s.SHOPPER].to_numpy(np.int64))
    return (visits % most).astype(np.int32), (visits // most).astype(np.int32)


def watched_days(log: Log) -> int:
    """How long each person is watched: WATCHED days, of a short log whole weeks of its last third.

    Raises BadRequestError for a log of less than three weeks.
    """
    fitting = min(WATCHED, log.length // 3 // WEEK * WEEK)
    if fitting < WEEK:
        raise BadRequestError(
            f"the data of {log.name!r} span {log.length} days",
            allowed="three weeks or more: one as the test, two before it",
            remedy="bring a longer log, or plan with figures of your own",
        )
    return fitting


def baselines(log: Log) -> tuple[Baseline, ...]:
    """Those that the shop's data tell: of visits where they are known, who buys, what is spent where prices are known.

    The last days of the log stand for the test, what was before them for what is known of people.
    """
    watched = watched_days(log)
    before = min(BEFORE * watched, log.length - watched)
    found = [_person_baseline(log, BUYERS, watched, before)]
    if log.came is not None:
        found.insert(0, _visit_baseline(log, watched, before))
    if log.amounts is not None:
        found.append(_person_baseline(log, SPEND, watched, before))
    return tuple(found)


def own(rate: float, a_day: float) -> Baseline:
    """A rate that somebody brings, of visitors who come once each. Raises BadRequestError for what is no rate."""
    between("a rate of", rate)
    deviation = (rate * (1 - rate)) ** 0.5
    return Baseline(OWN, rate, deviation, 0.0, 1.0, 0, above_zero("visitors a day:", a_day), 1, 0, Saved(0.0, 0.0, 0.0))


def values(log: Log, name: str, watched: int, before: int) -> Values:
    """What is measured of each person in the last `watched` days, and the same in the `before` days before them.

    SPEND: what they paid. BUYERS: whether they bought, beside on how many lines. Both of people who had bought before
    the test: who will come anew, no log says. CONVERSION: of people who came in those days, visits with a purchase less
    what their number of visits would give, per visit of the mean person, so that the mean of a group is its change of
    the rate (the delta method in its linear form: Deng, Knoblich & Lu, KDD 2018; Budylin et al., WSDM 2018).
    Raises BadRequestError for fewer than FEWEST people.
    """
    start = log.length - watched
    within, earlier = log.days >= start, (log.days < start) & (log.days >= start - before)
    if name == CONVERSION:
        found = _conversion(log, start, before)
    else:
        known = np.bincount(log.who[log.days < start], minlength=log.shoppers) > 0
        lines = np.ones(len(log.who))
        weight = log.amounts if name == SPEND and log.amounts is not None else lines
        outcome, earned = (_sums(log.who[part], weight[part], log.shoppers)[known] for part in (within, earlier))
        found = Values((outcome > 0).astype(np.float64) if name == BUYERS else outcome, earned)
    if len(found.outcome) < FEWEST:
        raise BadRequestError(
            f"{len(found.outcome)} people of {log.name!r} can be watched in the last {watched} days",
            allowed=f"{FEWEST} or more",
            remedy="bring more data, or plan with figures of your own",
        )
    return found


def visits_with_purchase(log: Log) -> tuple[Rows, Rows, Doubles, Doubles]:
    """(v,) of each visit its shopper, its day, whether something was bought (0 or 1), and for how much; by day.

    Where visits are not known, days with a purchase stand for them.
    """
    bought = log.days.astype(np.int64) * log.shoppers + log.who
    if log.came is None:
        visits = np.unique(bought)
    else:
        visits = np.sort(log.came[1].astype(np.int64) * log.shoppers + log.came[0])
    place = np.searchsorted(visits, bought)
    there = (place < len(visits)) & (visits[np.minimum(place, len(visits) - 1)] == bought)
    lines = _sums(place[there], np.ones(int(there.sum())), len(visits))
    amounts = np.ones(len(bought)) if log.amounts is None else log.amounts
    paid = _sums(place[there], amounts[there], len(visits))
    who, days = (part.astype(np.int32) for part in (visits % log.shoppers, visits // log.shoppers))
    return who, days, (lines > 0).astype(np.float64), paid


def _conversion(log: Log, start: int, before: int) -> Values:
    who, days, bought, _ = visits_with_purchase(log)
    within, earlier = days >= start, (days < start) & (days >= start - before)
    visits, wins = _each(who, bought, within, log.shoppers)
    past, past_wins = _each(who, bought, earlier, log.shoppers)
    came = visits > 0
    rate = wins.sum() / max(visits.sum(), 1)
    past_rate = past_wins.sum() / max(past.sum(), 1)
    return Values(
        ((wins - rate * visits) / max(visits[came].mean() if came.any() else 1.0, 1e-9))[came],
        (past_wins - past_rate * past)[came],
    )


def _each(who: Rows, bought: Doubles, part: npt.NDArray[np.bool_], n: int) -> tuple[Doubles, Doubles]:
    """(visits, visits with a purchase) of each shopper in a part of all visits, (n,) each."""
    return _sums(who[part], np.ones(int(part.sum())), n), _sums(who[part], bought[part], n)


def _visit_baseline(log: Log, watched: int, before: int) -> Baseline:
    from scipy.stats import skew

    _, days, bought, _ = visits_with_purchase(log)
    within = days >= log.length - watched
    visits, rate = int(within.sum()), float(bought[within].mean())
    found = values(log, CONVERSION, watched, before)
    apart = max(rate * (1 - rate), 1e-12)
    inflation = float(found.outcome.var()) * visits / len(found.outcome) / apart
    return Baseline(
        CONVERSION, rate, apart**0.5, float(skew(bought[within])), inflation, visits, visits / watched, watched, before,
        saved(found.outcome, found.before),
    )  # fmt: skip


def _person_baseline(log: Log, name: str, watched: int, before: int) -> Baseline:
    from scipy.stats import skew  # half a second to import, and no shelf needs it

    found = values(log, name, watched, before)
    start = log.length - watched
    who, days = (log.who, log.days) if log.came is None else log.came
    a_day = len(np.unique(who[days >= start])) / watched
    y = found.outcome
    lopsided = float(skew(y)) if y.std() > 0 else 0.0
    return Baseline(
        name, float(y.mean()), float(y.std(ddof=1)), lopsided, 1.0, len(y), a_day, watched, before,
        saved(y, found.before),
    )  # fmt: skip


def _sums(who: npt.NDArray[np.integer], weights: Doubles, n: int) -> Doubles:
    return np.asarray(np.bincount(who, weights, n), np.float64)
