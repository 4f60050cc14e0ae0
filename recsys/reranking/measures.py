"""What a slate is worth besides relevance: figures of one list, each with its definition."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.datasets.health import gini
from recsys.reranking.calibration import calibration_error
from recsys.reranking.contract import Doubles, Pool
from recsys.schema import Rows


@dataclass(frozen=True, slots=True)
class Measure:
    """A figure of a slate, as pages name it."""

    name: str
    label: str
    help: str  # its definition
    unit: str = ""  # "share", "money", "bits" or "nats"; "" for a plain number
    higher_is: str = ""  # "more diverse", say; "" where that is nobody's aim


MEASURES: Final[tuple[Measure, ...]] = (
    Measure(
        "relevance",
        "Relevance kept",
        "The scores of the products shown, each divided by log2(place + 1), as a share of what the best order has. "
        "Points of scores are no purchases: what those lose is measured on held-out visits, below.",
        "share",
        "better",
    ),
    Measure(
        "diversity",
        "Intra-list diversity",
        "1 minus the mean cosine over all pairs of products shown: 0 when all are the same, 1 when they have nothing "
        "in common (Ziegler et al. 2005).",
        "",
        "more diverse",
    ),
    Measure(
        "entropy",
        "Category entropy",
        "How evenly the products shown spread over categories, -sum of p log2 p: 0 when all are of one, log2 of their "
        "number when each has as many.",
        "bits",
        "more even",
    ),
    Measure(
        "novelty",
        "Novelty",
        "Mean self-information, log2(shoppers / buyers): how surprising it is that somebody knows what is shown "
        "(Zhou et al. 2010). One bit more is half as well known.",
        "bits",
        "less known",
    ),
    Measure(
        "calibration",
        "Calibration error",
        "KL divergence from the shopper's own mix to that of the products shown (Steck 2018): 0 when the shelf is "
        "mixed as the shopper's purchases are, 4.6 when they share nothing.",
        "nats",
    ),
    Measure(
        "tail",
        "Share of long tail",
        "The share of the products shown that are in the long tail: the least bought products, which together make a "
        "fifth of all purchases.",
        "share",
    ),
    Measure(
        "gini",
        "Gini of exposure",
        "How unevenly the places shown, each worth 1 / log2(place + 1), are shared among the makers of the candidates "
        "(categories, where makers are not known): 0 when all get as much, towards 1 when one gets all.",
    ),
    Measure("price", "Average price", "The mean of the prices that are known of the products shown.", "money"),
    Measure(
        "margin",
        "Average margin",
        "(price - cost) / price, in the mean over the products shown of which both are known.",
        "share",
    ),
)


def measures(pool: Pool, slate: Rows, *, calibrate_to: str = "category") -> dict[str, float | None]:
    """Every measure of these positions (k,) of a pool, by its name; None where the pool does not know what it needs.

    Needs, beside vectors and relevance: labels "category" (and "brand"), the taste by `calibrate_to`, the figures
    "novelty", "price" and "margin", and the group "tail".
    """
    labels, figures = pool.labels, pool.figures
    k = len(slate)
    makers = labels.get("brand", labels.get("category"))
    taste = pool.tastes.get(calibrate_to) if calibrate_to in labels else None
    return {
        "relevance": relevance_kept(pool.relevance, slate),
        "diversity": _number(intra_list_diversity(pool, slate)),
        "entropy": None if "category" not in labels else _number(entropy(labels["category"][slate])),
        "novelty": _mean(figures, "novelty", slate),
        "calibration": _number(calibration_error(taste, labels[calibrate_to][slate])) if taste is not None else None,
        "tail": float(pool.groups["tail"][slate].mean()) if "tail" in pool.groups and k else None,
        "gini": None if makers is None else _number(gini_of_exposure(makers, slate)),
        "price": _mean(figures, "price", slate),
        "margin": _mean(figures, "margin", slate),
    }


def discounts(k: int) -> Doubles:
    """What each of k places is worth, 1 / log2(place + 1), the first one 1."""
    return 1.0 / np.log2(np.arange(2, k + 2))


def relevance_kept(relevance: Doubles, slate: Rows) -> float:
    """The discounted relevance of a slate as a share of the best that the pool has; 1 where nothing is relevant.

    Relevance below 0 counts as 0.
    """
    gains, worth = np.maximum(relevance, 0.0), discounts(len(slate))
    best = float(np.sort(gains)[::-1][: len(slate)] @ worth)
    return min(float(gains[slate] @ worth) / best, 1.0) if best > 0 else 1.0  # above 1 only by rounding


def intra_list_diversity(pool: Pool, slate: Rows) -> float:
    """1 - mean cosine over the pairs of a slate; NaN with fewer than two products of which anything is known."""
    vectors = pool.vectors[slate].astype(np.float64)
    known = int((np.einsum("kd,kd->k", vectors, vectors) > 0).sum())
    if known < 2:
        return float("nan")
    whole = vectors.sum(axis=0)  # |sum|^2 is the number of vectors and the cosines of all ordered pairs
    return float(1.0 - (whole @ whole - known) / (known * (known - 1)))


def entropy(labels: Rows) -> float:
    """-sum of p log2 p over the labels, those of -1 left out; NaN where none is known."""
    known = labels[labels >= 0]
    if len(known) == 0:
        return float("nan")
    shares = np.bincount(known) / len(known)
    shares = shares[shares > 0]
    return float(abs(-(shares * np.log2(shares)).sum()))


def gini_of_exposure(makers: Rows, slate: Rows) -> float:
    """The Gini index of what the makers of the candidates get of the places shown; NaN with fewer than two makers.

    G = sum over j = 1..n of (2 j - n - 1) e_j / (n sum of e), e_j the exposure of the j-th least exposed maker.
    """
    _, code = np.unique(makers, return_inverse=True)
    n = int(code.max()) + 1 - int((makers < 0).any())
    if n < 2:
        return float("nan")
    exposed = np.bincount(code[slate], discounts(len(slate)), minlength=int(code.max()) + 1).astype(np.float64)
    exposed = exposed[1:] if (makers < 0).any() else exposed  # -1 sorts first: no maker
    if exposed.sum() == 0:
        return float("nan")
    return gini(exposed)


def _mean(figures: Mapping[str, Doubles], name: str, slate: Rows) -> float | None:
    if name not in figures:
        return None
    values = figures[name][slate]
    values = values[np.isfinite(values)]
    return float(values.mean()) if len(values) else None


def _number(value: float) -> float | None:
    return None if np.isnan(value) else value
