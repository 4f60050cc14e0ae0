"""What a model learned from one part of a log expects of the pages of the other part (cross-fitting)."""

from __future__ import annotations

from typing import Final

import numpy as np

from recsys.evaluation.off_policy.data import Doubles, Rows
from recsys.evaluation.off_policy.estimators import Model

FOLDS: Final = 2  # a page is never expected by a model that learned from it
# Logistic regression on products of pairs of features. Chosen by log loss on pages of another seed than any that is
# judged (500, 2,000, 10,000 pages: .390, .386, .384; gradient boosting .393, .386, .382; without pairs .387, .386,
# .386; the mean .409), and because it takes a fifth of the time; the truth was not looked at.
DEGREE: Final = 2
STRENGTH: Final = 0.3  # inverse of the penalty, scikit-learn's C
STEPS: Final = 300


def fold_of(n: int) -> Rows:
    """(n,) the fold of each page, taken in turn: pages are independent draws."""
    return np.arange(n) % FOLDS


def expected_tables(features: Doubles, who: Rows, shown: Rows, rewards: Doubles) -> Doubles:
    """What each product earns at each place, of every person, by fold: (FOLDS, p, c, k).

    `features` (p, c, f) are what is known of person and product before the page; the place is one more. The table of
    a fold is of a model that learned from the other folds. Rewards are 0 or 1; where the log of a fold holds only one
    of them, it is the mean.
    """
    n, k = shown.shape
    p, c, f = features.shape
    rows = np.concatenate([features[who[:, None], shown], _places(n, k)], axis=2).reshape(n * k, f + 1)
    every = np.concatenate([np.repeat(features[:, :, None], k, axis=2),
                            np.broadcast_to(np.arange(k)[None, None, :, None], (p, c, k, 1))], axis=3)  # fmt: skip
    folds, tables = np.repeat(fold_of(n), k), np.empty((FOLDS, p, c, k))
    for fold in range(FOLDS):
        learned = folds != fold
        tables[fold] = _predicted(rows[learned], rewards.ravel()[learned], every.reshape(-1, f + 1)).reshape(p, c, k)
    return tables


def _places(n: int, k: int) -> Doubles:
    return np.broadcast_to(np.arange(k, dtype=np.float64)[None, :, None], (n, k, 1))


def _predicted(rows: Doubles, rewards: Doubles, every: Doubles) -> Doubles:
    from sklearn.linear_model import LogisticRegression
    from sklearn.pipeline import make_pipeline
    from sklearn.preprocessing import PolynomialFeatures, StandardScaler

    if rewards.min() == rewards.max():
        return np.full(len(every), float(rewards.mean()))
    pairs = PolynomialFeatures(DEGREE, include_bias=False)
    model = make_pipeline(StandardScaler(), pairs, LogisticRegression(C=STRENGTH, max_iter=STEPS))
    return np.asarray(model.fit(rows, rewards).predict_proba(every)[:, 1], np.float64)


def expected(tables: Doubles, weights: Doubles, places: Doubles, who: Rows, shown: Rows) -> Model:
    """What was expected of each page of a log, and of the policy with these `weights` (p, c), `places` (p, c, k)."""
    fold, k = fold_of(len(who)), shown.shape[1]
    at = np.arange(k)[None]
    of_place = np.einsum("gpck,pck->gpk", tables, places)  # (FOLDS, p, k)
    steps = np.empty(shown.shape)
    left = weights[who].copy()  # (n, c)
    rows = np.arange(len(who))
    for place in range(k):
        steps[:, place] = (left * tables[fold, who, :, place]).sum(axis=1) / left.sum(axis=1)
        left[rows, shown[:, place]] = 0.0
    return Model(tables[fold[:, None], who[:, None], shown, at], of_place[fold, who], steps)
