"""Reviews read by heads: each review's mood, each sentence's, and what aspect it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.progress import Progress, silent
from recsys.scenarios.reviews import aspects, heads, transfer, vectors
from recsys.scenarios.reviews.analysing import Doubles, Read
from recsys.scenarios.reviews.heads import Ground, Head
from recsys.scenarios.reviews.texts import sentences
from recsys.scenarios.reviews.transfer import Transferred
from recsys.schema import Floats

MOST_SENTENCES: Final = 8  # of a review
MOST_ENCODED: Final = 12_000  # different sentences, some ten seconds; of more, those that stand most often
HAPPY, UNHAPPY = 4.0, 2.0  # stars
START: Final = 3.0  # seconds, for lists of words and what is found in the sentences
SECONDS_A_SENTENCE: Final = 0.0015
UNITS: Final = 1_000  # of progress


def judged(
    texts: Sequence[str],
    stars: Doubles,
    items: Sequence[object],
    times: npt.NDArray[np.datetime64],
    other: Transferred | Head,
    progress: Progress = silent,
    *,
    careful: bool = False,
) -> tuple[Read, bool]:
    """The reviews as read, and whether a head was learned from their own stars. `texts` are plain, "" of none.

    `other` is what knows other shops' reviews. Where stars teach a head, each review is judged by one that
    has not seen its own stars, so that words may stand against them; where they teach none, `careful` takes longer for
    each review and judges languages that no head learned from better. Raises ModelError where nothing can encode.
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
    slowly = other if careful and isinstance(other, Transferred) and not teaches(texts, stars) else None
    until = _share_of_sentences(len(chosen), texts) if slowly else 1.0
    encoded = vectors.of_texts(chosen, _part(progress, 0.0, until))
    mood_of = 2 * other.chances(chosen, encoded)[:, 0] - 1 if chosen else np.zeros(0)
    means = _means(encoded, place, owner, len(texts))
    told, own = _by_own_stars(texts, stars, means)
    knows = other if own is None or np.ptp(mood_of) > 0 else own  # of somebody who knows no shop: what this one teaches
    felt = 2 * knows.chances(chosen, encoded)[:, 0] - 1 if chosen else mood_of
    found = aspects.found(chosen, encoded, felt, lambda words: _alone(knows, words), often[kept])
    if own is not None:
        mood_of = 2 * own.chances(chosen, encoded)[:, 0] - 1  # the other leans to one side in other languages
    if told is None:
        slow = _part(progress, until, 1.0)
        told = 2 * (transfer.careful_chances(slowly, texts, means, slow) if slowly else other.chances(texts, means))
        told = told[:, 0] - 1
    mood = np.where(np.bincount(owner, minlength=len(texts)) > 0, told, np.nan)
    read = Read(texts, stars, items, times, mood, flat, owner, mood_of[place], found.group[place], found.names)
    return read, own is not None


def teaches(texts: Sequence[str], stars: Doubles) -> bool:
    """Whether stars are enough to learn a head from."""
    worded = np.array([bool(text) for text in texts], bool)
    return min(int((worded & (stars >= HAPPY)).sum()), int((worded & (stars <= UNHAPPY)).sum())) >= 2 * heads.FEWEST


def quick_seconds(texts: Sequence[str]) -> float:
    """About how long reading takes on one core, without careful judging."""
    cut = {sentence for text in texts for sentence in sentences(text)[:MOST_SENTENCES]}
    return START + SECONDS_A_SENTENCE * min(len(cut), MOST_ENCODED)


def _share_of_sentences(number: int, texts: Sequence[str]) -> float:
    quick = SECONDS_A_SENTENCE * number
    return quick / max(quick + transfer.careful_seconds(texts), 1e-9)


def _part(progress: Progress, start: float, end: float) -> Progress:
    """The progress of a part of the work, from one share of all of it to another."""

    def told(done: int, total: int, note: str = "") -> None:
        progress(round(UNITS * (start + (end - start) * done / max(total, 1))), UNITS, note)

    return told


def _alone(head: Transferred | Head, words: Sequence[str]) -> Doubles:
    """The moods of words alone, by a head that knows other shops' reviews: what a word says here it need not mean."""
    return 2 * head.chances(words, vectors.of_texts(words))[:, 0] - 1


def _means(encoded: Floats, place: npt.NDArray[np.int64], owner: npt.NDArray[np.int64], n: int) -> Floats:
    """(n, d) the mean of the vectors of each review's sentences."""
    sums = np.zeros((n, encoded.shape[1]), np.float32)
    np.add.at(sums, owner, encoded[place])
    return np.asarray(sums / np.maximum(np.bincount(owner, minlength=n), 1)[:, None], np.float32)


def _by_own_stars(texts: Sequence[str], stars: Doubles, means: Floats) -> tuple[Doubles | None, Head | None]:
    """(mood (n,) of each review by a head that has not seen it, a head for sentences); None where stars are too few."""
    if not teaches(texts, stars):
        return None, None
    worded = np.array([bool(text) for text in texts], bool)
    known = np.flatnonzero(worded & ((stars >= HAPPY) | (stars <= UNHAPPY)))
    good = stars[known] >= HAPPY
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
