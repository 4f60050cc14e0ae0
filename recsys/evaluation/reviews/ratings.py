"""Stars of pairs that nobody has rated, against the effects of shopper and product alone."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.encoders.universal import DIMENSION
from recsys.errors import DataError, ModelError
from recsys.evaluation.reviews.lines import change, line
from recsys.progress import Progress, silent
from recsys.scenarios.reviews import judging, signals
from recsys.scenarios.reviews.heads import Head
from recsys.scenarios.reviews.ratings import BIAS, Ratings, chosen, fitted
from recsys.scenarios.reviews.signals import Bought, Pairs, Ridge
from recsys.scenarios.reviews.texts import plain_text
from recsys.schema import Rows
from recsys.schema.capabilities import Capability

TEST, VALIDATION = 20, 20  # of 100 buckets
FEWEST: Final = 200  # ratings
GOAL: Final = -0.08
MOST: Final = 30  # attributes, departments
LABELS: Final = {
    "mean": "The mean of all stars",
    "bias": "Shopper and product",
    "effects": "Also category, brand, price, and a shopper's own of them",
    "signals": "Others' words and stars, the shopper's taste, price",
}
PROTOCOL: Final = {
    "split": "a pair of shopper and product is of the test where the SHA-256 of their ids, joined by U+001F, modulo "
    "100 is below 20, of the validation below 40; all ratings of a pair stay together",
    "chosen": "penalties by the squared error on the validation, for the baseline too, and by it the way that is held "
    "against the baseline; then fitted on both parts, and the test was looked at once",
    "baseline": "mean, shopper and product, each effect shrunk",
    "known": "the stars and the words of the training part, what the shop says of a product and what its shopper "
    "bought beside it; no word of a test review, no purchase of the pair itself, no mean rating that a shop shows",
    "interval": "95 %, from 1,000 resamples of the test's pairs",
}


def ratings_of(table: pd.DataFrame, items: pd.DataFrame) -> Ratings:
    """The stars of a table of reviews with the codes of every kind of effect that the shop can tell."""
    item, shopper = table[s.ITEM].to_numpy(np.int64), table[s.SHOPPER].to_numpy(np.int64)
    codes = {"shopper": shopper, "item": item}
    for name, column in (("category", s.CATEGORY), ("brand", s.BRAND), ("department", s.DEPARTMENT)):
        codes[name] = pd.factorize(items[column])[0].astype(np.int64)[item]
    price = items[s.PRICE].rank(pct=True).fillna(0.5).to_numpy()
    codes["price"] = np.minimum(price * 10, 9).astype(np.int64)[item]
    codes["shopper in department"] = pd.factorize(shopper * 10_000 + codes["department"])[0].astype(np.int64)
    codes["shopper and brand"] = pd.factorize(shopper * 1_000_000 + codes["brand"])[0].astype(np.int64)
    return Ratings(table[s.STARS].to_numpy(np.float64), codes)


def evaluated(dataset: Artifact, shop: str, progress: Progress = silent) -> dict[str, Any]:
    """The report on a prepared shop. Raises DataError where it has too few ratings."""
    capabilities = storage.capabilities(dataset)
    table = storage.load_table(dataset.path, "reviews") if capabilities.has(Capability.REVIEWS) else pd.DataFrame()
    if len(table):
        table = table[table[s.STARS].notna() & (table[s.SHOPPER] >= 0)]
    if len(table) < FEWEST:
        raise DataError(
            f"the shop has {len(table)} ratings of known shoppers",
            allowed=f"at least {FEWEST}",
            remedy="choose a shop with reviews, or give a file with --reviews",
        )
    items, shoppers = storage.load_items(dataset.path), storage.load_shoppers(dataset.path)
    parts = Parts.of(_buckets(table, items, shoppers))
    found = [
        _constant(table, parts),
        *_effects(ratings_of(table, items), parts),
        _signals(table, dataset, items, parts, progress),
    ]
    truth = table[s.STARS].to_numpy(np.float64)[parts.test]
    best = min(found[2:], key=lambda way: way.validated)
    task = {
        "task": "ratings",
        "metric": "RMSE",
        "better": "lower",
        "learned_from": len(parts.learn) + len(parts.validation),
        "test": len(parts.test),
        "methods": [line(way.name, LABELS[way.name], _rmse, truth, way.told) for way in found],
        "chosen": best.name,
        "change": change(_rmse, truth, found[1].told, best.told, found[1].name),
        "goal": GOAL,
        "settings": {way.name: way.settings for way in found[1:]},
    }
    return {
        "dataset": shop,
        "source": {"dataset": shop},
        "protocol": PROTOCOL | {"what can be reached": reachable(table, parts)},
        "reviews": len(table),
        "tasks": [task],
        "notes": [],
    }


@dataclass(frozen=True, slots=True, eq=False)
class Parts:
    """Rows to learn from, to choose by and of the test."""

    learn: Rows
    validation: Rows
    test: Rows

    @classmethod
    def of(cls, bucket: npt.NDArray[np.int64]) -> Parts:
        """By the buckets of the rows."""
        sides = (bucket >= TEST + VALIDATION, (bucket >= TEST) & (bucket < TEST + VALIDATION), bucket < TEST)
        return cls(*(np.flatnonzero(side).astype(np.int32) for side in sides))

    @property
    def known(self) -> Rows:
        """All but the test."""
        return np.sort(np.concatenate([self.learn, self.validation]))


@dataclass(frozen=True, slots=True, eq=False)
class Way:
    """A way to foretell: what it tells of the test, its squared error on the validation, what was chosen there."""

    name: str
    told: npt.NDArray[np.float64]
    validated: float
    settings: Any


def _constant(table: pd.DataFrame, parts: Parts) -> Way:
    stars = table[s.STARS].to_numpy(np.float64)
    return Way("mean", np.full(len(parts.test), stars[parts.known].mean()), float("inf"), {})


def _effects(ratings: Ratings, parts: Parts) -> list[Way]:
    """Shopper and product alone, then every kind of effect."""
    found = []
    for name, kinds in (("bias", BIAS), ("effects", tuple(ratings.codes))):
        learn, validation = ratings.some(parts.learn), ratings.some(parts.validation)
        settings = chosen(learn, validation, kinds)
        error = float(((fitted(learn, settings).stars(validation.codes) - validation.stars) ** 2).mean())
        told = fitted(ratings.some(parts.known), settings).stars(ratings.some(parts.test).codes)
        found.append(Way(name, told, error, settings))
    return found


def _signals(table: pd.DataFrame, dataset: Artifact, items: pd.DataFrame, parts: Parts, progress: Progress) -> Way:
    """What others say of the product, taste and price; the penalty by the validation."""
    pairs = pairs_of(table, items, dataset)
    moods = moods_of(table, parts.known, progress)
    numbers = pairs.numbers(parts.learn, moods)
    penalty = signals.chosen(numbers, pairs.stars, parts.learn, parts.validation)
    judged = Ridge.fit(numbers[parts.learn], pairs.stars[parts.learn], penalty).stars(numbers[parts.validation])
    error = float(((judged - pairs.stars[parts.validation]) ** 2).mean())
    numbers = pairs.numbers(parts.known, moods)
    told = Ridge.fit(numbers[parts.known], pairs.stars[parts.known], penalty).stars(numbers[parts.test])
    return Way("signals", told, error, {"penalty": penalty, "numbers": numbers.shape[1]})


def pairs_of(table: pd.DataFrame, items: pd.DataFrame, dataset: Artifact) -> Pairs:
    """The rated pairs with a shopper's taste in each attribute, prices and departments, as far as the shop has them."""
    who, what = table[s.SHOPPER].to_numpy(np.int64), table[s.ITEM].to_numpy(np.int64)
    history = storage.load_interactions(dataset, len(items))
    of = np.repeat(np.arange(len(history.indptr) - 1), np.diff(history.indptr))
    bought = Bought(of.astype(np.int64), np.asarray(history.items, np.int64))
    category = pd.factorize(items[s.CATEGORY])[0].astype(np.int64)
    known = [signals.taste(who, what, bought, value) for value in _attributes(items, dataset)]
    price = items[s.PRICE].to_numpy(np.float64) if s.PRICE in items else np.full(len(items), np.nan)
    known += list(signals.prices(who, what, bought, price, np.maximum(category, 0)).T)
    department = pd.factorize(items[s.DEPARTMENT])[0][what]
    known += [(department == each).astype(np.float64) for each in range(min(int(department.max(initial=0)) + 1, MOST))]
    return Pairs(table[s.STARS].to_numpy(np.float64), who, what, np.column_stack(known))


def _attributes(items: pd.DataFrame, dataset: Artifact) -> list[npt.NDArray[np.int64]]:
    """For each attribute, the value of each product as a code, -1 where it has none; the brand is one, too."""
    found = [pd.factorize(items[s.BRAND])[0].astype(np.int64)]
    if not storage.capabilities(dataset).has(Capability.ATTRIBUTES):
        return found
    table = storage.load_table(dataset.path, "attributes")
    for _, rows in sorted(table.groupby(s.ATTRIBUTE), key=lambda group: -len(group[1]))[:MOST]:
        value = np.full(len(items), -1, np.int64)
        value[rows[s.ITEM].to_numpy(np.int64)] = pd.factorize(rows[s.VALUE])[0]
        found.append(value)
    return found


def moods_of(table: pd.DataFrame, known: Rows, progress: Progress) -> npt.NDArray[np.float64]:
    """(n, a) the sum of what each review of `known` says of each aspect, by a head learned from these alone."""
    texts = [plain_text(text) for text in table[s.REVIEW].iloc[known].fillna("").astype(str)]
    neutral = np.zeros((DIMENSION, 1), np.float32)  # where the stars are too few for a head of their own
    nobody = Head(np.zeros(0, np.float32), neutral[:0], neutral, np.zeros(1, np.float32), np.ones(1, np.float32))
    try:
        read, _ = judging.judged(
            texts,
            table[s.STARS].to_numpy(np.float64)[known],
            table[s.ITEM].iloc[known].tolist(),
            np.full(len(texts), "NaT", "datetime64[ns]"),
            nobody,
            progress,
            company=False,
        )
    except ModelError:  # no sentence vectors on this machine: stars, taste and price alone
        return np.zeros((len(table), 0))
    found = np.zeros((len(table), len(read.names) + 1))  # the last for what speaks of none of them
    aspect = np.where(read.aspect < 0, len(read.names), read.aspect)
    np.add.at(found, (known[read.owner], aspect), read.sentence_mood)
    return found


def reachable(table: pd.DataFrame, parts: Parts) -> str:
    """What ratings have in common by product and shopper, and how much of it so few of them can tell, in words."""
    stars, item = table[s.STARS].to_numpy(np.float64), table[s.ITEM].to_numpy(np.int64)
    codes = {"shopper": table[s.SHOPPER].to_numpy(np.int64), "item": item}
    whole, best = float(stars.std(ddof=1)), signals.floor(stars, codes)
    of_item = signals.between(stars, item)
    often = np.bincount(item[parts.known], minlength=int(item.max()) + 1)[item[parts.test]]
    told = float((often / (often + max(best**2, 1e-9) / max(of_item, 1e-9))).mean()) if of_item else 0.0
    few = float(np.sqrt(max(whole**2 - told * of_item, 0.0)))
    return (
        f"all stars have a deviation of {whole:.3f}; who knew the true mean of every product and shopper would still "
        f"err by {best:.3f} (analysis of variance). {np.mean(often == 0):.0%} of the test's products have no rating to "
        f"learn from and half have {np.median(often):.0f} at most: the stars of others tell {told:.0%} of what is the "
        f"product's own, which leaves {few:.3f}, {few / whole - 1:+.1%} beside the mean of all"
    )


def _buckets(table: pd.DataFrame, items: pd.DataFrame, shoppers: pd.DataFrame) -> npt.NDArray[np.int64]:
    who = shoppers[s.SHOPPER_ID].astype(str).to_numpy()[table[s.SHOPPER]]
    what = items[s.ITEM_ID].astype(str).to_numpy()[table[s.ITEM]]
    keys = (f"{a}\x1f{b}".encode() for a, b in zip(who, what, strict=True))
    return np.array([int.from_bytes(hashlib.sha256(key).digest()[:8], "big") % 100 for key in keys])


def _rmse(true: npt.NDArray[np.float64], told: npt.NDArray[np.float64]) -> float:
    return float(np.sqrt(((true - told) ** 2).mean()))
