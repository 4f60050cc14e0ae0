"""Reviews read by heads: each review's mood, each sentence's, and what aspect it speaks of."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from recsys.progress import Progress, silent
from recsys.scenarios.reviews import aspects, heads, suspicion, transfer, vectors, weighing
from recsys.scenarios.reviews.analysing import Doubles, Read, Whole
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
    authors: Sequence[object] | None = None,
    careful: bool = False,
    company: bool = True,
    witness: Transferred | Head | None = None,
) -> tuple[Read, bool]:
    """The reviews as read, and whether a head was learned from their own stars. `texts` are plain, "" of none.

    `other` is what knows other shops' reviews. Where stars teach a head, each review is judged by one that
    has not seen its own stars, so that words may stand against them; its mood is then what such words are worth in
    stars. Where they teach none, `careful` takes longer for each review and judges languages that no head learned
    from better; a few sentences are read so in any case. Without `company` a sentence is judged by the head of the own
    stars alone and not by the stars beside it: for whoever foretells these from it. Where `other` is a head of one kind
    of reviews and no stars teach, a `witness` who knows other kinds has to agree for a sentence to be sure. Raises
    ModelError where nothing can encode.
    """
    cut = _Cut.of(texts)
    plan = _Plan.of(texts, stars, cut.different, isinstance(witness or other, Transferred), careful)
    encoded = vectors.of_texts(cut.different, plan.part(progress, 0))
    quick = _moods(other, cut.different, encoded)
    means = _means(encoded, cut.place, cut.owner, len(texts))
    second = _moods(other, texts, means)
    told, own = _by_own_stars(texts, stars, means)
    knows = other if own is None or np.ptp(quick) > 0 else own  # of somebody who knows no shop: what this one teaches
    felt = quick if knows is other else _moods(knows, cut.different, encoded)
    found = aspects.found(cut.different, encoded, felt, lambda words: _alone(knows, words), cut.often)
    if own is not None and told is not None:
        own_moods = _moods(own, cut.different, encoded)
        by_stars = weighing.by_stars(own_moods, quick, cut.place, cut.owner, stars)
        weighed = by_stars if company else replace(by_stars, mood=own_moods)
    else:
        told = second
        if plan.reviews and isinstance(other, Transferred):
            told = 2 * transfer.careful_chances(other, texts, means, plan.part(progress, 1))[:, 0] - 1
        asked = witness or other
        careful_head = _careful_head(asked, cut.different, encoded, plan.part(progress, 2)) if plan.sentences else None
        wanted = _wanted(quick, cut, told, stars)
        if witness is None:
            weighed = weighing.by_the_careful(quick, wanted, careful_head)
        else:
            seen = weighing.by_the_careful(_moods(witness, cut.different, encoded), wanted, careful_head)
            weighed = weighing.witnessed(quick, seen)
        told = told if plan.reviews else _by_sentences(told, weighed, cut)
    said = np.bincount(cut.owner, minlength=len(texts)) > 0
    parts = np.bincount(cut.owner, weighed.heads[cut.place], minlength=len(texts))
    verdict = np.where(said & (np.sign(told) == np.sign(second)) & (np.sign(told) == np.sign(parts)), told, 0.0)
    mood = np.where(said, told if own is None else weighing.as_stars(told, np.where(said, stars, np.nan)), np.nan)
    read = Read(
        texts,
        stars,
        items,
        times,
        mood,
        cut.flat,
        cut.owner,
        weighed.mood[cut.place],
        found.group[cut.place],
        found.names,
        verdict,
        weighed.sure[cut.place],
        _typical(encoded, found.group)[cut.place],
        suspicion.copies(texts, times, items, authors),
        suspicion.bursts(items, times),
    )
    return read, own is not None


@dataclass(frozen=True, slots=True, eq=False)
class _Cut:
    """The sentences of reviews: `flat` (s,) one by one, `different` (m,) ones, how `often` (m,) each stands."""

    flat: list[str]
    owner: Whole  # (s,) whose review it is
    place: Whole  # (s,) which of the different ones it is
    different: list[str]
    often: Whole

    @classmethod
    def of(cls, texts: Sequence[str]) -> Self:
        """Those that are read: of many, those that stand most often."""
        cut = [sentences(text)[:MOST_SENTENCES] for text in texts]
        flat = [sentence for some in cut for sentence in some]
        owner = np.repeat(np.arange(len(texts)), [len(some) for some in cut])
        different, place, often = np.unique(np.array(flat, dtype=object), return_inverse=True, return_counts=True)
        kept = np.sort(np.argsort(-often, kind="stable")[:MOST_ENCODED])
        row_of = np.full(len(different), -1)
        row_of[kept] = np.arange(len(kept))
        place = row_of[place] if len(place) else np.zeros(0, np.int64)
        read = place >= 0
        return cls(
            [sentence for sentence, inside in zip(flat, read, strict=True) if inside],
            owner[read],
            place[read],
            [str(different[each]) for each in kept],
            often[kept],
        )


@dataclass(frozen=True, slots=True)
class _Plan:
    """About how many seconds each of three parts takes: encoding, then reviews and sentences by the careful head."""

    encoding: float
    reviews: float
    sentences: float

    @classmethod
    def of(cls, texts: Sequence[str], stars: Doubles, chosen: Sequence[str], able: bool, careful: bool) -> Self:
        """The plan for texts of which the sentences `chosen` are read, `able` where a careful head may be asked."""
        encoding = SECONDS_A_SENTENCE * len(chosen)
        if not able or teaches(texts, stars) or transfer.careful_obstacle():
            return cls(encoding, 0.0, 0.0)
        reviews = transfer.careful_seconds(texts) if careful else 0.0
        return cls(encoding, reviews, _asked_seconds(chosen))

    def part(self, progress: Progress, number: int) -> Progress:
        """The progress of one of the parts, from its share of all of the work to the next one's."""
        took = np.cumsum((0.0, self.encoding, self.reviews, self.sentences)) / max(self.seconds, 1e-9)
        return part_of(progress, float(took[number]), float(took[number + 1]))

    @property
    def seconds(self) -> float:
        """All of it."""
        return self.encoding + self.reviews + self.sentences


def part_of(progress: Progress, start: float, end: float) -> Progress:
    """The progress of what stands from `start` to `end`, 0 to 1, of all of the work."""

    def told(done: int, total: int, note: str = "") -> None:
        progress(round(UNITS * (start + (end - start) * done / max(total, 1))), UNITS, note)

    return told


def teaches(texts: Sequence[str], stars: Doubles) -> bool:
    """Whether stars are enough to learn a head from."""
    worded = np.array([bool(text) for text in texts], bool)
    return min(int((worded & (stars >= HAPPY)).sum()), int((worded & (stars <= UNHAPPY)).sum())) >= 2 * heads.FEWEST


def seconds(texts: Sequence[str], stars: Doubles, *, careful: bool = False) -> float:
    """About how long reading takes on one core."""
    return START + _Plan.of(texts, stars, _Cut.of(texts).different, True, careful).seconds


def _asked_seconds(chosen: Sequence[str]) -> float:
    """About how long the careful head takes with the sentences that it is asked about."""
    slow = sum(transfer.is_slow(sentence) for sentence in chosen)
    return transfer.SECONDS_A_PIECE * min(slow, weighing.ASKED)


def _moods(head: Transferred | Head, texts: Sequence[str], encoded: Floats) -> Doubles:
    return 2 * head.chances(texts, encoded)[:, 0] - 1 if len(texts) else np.zeros(0)


def _careful_head(
    other: Transferred | Head, texts: Sequence[str], encoded: Floats, progress: Progress
) -> weighing.Careful | None:
    """What judges rows of these texts carefully; None where `other` has no share in that."""
    if not isinstance(other, Transferred):
        return None

    def told(rows: Whole) -> Doubles:
        return 2 * transfer.careful_chances(other, [texts[row] for row in rows], encoded[rows], progress)[:, 0] - 1

    return told


def _alone(head: Transferred | Head, words: Sequence[str]) -> Doubles:
    """The moods of words alone, by a head that knows other shops' reviews: what a word says here it need not mean."""
    return 2 * head.chances(words, vectors.of_texts(words))[:, 0] - 1


def _wanted(quick: Doubles, cut: _Cut, mood: Doubles, stars: Doubles) -> Doubles:
    """(m,) how much a careful look at a sentence tells: first at those that stand against stars, then at plain ones.

    NaN where it tells nothing more.
    """
    against = ((stars >= HAPPY) & (mood < 0)) | ((stars <= UNHAPPY) & (mood > 0))
    wanted, of_these = np.abs(quick), against[cut.owner]
    np.maximum.at(wanted, cut.place[of_these], 1.0 + np.abs(mood[cut.owner[of_these]]))
    slow = np.array([transfer.is_slow(sentence) for sentence in cut.different], bool)
    return np.where(slow, wanted, np.nan)


def _by_sentences(quick: Doubles, weighed: weighing.Weighed, cut: _Cut) -> Doubles:
    """(n,) the mean of a review's sentences where the careful head was asked about all of them; else as it was."""
    n = len(quick)
    count = np.bincount(cut.owner, minlength=n)
    careful = np.bincount(cut.owner, weighed.careful[cut.place].astype(np.float64), minlength=n)
    mean = np.bincount(cut.owner, weighed.mood[cut.place], minlength=n) / np.maximum(count, 1)
    return np.where((count > 0) & (careful == count), mean, quick)


def _typical(encoded: Floats, group: Whole) -> Doubles:
    """(m,) how near each sentence lies to the middle of its aspect, by cosine; 0 where it has none."""
    v = encoded / np.maximum(np.linalg.norm(encoded, axis=1, keepdims=True), 1e-9)
    found = np.zeros(len(v))
    for each in range(int(group.max()) + 1 if len(group) else 0):
        rows = np.flatnonzero(group == each)
        if len(rows):
            middle = v[rows].mean(axis=0)
            found[rows] = v[rows] @ (middle / max(float(np.linalg.norm(middle)), 1e-9))
    return found


def _means(encoded: Floats, place: Whole, owner: Whole, n: int) -> Floats:
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
