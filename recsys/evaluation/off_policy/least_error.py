"""The least squared error that a doubly robust estimate can have: that with people's true click rates as its model.

Of a fixed model q an estimate by weights w has, over pages of a person x, the variance (Jiang & Li, ICML 2016)

    n Var = Var_x[ V(x) ] + E_x Var[ sum_j w_j (r_j - q_j) | x ]

where V(x) is what the policy to be judged earns of x. Where a click hangs on person, product and place alone, the true
rates take all but the clicks' own luck out of the second part; no model takes out more, and a learned one adds its
errors. n stands beside the whole: as a share of the error of IPS, the least is the same for logs of any length. Only a
simulation can tell it, as only there people can be asked again and again.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Final

import numpy as np

from recsys.evaluation.off_policy.data import Doubles
from recsys.evaluation.off_policy.estimators import ESTIMATORS, Model
from recsys.evaluation.off_policy.reward_model import FOLDS, expected
from recsys.evaluation.off_policy.store import CANDIDATES, LOGGED, PLACES, Laboratory, Pages, Policy, as_log, chances
from recsys.evaluation.significance import bootstrap_means

HALVES: Final = 2  # rates are asked for twice, independently, so that luck in one half is not taken for that of clicks
# not by cascade: what is expected below a place is taken over all pages there, so that no table of rates is its best
COMPARED: Final = (("dr", "iips"), ("page_dr", "ips"), ("dr", "ips"))
ROUNDS: Final = CANDIDATES  # pages of a person in which every candidate stands at every place once


def answers(asked: int, people: int) -> int:
    """How often everybody is asked for each half, of so many pages in all; once at least."""
    return max(asked // (HALVES * people * ROUNDS), 1)


def true_rates(lab: Laboratory, asked: int, seed: int) -> Doubles:
    """How often each person does anything with each candidate at each place, asked for twice: (HALVES, p, c, k).

    `asked` is how many pages are shown in all; at least one of every candidate at every place for each half. What
    stands beside a candidate is drawn evenly.
    """
    people = len(lab.people)
    times = answers(asked, people)
    rates = np.zeros((HALVES, people, CANDIDATES, PLACES))
    rng, places = np.random.default_rng([seed, 4]), np.arange(PLACES)
    for half in range(HALVES):
        for who, row in enumerate(lab.people.tolist()):
            for _ in range(times):
                for shown in _every_place(rng):
                    acts = lab.crowd.respond(row, lab.candidates[who, shown].astype(np.int32), rng)
                    rates[half, who, shown, places] += [bool(each) for each in acts]
    return rates / times


def _every_place(rng: np.random.Generator) -> np.ndarray:
    """(ROUNDS, PLACES) pages in which every candidate stands at every place once."""
    pages = rng.permutation(CANDIDATES).reshape(-1, PLACES)
    return np.concatenate([np.roll(pages, turn, axis=1) for turn in range(PLACES)])


@dataclass(slots=True, eq=False)
class Variances:
    """Of one estimator and target, over logs: what a page's share of the estimate varies by, n Var."""

    known: list[float] = field(default_factory=list)  # with the true rates as the model
    plain: list[float] = field(default_factory=list)  # of the estimate by weights alone

    def add(self, halves: Sequence[Doubles], plain: Doubles) -> None:
        """One log: what each page adds (n,) by each half of the rates, and by weights alone.

        An estimate is linear in the rates, and the halves err independently: their covariance is the variance with the
        true rates, without bias, however few were asked.
        """
        self.known.append(float(np.cov(halves[0], halves[1])[0, 1]))
        self.plain.append(float(plain.var(ddof=1)))

    def ratio(self) -> tuple[float, list[float]]:
        """Variance with the true rates as a share of that by weights, with a 95 % interval (bootstrap over logs)."""
        both = np.stack([self.known, self.plain], axis=1)
        means = bootstrap_means(both)
        sides = np.percentile(means[:, 0] / np.maximum(means[:, 1], 1e-300), [2.5, 97.5])
        share = both[:, 0].mean() / max(float(both[:, 1].mean()), 1e-300)
        return round(float(share), 4), [round(float(side), 4) for side in sides]


Least = dict[tuple[str, str, str], Variances]  # target, estimator, what it is compared with


def add_log(lab: Laboratory, pages: Pages, rates: Doubles, found: Least) -> None:
    """From one log, by how much estimates vary that have the true `rates` as their model, and those by weights."""
    log = as_log(lab, pages)
    for target, policy in lab.policies.items():
        if target == LOGGED:
            continue
        asked = chances(lab, target, pages)
        models = [_expected(half, policy, pages) for half in rates]
        for name, plain in COMPARED:
            halves = [ESTIMATORS[name].make(log, asked, model).influence for model in models]
            weighted = ESTIMATORS[plain].make(log, asked, models[0]).influence
            found.setdefault((target, name, plain), Variances()).add(halves, weighted)


def _expected(rates: Doubles, policy: Policy, pages: Pages) -> Model:
    return expected(np.stack([rates] * FOLDS), policy.weights, policy.places, pages.who, pages.shown)


def told(found: Least, target: str, name: str, plain: str | None) -> dict[str, Any]:
    """For a report, the least possible ratio with its interval; nothing where it is not known."""
    if plain is None or (target, name, plain) not in found:
        return {}
    ratio, ci95 = found[target, name, plain].ratio()
    return {"least": ratio, "least_ci95": ci95}
