"""How good each sentence is, from more than one witness, and whether they agree.

A head that is learned from stars judges whole reviews: on a single sentence it repeats what stood beside it. So a
sentence is judged by two heads, and then by the company that it keeps: the stars of a review are 3 and twice the mean
of what its sentences say, each sentence's own part is an effect that is shrunk towards what the heads say of it
(Robinson, "That BLUP is a Good Thing", 1991). A phrase that hundreds write is judged by their stars, one that stands
once by the heads.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews import heads

SHRUNK: Final = (1.0, 3.0, 10.0)  # reviews of one sentence that count as much as the heads; chosen on folds
FOLDS: Final = 3
OFTEN: Final = 8  # reviews with stars from which a sentence's company alone is witness enough
PLAIN: Final = 0.5  # intensity from which the careful head is believed against the quick one
ASKED: Final = 150  # sentences that the careful head is asked about: some five seconds

Doubles = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Careful = Callable[[Whole], Doubles]


@dataclass(frozen=True, slots=True, eq=False)
class Weighed:
    """Of different sentences: `mood` (m,) from -1 to 1, `sure` (m,) whether the witnesses agree on its side.

    `careful` (m,): whether the careful head was asked about it. `heads` (m,) the mood by heads alone, without company.
    """

    mood: Doubles
    sure: npt.NDArray[np.bool_]
    careful: npt.NDArray[np.bool_]
    heads: Doubles


def by_stars(own: Doubles, other: Doubles, place: Whole, owner: Whole, stars: Doubles) -> Weighed:
    """Sentences of reviews that have stars, by both heads (m,) and by the stars of all reviews they stand in.

    `place` and `owner` (s,) say which sentence stands where, and in whose review; `stars` (n,) may be NaN.
    """
    prior = (own + other) / 2
    known = np.isfinite(stars)[owner]
    often = np.bincount(place[known], minlength=len(prior))
    mood = np.clip(_effects(prior, place[known], owner[known], stars), -1, 1)
    agreed = (np.sign(own) == np.sign(mood)) & (np.sign(other) == np.sign(mood))
    return Weighed(mood, agreed | (often >= OFTEN), np.zeros(len(mood), bool), prior)


def by_the_careful(quick: Doubles, wanted: Doubles, careful: Careful | None) -> Weighed:
    """Sentences without stars to learn from: the most wanted of them by the careful head, the others by the quick one.

    `careful` is given rows of sentences and returns their moods. `wanted` (m,): the higher, the earlier asked; NaN
    where the careful head knows no better. What it was asked about is sure where both agree or it is plain, what it
    cannot be asked about where the quick one is plain, and nothing else.
    """
    wanted = np.full(len(quick), np.nan) if careful is None else wanted
    mood, looked = quick.copy(), np.zeros(len(quick), bool)
    sure = np.isnan(wanted) & (np.abs(quick) >= PLAIN)
    order = np.argsort(-wanted, kind="stable")  # NaN last
    asked = np.sort(order[: min(ASKED, int(np.isfinite(wanted).sum()))])
    if careful is None or not len(asked):
        return Weighed(mood, sure, looked, mood)
    told = careful(asked)
    mood[asked], looked[asked] = told, True
    sure[asked] = (np.sign(told) == np.sign(quick[asked])) | (np.abs(told) >= PLAIN)
    return Weighed(mood, sure, looked, mood)


def witnessed(mood: Doubles, seen: Weighed) -> Weighed:
    """Sentences whose `mood` (m,) a head of one kind of reviews tells: sure where plain, and others saw its side."""
    sure = seen.sure & (np.abs(mood) >= PLAIN) & (np.sign(mood) == np.sign(seen.mood))
    return Weighed(mood, sure, np.zeros(len(mood), bool), mood)


def as_stars(told: Doubles, stars: Doubles) -> Doubles:
    """(n,) what `told` is worth in stars, -1 for one and 1 for five: the stars that rise with it most likely.

    Isotonic regression over all reviews that have stars, those in the middle among them: a head that knows only good
    and bad calls "neither great nor bad" one of both.
    """
    from sklearn.isotonic import IsotonicRegression

    known = np.isfinite(stars)
    rising = IsotonicRegression(out_of_bounds="clip").fit(told[known], stars[known])
    return np.asarray((rising.predict(told) - 3) / 2)


def _effects(prior: Doubles, place: Whole, owner: Whole, stars: Doubles) -> Doubles:
    """(m,) the moods that foretell the stars best, shrunk to the prior as far as folds of the reviews advise."""
    from scipy.sparse import csr_array

    rows, row_of = np.unique(owner, return_inverse=True)
    if len(rows) < heads.FEWEST:
        return prior
    share = 1 / np.bincount(row_of)[row_of]
    part = csr_array((share, (row_of, place)), shape=(len(rows), len(prior)))
    left = (stars[rows] - 3) / 2 - part @ prior
    fold = np.random.default_rng(heads.SEED).permutation(len(rows)) % FOLDS
    kept = [(np.flatnonzero(fold != each), np.flatnonzero(fold == each)) for each in range(FOLDS)]

    def error(shrunk: float) -> float:
        missed = [left[out] - part[out] @ _shrunk(part[fit], left[fit], shrunk) for fit, out in kept]
        return float((np.concatenate(missed) ** 2).mean())

    return prior + _shrunk(part, left, min(SHRUNK, key=error))


def _shrunk(part: object, left: Doubles, shrunk: float) -> Doubles:
    from scipy.sparse.linalg import lsqr

    return np.asarray(lsqr(part, left, damp=float(np.sqrt(shrunk)), atol=1e-6, btol=1e-6)[0])
