"""How good ranked lists are, visit by visit, measured by the library of the retrieval community (ir-measures)."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from recsys.schema import Mask, Rows

METRICS: Final = ("ndcg", "recall", "precision", "f1", "hit", "mrr", "map")
CUTOFFS: Final = (10, 20)

Doubles = npt.NDArray[np.float64]


def accuracy(top: Rows, relevant: sparse.csr_array, cutoffs: Sequence[int] = CUTOFFS) -> pd.DataFrame:
    """Seven accuracy metrics of the k best items of each visit: b rows, columns "ndcg@10", "recall@10" ...

    `top` (b, w) holds rows of items best first, -1 after the last one; `relevant` (b, n_items) is above 0 where the
    shopper took the item. A visit without any relevant item has nothing to find: its row is NaN, and
    `accuracy(...).mean()` leaves it out. With h hits among the best k, and r relevant items:

    - nDCG: sum over hits of 1 / log2(rank + 1), divided by that sum for the best list there could be, which has
      min(k, r) hits at its head (binary gains; Järvelin & Kekäläinen, "Cumulated gain-based evaluation of IR
      techniques", TOIS 2002)
    - recall: h / r; precision: h / k, a list shorter than k counts as filled with misses; F1: their harmonic mean in
      each visit, 0 where both are 0
    - hit: 1 where h > 0, else 0; MRR: 1 / rank of the first hit, 0 where h = 0
    - MAP: sum over hits of the precision down to that hit, divided by r, as in trec_eval, *not* by min(k, r): where
      r > k a perfect list scores k / r. Other libraries divide by min(k, r) and report larger figures.

    Values are those of ir-measures 0.4.3 (MacAvaney, Macdonald & Ounis, "Streamlining Evaluation with ir-measures",
    ECIR 2022) over pytrec_eval (Van Gysel & de Rijke, SIGIR 2018); F1 and MRR@k are put together from them.
    36,000 visits with 20 items each take 0.3 s on one core.

    Raises ValueError when a cut-off is below 1 or beyond the width of `top`, when the shapes differ, or when a list
    names an item twice, an item that does not exist, or an item after a -1.
    """
    _check(top, relevant, cutoffs)
    found = _measured(_hits(top, relevant), _ones(relevant).sum(axis=1).astype(np.int32), cutoffs)
    table = pd.DataFrame(index=pd.RangeIndex(len(top)))
    for k in cutoffs:
        precision, recall, hit = found[f"P@{k}"], found[f"R@{k}"], found[f"Success@{k}"]
        table[f"ndcg@{k}"] = found[f"nDCG@{k}"]
        table[f"recall@{k}"] = recall
        table[f"precision@{k}"] = precision
        table[f"f1@{k}"] = 2 * precision * recall / np.where(hit > 0, precision + recall, 1.0)
        table[f"hit@{k}"] = hit
        table[f"mrr@{k}"] = found["RR"] * hit  # the provider knows no RR@k; a first hit beyond k counts as none
        table[f"map@{k}"] = found[f"AP@{k}"]
    return table


def of_items(relevant: sparse.csr_array, some: Mask) -> sparse.csr_array:
    """What of `relevant` (b, n_items) are items marked in `some` (n_items,): cold ones, say."""
    columns = sparse.diags_array(some.astype(relevant.dtype))
    kept = sparse.csr_array(relevant @ columns)
    kept.eliminate_zeros()
    return kept


def repeat_and_first_time(
    relevant: sparse.csr_array, history: sparse.csr_array
) -> tuple[sparse.csr_array, sparse.csr_array]:
    """What of `relevant` the shopper had taken before, and what for the first time; both (b, n_items).

    `history` (b, n_items) is above 0 where the shopper had taken the item. `accuracy` of each part, with the lists as
    they were shown, says how well repeats and first purchases are found; visits without any of the kind are NaN there
    and left out of the mean (Li, Jullien, Ariannezhad & de Rijke, "A Next Basket Recommendation Reality Check", TOIS
    2023). Raises ValueError when the shapes differ.
    """
    if relevant.shape != history.shape:
        raise ValueError(f"relevant is {relevant.shape} and history {history.shape}; both must be (b, n_items)")
    taken = _ones(relevant)
    repeat = sparse.csr_array(taken.multiply(_ones(history)))
    first_time = sparse.csr_array(taken - repeat)
    first_time.eliminate_zeros()
    return repeat, first_time


def _ones(matrix: sparse.csr_array) -> sparse.csr_array:
    """1 where the matrix is above 0."""
    return sparse.csr_array((matrix > 0).astype(np.float32))


def _hits(top: Rows, relevant: sparse.csr_array) -> Mask:
    """At which places of each list a relevant item stands, (b, w)."""
    b, n_items = relevant.shape
    visits, items = _ones(relevant).nonzero()
    taken = visits.astype(np.int64) * n_items + items
    shown = np.arange(b, dtype=np.int64)[:, None] * n_items + top  # (b, w)
    return np.isin(shown, taken) & (top >= 0)


def _measured(hits: Mask, n_relevant: Rows, cutoffs: Sequence[int]) -> dict[str, Doubles]:
    """The values of each measure by its name in ir-measures, (b,) each, NaN for visits with nothing relevant.

    A metric depends on nothing but the places of the hits and the number of relevant items, so the library is asked
    once for each such pattern: where one item is held out of a list of 20 there are 21 of them in 36,000 visits. One
    call per visit takes 4 s and gives the same figures.
    """
    from ir_measures import AP, RR, P, R, Success, nDCG, pytrec_eval

    asked = n_relevant > 0
    patterns, pattern_of = np.unique(np.column_stack([hits, n_relevant])[asked], axis=0, return_inverse=True)
    judged = {str(row): _judgements(pattern[:-1], pattern[-1]) for row, pattern in enumerate(patterns)}
    # the library sorts by score and breaks ties by name: scores that fall strictly keep the order of the list
    run = {str(place): float(-place) for place in range(hits.shape[1])}
    measures = [measure @ k for measure in (nDCG, R, P, Success, AP) for k in cutoffs] + [RR]
    found = {str(measure): np.full(len(patterns), np.nan) for measure in measures}
    for pattern, measure, value in pytrec_eval.evaluator(measures, judged).iter_calc(dict.fromkeys(judged, run)):
        found[str(measure)][int(pattern)] = value
    values = {name: np.full(len(hits), np.nan) for name in found}
    for name, of_pattern in found.items():
        values[name][asked] = of_pattern[pattern_of]
    return values


def _judgements(hits: Rows, n_relevant: int) -> dict[str, int]:
    """The relevant items of a pattern in the library's shape: those shown by their place, those missed by a number."""
    shown = {str(place): 1 for place in np.flatnonzero(hits)}
    return shown | {f"missed {number}": 1 for number in range(n_relevant - len(shown))}


def _check(top: Rows, relevant: sparse.csr_array, cutoffs: Sequence[int]) -> None:
    b, n_items = relevant.shape
    if top.ndim != 2 or len(top) != b:
        raise ValueError(f"top is {top.shape} and relevant {relevant.shape}; both must have one row per visit")
    if not cutoffs or min(cutoffs) < 1:
        raise ValueError(f"cut-offs {tuple(cutoffs)} must be 1 or more, and at least one")
    if max(cutoffs) > top.shape[1] < n_items:
        raise ValueError(f"cut-off {max(cutoffs)} is beyond the {top.shape[1]} items in a list; rank more items")
    if top.size and (top.min() < -1 or top.max() >= n_items):
        raise ValueError(f"top holds rows {top.min()} to {top.max()}; items are 0 to {n_items - 1}, -1 is none")
    if ((top[:, 1:] >= 0) & (top[:, :-1] < 0)).any():
        raise ValueError("a list has an item after a -1; -1 may stand at the end only")
    ordered = np.sort(top, axis=1)
    if ((ordered[:, 1:] == ordered[:, :-1]) & (ordered[:, 1:] >= 0)).any():
        raise ValueError("a list names an item twice; each item may stand once")
