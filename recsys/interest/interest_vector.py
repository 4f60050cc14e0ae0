"""One vector that stands for what a shopper cares about."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from recsys.interest.history import Affinity
from recsys.schema import Floats, Rows

COMMONNESS_DAMPING: Final = 1e-3
"""`a` of a / (a + p): with 1e-3 an item that makes up 0.1 % of all purchase lines counts half."""

FEEDBACK_STRENGTH: Final[dict[str, float]] = {"like": 0.35, "basket": 0.35, "click": 0.05, "dislike": -0.35}
"""How far one piece of feedback pulls a unit interest vector: three likes weigh as much as all the history, so that a
person sees the shelf move after two, and a stray click alone changes next to nothing."""


def history_vector(faded: Affinity, vectors: Floats, text_of_item: Rows, popularity: Floats) -> Floats | None:
    """The fading, frequency-damped mean of what a shopper bought.

    Each item weighs log(1 + faded count) * a / (a + p): the logarithm keeps one weekly habit from drowning the rest
    (sub-linear term frequency), and smooth inverse frequency (Arora et al., "A Simple but Tough-to-Beat Baseline for
    Sentence Embeddings", ICLR 2017) keeps milk and bananas, which everybody buys, from making all shoppers alike.

    `vectors` is (n_texts, d) of unit rows, `text_of_item` (n_items,), `popularity` (n_items,) each item's share of all
    purchase lines. Returns a unit vector (d,), or None when there is nothing to sum up.
    """
    if len(faded) == 0:
        return None
    commonness = COMMONNESS_DAMPING / (COMMONNESS_DAMPING + popularity[faded.items])  # (u,)
    weights = np.log1p(faded.weights) * commonness  # (u,)
    return unit(weights @ vectors[text_of_item[faded.items]])  # (u,) @ (u, d) -> (d,)


def moved_by_feedback(start: Floats | None, rows: Sequence[int], kinds: Sequence[str], vectors: Floats,
                      text_of_item: Rows) -> Floats | None:  # fmt: skip
    """The interest vector after feedback: liked products pull it closer, unwanted ones push it away.

    Rocchio's relevance feedback ("Relevance Feedback in Information Retrieval", 1971) on unit vectors. Returns a unit
    vector (d,), or None when there is neither a history nor any feedback that says what the person wants.
    """
    if not rows:
        return start
    strengths = np.array([FEEDBACK_STRENGTH[kind] for kind in kinds], np.float32)  # (m,)
    if start is None and not (strengths > 0).any():
        return None  # what somebody does not want says little about what they do
    pull = strengths @ vectors[text_of_item[np.asarray(rows, np.int64)]]  # (m,) @ (m, d) -> (d,)
    return unit(pull if start is None else start + pull)


def unit(vector: Floats) -> Floats | None:
    """The vector scaled to length 1; None when it has no length."""
    length = float(np.linalg.norm(vector))
    return (vector / length).astype(np.float32) if length > 1e-9 else None


def angle_degrees(first: Floats, second: Floats) -> float:
    """The angle between two unit vectors."""
    return float(np.degrees(np.arccos(np.clip(first @ second, -1.0, 1.0))))
