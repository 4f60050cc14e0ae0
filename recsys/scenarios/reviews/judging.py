"""Reviews read by heads: each review's mood, each sentence's, and what aspect it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.progress import Progress, silent
from recsys.scenarios.reviews import aspects, heads, suspicion, vectors, weighing
from recsys.scenarios.reviews.analysing import Doubles, Read
from recsys.scenarios.reviews.heads import Ground, Head
from recsys.scenarios.reviews.texts import sentences
from recsys.schema import Floats

MOST_SENTENCES: Final = 8  # of a review
MOST_ENCODED: Final = 12_000  # different sentences, some ten seconds; of more, those that stand most often
HAPPY, UNHAPPY = 4.0, 2.0  # stars


def judged(
    texts: Sequence[str],
    stars: Doubles,
    items: Sequence[object],
    times: npt.NDArray[np.datetime64],
    other: Head,
    progress: Progress = silent,
    authors: Sequence[object] | None = None,
) -> tuple[Read, bool]:
    """The reviews as read, and whether a head was learned from their own stars. `texts` are plain, "" of none.

    `other` is the head that knows other shops' reviews. Where stars teach a head, each review is judged by one that
    has not seen its own stars, so that words may stand against them; its mood is then what such words are worth in
    stars. Raises ModelError where nothing can encode.
    """
    cut = [sentences(text)[:MOST_SENTENCES] for text in texts]
    flat = [sentence for some in cut for sentence in some]
    owner = np.repeat(np.arange(len(texts)), [len(some) for some in cut])
    different, place, often = np.unique(np.array(flat, dtype=object), return_inverse=True, return_counts=True)
    kept = np.sort(np.argsort(-often, kind="stable")[:MOST_ENCODED])
    row_of = np.full(len(different), -1)
    row_of[kept] = np.arange(len(kept))
    place = row_of[place] if len(place) else np.zeros(0, np.int64)
    owner, flat, place = owner[place >= 0], [s for s, at in zip(flat, place, strict=True) if at >= 0], place[place >= 0]
    chosen = [str(different[each]) for each in kept]
    encoded = vectors.of_texts(chosen, progress)
    quick = 2 * other.chances(chosen, encoded)[:, 0] - 1 if chosen else np.zeros(0)
    found = aspects.found(chosen, encoded)
    means = _means(encoded, place, owner, len(texts))
    second = 2 * other.chances(list(texts), means)[:, 0] - 1 if len(texts) else np.zeros(0)
    told, own = _by_own_stars(texts, stars, means)
    if own is not None and told is not None:
        weighed = weighing.by_stars(2 * own.chances(chosen, encoded)[:, 0] - 1, quick, place, owner, stars)
    else:
        wanted = _wanted(quick, place, owner, second, stars)
        careful = weighing.careful_head() if chosen else None
        weighed = weighing.by_the_careful(quick, chosen, wanted, careful)
        told = _by_sentences(second, weighed, place, owner)
    said = np.bincount(owner, minlength=len(texts)) > 0
    parts = np.bincount(owner, weighed.heads[place], minlength=len(texts))
    verdict = np.where(said & (np.sign(told) == np.sign(second)) & (np.sign(told) == np.sign(parts)), told, 0.0)
    mood = np.where(said, told if own is None else weighing.as_stars(told, np.where(said, stars, np.nan)), np.nan)
    read = Read(
        texts,
        stars,
        items,
        times,
        mood,
        flat,
        owner,
        weighed.mood[place],
        found.group[place],
        found.names,
        verdict,
        weighed.sure[place],
        _typical(encoded, found.group)[place],
        suspicion.copies(texts, times, items, authors),
        suspicion.bursts(items, times),
    )
    return read, own is not None


def _wanted(
    quick: Doubles, place: npt.NDArray[np.int64], owner: npt.NDArray[np.int64], mood: Doubles, stars: Doubles
) -> Doubles:
    """(m,) how much a careful look at a sentence tells: first at those that stand against stars, then at plain ones."""
    against = ((stars >= HAPPY) & (mood < 0)) | ((stars <= UNHAPPY) & (mood > 0))
    wanted = np.abs(quick)
    np.maximum.at(wanted, place[against[owner]], 1.0 + np.abs(mood[owner[against[owner]]]))
    return wanted


def _by_sentences(
    quick: Doubles, weighed: weighing.Weighed, place: npt.NDArray[np.int64], owner: npt.NDArray[np.int64]
) -> Doubles:
    """(n,) the mean of a review's sentences where the careful head was asked about one of them; else as it was."""
    n = len(quick)
    count = np.bincount(owner, minlength=n)
    careful = np.bincount(owner, weighed.careful[place].astype(np.float64), minlength=n)
    mean = np.bincount(owner, weighed.mood[place], minlength=n) / np.maximum(count, 1)
    return np.where((count > 0) & (careful == count), mean, quick)


def _typical(encoded: Floats, group: npt.NDArray[np.int64]) -> Doubles:
    """(m,) how near each sentence lies to the middle of its aspect, by cosine; 0 where it has none."""
    v = encoded / np.maximum(np.linalg.norm(encoded, axis=1, keepdims=True), 1e-9)
    found = np.zeros(len(v))
    for each in range(int(group.max()) + 1 if len(group) else 0):
        rows = np.flatnonzero(group == each)
        if len(rows):
            middle = v[rows].mean(axis=0)
            found[rows] = v[rows] @ (middle / max(float(np.linalg.norm(middle)), 1e-9))
    return found


def _means(encoded: Floats, place: npt.NDArray[np.int64], owner: npt.NDArray[np.int64], n: int) -> Floats:
    """(n, d) the mean of the vectors of each review's sentences."""
    sums = np.zeros((n, encoded.shape[1]), np.float32)
    np.add.at(sums, owner, encoded[place])
    return np.asarray(sums / np.maximum(np.bincount(owner, minlength=n), 1)[:, None], np.float32)


def _by_own_stars(texts: Sequence[str], stars: Doubles, means: Floats) -> tuple[Doubles | None, Head | None]:
    """(mood (n,) of each review by a head that has not seen it, a head for sentences); None where stars are too few."""
    worded = np.array([bool(text) for text in texts], bool)
    known = np.flatnonzero(worded & ((stars >= HAPPY) | (stars <= UNHAPPY)))
    good = stars[known] >= HAPPY
    if min(int(good.sum()), int((~good).sum())) < 2 * heads.FEWEST:
        return None, None
    ground = Ground.of(texts, means)
    own = heads.fit_sentiment(ground.some(known), good)
    mood = 2 * own.chances(texts, means)[:, 0] - 1
    fold = np.random.default_rng(heads.SEED).permutation(len(known)) % heads.FOLDS
    for each in range(heads.FOLDS):
        head = heads.fit_sentiment(ground.some(known[fold != each]), good[fold != each])
        out = known[fold == each]
        mood[out] = 2 * head.chances([texts[row] for row in out], means[out])[:, 0] - 1
    # a score that is linear in the mean of a review's sentences is the mean of their own scores: so each has its part
    return mood, heads.fit_sentiment(Ground(None, means).some(known), good)
