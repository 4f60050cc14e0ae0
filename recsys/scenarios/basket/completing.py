"""What completes a basket: every product's score, as a sum of parts that each say why."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.progress import silent
from recsys.recommenders.transitions import Transitions, following_counts
from recsys.scenarios.basket.baskets import Baskets, grouped
from recsys.scenarios.basket.together import Together, summed
from recsys.scenarios.basket.usual import Usual
from recsys.scenarios.basket.vectors import basket_vectors
from recsys.schema import Floats, Mask, Rows

POPULAR: Final = "popular"  # logarithm of how many baskets held it
USUAL: Final = "usual"  # this shopper takes it again and again, older purchases counting less
DUE: Final = "due"  # about one of this shopper's own intervals has passed since the last time
VISITS: Final = "visits"  # was in earlier visits of this shopper that were like this basket
TOGETHER: Final = "together"  # bought in one visit with products of the basket beyond chance
NEEDED: Final = "needed"  # its category is bought in one visit with categories of the basket beyond chance
VECTORS: Final = "vectors"  # stands in the same baskets as the basket's products do: vectors learned from baskets
SEQUENCE: Final = "sequence"  # follows such baskets in the visits after them
CONTENT: Final = "content"  # reads like the basket's products
PARTS: Final = (POPULAR, USUAL, DUE, VISITS, TOGETHER, NEEDED, VECTORS, SEQUENCE, CONTENT)
ALIKE: Final = 0.6  # cosine of texts from which a product of the same category is called alike
SUCCESSORS: Final = 100  # strongest of each product that are kept: a tenth of what the recommender keeps, for serving

Parts = dict[str, Floats]


class Content(Protocol):
    """What products read like: the index of their text vectors."""

    def scores(self, query: Floats) -> Floats:
        """(n_items,) the cosine of each product with a vector (d,)."""

    def vectors_at(self, items: Rows) -> Floats:
        """(m, d) unit vectors of some products."""


@dataclass(frozen=True, slots=True, eq=False)
class Counted:
    """All that is counted in baskets of the past."""

    popularity: Floats  # (n_items,) log(1 + baskets)
    together: Together  # of products
    evidence: sparse.csr_array  # (n_items, n_items) of `together`
    groups: Rows  # (n_items,) category of each product, -1 where none is known
    needed: Together  # of categories
    group_evidence: sparse.csr_array  # (groups, groups) of `needed`
    vectors: Floats  # (n_items, d) learned from baskets
    following: sparse.csr_array  # (n_items, n_items) log(1 + weighted count / tau) of what came in visits after

    @property
    def n_items(self) -> int:
        """How many products there are."""
        return len(self.popularity)


def counted(table: Interactions, groups: Rows) -> Counted:
    """Count the baskets of these histories; `groups` (n_items,) is each product's category, -1 for none."""
    holds = Baskets.of(table).holds
    together = Together.counted(holds)
    needed = Together.counted(grouped(holds, groups, int(groups.max(initial=-1)) + 1))
    return Counted(
        np.log1p(together.each).astype(np.float32),
        together,
        together.evidence(),
        groups,
        needed,
        needed.evidence(),
        basket_vectors(together),
        followed(table),
    )


def followed(table: Interactions) -> sparse.csr_array:
    """(n_items, n_items) what came after what: the table of the recommender PCTM with its own settings."""
    model = Transitions()
    weights = (np.arange(1, model.window + 1) ** -float(model.distance_fading)).astype(np.float32)
    found = following_counts(table, weights, SUCCESSORS, silent)
    found.data = np.log1p(found.data / np.float32(model.tau))
    return found.astype(np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Setting:
    """A basket, and what is known of whose it is."""

    rows: Rows  # (m,) its products, each once
    usual: Usual | None = None  # None for nobody known
    earlier: Interactions | None = None  # the history of that one shopper

    def took(self, row: int) -> bool:
        """Whether this shopper is known to have taken a product before."""
        return self.earlier is not None and bool((self.earlier.items == row).any())


def parts(known: Counted, setting: Setting, content: Content | None) -> Parts:
    """Name of PARTS -> (n_items,), each 0 and more where it speaks for a product; without a basket most are 0."""
    n, rows = known.n_items, setting.rows
    found = {name: np.zeros(n, np.float32) for name in PARTS}
    found[POPULAR] = known.popularity
    if setting.usual is not None:
        found[USUAL][setting.usual.items] = np.log1p(setting.usual.faded)
        found[DUE][setting.usual.items] = setting.usual.due
    found[SEQUENCE] = _sequence(known, setting)
    if len(rows):
        found[VISITS] = _visits(setting, n)
        found[TOGETHER] = summed(known.evidence, rows) / np.sqrt(np.float32(len(rows)))
        found[NEEDED] = _needed(known, rows)
        found[VECTORS] = np.maximum(known.vectors @ _direction(known.vectors[rows]), 0)
        if content is not None:
            found[CONTENT] = np.maximum(content.scores(_direction(content.vectors_at(rows))), 0)
    return found


def of_nobody(known: Counted, setting: Setting, found: Parts) -> Parts:
    """The same parts as `parts` finds where it is not known whose basket it is, from those of somebody."""
    nothing = np.zeros(known.n_items, np.float32)
    return {**found, USUAL: nothing, DUE: nothing, VISITS: nothing, SEQUENCE: _sequence(known, Setting(setting.rows))}


def _direction(vectors: Floats) -> Floats:
    """(d,) the mean of vectors (m, d), of length 1; zeros where they cancel out."""
    mean = vectors.mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-9), np.float32)


def _visits(setting: Setting, n: int) -> Floats:
    """(n,) sum over the shopper's earlier visits that held each product, of the cosine of visit and basket."""
    earlier, found = setting.earlier, np.zeros(n, np.float32)
    if earlier is None or not len(earlier.items):
        return found
    size = np.bincount(earlier.baskets)
    shared = np.bincount(earlier.baskets[np.isin(earlier.items, setting.rows)], minlength=len(size))
    like = shared / np.sqrt(np.maximum(size, 1) * len(setting.rows))
    np.add.at(found, earlier.items, like[earlier.baskets].astype(np.float32))
    return np.log1p(found)


def _needed(known: Counted, rows: Rows) -> Floats:
    mine = np.unique(known.groups[rows])
    mine = mine[mine >= 0]
    if not len(mine):
        return np.zeros(known.n_items, np.float32)
    of_group = summed(known.group_evidence, mine) / np.sqrt(np.float32(len(mine)))
    return np.where(known.groups >= 0, of_group[known.groups], 0).astype(np.float32)


def _sequence(known: Counted, setting: Setting) -> Floats:
    """(n_items,) PCTM with the basket as the visit before: the basket weighs 1, each visit before it less."""
    weights, told = _leading(known, setting)
    if not len(told):
        return np.zeros_like(weights)
    found = np.asarray(weights[told] @ known.following[told], np.float64).ravel()
    return np.asarray(found / np.sqrt(weights[told].sum()), np.float32)


def _leading(known: Counted, setting: Setting) -> tuple[Floats, Rows]:
    """((n_items,) how much each product of basket and history counts for what follows, (m,) those that count)."""
    model, earlier = Transitions(), setting.earlier
    weights = np.zeros(known.n_items, np.float32)
    if earlier is not None and len(earlier.items):
        ago = earlier.baskets.max() + 1 - earlier.baskets  # the latest one before the basket is 1 ago
        np.add.at(weights, earlier.items, np.float32(model.history_fading) ** ago.astype(np.float32))
    weights[setting.rows] += 1
    return weights, np.flatnonzero(weights > 1e-2).astype(np.int32)


def led_by(known: Counted, setting: Setting, row: int) -> int | None:
    """The product of basket or history after which `row` follows most; None where it follows none of them."""
    weights, told = _leading(known, setting)
    share = weights[told] * known.following[told][:, [row]].toarray().ravel()
    return int(told[np.argmax(share)]) if share.any() else None


def stand_ins(known: Counted, setting: Setting, content: Content | None) -> Mask:
    """(n_items,) true for what would replace a product of the basket and complete nothing.

    Alike in text from ALIKE on and of its category, not bought in one visit with it beyond chance, and nothing that
    this shopper takes anyway.
    """
    found = np.zeros(known.n_items, np.bool_)
    if content is None:
        return found
    for group in np.unique(known.groups[setting.rows]):
        mine = setting.rows[known.groups[setting.rows] == group]
        fits = np.flatnonzero(known.groups == group).astype(np.int32)
        if group < 0 or len(fits) < 2:
            continue
        alike = content.vectors_at(fits) @ content.vectors_at(mine).T >= ALIKE  # (c, d) @ (d, m) -> (c, m)
        together = known.evidence[mine][:, fits].toarray().T > 0
        found[fits[(alike & ~together).any(axis=1)]] = True
    if setting.usual is not None:
        found[setting.usual.items] = False
    return found


def total(found: Mapping[str, Floats], weights: Mapping[str, float]) -> Floats:
    """(n_items,) the weighted sum of the parts."""
    out = np.zeros_like(found[POPULAR])
    for name in PARTS:
        if weight := weights.get(name, 0.0):
            out += np.float32(weight) * found[name]
    return out
