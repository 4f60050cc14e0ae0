"""Heads that judge a review: arrays over hashed n-grams and a sentence vector, fitted once and served by NumPy.

A head is linear in its features, so that a review costs a tenth of a millisecond for its n-grams and less for the
sum. Fitting imports scikit-learn; nothing else does. A linear support vector machine over n-grams that count by how
unevenly they stand in good and bad texts: Wang and Manning, "Baselines and Bigrams", ACL 2012. Stars are cumulative
thresholds of which the median is told: of all single answers it has the least absolute error.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from recsys.artifacts import write_array
from recsys.errors import DataError
from recsys.scenarios.reviews import ngrams
from recsys.schema import Floats

COST: Final = 0.1  # of the support vector machine; chosen among 0.1, 0.3, 1 on folds of the training part
FOLDS: Final = 3  # by which thresholds and the steepness are found
FEWEST: Final = 30  # texts of each side from which a head may be learned
SMOOTHED: Final = 1e-4  # mean weight of an n-gram that is added to both sides
ALWAYS: Final = 0.25  # of what an n-gram counts, however evenly it stands
VECTOR_WEIGHT: Final = 0.7  # length of the sentence vector beside halves of length 1
STARS: Final = 5
SEED: Final = 0
GRID: Final = np.linspace(0.01, 0.6, 240)  # quantiles that are tried as a threshold

Doubles = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """Linear scores of texts, one column each: sentiment alone, or a threshold between each two stars.

    `weights` (WIDTH, c) for n-grams, () rows where it reads none; `vector` (d, c) for sentence vectors, 0 rows where
    it reads none; `middle` (c,) where good and bad part; `steep` (c,) of the chance that it is good.
    """

    idf: Floats
    weights: Floats
    vector: Floats
    middle: Floats
    steep: Floats

    @property
    def reads_vectors(self) -> bool:
        """Whether it needs the sentence vectors of the texts."""
        return len(self.vector) > 0

    def scores(self, texts: Sequence[str], vectors: Floats | None = None) -> Doubles:
        """(n, c) the scores of plain texts: above 0 is good. `vectors` (n, d) where it reads them."""
        found = np.zeros((len(texts), len(self.middle)))
        if len(self.weights):
            for row, text in enumerate(texts):
                columns, values = ngrams.buckets(text)
                weighed = values * self.idf[columns]
                words = columns < ngrams.BUCKETS
                for half in (words, ~words):
                    length = float(np.sqrt((weighed[half] ** 2).sum()))
                    if length > 0:
                        found[row] += weighed[half] @ self.weights[columns[half]] / length
        if self.reads_vectors:
            if vectors is None:
                raise DataError("this head reads sentence vectors and was given none", remedy="encode the texts first")
            found += vectors @ self.vector
        return found - self.middle

    def chances(self, texts: Sequence[str], vectors: Floats | None = None) -> Doubles:
        """(n, c) the chance that a text lies above each threshold."""
        return _sigmoid(self.steep * self.scores(texts, vectors))

    def save(self, folder: Path, name: str) -> None:
        """Write its arrays as `name`_*.npy."""
        for part in ("idf", "weights", "vector", "middle", "steep"):
            write_array(folder / f"{name}_{part}.npy", getattr(self, part))

    @classmethod
    def load(cls, folder: Path, name: str) -> Self:
        """The head as it was saved; raises OSError and ValueError where a file is missing or damaged."""
        parts = ("idf", "weights", "vector", "middle", "steep")
        return cls(*(np.load(folder / f"{name}_{part}.npy", mmap_mode="r", allow_pickle=False) for part in parts))


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """Texts as features, counted once and learned from many times: (n, WIDTH) counts, (n, d) vectors or none."""

    counts: Any
    vectors: Floats | None

    @classmethod
    def of(cls, texts: Sequence[str], vectors: Floats | None = None, words: bool = True) -> Self:
        """The features of plain texts; without `words` of their vectors alone."""
        return cls(ngrams.counted(texts) if words else None, vectors)

    def some(self, rows: Whole) -> Ground:
        """Those of these rows."""
        return Ground(
            None if self.counts is None else self.counts[rows],
            None if self.vectors is None else self.vectors[rows],
        )

    def idf(self) -> Floats:
        """(WIDTH,) inverse frequencies; (0,) where no words are read."""
        return np.zeros(0, np.float32) if self.counts is None else ngrams.inverse_frequencies(self.counts)

    def features(self, idf: Floats) -> Any:
        """(n, WIDTH + d) CSR, or (n, d) array."""
        from scipy.sparse import csr_array, hstack

        weight = VECTOR_WEIGHT if self.counts is not None else 1.0
        if self.counts is None:
            return weight * np.asarray(self.vectors, np.float64)
        x = ngrams.weighed(self.counts, idf)
        if self.vectors is None:
            return x
        joined = csr_array(hstack([x, csr_array(weight * np.asarray(self.vectors, np.float32))]))
        joined.indices, joined.indptr = joined.indices.astype(np.int32), joined.indptr.astype(np.int32)
        return joined


def fit_sentiment(ground: Ground, good: npt.NDArray[np.bool_], balanced: bool = True) -> Head:
    """A head of one column. `balanced`: its threshold makes both sides count the same, not both texts.

    Raises DataError where a side has fewer than FEWEST texts.
    """
    return _fit(ground, good[:, None], balanced)


def fit_stars(ground: Ground, stars: Doubles) -> Head:
    """A head with a column for each of "more than 1, 2, 3, 4 stars"; a column that is nearly constant says that.

    Raises DataError where fewer than two of the four can be told apart.
    """
    above = np.round(stars)[:, None] > np.arange(1, STARS)
    return _fit(ground, above, balanced=False, lenient=True)


def _fit(ground: Ground, sides: npt.NDArray[np.bool_], balanced: bool, lenient: bool = False) -> Head:
    few = np.minimum(sides.sum(0), (~sides).sum(0)) < FEWEST
    if few.all() or (few.any() and not lenient):
        least = int(np.minimum(sides.sum(0), (~sides).sum(0)).max())
        raise DataError(
            f"{least} reviews stand on the smaller side",
            allowed=f"at least {FEWEST} good ones and {FEWEST} bad ones",
            remedy="give more reviews, or use the head that knows other shops' reviews",
        )
    idf = ground.idf()
    x = ground.features(idf)
    split = len(idf)
    weights = np.zeros((x.shape[1], sides.shape[1]), np.float32)
    middle, steep = np.zeros(sides.shape[1], np.float32), np.ones(sides.shape[1], np.float32)
    for column in range(sides.shape[1]):
        if few[column]:  # as often as not, at most FEWEST times otherwise
            middle[column] = -4.0 if sides[:, column].mean() > 0.5 else 4.0
            continue
        weights[:, column], bias = _machine(x, sides[:, column], balanced)
        kept = _kept_apart(x, sides[:, column], balanced)
        parted = _threshold(kept, sides[:, column]) if balanced else 0.0
        steep[column], shift = _platt(kept - parted, sides[:, column], balanced)
        middle[column] = parted - bias - (0.0 if balanced else shift / steep[column])
    vector_weight = VECTOR_WEIGHT if split else 1.0
    return Head(idf, weights[:split], weights[split:] * np.float32(vector_weight), middle, steep)


def _machine(x: Any, good: npt.NDArray[np.bool_], balanced: bool) -> tuple[Floats, float]:
    """(weights, bias) of a linear support vector machine over unevenly standing n-grams; of a logistic over vectors."""
    from scipy.sparse import issparse
    from sklearn.linear_model import LogisticRegression
    from sklearn.svm import LinearSVC

    weight = "balanced" if balanced else None
    if not issparse(x):
        logistic = LogisticRegression(C=COST, class_weight=weight, max_iter=500).fit(x, good)
        return np.asarray(logistic.coef_[0], np.float32), float(logistic.intercept_[0])
    uneven = _unevenness(x, good)
    weighed = x.copy()
    weighed.data = weighed.data * uneven[weighed.indices]
    machine = LinearSVC(C=COST, class_weight=weight, random_state=SEED, max_iter=2000).fit(weighed, good)
    return np.asarray(machine.coef_[0] * uneven, np.float32), float(machine.intercept_[0])


def _unevenness(x: Any, good: npt.NDArray[np.bool_]) -> Floats:
    """(WIDTH + d,) how far each n-gram's mean weights in good and bad texts lie apart; 1 for sentence vectors."""
    means = [np.asarray(x[np.flatnonzero(side)][:, : ngrams.WIDTH].mean(axis=0)).ravel() for side in (good, ~good)]
    ratio = np.abs(np.log((means[0] + SMOOTHED) / (means[1] + SMOOTHED)))
    found = np.ones(x.shape[1], np.float32)
    found[: ngrams.WIDTH] = np.sqrt(ALWAYS + (1 - ALWAYS) * ratio / max(float(ratio.mean()), 1e-12))
    return found


def _kept_apart(x: Any, good: npt.NDArray[np.bool_], balanced: bool) -> Doubles:
    """(n,) the score of each text by a machine that has not seen it."""
    fold = np.random.default_rng(SEED).permutation(len(good)) % FOLDS
    found = np.zeros(len(good))
    for each in range(FOLDS):
        out = np.flatnonzero(fold == each)
        weights, bias = _machine(x[np.flatnonzero(fold != each)], good[fold != each], balanced)
        found[out] = x[out] @ weights + bias
    return found


def _threshold(scores: Doubles, good: npt.NDArray[np.bool_]) -> float:
    """Where the mean of both sides' shares that are told right is highest; the middle of the best tenth."""
    tried = np.unique(np.quantile(scores, GRID))
    right = np.array([((scores[good] > at).mean() + (scores[~good] <= at).mean()) / 2 for at in tried])
    return float(np.median(tried[right >= np.quantile(right, 0.9)]))


def _platt(scores: Doubles, good: npt.NDArray[np.bool_], balanced: bool) -> tuple[float, float]:
    """(steepness, shift) of the chance of a score, Platt 1999; through 0 where both sides count the same."""
    from sklearn.linear_model import LogisticRegression

    model = LogisticRegression(fit_intercept=not balanced, class_weight="balanced" if balanced else None)
    model.fit(scores[:, None], good)
    return max(float(model.coef_[0, 0]), 1e-3), float(np.ravel(model.intercept_)[0])


def median_stars(chances: Doubles) -> Doubles:
    """(n,) the median of the stars, from (n, 4) chances of more than 1, 2, 3, 4."""
    ordered = np.minimum.accumulate(chances, axis=1)
    return np.asarray(1.0 + (ordered > 0.5).sum(axis=1))


def mean_stars(chances: Doubles) -> Doubles:
    """(n,) the mean of the stars, from (n, 4) chances of more than 1, 2, 3, 4."""
    return np.asarray(1.0 + np.minimum.accumulate(chances, axis=1).sum(axis=1))


def _sigmoid(x: Doubles) -> Doubles:
    return 1 / (1 + np.exp(-np.clip(x, -40, 40)))
