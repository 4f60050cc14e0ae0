"""A few hidden tastes that explain who takes what: matrix factorisation by least squares (ALS) and by pairs (BPR)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, ClassVar

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.personal_frequency import fading_history
from recsys.schema import Floats

ONE_THREAD = 1  # several threads add up in an order that changes from run to run


@contextmanager
def _quiet_blas() -> Iterator[None]:
    """One BLAS thread, as implicit wants it while it works, and without its warning where the machine has more."""
    from threadpoolctl import threadpool_limits

    with threadpool_limits(ONE_THREAD, "blas"), warnings.catch_warnings():
        warnings.filterwarnings("ignore", message=".*is configured to use")
        yield


def _csr_matrix(array: sparse.csr_array) -> sparse.csr_matrix:
    """The same in the older class and the 32-bit indices that implicit takes."""
    indices, indptr = array.indices.astype(np.int32), array.indptr.astype(np.int32)
    return sparse.csr_matrix((array.data, indices, indptr), shape=array.shape)


@dataclass(frozen=True, eq=False)
class AlternatingLeastSquares(ArrayRecommender):
    """Implicit-feedback matrix factorisation; every visit's history is folded in afresh.

    Minimises the sum over shoppers u and items i of c_ui * (p_ui - x_u . y_i)^2, with p_ui 1 where u took i and
    c_ui = confidence * count there and 1 elsewhere, plus regularization * (|x|^2 + |y|^2). At a visit x is solved for
    from the history as it is then, its entries counting history_fading ** (baskets ago): new shoppers and grown
    histories need no new fit. score = x @ y. All zero without a history.

    Source: Hu, Koren & Volinsky, "Collaborative Filtering for Implicit Feedback Datasets", ICDM 2008; the
    implementation is `implicit`.
    """

    name = "als"
    label = "Hidden tastes (ALS matrix factorisation)"
    parts: ClassVar[Mapping[str, Part]] = {"item_factors": Part((ITEMS, "factors"))}

    # nDCG@10 on the validation items of Beauty: 128 factors .0518, 256 .0578, 512 .0565; confidence 20 .0577, 100
    # .0558. Baskets hold more and want less: on basket data confidence 1 won (.113, 10 .077, both with fading .97)
    factors: int = setting(256, 1, 2_000)
    regularization: float = setting(0.05, 0.0, 1e6)
    confidence: float = setting(40.0, 1e-3, 1e6)
    iterations: int = setting(10, 1, 1_000)
    history_fading: float = setting(0.6, 0.0, 1.0)
    seed: int = setting(0, 0, 2**31)

    def _model(self) -> Any:
        from implicit.cpu.als import AlternatingLeastSquares as Model  # type: ignore[import-untyped]

        return Model(
            self.factors,
            regularization=self.regularization,
            alpha=self.confidence,
            iterations=self.iterations,
            num_threads=ONE_THREAD,
            random_state=self.seed,
        )

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        def after(iteration: int, *_: object) -> None:
            progress(iteration + 1, self.iterations, "factorising (ALS)")

        with _quiet_blas():
            model = self._model()
            model.fit(_csr_matrix(training.matrix()), show_progress=False, callback=after)
        return {"item_factors": model.item_factors}

    def _scores(self, visits: Visits) -> Floats:
        history = _csr_matrix(fading_history(visits.histories, self.history_fading))  # (b, n_items)
        with _quiet_blas():
            model = self._model()
            model.item_factors = np.array(self.learned["item_factors"])  # a copy: implicit refuses read-only arrays
            taste: Floats = model.recalculate_user(np.arange(len(visits)), history)  # (b, factors)
        scores: Floats = taste @ self.learned["item_factors"].T  # (b, f) @ (f, n) -> (b, n)
        return scores


@dataclass(frozen=True, eq=False)
class BayesianPersonalizedRanking(ArrayRecommender):
    """Matrix factorisation that learns to rank what a shopper took above what the shopper did not.

    score = x_u @ y + bias, fitted by stochastic gradients on the log-odds of pairs. A training shopper keeps the taste
    learned then, however the history has grown since: pairs cannot be folded in. Anybody else gets the faded mean of
    the factors of the items in the history, and the biases alone - popularity - without a history.

    Source: Rendle et al., "BPR: Bayesian Personalized Ranking from Implicit Feedback", UAI 2009; the implementation is
    `implicit`.
    """

    name = "bpr"
    label = "Hidden tastes by pairs (BPR matrix factorisation)"
    parts: ClassVar[Mapping[str, Part]] = {
        "item_factors": Part((ITEMS, "factors")),  # the last factor is the bias
        "shopper_factors": Part(("shoppers", "factors")),  # the last factor is 1
    }

    # nDCG@10 on the validation items of Beauty: rate .02 .0183, .05 .0205, .1 .0233; with 300 iterations .0301, in
    # three times the time
    factors: int = setting(64, 1, 2_000)
    learning_rate: float = setting(0.1, 1e-6, 10.0)
    regularization: float = setting(0.01, 0.0, 10.0)
    iterations: int = setting(100, 1, 10_000)
    history_fading: float = setting(0.8, 0.0, 1.0)
    seed: int = setting(0, 0, 2**31)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        from implicit.cpu.bpr import BayesianPersonalizedRanking as Model  # type: ignore[import-untyped]

        def after(iteration: int, *_: object) -> None:
            progress(iteration + 1, self.iterations, "factorising (BPR)")

        with _quiet_blas():
            model = Model(
                self.factors,
                learning_rate=self.learning_rate,
                regularization=self.regularization,
                iterations=self.iterations,
                num_threads=ONE_THREAD,
                random_state=self.seed,
            )
            model.fit(_csr_matrix(training.matrix()), show_progress=False, callback=after)
        return {"item_factors": model.item_factors, "shopper_factors": model.user_factors}

    def _scores(self, visits: Visits) -> Floats:
        items, shoppers = self.learned["item_factors"], self.learned["shopper_factors"]
        history = fading_history(visits.histories, self.history_fading)  # (b, n_items)
        total = np.asarray(history.sum(axis=1)).reshape(-1, 1)
        mean = history @ items / np.where(total > 0, total, np.float32(1))  # (b, n) @ (n, f) -> (b, f)
        mean[:, -1] = 1
        there = (visits.shoppers >= 0) & (visits.shoppers < len(shoppers))
        taste = np.where(there[:, None], shoppers[np.where(there, visits.shoppers, 0)], mean)  # (b, f)
        scores: Floats = taste @ items.T  # (b, f) @ (f, n) -> (b, n)
        return scores
