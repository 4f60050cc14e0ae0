"""What every re-ranker is given, and what it gives: a pool of candidates, and an order of their positions."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final, Protocol, runtime_checkable

import numpy as np
import numpy.typing as npt

from recsys.schema import Floats, Mask, Rows

MOST: Final = 500  # candidates: what a shelf shows is chosen among the best few hundred, never among all
UNIT: Final = 1e-3  # how far from 1 a vector's length may be: float16 copies are that far off

Doubles = npt.NDArray[np.float64]


@runtime_checkable
class Rule(Protocol):
    """What a slate has to keep to: a cap or a floor."""

    def take(self, positions: Rows) -> Rule:
        """The same rule for a pool in another order."""

    def missed(self, slate: Rows) -> str:
        """What of the rule these positions do not keep, in one sentence; "" where they keep all of it."""


@dataclass(frozen=True, slots=True, eq=False)
class Pool:
    """The candidates of one shelf, best first: n of them, 1 to MOST.

    Whatever is known of them goes by position: `labels` name -> codes (n,), -1 for none; `tastes` the shopper's own mix
    of such labels, name -> shares by code that sum to 1; `groups` name -> mask (n,); `figures` name -> numbers (n,),
    NaN where unknown. `rules` are what re-rankers before this one have set. Raises ValueError for anything else.
    """

    vectors: Floats  # (n, d) of length 1, or 0 where nothing is known
    relevance: Doubles  # (n,) larger is better
    labels: Mapping[str, Rows] = field(default_factory=dict)
    tastes: Mapping[str, Doubles] = field(default_factory=dict)
    groups: Mapping[str, Mask] = field(default_factory=dict)
    figures: Mapping[str, Doubles] = field(default_factory=dict)
    rules: tuple[Rule, ...] = ()

    def __post_init__(self) -> None:
        n = len(self.relevance)
        if not 1 <= n <= MOST:
            raise ValueError(f"{n} candidates cannot be re-ranked; give 1 to {MOST}")
        if self.vectors.ndim != 2 or len(self.vectors) != n or not np.isfinite(self.vectors).all():
            raise ValueError(f"vectors are {self.vectors.shape}; give finite ones, ({n}, d)")
        length = np.einsum("nd,nd->n", self.vectors, self.vectors)
        if (np.minimum(np.abs(length - 1.0), length) > UNIT).any():
            raise ValueError("vectors are not normalised: each must have length 1, or 0 where nothing is known")
        if self.relevance.ndim != 1 or not np.isfinite(self.relevance).all():
            raise ValueError("relevance must be one finite number for each candidate")
        for what in (self.labels, self.groups, self.figures):
            for name, values in what.items():
                if np.shape(values) != (n,):
                    raise ValueError(f"{name} has shape {np.shape(values)}; give one value for each of {n} candidates")

    def __len__(self) -> int:
        return len(self.relevance)

    def take(self, positions: Rows) -> Pool:
        """These candidates in this order, the rules with them."""
        changed: dict[str, Any] = {"vectors": self.vectors[positions], "relevance": self.relevance[positions]}
        for name in ("labels", "groups", "figures"):
            changed[name] = {key: values[positions] for key, values in getattr(self, name).items()}
        return _unchecked(self, changed | {"rules": tuple(rule.take(positions) for rule in self.rules)})

    def with_rules(self, rules: tuple[Rule, ...]) -> Pool:
        """The same candidates under further rules, which come after those that there are."""
        return _unchecked(self, {"rules": (*self.rules, *rules)})

    def with_relevance(self, relevance: Doubles) -> Pool:
        """The same candidates with another relevance (n,)."""
        return _unchecked(self, {"relevance": relevance})

    @property
    def alike(self) -> bool:
        """Whether all candidates are described by one and the same vector."""
        return bool(np.abs(self.vectors - self.vectors[0]).max() <= UNIT)


def _unchecked(pool: Pool, changed: Mapping[str, Any]) -> Pool:
    """A copy of a pool that was checked before: checking takes as long as a re-ranker."""
    made = object.__new__(Pool)
    for each in fields(Pool):
        object.__setattr__(made, each.name, changed.get(each.name, getattr(pool, each.name)))
    return made


@dataclass(frozen=True, slots=True, eq=False)
class Ordered:
    """What a re-ranker made of a pool: all positions, those of the slate first."""

    positions: Rows  # (n,) each exactly once
    rules: tuple[Rule, ...] = ()  # what later re-rankers have to keep to
    given_up: tuple[str, ...] = ()  # what could not be done, in plain words


class Reranker(Protocol):
    """Orders a pool so that its first k make a better slate. Ties go by position; the same pool, the same order."""

    @property
    def name(self) -> str:
        """Short machine name, "mmr"."""

    @property
    def label(self) -> str:
        """Plain words, "Marginal relevance (MMR)"."""

    def order(self, pool: Pool, k: int) -> Ordered:
        """The order of all n positions. Keeps the pool's rules where that is possible."""


def unit_range(relevance: Doubles) -> Doubles:
    """Relevance between 0 (the least relevant candidate) and 1; all 1 where no candidate is above another."""
    low, high = float(relevance.min()), float(relevance.max())
    return (relevance - low) / (high - low) if high > low else np.ones(len(relevance))
