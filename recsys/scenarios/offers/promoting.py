"""What displays, mailers and price offers go with: a Poisson regression with fixed effects, intervals by product.

    E[units of product and store s in week w] = exp(a_s + g_w + sum_k beta_k x_skw)

`a_s` takes out how well a product sells in a store, `g_w` what the week does to all (`within="weeks"`) or to the same
product in all stores (`within="product weeks"`, which also takes out every price cut that holds everywhere). The
Poisson pseudo-likelihood asks for the right mean alone, not for Poisson counts (Gourieroux, Monfort and Trognon 1984;
Santos Silva and Tenreyro 2006). Errors are clustered by product (Liang and Zeger 1986).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

Doubles = npt.NDArray[np.float64]
Longs = npt.NDArray[np.int64]

WEEKS, PRODUCT_WEEKS = "weeks", "product weeks"
ROUNDS: Final = 60  # of Newton steps at most
SWEEPS: Final = 12  # of taking out the effects of series and weeks in turn, each round
CLOSE: Final = 1e-5  # of all betas, when it ends
LEAST_FLAGGED: Final = 30  # weeks of a series, below which nothing is said of a kind of promotion
LARGEST: Final = 5.0  # of a beta: 150 times as much is separation, and no effect
NORMAL_95: Final = 1.96


@dataclass(frozen=True, slots=True, eq=False)
class Panel:
    """Weekly sales: a row is a series (a product, or a product in a store), a column a week.

    `series` are sorted by product. `flags` holds how much of a week something was on, 0 to 1, by its name.
    """

    units: npt.NDArray[np.float32]  # (s, w)
    product: Longs  # (s,) ascending: row of its product
    flags: dict[str, npt.NDArray[np.float32]]  # (s, w) each

    @property
    def names(self) -> list[str]:
        """What may have been on."""
        return list(self.flags)


@dataclass(frozen=True, slots=True)
class Effect:
    """How many times as much was sold with something on as without, other things equal as far as the design goes."""

    name: str
    within: str
    times: float
    low: float
    high: float
    flagged: float  # weeks of a series with it
    products: int  # of which so many have such weeks
    units_without: float  # sold a week by these series, with nothing on


def effects(panel: Panel, within: str) -> list[Effect]:
    """The effect of each flag that stands often enough, all in one regression. [] where there is nothing to tell."""
    names = [name for name in panel.names if panel.flags[name].sum() >= LEAST_FLAGGED]
    kept = panel.units.sum(axis=1) > 0
    if not names or kept.sum() < 2:
        return []
    units = panel.units[kept].astype(np.float64)
    flags = np.stack([panel.flags[name][kept] for name in names]).astype(np.float64)  # (k, s, w)
    groups = _Groups.made(panel.product[kept], within)
    beta, errors = _regressed(units, flags, groups)
    nothing = flags.max(axis=0) == 0
    found = []
    for place, name in enumerate(names):
        if not np.isfinite(errors[place]) or abs(beta[place]) > LARGEST:
            continue
        ever = flags[place].max(axis=1) > 0
        base = units[ever][nothing[ever]]
        ends = beta[place] + NORMAL_95 * errors[place] * np.array([-1, 1])
        found.append(
            Effect(
                name, within, float(np.exp(beta[place])), float(np.exp(ends[0])), float(np.exp(ends[1])),
                float(flags[place].sum()), len(np.unique(panel.product[kept][ever])),
                float(base.mean()) if base.size else float("nan"),
            )
        )  # fmt: skip
    return found


@dataclass(frozen=True, slots=True, eq=False)
class _Groups:
    """Which cells share an effect of the week: all of a column, or those of one product in a column."""

    starts: Longs  # (g,) first series of each group of rows
    group: Longs  # (s,) its group
    clusters: Longs  # (p,) first series of each product

    @classmethod
    def made(cls, product: Longs, within: str) -> _Groups:
        firsts = np.flatnonzero(np.concatenate([[True], product[1:] != product[:-1]]))
        if within == WEEKS:
            return cls(np.zeros(1, np.int64), np.zeros(len(product), np.int64), firsts)
        return cls(firsts, np.repeat(np.arange(len(firsts)), np.diff(np.append(firsts, len(product)))), firsts)

    def sums(self, cells: Doubles) -> Doubles:
        """(s, w) -> (s, w): each cell the sum of its week's group."""
        return np.add.reduceat(cells, self.starts, axis=0)[self.group]


def _regressed(units: Doubles, flags: Doubles, groups: _Groups) -> tuple[Doubles, Doubles]:
    """(beta, standard error), each (k,)."""
    beta = np.zeros(len(flags))
    series, weeks = np.ones((len(units), 1)), np.ones_like(units)
    in_series, in_weeks = units.sum(axis=1, keepdims=True), groups.sums(units)
    inverse = np.full((len(flags), len(flags)), np.nan)
    clean, mu = flags, units
    for _ in range(ROUNDS):
        lifted = np.exp(np.einsum("k,ksw->sw", beta, flags))
        for _ in range(SWEEPS):  # closed forms of both effects, in turn
            series = in_series / np.maximum((weeks * lifted).sum(axis=1, keepdims=True), 1e-300)
            weeks = _ratio(in_weeks, groups.sums(series * lifted))
        mu = series * weeks * lifted
        clean = np.stack([_without_effects(each, mu, groups) for each in flags])
        bend = np.einsum("ksw,lsw,sw->kl", clean, clean, mu, optimize=True)
        try:
            inverse = np.linalg.inv(bend + 1e-9 * np.eye(len(beta)))
        except np.linalg.LinAlgError:
            return beta, np.full(len(beta), np.nan)
        step = np.clip(inverse @ np.einsum("ksw,sw->k", clean, units - mu), -1, 1)
        beta = beta + step
        if np.abs(step).max() < CLOSE:
            break
    scores = np.add.reduceat(np.einsum("ksw,sw->sk", clean, units - mu), groups.clusters, axis=0)  # (p, k)
    many = len(scores)
    spread = inverse @ (scores.T @ scores) @ inverse * many / max(many - 1, 1)
    return beta, np.sqrt(np.maximum(np.diag(spread), 0)) if many > 1 else np.full(len(beta), np.nan)


def _without_effects(cells: Doubles, weights: Doubles, groups: _Groups) -> Doubles:
    """What is left of a flag when the weighted means of series and weeks are taken out (Frisch-Waugh-Lovell)."""
    clean = cells.copy()
    of_series, of_weeks = weights.sum(axis=1, keepdims=True), groups.sums(weights)
    for _ in range(SWEEPS):
        clean -= _ratio((weights * clean).sum(axis=1, keepdims=True), of_series)
        clean -= _ratio(groups.sums(weights * clean), of_weeks)
    return clean


def _ratio(a: Doubles, b: Doubles) -> Doubles:
    """a / b, 0 where b is 0."""
    return np.divide(a, b, out=np.zeros_like(a), where=b > 0)
