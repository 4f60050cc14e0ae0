"""Several interest vectors instead of one, where a taste is mixed: groups of what was bought."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.interest.interest_vector import unit
from recsys.schema import Floats, Rows

MOST: Final = 4  # groups; more are hardly told apart by who reads them
LEAST_PRODUCTS: Final = 8  # different ones, from which on a taste can be mixed
MOST_PRODUCTS: Final = 300  # of somebody who bought thousands; the rest changes no group and takes seconds
APART: Final = 0.08  # mean silhouette, from which on groups are groups and no cut through one cloud
SEED: Final = 0


@dataclass(frozen=True, slots=True, eq=False)
class Tastes:
    """What somebody likes, as one or several directions; the largest first."""

    vectors: Floats  # (g, d) of length 1
    shares: npt.NDArray[np.float64]  # (g,) of the weight of what was bought
    of: Rows  # (u,) the group of each product
    silhouette: float  # how well apart they are, -1 to 1 (Rousseeuw 1987); NaN for one group


def tastes(vectors: Floats, weights: Floats) -> Tastes | None:
    """The groups of what was bought: `vectors` (u, d) of length 1, `weights` (u,) > 0. None where there is nothing.

    How many there are is found on the MOST_PRODUCTS that weigh most; every other product goes to the nearest.

    k-means on unit vectors (spherical up to the scale of the means) for 2 to MOST groups; the number with the largest
    silhouette counts, if that is at least APART, and one group else. As PinnerSage (Pal et al., KDD 2020) keeps several
    vectors a person instead of their mean, which lies where nothing that they like is.
    """
    if len(vectors) == 0:
        return None
    together = np.zeros(len(vectors), np.int32)
    one = Tastes(_means(vectors, weights, together), np.ones(1), together, float("nan"))
    distinct = len(np.unique(vectors, axis=0))
    if distinct < LEAST_PRODUCTS:
        return one
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score

    heavy = np.argsort(-weights, kind="stable")[:MOST_PRODUCTS]
    best = one
    for groups in range(2, min(MOST, len(np.unique(vectors[heavy], axis=0)) - 1) + 1):
        fitted = KMeans(groups, n_init=2, random_state=SEED).fit(vectors[heavy], sample_weight=weights[heavy])
        if len(np.unique(fitted.labels_)) < groups:
            continue
        apart = float(silhouette_score(vectors[heavy], fitted.labels_, metric="cosine"))
        if apart >= APART and not apart <= best.silhouette:  # NaN is no figure to beat
            best = _grouped(vectors, weights, fitted.predict(vectors).astype(np.int32), apart)
    return best


def _grouped(vectors: Floats, weights: Floats, of: Rows, apart: float) -> Tastes:
    totals = np.bincount(of, weights=weights)
    order = np.argsort(-totals, kind="stable")
    place = np.argsort(order)
    renamed = place[of].astype(np.int32)
    return Tastes(_means(vectors, weights, renamed), totals[order] / totals.sum(), renamed, apart)


def _means(vectors: Floats, weights: Floats, of: Rows) -> Floats:
    means = [weights[of == each] @ vectors[of == each] for each in range(int(of.max()) + 1)]
    units = [unit(mean.astype(np.float32)) for mean in means]
    return np.stack([vectors[of == at][0] if each is None else each for at, each in enumerate(units)])
