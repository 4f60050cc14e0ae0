"""Regions of a map, named by the words that tell them from the rest."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.schema import Floats

GRID: Final = (18, 12)  # cells across and down: a region is a few of them
MOST: Final = 14  # as many names as a screen holds without crowding
APART: Final = 0.26  # of a box 2 wide: nearer than that, names would cover each other
REACH: Final = 0.2  # products as near as that to a region's middle are its own
LEAST: Final = 8  # distinct names: fewer are no region
_WORD: Final = re.compile(r"[^\W\d_]{3,}")


@dataclass(frozen=True, slots=True)
class Region:
    """A crowd on a map: its middle, and what its products are called more than others."""

    x: float
    y: float
    words: str
    size: int  # products


def regions(positions: Floats, names: Sequence[str]) -> tuple[Region, ...]:
    """The crowded places of a plane, the largest first, each with its one or two most telling words.

    positions (n, 2) in a box from -1 to 1, names (n,). A word tells a region by Dunning's log-likelihood ratio (1993)
    of the names in it against all others; equal names count once, so that one popular name is not a region.
    """
    if not len(positions):
        return ()
    distinct, first = np.unique(np.asarray(names, dtype=object).astype(str), return_index=True)
    points = np.asarray(positions, np.float64)[first]
    bags = [frozenset(_WORD.findall(name.lower())) for name in distinct]
    everywhere = Counter(word for bag in bags for word in bag)
    found: list[Region] = []
    said: set[str] = set()
    for x, y in _peaks(points):
        if len(found) == MOST:
            break
        inside = np.flatnonzero(((points - (x, y)) ** 2).sum(axis=1) <= REACH**2)
        words = _telling([bags[i] for i in inside], everywhere, len(bags), said) if len(inside) >= LEAST else []
        if words:
            said.update(words)
            middle = np.median(points[inside], axis=0)
            found.append(Region(float(middle[0]), float(middle[1]), " & ".join(words), len(inside)))
    return tuple(found)


def _peaks(points: npt.NDArray[np.float64]) -> list[tuple[float, float]]:
    """Middles of the fullest cells, the fullest first, none nearer than APART to a fuller one."""
    counts, across, down = np.histogram2d(points[:, 0], points[:, 1], bins=GRID, range=((-1, 1), (-1, 1)))
    order = np.argsort(-counts, axis=None, kind="stable")
    kept: list[tuple[float, float]] = []
    for cell in order[counts.ravel()[order] > 0]:
        i, j = divmod(int(cell), GRID[1])
        at = float((across[i] + across[i + 1]) / 2), float((down[j] + down[j + 1]) / 2)
        if all((at[0] - x) ** 2 + (at[1] - y) ** 2 >= APART**2 for x, y in kept):
            kept.append(at)
    return kept


def _telling(inside: Sequence[frozenset[str]], everywhere: Counter[str], total: int, said: set[str]) -> list[str]:
    """The word that tells these names from all others best, and a second one that other names among them hold."""
    counts = Counter(word for bag in inside for word in bag)
    rest = total - len(inside)
    strength = {
        word: _log_likelihood(k, len(inside), everywhere[word] - k, rest)
        for word, k in counts.items()
        if k >= 2 and word not in said and k * max(rest, 1) > (everywhere[word] - k) * len(inside)
    }
    best = sorted(strength, key=lambda word: (-strength[word], word))
    if not best:
        return []
    alone = [word for word in best[1:6] if sum(best[0] in bag and word in bag for bag in inside) * 2 < counts[word]]
    return [best[0], *[word for word in alone if strength[word] >= strength[best[0]] / 3][:1]]


def _log_likelihood(k: int, n: int, others: int, rest: int) -> float:
    """Dunning's G2 of k of n against `others` of `rest`."""
    share = (k + others) / (n + rest)
    expected = ((k, n * share), (others, rest * share))
    return 2 * sum(seen * float(np.log(seen / due)) for seen, due in expected if seen and due)
