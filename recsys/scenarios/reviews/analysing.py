"""All that a set of reviews says: sentiment with its interval, aspects, quotes, contradictions, suspicions."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from statistics import NormalDist
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews.shares import wilson
from recsys.schema import Rows

QUOTES: Final = 3  # of each side
SURELY: Final = 0.4  # intensity from which words stand against 5 stars or 1
ALL_AGAINST: Final = 0.9  # and against 4 or 2, which are given for a "but" as well
HAPPY, MIDDLE, UNHAPPY = 4.0, 3.0, 2.0  # stars
MOST, LEAST = 5.0, 1.0
SETTLED: Final = 0.15  # intensity within which a review or a sentence takes no side
QUOTED: Final = 0.5  # intensity from which a sentence is praise or a complaint
RESAMPLED: Final = 500
SHORTEST, LONGEST = 15, 220  # characters of a quote
TYPICAL: Final = 0.5  # how much being typical counts beside how good or bad it is
FEWEST: Final = 8  # sentences of a half that a trend needs

Doubles = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True, eq=False)
class Read:
    """Reviews as they were read: row by row, and sentence by sentence.

    `mood` (n,) and `sentence_mood` (m,) from -1, wholly bad, to 1, wholly good; NaN where nothing is said. Where
    stars taught them, -1 is what one star says and 1 what five say.
    """

    texts: Sequence[str]
    stars: Doubles  # (n,) NaN where none
    items: Sequence[object]
    times: npt.NDArray[np.datetime64]
    mood: Doubles
    sentences: Sequence[str]
    owner: Whole  # (m,) whose review the sentence is
    sentence_mood: Doubles
    aspect: Whole  # (m,) -1: none
    names: tuple[str, ...]  # of the aspects
    verdict: Doubles  # (n,) how surely good or bad, -1 to 1, where both heads and its sentences agree; else 0
    sure: npt.NDArray[np.bool_]  # (m,) whether all witnesses agree on the sentence's side
    typical: Doubles  # (m,) how near it lies to the middle of its aspect, up to 1
    copied: Whole  # (n,) the first review of the copies that it is one of; -1: none
    burst: Whole  # (n,) the first review of the burst that it came in; -1: none


@dataclass(frozen=True, slots=True)
class AspectFound:
    """One aspect: how many reviews speak of it, how well, and whether that moves."""

    name: str
    reviews: int
    mood: float
    interval: tuple[float, float]
    change: float | None  # of the later half against the earlier one; None where too little is known
    change_interval: tuple[float, float] | None
    quote: str  # a sentence that stands for it and is as good or bad as it is; "" where none surely is


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


@dataclass(frozen=True, slots=True)
class Together:
    """Reviews that are suspicious together: copies of one text, or a burst of one product."""

    rows: tuple[int, ...]
    text: str  # of the first
    item: object  # of the first
    first: np.datetime64  # day; NaT where unknown
    last: np.datetime64


@dataclass(frozen=True, slots=True, eq=False)
class Analysis:
    """What some reviews say."""

    reviews: int
    worded: int
    mood: float  # mean, -1 to 1; NaN where nothing is said
    interval: tuple[float, float]
    good: int  # reviews of either side; the others take none
    bad: int
    good_share: tuple[float, float]  # 95 % interval of the share of good ones among those with words
    stars: float  # mean; NaN where none
    aspects: tuple[AspectFound, ...]
    praise: tuple[Quote, ...]
    complaint: tuple[Quote, ...]
    contradictions: tuple[Contradiction, ...]
    copies: tuple[Together, ...]  # the largest first
    bursts: tuple[Together, ...]


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
    return Analysis(
        len(rows),
        len(worded),
        float(worded.mean()) if len(worded) else float("nan"),
        _interval(worded),
        int((worded > SETTLED).sum()),
        int((worded < -SETTLED).sum()),
        wilson(int((worded > SETTLED).sum()), len(worded)),
        float(np.nanmean(stars)) if np.isfinite(stars).any() else float("nan"),
        tuple(sorted((each for each in aspects if each is not None), key=lambda each: -each.reviews)),
        _quotes(read, said, 1.0),
        _quotes(read, said, -1.0),
        _contradictions(read, rows),
        _together(read, rows, read.copied),
        _together(read, rows, read.burst),
    )


def _aspect(read: Read, said: npt.NDArray[np.int64], name: str) -> AspectFound | None:
    if not len(said):
        return None
    mood = read.sentence_mood[said]
    change, ends = _trend(mood, read.times[read.owner[said]], len(read.names))
    quote = _stands_for(read, said, float(mood.mean()))
    reviews = len(np.unique(read.owner[said]))
    return AspectFound(name, reviews, float(mood.mean()), _interval(mood), change, ends, quote)


def _stands_for(read: Read, said: Whole, mood: float) -> str:
    """The most typical sentence that is surely on the aspect's side, and whose review's stars say the same."""
    side = np.sign(mood) if abs(mood) > SETTLED else 0.0
    fits = np.array([_quotable(read.sentences[each]) for each in said], bool)
    if side:
        least = min(QUOTED, abs(mood))
        fits &= read.sure[said] & (side * read.sentence_mood[said] >= least) & _starred(read, said, side, MIDDLE)
    chosen = said[fits]
    return read.sentences[chosen[np.argmax(read.typical[chosen])]] if len(chosen) else ""


def _trend(
    mood: Doubles, times: npt.NDArray[np.datetime64], looked: int
) -> tuple[float | None, tuple[float, float] | None]:
    """How the later half of the dated sentences differs from the earlier one, with an interval (Welch).

    All intervals of as many aspects as were looked at hold together with 95 % (Bonferroni).
    """
    dated = ~np.isnat(times)
    order = np.argsort(times[dated], kind="stable")
    mood = mood[dated][order]
    half = len(mood) // 2
    if half < FEWEST or times[dated].min() == times[dated].max():
        return None, None
    before, after = mood[:half], mood[half:]
    change = float(after.mean() - before.mean())
    error = NormalDist().inv_cdf(1 - 0.025 / looked) * float(
        np.sqrt(before.var(ddof=1) / len(before) + after.var(ddof=1) / len(after))
    )
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


def _quotes(read: Read, said: Whole, side: float) -> tuple[Quote, ...]:
    """The plainest and most typical sentences of one side, no two of one review or text, of one aspect only at need.

    Of reviews whose stars say the same: 4 and more, 2 and fewer; at need 3.
    """
    fits = read.sure[said] & (side * read.sentence_mood[said] >= QUOTED)
    fits &= np.array([_quotable(read.sentences[each]) for each in said], bool)
    for bound in (HAPPY if side > 0 else UNHAPPY, MIDDLE):
        chosen = said[fits & _starred(read, said, side, bound)]
        if len(chosen):
            break
    worth = side * read.sentence_mood[chosen] + TYPICAL * read.typical[chosen]
    left = [int(each) for each in chosen[np.argsort(-worth, kind="stable")]]
    found, seen, rows, spoken = list[int](), set[str](), set[int](), set[int]()
    for again in (False, True):
        for each in left:
            text, row, aspect = read.sentences[each].lower(), int(read.owner[each]), int(read.aspect[each])
            if len(found) < QUOTES and text not in seen and row not in rows and (again or aspect not in spoken):
                found.append(each)
                seen.add(text)
                rows.add(row)
                spoken.add(aspect)
    found.sort(key=lambda each: -side * float(read.sentence_mood[each]))
    return tuple(Quote(read.sentences[e], float(read.sentence_mood[e]), int(read.owner[e])) for e in found)


def _starred(read: Read, said: Whole, side: float, bound: float) -> npt.NDArray[np.bool_]:
    """Whether a sentence's review has stars on this side of a bound, or none."""
    stars = read.stars[read.owner[said]]
    return np.isnan(stars) | (side * stars >= side * bound)


def _quotable(text: str) -> bool:
    wide = sum(letter > "\u2e80" for letter in text)
    return len(text) + 2 * wide >= SHORTEST and len(text) <= LONGEST


def _contradictions(read: Read, rows: Rows) -> tuple[Contradiction, ...]:
    """The strongest first: words that two heads put on the side where the stars are not."""
    stars, mood = read.stars[rows], read.verdict[rows]
    plain = np.abs(mood) >= np.where((stars >= MOST) | (stars <= LEAST), SURELY, ALL_AGAINST)
    against = plain & (((stars >= HAPPY) & (mood < 0)) | ((stars <= UNHAPPY) & (mood > 0)))
    strong = rows[against][np.argsort(-np.abs(mood[against]), kind="stable")]
    return tuple(Contradiction(int(r), read.texts[r], float(read.stars[r]), float(read.verdict[r])) for r in strong)


def _together(read: Read, rows: Rows, group: Whole) -> tuple[Together, ...]:
    """The groups that have a member among these rows, each with all whom it has there."""
    inside = rows[group[rows] >= 0]
    found = list[Together]()
    for first in np.unique(group[inside]):
        members = inside[group[inside] == first]
        days = read.times[members].astype("datetime64[D]")
        dated = days[~np.isnat(days)]
        ends = (dated.min(), dated.max()) if len(dated) else (np.datetime64("NaT"), np.datetime64("NaT"))
        whole = tuple(int(row) for row in members)
        found.append(Together(whole, read.texts[int(first)], read.items[int(first)], *ends))
    return tuple(sorted(found, key=lambda each: (-len(each.rows), each.rows)))
