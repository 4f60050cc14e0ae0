"""Settings of a search, chosen on some catalogues and judged on another: what to expect where nobody has judged.

A setting that was chosen on a catalogue's own queries has learned them. Here every catalogue is left out in turn, and
with it every other set of queries over the same products; the settings are chosen on what is left, where each
catalogue counts alike however many its queries are. All is compared with a plain mix of words and meaning that has
nothing to choose, and of settings that nobody can tell apart the one nearest to that mix is taken (the rule of one
standard error: Breiman et al., "Classification and Regression Trees", 1984, ch. 3).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.evaluation.significance import intervals

CUTOFF: Final = 10
MEASURES: Final = ("pooled_ndcg@10", "ndcg@10")
Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Asked:
    """The figures of one set of queries under every setting."""

    name: str
    catalogue: str  # sets of queries over the same products are left out together
    values: Doubles  # (settings, queries, 2): MEASURES
    plain: Doubles  # (queries, 2): those of the plain mix

    @property
    def gains(self) -> Doubles:
        """(settings, queries) what each query gains over the plain mix, both measures counting alike."""
        gained: Doubles = (self.values - self.plain).mean(axis=2)
        return gained


def ndcg(scores: npt.NDArray[np.floating[Any]], graded: Mapping[int, int]) -> tuple[float, float]:
    """(nDCG@10 among the judged alone, among all products); `scores` (n,), `graded` grades by row.

    Gain 2^grade - 1, discount log2(rank + 1), ideal from the judged, unjudged products have 0; ties go by row.
    """
    rows = np.array(sorted(graded), np.int64)
    grades = np.array([graded[int(row)] for row in rows], np.int64)
    best = _gained(-np.sort(-grades))
    if best == 0:
        return 0.0, 0.0
    judged = grades[np.argsort(-scores[rows], kind="stable")]
    ahead = np.flatnonzero(scores >= np.partition(scores, -CUTOFF)[-CUTOFF]) if len(scores) > CUTOFF else None
    first = np.argsort(-scores, kind="stable") if ahead is None else ahead[np.argsort(-scores[ahead], kind="stable")]
    among_all = np.array([graded.get(int(row), 0) for row in first[:CUTOFF]], np.int64)
    return _gained(judged) / best, _gained(among_all) / best


def _gained(grades: npt.NDArray[np.int64]) -> float:
    first = grades[:CUTOFF]
    return float(((2.0**first - 1) / np.log2(np.arange(2, len(first) + 2))).sum())


def chosen(sets: Sequence[Asked]) -> tuple[int, int]:
    """(the setting with the highest mean gain, the first one within a standard error of it).

    Settings are listed from the plainest on. A catalogue's gain is the mean over its queries, of all its sets; the
    standard error is that of the mean over catalogues of the best setting's gains.
    """
    catalogues = list(dict.fromkeys(one.catalogue for one in sets))
    squares = 0.0
    of_each = {name: np.hstack([one.gains for one in sets if one.catalogue == name]) for name in catalogues}
    gains = np.array([found.mean(axis=1) for found in of_each.values()])  # (catalogues, settings)
    mean = gains.mean(axis=0)
    best = int(mean.argmax())
    for found in of_each.values():
        squares += float(found[best].var()) / found.shape[1]
    error = float(np.sqrt(squares)) / len(catalogues)
    return best, int(np.flatnonzero(mean >= mean[best] - error)[0])


def kept_apart(sets: Sequence[Asked], settings: Sequence[str], named: Mapping[str, int]) -> list[dict[str, Any]]:
    """A line for each set of queries: the plain mix, what the other catalogues chose, and the `named` settings.

    Raises ValueError where there is one catalogue only: nothing would be left to choose on.
    """
    lines = []
    for one in sets:
        others = [other for other in sets if other.catalogue != one.catalogue]
        if not others:
            raise ValueError("settings are chosen on other catalogues; there is only one")
        best, plainest = chosen(others)
        ways = {"chosen elsewhere": best, "plainest within chance": plainest, **named}
        lines.append(
            {"queries_of": one.name, "catalogue": one.catalogue, "queries": one.plain.shape[0]}
            | {"chosen_on": [other.name for other in others]}
            | {"plain mix": _with_intervals(one.plain, MEASURES)}
            | {way: _judged(one, place, settings[place]) for way, place in ways.items()}
        )
    return lines


def _judged(one: Asked, place: int, setting: str) -> dict[str, Any]:
    """The figures of a setting on a set of queries, and what they gain over the plain mix, query by query."""
    gained = one.values[place] - one.plain
    both = np.column_stack([gained, gained.mean(axis=1)])
    return {
        "setting": setting,
        **_with_intervals(one.values[place], MEASURES),
        "gain": _with_intervals(both, (*MEASURES, "both")),
    }


def _with_intervals(values: Doubles, names: Sequence[str]) -> dict[str, Any]:
    table = intervals(pd.DataFrame(values, columns=list(names)))
    rounded = table[["mean", "low", "high"]].round(4)
    return {
        str(name): {"mean": float(row["mean"]), "ci95": [float(row["low"]), float(row["high"])]}
        for name, row in rounded.iterrows()
    }
