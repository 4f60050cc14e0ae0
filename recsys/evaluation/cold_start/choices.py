"""Held-out shoppers who answer questions instead of being known: how much each answer is worth."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from typing import Any, Final

import numpy as np
import pandas as pd
from scipy import sparse

from recsys.evaluation.accuracy import accuracy
from recsys.evaluation.cold_start.data import ColdData
from recsys.evaluation.cold_start.judging import HIT, NDCG, Doubles, K, Values, compared, drawn
from recsys.evaluation.cold_start.methods import reciprocal
from recsys.evaluation.cold_start.splits import KNOWN, ColdShoppers
from recsys.evaluation.full_ranking import best_of_each
from recsys.evaluation.significance import Sampling
from recsys.evaluation.splits import Task
from recsys.interest.choosing import PRIOR, Choosing, Tasted, well_known
from recsys.schema import Floats

WAYS: Final = ("informing", "well-known")  # how questions are chosen
CARELESS: Final = 0.3  # share of answers that are given by chance, where answers are not all true
LABELS: Final = {
    "informing": "Questions that tell most",
    "well-known": "Questions about the best known",
    "careless": "Questions that tell most, three of ten answers by chance",
    "most-popular": "Bestsellers",
}
NEARNESS: Final = (0.0, 0.25, 0.5)  # weights of "near to what was chosen" beside "taken by those who answer alike"
TRUST: Final = (1.0, 0.5, 0.25)  # powers of the chances of answers: below 1, no answer is taken quite at its word


@dataclass(frozen=True, eq=False)
class Questioning:
    """The questions, and what is known of others, fitted without those who answer."""

    choosing: Choosing
    vectors: Floats
    took: sparse.csr_array  # (u, n_items) of the tastes of `choosing`, 1 where taken
    share: Floats  # (n_items,) of all purchases

    @classmethod
    def of(cls, data: ColdData, shoppers: ColdShoppers) -> Questioning:
        """Fitted on what is known of all others."""
        took = shoppers.known.matrix()
        took.data[:] = 1.0
        counts = np.asarray(took.sum(axis=0), np.float32).ravel()
        choosing = Choosing.of(data.vectors, counts, Tasted.of(took, data.vectors).profiles)
        return cls(choosing, data.vectors, sparse.csr_array(took[choosing.tastes]), counts / max(counts.sum(), 1))

    def asked(self, task: Task, way: str, careless: float, seed: int) -> dict[int, tuple[Doubles, Floats]]:
        """(weights of the known tastes (b, u), mean of the chosen vectors (b, d)) after each number of answers.

        Who answers takes the product nearest to the mean of what they will take, or any of them in a share `careless`
        of the questions. Nobody in a shop answers that well: they do not know yet what they will take.
        """
        rng, b = np.random.default_rng(seed), len(task.visits)
        weights = np.tile(self.choosing.begun, (b, 1))
        chosen = np.zeros((b, self.vectors.shape[1]), np.float32)
        future = np.asarray(task.relevant @ self.vectors)  # (b, d)
        likes = future @ self.vectors[self.choosing.pool].T  # (b, p)
        said: list[list[int]] = [[] for _ in range(b)]
        found = {0: (weights.copy(), chosen.copy())}
        for turn in range(1, max(KNOWN) + 1):
            for row in range(b):
                question = (
                    self.choosing.question(weights[row], said[row])
                    if way == "informing"
                    else well_known(self.choosing.pool, said[row])
                )
                if not question:
                    continue
                answer = question[int(np.argmax(likes[row, list(question)]))]
                if careless and rng.random() < careless:
                    answer = int(rng.choice(question))
                weights[row] = self.choosing.after(weights[row], question, answer)
                chosen[row] += self.vectors[self.choosing.pool[answer]]
                said[row].extend(question)
            if turn in KNOWN:
                found[turn] = (weights.copy(), chosen.copy())
        return found

    def values(self, task: Task, answers: tuple[Doubles, Floats], nearness: float, trust: float) -> pd.DataFrame:
        """Hit rate and nDCG of the list after these answers."""
        weights, chosen = answers[0] ** trust, answers[1]
        weights = weights / weights.sum(axis=1, keepdims=True)
        took = np.asarray(self.took.T @ weights.T).T  # (b, n_items) of an average like-minded shopper
        alike = took + PRIOR / max(len(self.choosing.tastes), 1) * self.share
        score = (1 - nearness) * reciprocal(alike.astype(np.float32))
        if chosen.any():
            score = score + nearness * reciprocal(np.asarray(chosen @ self.vectors.T, np.float32))
        return accuracy(best_of_each(score, K), task.relevant, [K])[[HIT, NDCG]]

    def popular(self, task: Task) -> pd.DataFrame:
        """Hit rate and nDCG of the bestsellers."""
        top = best_of_each(np.broadcast_to(self.share, (len(task.visits), len(self.share))), K)
        return accuracy(top, task.relevant, [K])[[HIT, NDCG]]


def simulated(data: ColdData, validation: ColdShoppers, test: ColdShoppers, most: int, seed: int) -> dict[int, Values]:
    """Values by number of answers and by how was asked, for one part of the shoppers.

    The weight of nearness and the trust in answers are chosen on the validation's answers, for each number of them.
    """
    asking = Questioning.of(data, test)  # both parts know the same others
    before, task = (drawn(part.tasks[0], most, seed) for part in (validation, test))
    chosen = {
        n: max(product(NEARNESS, TRUST), key=lambda each: float(asking.values(before, answers, *each)[NDCG].mean()))
        for n, answers in asking.asked(before, WAYS[0], 0.0, seed).items()
    }
    found: dict[int, Values] = {n: {"most-popular": asking.popular(task)} for n in KNOWN}
    for name, way, careless in (
        ("informing", WAYS[0], 0.0),
        ("well-known", WAYS[1], 0.0),
        ("careless", WAYS[0], CARELESS),
    ):
        for n, answers in asking.asked(task, way, careless, seed).items():
            found[n][name] = asking.values(task, answers, *chosen[n])
    return found


def lines(values: dict[int, Values], sampling: Sampling) -> list[dict[str, Any]]:
    """The figures of the report: a line for each number of answers and way of asking."""
    return [
        line | {"known": n, "label": LABELS[line["method"]], "visits": len(next(iter(each.values())))}
        for n, each in values.items()
        for line in compared(each, ["most-popular"], sampling)
    ]
