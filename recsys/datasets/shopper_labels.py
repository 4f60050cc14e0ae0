"""Shoppers in plain words from their own data, and a short list of varied ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s

SHORT_LIST: Final = 12
SEED: Final = 20170101
ENOUGH_BASKETS: Final = 20  # a shopper worth picking has been seen often
PRIOR_LINES: Final = 60  # lines of the average shopper added to each shopper, so that rare luck does not name it
LEAST_LINES: Final = 4  # a category counts as the shopper's own from here on
CADENCES: Final = (  # up to this many days between shopping days, in the median
    (1.5, "Daily shopper"), (2.5, "Shops three times a week"), (5.0, "Shops twice a week"), (9.0, "Weekly shopper"),
    (18.0, "Shops every two weeks"), (45.0, "Monthly shopper"), (np.inf, "Occasional shopper"),
)  # fmt: skip
FIGURES: Final = (s.BASKETS, s.LINES, s.PRODUCTS, s.SPEND, s.DAYS_BETWEEN)

Counts = npt.NDArray[np.float64]


def describe(
    events: pd.DataFrame,
    items: pd.DataFrame,
    ids: np.ndarray,
    *,
    traits: pd.DataFrame | None = None,
    said_traits: Sequence[str] = (),
    said: Mapping[str, str] | None = None,
    nothing: str = "Bought nothing yet",
) -> pd.DataFrame:
    """The shoppers table: one row per id in `ids`, with figures, a label, traits and the place on the short list.

    `traits` (n_shoppers, any) are columns of text about them, "" where it is not known, of which `said_traits` stand in
    the label. `said` is how a label says a category, None: in small letters, and "" or absence keeps it out (private,
    or too vague). `nothing` is the label of somebody who bought nothing.
    """
    traits = pd.DataFrame(index=pd.RangeIndex(len(ids))) if traits is None else traits
    shoppers = pd.concat([_figures(events, len(ids)), traits], axis=1)
    shoppers.insert(0, s.SHOPPER, np.arange(len(ids), dtype=np.int32))
    shoppers.insert(1, s.SHOPPER_ID, ids)
    codes, categories = pd.factorize(items[s.CATEGORY], sort=True)
    counts = category_counts(events, codes, len(ids), len(categories))
    lift = log_lift(counts)
    words = [c.lower() if said is None else said.get(c, "") for c in map(str, categories)]
    labels = _labels(shoppers, counts, lift, words, said_traits, nothing)
    shoppers.insert(2, s.LABEL, pd.Series(labels, dtype="str"))
    known = (traits[list(said_traits)] != "").any(axis=1).to_numpy() if said_traits else np.ones(len(ids), np.bool_)
    shoppers[s.FEATURED] = short_list(shoppers, counts, lift, known)
    columns = [s.SHOPPER, s.SHOPPER_ID, s.LABEL, *traits.columns, *FIGURES, s.FEATURED]
    return shoppers[columns]


def _figures(events: pd.DataFrame, n: int) -> pd.DataFrame:
    """Baskets, lines, products, spend and the median days between shopping days, by shopper row."""
    by = events.groupby(s.SHOPPER)
    rows = pd.RangeIndex(n)
    distinct = {c: events.drop_duplicates([s.SHOPPER, c]).groupby(s.SHOPPER).size() for c in (s.BASKET, s.ITEM)}
    days = pd.DataFrame({s.SHOPPER: events[s.SHOPPER], "day": events[s.TIME].dt.normalize()}).drop_duplicates()
    gaps = days.groupby(s.SHOPPER)["day"].diff().dt.days
    figures = pd.DataFrame(
        {
            s.BASKETS: distinct[s.BASKET],
            s.LINES: by.size(),
            s.PRODUCTS: distinct[s.ITEM],
            s.SPEND: by[s.PAID].sum().round(2),
            s.DAYS_BETWEEN: gaps.groupby(days[s.SHOPPER]).median(),
        }
    )
    figures = figures.reindex(rows)
    counts = [s.BASKETS, s.LINES, s.PRODUCTS]
    return figures.fillna(dict.fromkeys([*counts, s.SPEND], 0)).astype(dict.fromkeys(counts, "int64"))


def category_counts(events: pd.DataFrame, item_category: np.ndarray, n: int, n_categories: int) -> Counts:
    """How many lines each shopper bought of each category: (n, n_categories)."""
    flat = events[s.SHOPPER].to_numpy(np.int64) * n_categories + item_category[events[s.ITEM].to_numpy()]
    return np.bincount(flat, minlength=n * n_categories).reshape(n, n_categories).astype(np.float64)


def log_lift(counts: Counts) -> Counts:
    """How much more often than everyone each shopper buys each category, as a logarithm, shrunk towards 0.

    log((c + prior * p) / ((lines + prior) * p)), p the category's share of all lines. Same shape as `counts`.
    """
    share = counts.sum(axis=0) / counts.sum()  # (m,)
    share = np.maximum(share, 1e-12)  # a category nobody bought lifts nobody
    lines = counts.sum(axis=1, keepdims=True)  # (n, 1)
    lift: Counts = np.log((counts + PRIOR_LINES * share) / ((lines + PRIOR_LINES) * share))
    return lift


def cadence(days_between: float, baskets: int, nothing: str = "Bought nothing yet") -> str:
    """How often the shopper comes, in plain words."""
    if baskets == 0:
        return nothing
    if baskets < 3 or not np.isfinite(days_between):
        return "Rare shopper"
    return next(words for most, words in CADENCES if days_between <= most)


def _labels(
    shoppers: pd.DataFrame, counts: Counts, lift: Counts, said: list[str], said_traits: Sequence[str], nothing: str
) -> list[str]:
    """'Weekly shopper, cold cereal and frozen meals, 35-44, two adults with one child' for each shopper."""
    enough = (counts >= LEAST_LINES) & (lift > 0) & np.array([bool(words) for words in said], np.bool_)
    best = np.argsort(np.where(enough, -lift, np.inf), axis=1, kind="stable")[:, :2]
    labels = []
    figures = shoppers[[s.DAYS_BETWEEN, s.BASKETS, *said_traits]].itertuples(index=False, name=None)
    for row, (days, baskets, *known) in enumerate(figures):
        own = " and ".join(said[c] for c in best[row] if enough[row, c])
        labels.append(", ".join(p for p in (cadence(days, baskets, nothing), own, *known) if p))
    return labels


def short_list(
    shoppers: pd.DataFrame, counts: Counts, lift: Counts, known: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """0..11 for the medoids of twelve clusters of behaviour, -1 for the rest; the largest cluster comes first.

    Behaviour is what a shopper buys more than others (log lift, weighted as in TF-IDF by how few buy the
    category, reduced by singular value decomposition) and how often, how much and how widely it shops. Only shoppers
    of 20 baskets and more are clustered: a handful of purchases is no behaviour. The medoid is the shopper nearest to
    the cluster's centre, taken among those with known traits (`known`) where there are any. Labels of the list are all
    different. Deterministic under SEED.
    """
    n = len(shoppers)
    featured = np.full(n, -1, np.int64)
    active = np.flatnonzero(shoppers[s.BASKETS] >= ENOUGH_BASKETS)
    if len(active) < SHORT_LIST:  # a small data set: whoever bought something
        active = np.flatnonzero(shoppers[s.BASKETS] > 0)
    if len(active) == 0:
        return featured
    featured[active] = _medoids(shoppers.iloc[active], counts[active], lift[active], known[active])
    return featured


def _medoids(
    shoppers: pd.DataFrame, counts: Counts, lift: Counts, known: npt.NDArray[np.bool_]
) -> npt.NDArray[np.int64]:
    """The short list among shoppers who bought something."""
    from sklearn.cluster import KMeans

    featured = np.full(len(shoppers), -1, np.int64)
    clusters = min(SHORT_LIST, len(shoppers))
    points = _behaviour(shoppers, counts, lift)  # (n, d)
    model = KMeans(clusters, n_init=4, random_state=SEED).fit(points)
    distance = ((points - model.cluster_centers_[model.labels_]) ** 2).sum(axis=1)  # (n,)
    often = (shoppers[s.BASKETS] >= ENOUGH_BASKETS).to_numpy()
    preference = np.where(often & known, 0, np.where(often, 1, 2))
    sizes = np.bincount(model.labels_, minlength=clusters)
    taken: set[str] = set()
    place = 0
    for cluster in np.argsort(-sizes, kind="stable"):
        members = np.flatnonzero(model.labels_ == cluster)
        for row in members[np.lexsort((members, distance[members], preference[members]))]:
            label = str(shoppers[s.LABEL].iat[row])
            if label not in taken:
                taken.add(label)
                featured[row] = place
                place += 1
                break
    return featured


def _behaviour(shoppers: pd.DataFrame, counts: Counts, lift: Counts) -> Counts:
    """What and how each shopper buys: (n, up to 36)."""
    from scipy import sparse
    from sklearn.decomposition import TruncatedSVD

    bought = counts > 0
    rarity = np.log((1 + len(counts)) / (1 + bought.sum(axis=0)))  # (m,)
    taste = np.where(bought, np.maximum(lift, 0), 0) * (1 + rarity)  # (n, m)
    taste /= np.maximum(np.linalg.norm(taste, axis=1, keepdims=True), 1e-9)
    dimensions = min(32, min(taste.shape) - 1)
    parts = [taste]
    if dimensions >= 1:
        parts = [TruncatedSVD(dimensions, random_state=SEED).fit_transform(sparse.csr_array(taste))]
    days = shoppers[s.DAYS_BETWEEN].fillna(shoppers[s.DAYS_BETWEEN].max()).fillna(365.0)
    habits = np.column_stack(
        [
            np.log(days),
            np.log(shoppers[s.LINES] / shoppers[s.BASKETS]),
            np.log(shoppers[s.BASKETS]),
            np.log(shoppers[s.PRODUCTS] / shoppers[s.LINES]),
        ]
    )
    habits = (habits - habits.mean(axis=0)) / np.maximum(habits.std(axis=0), 1e-9)
    parts.append(0.12 * habits)  # as much weight in all as the taste: both then have a variance near 0.06 a column
    return np.hstack(parts)
