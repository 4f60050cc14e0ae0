"""One vector that stands for what a shopper cares about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from recsys.interest.history import Affinity
from recsys.schema import Floats

COMMONNESS_DAMPING: Final = 1e-3
"""`a` of a / (a + p): with 1e-3 an item that makes up 0.1 % of all purchase lines counts half."""

FEEDBACK_STRENGTH: Final[dict[str, float]] = {"like": 0.35, "basket": 0.35, "click": 0.05, "dislike": -0.35}
"""How far one piece of feedback pulls a unit interest vector: three likes weigh as much as all the history, so that a
person sees the shelf move after two, and a stray click alone changes next to nothing."""


COMMON_REMOVED: Final = 0.8
"""How much of everybody's mean is taken out. Measured on 600 shoppers and the kinds of product they first bought in
the last 30 days, recall@50: 0.037 with nothing taken out, 0.045 with half, 0.050 with 0.8, 0.049 with all."""


def damped_popularity(popularity: Floats) -> Floats:
    """How much each item counts in what all purchases have in common, (n_items,): its frequency, damped.

    `popularity` (n_items,) is each item's share of all purchase lines. The mean of the items' vectors by these weights
    is the common vector of `history_vector`; it is no unit vector.
    """
    return popularity * COMMONNESS_DAMPING / (COMMONNESS_DAMPING + popularity)


def purchase_weights(faded: Affinity, popularity: Floats) -> Floats:
    """How much each product that was bought counts in the interest vector, (u,); they need not sum to 1."""
    commonness = COMMONNESS_DAMPING / (COMMONNESS_DAMPING + popularity[faded.items])  # (u,)
    weights: Floats = np.log1p(faded.weights) * commonness
    return weights


def history_vector(faded: Affinity, vectors: Floats, popularity: Floats, common: Floats) -> Floats | None:
    """The fading, frequency-damped mean of what a shopper bought, without what everybody buys.

    Each item weighs log(1 + faded count) * a / (a + p): the logarithm keeps one weekly habit from drowning the rest
    (sub-linear term frequency), and smooth inverse frequency (Arora et al., "A Simple but Tough-to-Beat Baseline for
    Sentence Embeddings", ICLR 2017) keeps milk and bananas, which everybody buys, from making all shoppers alike.
    Most of the `common` vector (d,) is then taken out, as the same paper takes out the common component: what is left
    is what sets this shopper apart.

    `vectors` (u, d) are the unit vectors of the `faded` items, `popularity` (n_items,) each item's share of all
    purchase lines. Returns a unit vector (d,), or None when there is nothing to sum up.
    """
    if len(faded) == 0:
        return None
    weights = purchase_weights(faded, popularity)
    mean = weights @ vectors / max(float(weights.sum()), 1e-9)  # (u,) @ (u, d) -> (d,)
    return unit(mean - COMMON_REMOVED * common)


def moved_by_feedback(start: Floats | None, kinds: Sequence[str], vectors: Floats) -> Floats | None:
    """The interest vector after feedback: liked products pull it closer, unwanted ones push it away.

    `kinds` (m,) are the kinds of feedback, `vectors` (m, d) those of the products it was given on. Rocchio's relevance
    feedback ("Relevance Feedback in Information Retrieval", 1971) on unit vectors. Returns a unit vector (d,), or None
    when there is neither a history nor any feedback that says what the person wants.
    """
    if not kinds:
        return start
    strengths = np.array([FEEDBACK_STRENGTH[kind] for kind in kinds], np.float32)  # (m,)
    if start is None and not (strengths > 0).any():
        return None  # what somebody does not want says little about what they do
    pull = strengths @ vectors  # (m,) @ (m, d) -> (d,)
    return unit(pull if start is None else start + pull)


def unit(vector: Floats) -> Floats | None:
    """The vector scaled to length 1; None when it has no length."""
    length = float(np.linalg.norm(vector))
    return (vector / length).astype(np.float32) if length > 1e-9 else None


def angle_degrees(first: Floats, second: Floats) -> float:
    """The angle between two unit vectors."""
    return float(np.degrees(np.arccos(np.clip(first @ second, -1.0, 1.0))))
