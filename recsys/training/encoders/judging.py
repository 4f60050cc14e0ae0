"""How well an encoder finds: judged queries, artificial ones, agreement with another encoder."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys.evaluation.search.judgments import Judgments
from recsys.evaluation.search.searching import judge
from recsys.evaluation.search.systems import Meaning, by_id
from recsys.evaluation.significance import compare, intervals
from recsys.schema import Floats

TOP: Final = 10
MOST_PAIRS: Final = 300  # products kept apart that are looked for among each other
NDCG, POOLED, PAIRS = "ndcg@10", "pooled_ndcg@10", "pairs_ndcg@10"
RESPELT: Final = "respelt_ndcg@10"
RULES: Final = {
    NDCG: "judged queries, cosine alone, over all products that were encoded; gain 2^rating - 1, unjudged 0",
    POOLED: "the same among the judged products of each query",
    PAIRS: "artificial queries: the name of a product that was kept apart looks for its own description, facts and "
    "category among those of the others; 1 / log2(rank + 1) within the first ten, else 0",
    "agreement": "share of the full model's ten best products that are among its own ten best, the mean over queries",
    "interval": "percentile bootstrap over queries, 95 %; differences are paired, query by query",
}
RESPELT_RULE: Final = (
    "the same artificial queries, each name written as somebody else would: a slip of the keyboard, words in other "
    "order, joined or apart, singular or plural, no accents, no brand, a synonym of the shop's"
)

Encode = Callable[[Sequence[str]], Floats]


def pair_values(names: Floats, rests: Floats) -> Floats:
    """(b,) 1 / log2(rank + 1) of each name's own rest among all rests, 0 past the tenth; equal scores count against.

    `names` and `rests` are vectors (b, d), those of one product in one row.
    """
    scores = names @ rests.T  # (b, d) @ (d, b) -> (b, b)
    own = np.diag(scores)[:, None]
    ranks = (scores > own).sum(axis=1) + (scores == own).sum(axis=1)  # itself is equal to itself: the best is 1
    found: Floats = np.where(ranks <= TOP, 1 / np.log2(ranks + 1), 0.0).astype(np.float32)
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Artificial:
    """Artificial queries as vectors (b, d): names, the rests that each looks for, and the names written otherwise."""

    names: Floats
    rests: Floats
    respelt: Floats

    @classmethod
    def of(cls, encode: Encode, pairs: Sequence[tuple[str, str]], respelt: Sequence[str]) -> Artificial:
        """Those of the pairs (name, rest), `respelt` beside each."""
        return cls(encode([name for name, _ in pairs]), encode([rest for _, rest in pairs]), encode(respelt))

    def values(self) -> dict[str, Floats]:
        """PAIRS and RESPELT -> (b,) values."""
        return {PAIRS: pair_values(self.names, self.rests), RESPELT: pair_values(self.respelt, self.rests)}

    def short(self, turn: Floats) -> Floats:
        """(b,) values of the names by vectors that were turned by (d, k) and made of length 1 again."""
        return pair_values(_unit(self.names @ turn), _unit(self.rests @ turn))


def _unit(rows: Floats) -> Floats:
    found: Floats = rows / np.maximum(np.linalg.norm(rows, axis=1, keepdims=True), 1e-12)
    return found


def judged_values(queries: Encode, vectors: Floats, ids: Sequence[str], judgments: Judgments) -> pd.DataFrame:
    """(b, 2) NDCG and POOLED of each judged query, by cosine alone over `vectors` (n, d)."""
    system = Meaning(vectors, lambda query: queries([query])[0], by_id(ids))
    return judge(system, ids, judgments).values[[NDCG, POOLED]]


def top_rows(query_vectors: Floats, vectors: Floats, k: int = TOP) -> Any:
    """(q, k) the best rows of each query, ties by row."""
    scores = query_vectors @ vectors.T  # (q, d) @ (d, n) -> (q, n)
    return np.argsort(-scores, axis=1, kind="stable")[:, :k]


def agreement(ours: Any, theirs: Any) -> float:
    """The mean share of rows that stand in both lists, (q, k) and (q, k)."""
    return float(np.mean([len(np.intersect1d(a, b)) / len(a) for a, b in zip(ours, theirs, strict=True)]))


def figure(values: Floats, full: Floats | None) -> dict[str, Any]:
    """The mean of some queries' values with its interval, and the paired difference to the full model's values."""
    row = intervals(pd.DataFrame({"value": values})).iloc[0]
    found: dict[str, Any] = {"mean": _short(row["mean"]), "ci95": [_short(row["low"]), _short(row["high"])]}
    if full is not None:
        lead = compare(pd.DataFrame({"own": values, "full": full}).astype(np.float64)).iloc[0]
        found |= {
            "change": _short(lead["difference"]),
            "change_ci95": [_short(lead["low"]), _short(lead["high"])],
            "p": _short(lead["p"]),
        }
    return found | {"queries": len(values)}


def _short(value: Any) -> float:
    return float(f"{float(value):.6g}")
