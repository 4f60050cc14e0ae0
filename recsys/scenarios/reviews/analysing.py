"""All that a set of reviews says: sentiment with its interval, aspects, quotes, contradictions, suspicions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews import suspicion
from recsys.schema import Rows

QUOTES: Final = 3  # of each side
CONTRADICTION: Final = 0.6  # intensity from which words stand against the stars
HAPPY, UNHAPPY = 4.0, 2.0  # stars
SETTLED: Final = 0.15  # intensity within which a sentence takes no side
RESAMPLED: Final = 500
SHORTEST, LONGEST = 15, 220  # characters of a quote
FEWEST: Final = 8  # sentences of a half that a trend needs

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Reviews as they were read: row by row, and sentence by sentence.

    `mood` (n,) and `sentence_mood` (m,) from -1, wholly bad, to 1, wholly good; NaN where nothing is said.
    """

    texts: Sequence[str]
    stars: Doubles  # (n,) NaN where none
    items: Sequence[object]
    times: npt.NDArray[np.datetime64]
    mood: Doubles
    sentences: Sequence[str]
    owner: npt.NDArray[np.int64]  # (m,) whose review the sentence is
    sentence_mood: Doubles
    aspect: npt.NDArray[np.int64]  # (m,) -1: none
    names: tuple[str, ...]  # of the aspects


@dataclass(frozen=True, slots=True)
class AspectFound:
    """One aspect: how many reviews speak of it, how well, and whether that moves."""

    name: str
    reviews: int
    mood: float
    interval: tuple[float, float]
    change: float | None  # of the later half against the earlier one; None where too little is known
    change_interval: tuple[float, float] | None
    quote: str  # the sentence that stands for it


@dataclass(frozen=True, slots=True)
class Quote:
    """A sentence, how good it is, and whose row it stands in."""

    text: str
    mood: float
    row: int


@dataclass(frozen=True, slots=True)
class Contradiction:
    """A review whose words stand against its stars."""

    row: int
    text: str
    stars: float
    mood: float


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What some reviews say."""

    reviews: int
    worded: int
    mood: float  # mean, -1 to 1; NaN where nothing is said
    interval: tuple[float, float]
    good: int  # reviews of either side
    bad: int
    stars: float  # mean; NaN where none
    aspects: tuple[AspectFound, ...]
    praise: tuple[Quote, ...]
    complaint: tuple[Quote, ...]
    contradictions: tuple[Contradiction, ...]
    copies: tuple[int, ...]  # rows of near copies
    burst: tuple[int, ...]  # rows that came in a burst


def analysed(read: Read, rows: Rows | None = None) -> Analysis:
    """What these rows of the reviews say; all of them where none are given."""
    rows = np.arange(len(read.texts), dtype=np.int32) if rows is None else np.asarray(rows, np.int32)
    inside = np.zeros(len(read.texts), bool)
    inside[rows] = True
    said = np.flatnonzero(inside[read.owner])
    mood = read.mood[rows]
    worded = mood[np.isfinite(mood)]
    aspects = [_aspect(read, said[read.aspect[said] == each], name) for each, name in enumerate(read.names)]
    stars = read.stars[rows]
    copies = suspicion.near_copies([read.texts[row] for row in rows]) >= 0
    burst = suspicion.bursts([read.items[row] for row in rows], read.times[rows])
    return Analysis(
        len(rows),
        len(worded),
        float(worded.mean()) if len(worded) else float("nan"),
        _interval(worded),
        int((worded > 0).sum()),
        int((worded <= 0).sum()),
        float(np.nanmean(stars)) if np.isfinite(stars).any() else float("nan"),
        tuple(sorted((each for each in aspects if each is not None), key=lambda each: -each.reviews)),
        _quotes(read, said, 1.0),
        _quotes(read, said, -1.0),
        _contradictions(read, rows),
        tuple(int(row) for row in rows[copies]),
        tuple(int(row) for row in rows[burst]),
    )


def _aspect(read: Read, said: npt.NDArray[np.int64], name: str) -> AspectFound | None:
    if not len(said):
        return None
    mood = read.sentence_mood[said]
    change, ends = _trend(mood, read.times[read.owner[said]])
    typical = said[np.argsort(np.abs(mood - mood.mean()), kind="stable")[: 5 * QUOTES]]
    quote = min((read.sentences[each] for each in typical), key=lambda text: (not _quotable(text), len(text)))
    reviews = len(np.unique(read.owner[said]))
    return AspectFound(name, reviews, float(mood.mean()), _interval(mood), change, ends, quote[:LONGEST])


def _trend(mood: Doubles, times: npt.NDArray[np.datetime64]) -> tuple[float | None, tuple[float, float] | None]:
    """How the later half of the dated sentences differs from the earlier one, with a 95 % interval (Welch)."""
    dated = ~np.isnat(times)
    order = np.argsort(times[dated], kind="stable")
    mood = mood[dated][order]
    half = len(mood) // 2
    if half < FEWEST or times[dated].min() == times[dated].max():
        return None, None
    before, after = mood[:half], mood[half:]
    change = float(after.mean() - before.mean())
    error = 1.96 * float(np.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after)))
    return change, (change - error, change + error)


def _interval(values: Doubles) -> tuple[float, float]:
    """The 95 % interval of a mean, from resamples."""
    if not len(values):
        return float("nan"), float("nan")
    chance = np.random.default_rng(0)
    size = min(len(values), 5_000)  # of more, the mean hardly moves, and the error is brought to their number
    means = np.array([values[chance.integers(len(values), size=size)].mean() for _ in range(RESAMPLED)])
    means = values.mean() + (means - values.mean()) * np.sqrt(size / len(values))
    low, high = np.quantile(means, (0.025, 0.975))
    return float(low), float(high)


def _quotes(read: Read, said: npt.NDArray[np.int64], side: float) -> tuple[Quote, ...]:
    """The plainest sentences of one side, no two of one review or of one text."""
    strong = said[np.argsort(-side * read.sentence_mood[said], kind="stable")]
    found, seen, rows = list[Quote](), set[str](), set[int]()
    for each in strong:
        text, row, mood = read.sentences[each], int(read.owner[each]), float(read.sentence_mood[each])
        if side * mood <= SETTLED or len(found) == QUOTES:
            break
        if _quotable(text) and text.lower() not in seen and row not in rows:
            found.append(Quote(text, mood, row))
            seen.add(text.lower())
            rows.add(row)
    return tuple(found)


def _quotable(text: str) -> bool:
    wide = sum(letter > "\u2e80" for letter in text)
    return len(text) + 2 * wide >= SHORTEST and len(text) <= LONGEST


def _contradictions(read: Read, rows: Rows) -> tuple[Contradiction, ...]:
    """The strongest first."""
    stars, mood = read.stars[rows], np.nan_to_num(read.mood[rows])
    against = ((stars >= HAPPY) & (mood <= -CONTRADICTION)) | ((stars <= UNHAPPY) & (mood >= CONTRADICTION))
    strong = rows[against][np.argsort(-np.abs(mood[against]), kind="stable")]
    return tuple(Contradiction(int(r), read.texts[r], float(read.stars[r]), float(read.mood[r])) for r in strong)
