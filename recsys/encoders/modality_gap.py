"""The modality gap: how far pictures lie from the texts of the same products, before and after one space was learned.

Liang, Zhang, Kwon, Yeung & Zou, "Mind the gap: understanding the modality gap in multi-modal contrastive
representation learning" (NeurIPS 2022): the gap is the difference between the centres of the two kinds of unit vectors.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
from scipy.sparse.linalg import svds

from recsys.encoders.unit_rows import unit_rows
from recsys.schema import Floats

AMONG: Final = 10  # a text finds its own picture among as many, and as many neighbours are compared
MOST: Final = 2_000  # products that the gap is measured on; the standard error of a share is then below .012
SHOWN: Final = 240  # products whose text and picture are drawn
SEED: Final = 7
_BLOCK: Final = 1024


@dataclass(frozen=True, slots=True)
class Gap:
    """How far the texts and the pictures of the same products lie apart."""

    distance: float  # between the centre of the texts and that of the pictures, of unit vectors: 0 to 2
    own: float  # mean cosine of a product's text with its own picture
    other: float  # mean cosine of a product's text with the picture of another one
    found: float  # share of products whose text has its own picture among the AMONG nearest
    agreed: float  # of a product's AMONG nearest by text, the share that is among its AMONG nearest by picture
    texts: list[list[float]]  # (m, 2) where texts are drawn: along the line from centre to centre, and across it
    pictures: list[list[float]]  # (m, 2) the pictures of the same products


def side_by_side(texts: Floats, pictures: Floats) -> tuple[Floats, Floats]:
    """Vectors of two encoders, (n, a) and (n, b), as unit vectors of one space: (n, a + b) each.

    Two encoders have no axis in common, so each keeps its own and has nothing on those of the other: every text is at
    right angles to every picture, whatever they show.
    """
    texts, pictures = unit_rows(texts), unit_rows(pictures)
    return (
        np.hstack([texts, np.zeros_like(texts, shape=pictures.shape)]),
        np.hstack([np.zeros_like(pictures, shape=texts.shape), pictures]),
    )


def gap(texts: Floats, pictures: Floats, found: Floats | None = None) -> Gap:
    """The gap between unit vectors of n products' texts and pictures, (n, d) each, in the same order.

    `found` (n, d) are the pictures as a search finds them, where that is not how they look for others.

    - distance: |mean of texts - mean of pictures| (Liang et al. 2022).
    - own and other: mean of t_i p_i over i, and of t_i p_j over all i != j, exactly: the sum over all pairs is the
      product of the sums.
    - agreed: the mutual nearest-neighbour metric of Huh, Cheung, Wang & Isola, "The platonic representation
      hypothesis" (ICML 2024), which needs no axis in common; by chance AMONG / (n - 1).
    """
    n = len(texts)
    here, there = texts.astype(np.float64), pictures.astype(np.float64)
    own = (here * there).sum(axis=1)
    every = float(here.sum(axis=0) @ there.sum(axis=0))
    drawn = np.sort(np.random.default_rng(SEED).permutation(n)[:SHOWN])
    plane = _plane(here, there)
    return Gap(
        distance=round(float(np.linalg.norm(here.mean(axis=0) - there.mean(axis=0))), 4),
        own=round(float(own.mean()), 4),
        other=round((every - float(own.sum())) / max(n * (n - 1), 1), 4),
        found=round(_own_found(texts, pictures if found is None else found), 4),
        agreed=round(_agreement((texts, texts), (pictures, pictures)), 4),
        texts=np.round(here[drawn] @ plane, 3).tolist(),
        pictures=np.round(there[drawn] @ plane, 3).tolist(),
    )


def both(before: tuple[Floats, Floats], after: tuple[Floats, Floats], found: Floats) -> dict[str, Any]:
    """The gap before and after, as plain data, on at most MOST of the products.

    `before` are the vectors of the two encoders, (n, a) and (n, b), `after` those of the space they share, `found` as
    for `gap`. By chance a text has its own picture among the nearest AMONG / products of the time.
    """
    rows = np.sort(np.random.default_rng(SEED).permutation(len(found))[:MOST])
    if len(rows) < 2:
        return {}
    texts, pictures = (side[rows] for side in after)
    return {
        "products": len(rows),
        "among": AMONG,
        "chance": round(min(1.0, AMONG / len(rows)), 4),
        "before": asdict(gap(*side_by_side(*(side[rows] for side in before)))),
        "after": asdict(gap(texts, pictures, found[rows])),
    }


def kept(products: Floats, whole: Floats, part: Floats) -> float:
    """What a missing modality costs: of each one's AMONG nearest, the share that stays where only a part is known.

    `products` (n, d) are found, by all that is known of them; `whole` and `part` (n, d) are the same as they ask, by
    all and by a part of it. On at most MOST of them, itself left out; by chance AMONG / n.
    """
    rows = np.sort(np.random.default_rng(SEED).permutation(len(products))[:MOST])
    if len(rows) < 2:
        return 1.0
    return round(_agreement(*((products[rows], asking[rows]) for asking in (whole, part))), 4)


def _plane(texts: npt.NDArray[np.float64], pictures: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """(d, 2): the direction from the pictures' centre to the texts', and the one across it with the largest spread.

    Seen so, two centres lie as far apart as they are: no other plane shows more of the gap.
    """
    between = texts.mean(axis=0) - pictures.mean(axis=0)
    length = float(np.linalg.norm(between))
    between = between / length if length > 1e-9 else np.zeros_like(between)
    every = np.vstack([texts - texts.mean(axis=0), pictures - pictures.mean(axis=0)])
    every = every - (every @ between)[:, None] * between
    return np.stack([between, _widest(every)], axis=1)


def _widest(centred: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    """The direction (d,) in which rows (n, d) spread most: the first right singular vector, without all the others."""
    if min(centred.shape) <= 2 or not centred.any():
        return np.asarray(np.linalg.svd(centred)[2][0])
    _, _, axes = svds(centred, k=1, v0=np.ones(min(centred.shape)), return_singular_vectors="vh")
    return np.asarray(axes[0])


def _own_found(texts: Floats, pictures: Floats) -> float:
    """The share of rows whose own picture is among the AMONG nearest; those that are as near share the places."""
    share = 0.0
    for start in range(0, len(texts), _BLOCK):
        cosines = texts[start : start + _BLOCK] @ pictures.T  # (b, d) @ (d, n) -> (b, n)
        own = cosines[np.arange(len(cosines)), start + np.arange(len(cosines))][:, None]
        nearer = (cosines > own + 1e-6).sum(axis=1)
        alike = (np.abs(cosines - own) <= 1e-6).sum(axis=1)  # itself included
        share += float(np.clip((AMONG - nearer) / alike, 0, 1).sum())
    return share / len(texts)


def _agreement(*ways: tuple[Floats, Floats]) -> float:
    """Of each row's AMONG nearest by one way, the mean share that is among its AMONG nearest by the other.

    A way is (how the rows are found, how they look for others), (n, d) each.
    """
    n = len(ways[0][0])
    k = min(AMONG, n - 1)
    shared = 0
    for start in range(0, n, _BLOCK):
        one, other = (_nearest(found, asking, start, k) for found, asking in ways)
        shared += int((one[:, :, None] == other[:, None, :]).sum())
    return shared / (n * k)


def _nearest(found: Floats, asking: Floats, start: int, k: int) -> npt.NDArray[np.int64]:
    """(b, k) the nearest of each row of a block, itself left out."""
    cosines = asking[start : start + _BLOCK] @ found.T
    cosines[np.arange(len(cosines)), start + np.arange(len(cosines))] = -np.inf
    return np.argpartition(cosines, -k, axis=1)[:, -k:]
