"""Stars of pairs that nobody has rated, against the effects of shopper and product alone."""

from __future__ import annotations

import hashlib
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.datasets import storage
from recsys.errors import DataError
from recsys.scenarios.reviews.ratings import BIAS, Ratings, chosen, fitted
from recsys.schema.capabilities import Capability

TEST, VALIDATION = 20, 20  # of 100 buckets
DRAWN: Final = 1_000
FEWEST: Final = 200  # ratings
GOAL: Final = -0.08
PROTOCOL: Final = {
    "split": "a pair of shopper and product is of the test where the SHA-256 of their ids, joined by U+001F, modulo "
    "100 is below 20, of the validation below 40; all ratings of a pair stay together",
    "chosen": "penalties by the squared error on the validation, for the baseline too; then fitted on both parts, and "
    "the test was looked at once",
    "baseline": "mean, shopper and product, each effect shrunk",
    "known": "the stars of the training part and what the shop says of a product; no word of a test review, no mean "
    "rating that a shop shows",
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


def evaluated(dataset: Artifact, shop: str) -> dict[str, Any]:
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
    ratings = ratings_of(table, items)
    bucket = _buckets(table, items, shoppers)
    test, validation = bucket < TEST, (bucket >= TEST) & (bucket < TEST + VALIDATION)
    learn = ~test & ~validation
    truth = ratings.stars[test]
    told = {"mean": np.full(len(truth), ratings.stars[~test].mean())}
    settings: dict[str, Any] = {}
    for name, kinds in (("bias", BIAS), ("effects", tuple(ratings.codes))):
        settings[name] = chosen(ratings.some(learn), ratings.some(validation), kinds)
        told[name] = fitted(ratings.some(~test), settings[name]).stars(ratings.some(test).codes)
    labels = {
        "mean": "The mean of all stars",
        "bias": "Shopper and product",
        "effects": "Also category, brand, price, and a shopper's own of them",
    }
    task = {
        "task": "ratings",
        "metric": "RMSE",
        "better": "lower",
        "learned_from": int((~test).sum()),
        "test": int(test.sum()),
        "methods": [_line(name, labels[name], truth, told[name]) for name in told],
        "change": _change(truth, told["bias"], told["effects"]),
        "goal": GOAL,
        "settings": settings,
    }
    return {
        "dataset": shop,
        "source": {"dataset": shop},
        "protocol": PROTOCOL,
        "reviews": len(table),
        "tasks": [task],
        "notes": [],
    }


def _buckets(table: pd.DataFrame, items: pd.DataFrame, shoppers: pd.DataFrame) -> npt.NDArray[np.int64]:
    who = shoppers[s.SHOPPER_ID].astype(str).to_numpy()[table[s.SHOPPER]]
    what = items[s.ITEM_ID].astype(str).to_numpy()[table[s.ITEM]]
    keys = (f"{a}\x1f{b}".encode() for a, b in zip(who, what, strict=True))
    return np.array([int.from_bytes(hashlib.sha256(key).digest()[:8], "big") % 100 for key in keys])


def _line(name: str, label: str, true: npt.NDArray[Any], told: npt.NDArray[Any]) -> dict[str, Any]:
    squared = (true - told) ** 2
    draws = np.random.default_rng(0).integers(len(true), size=(DRAWN, len(true)))
    ends = np.quantile(np.sqrt(squared[draws].mean(axis=1)), (0.025, 0.975))
    return {
        "method": name,
        "label": label,
        "value": round(float(np.sqrt(squared.mean())), 4),
        "ci95": [round(float(end), 4) for end in ends],
        "test": len(true),
    }


def _change(true: npt.NDArray[Any], base: npt.NDArray[Any], ours: npt.NDArray[Any]) -> dict[str, Any]:
    """How far the root mean squared error lies from the baseline's, as a share, with a paired interval."""
    draws = np.random.default_rng(0).integers(len(true), size=(DRAWN, len(true)))
    errors = [np.sqrt(((true - told) ** 2)[draws].mean(axis=1)) for told in (base, ours)]
    whole = [float(np.sqrt(((true - told) ** 2).mean())) for told in (base, ours)]
    ends = np.quantile(errors[1] / errors[0] - 1, (0.025, 0.975))
    return {"value": round(whole[1] / whole[0] - 1, 4), "ci95": [round(float(end), 4) for end in ends]}
