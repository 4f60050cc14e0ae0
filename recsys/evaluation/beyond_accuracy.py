"""What lists are worth beyond accuracy: coverage, fairness of exposure, novelty, diversity, serendipity, popularity.

Lists are `top` (b, k): rows of items best first, -1 for nothing; give `top[:, :10]` to measure at 10. What can be said
of one visit is returned per visit, (b,), NaN where that visit says nothing, so that it can be averaged, sliced and
resampled; coverage and Gini are properties of all lists together.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.recommenders.contract import SideInformation
from recsys.schema import Rows

Doubles = npt.NDArray[np.float64]
Counts = npt.NDArray[np.int64]


def popularity(training: Interactions) -> Counts:
    """How many shoppers took each item in the training data, (n_items,): however often one took it, it counts once."""
    return np.bincount(training.matrix().indices, minlength=training.n_items)


def exposure(top: Rows, n_items: int) -> Counts:
    """In how many lists each item stands, (n_items,)."""
    return np.bincount(top[top >= 0], minlength=n_items)


def catalogue_coverage(top: Rows, n_items: int) -> float:
    """The share of all items that stand in any list: |union of the lists| / n_items, 0 to 1.

    Ge, Delgado-Battenfeld & Jannach, "Beyond accuracy: evaluating recommender systems by coverage and serendipity",
    RecSys 2010.
    """
    return float(np.count_nonzero(exposure(top, n_items)) / n_items)


def gini(exposed: Counts) -> float:
    """The Gini index of exposure: 0 when every item is shown equally often, 1 when one item takes every place.

    G = sum over j = 1..n of (2 j - n - 1) p_j / (n - 1), p_j the share of all exposure of the item that is j-th from
    the rarest (Shani & Gunawardana, "Evaluating Recommendation Systems", Recommender Systems Handbook, 2011). Items
    never shown belong to it, with p = 0. With k items a list it cannot reach 1, as one list shows k different items.
    NaN when nothing was shown; 0 with a single item.
    """
    n, shown = len(exposed), exposed.sum()
    if shown == 0:
        return float("nan")
    if n == 1:
        return 0.0
    places = 2 * np.arange(1, n + 1) - n - 1
    return float((places * np.sort(exposed)).sum() / ((n - 1) * shown))


def novelty(top: Rows, taken_by: Counts, n_shoppers: int) -> Doubles:
    """Mean self-information of the items shown, (b,) bits: how surprising it is that a shopper knows them.

    log2(n_shoppers / taken_by), where `taken_by` (n_items,) is how many training shoppers took the item (Zhou et al.,
    "Solving the apparent diversity-accuracy dilemma of recommender systems", PNAS 2010). An item that nobody took
    would be infinitely novel; it counts as taken by one. NaN for an empty list.
    """
    if n_shoppers < taken_by.max(initial=1):
        raise ValueError(f"n_shoppers={n_shoppers} is less than the {taken_by.max()} shoppers of one item")
    return _mean_of_shown(top, np.log2(n_shoppers / np.maximum(taken_by, 1)))


def average_popularity(top: Rows, taken_by: Counts) -> Doubles:
    """Average recommendation popularity (ARP), (b,): how many training shoppers took the items shown, in the mean.

    Yin, Cui, Li, Yao & Chen, "Challenging the Long Tail Recommendation", VLDB 2012. NaN for an empty list.
    """
    return _mean_of_shown(top, taken_by.astype(np.float64))


def popularity_percentile(top: Rows, taken_by: Counts) -> Doubles:
    """Popularity bias, (b,) 0 to 1: the share of the catalogue that is less popular than what is shown, in the mean.

    ARP depends on the size of the data; this does not. Equal items share the middle of their places (mid-rank), so
    that lists drawn blindly from the catalogue have 0.5 in the mean. NaN for an empty list.
    """
    from scipy.stats import rankdata

    return _mean_of_shown(top, (rankdata(taken_by) - 0.5) / len(taken_by))


def intra_list_diversity(top: Rows, side: SideInformation) -> Doubles | None:
    """How unlike each other the items of a list are, (b,): 1 - mean cosine over the pairs of a list.

    By the text vectors where there are any, else by the attributes; None where there are neither. Pairs with an item
    of which nothing is known are left out, and a list with fewer than two known items is NaN. 0: all the same; 1:
    nothing in common; above 1 where vectors point away from each other. Ziegler, McNee, Konstan & Lausen, "Improving
    Recommendation Lists Through Topic Diversification", WWW 2005 (intra-list similarity); its complement as in Smyth &
    McClave, "Similarity vs. Diversity", ICCBR 2001.

    The mean over pairs needs no pairs: the cosines of all ordered pairs of unit vectors sum to |sum of the vectors|^2
    less the number of vectors.
    """
    described = side.vectors if side.vectors is not None else side.attributes
    if described is None:
        return None
    unit, known = _unit_rows(described)  # (n, d), (n,)
    lists = _lists(top, unit.shape[0])  # (b, n)
    size = lists @ known  # (b,) known items per list
    whole = lists @ unit  # (b, n) @ (n, d) -> (b, d)
    square = np.einsum("bd,bd->b", whole, whole) if isinstance(whole, np.ndarray) else (whole * whole).sum(axis=1)
    enough = size >= 2
    cosine = (square - size) / np.where(enough, size * (size - 1), 1)
    return np.where(enough, 1 - cosine, np.nan)


def serendipity(top: Rows, relevant: sparse.csr_array, expected: Rows) -> Doubles:
    """The share of a list that is relevant and unexpected, (b,): |relevant and shown, less the expected| / k.

    `expected` is what anybody would have shown, the k best of the popularity baseline: (b, k), or (k,) for all visits
    alike. Ge, Delgado-Battenfeld & Jannach, RecSys 2010, after Murakami, Mori & Orihara, "Metrics for Evaluating the
    Serendipity of Recommendation Lists", 2008. NaN for visits without any relevant item, as in `accuracy`.
    """
    n_items = relevant.shape[1]
    wanted = sparse.csr_array((relevant > 0).astype(np.float64))
    hits = sparse.csr_array(_lists(top, n_items).multiply(wanted))
    obvious = hits.multiply(_lists(np.broadcast_to(expected, (len(top), expected.shape[-1])), n_items))
    unexpected = (hits - obvious).sum(axis=1)  # (b,)
    return np.where(wanted.sum(axis=1) > 0, unexpected / top.shape[1], np.nan)


def _lists(top: Rows, n_items: int) -> sparse.csr_array:
    """(b, n_items), 1 where the list of the visit holds the item."""
    shown = top >= 0
    indptr = np.concatenate([[0], np.cumsum(shown.sum(axis=1))])
    return sparse.csr_array((np.ones(indptr[-1]), top[shown], indptr), shape=(len(top), n_items))


def _mean_of_shown(top: Rows, values: Doubles) -> Doubles:
    """The mean of `values` (n_items,) over the items of each list, (b,)."""
    shown = top >= 0
    count = shown.sum(axis=1)
    total = np.where(shown, values[np.where(shown, top, 0)], 0.0).sum(axis=1)
    return np.where(count > 0, total / np.maximum(count, 1), np.nan)


def _unit_rows(described: npt.NDArray[np.float32] | sparse.csr_array) -> tuple[sparse.csr_array | Doubles, Doubles]:
    """The rows scaled to length 1, (n, d), and 1 for each row that is not all zero, (n,)."""
    squares = described.astype(np.float64) ** 2
    length = np.sqrt(squares.sum(axis=1))
    scale = 1 / np.where(length > 0, length, 1.0)  # (n,)
    known = (length > 0).astype(np.float64)
    if isinstance(described, np.ndarray):
        return described * scale[:, None], known
    return sparse.csr_array(sparse.diags_array(scale) @ described), known
