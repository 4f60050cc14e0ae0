"""What reviews speak of, found from their own words: no list of a shop has to say so.

Sentences that stand near each other in the space of sentence vectors speak of one thing (k-means on the sphere), once
what tells languages apart and what tells good from bad is taken out of the vectors. A group is named by its things
(`naming`); one in which no thing stands out holds verdicts alone and is no aspect.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.interest.interest_vector import unit
from recsys.scenarios.reviews import wordlists
from recsys.scenarios.reviews.naming import Judge, Mood, named, spoken
from recsys.schema import Floats

MOST: Final = 8  # aspects
A_GROUP: Final = 12  # sentences from which there may be one more aspect
ROUNDS: Final = 25
STARTS: Final = 4
MORE_STARTS, OF_FEW = 20, 3_000  # so many for up to so many sentences, where they take a moment
SEED: Final = 0
OF_A_LANGUAGE: Final = 10  # sentences from which on a language has a mean of its own


@dataclass(frozen=True, slots=True, eq=False)
class Aspects:
    """Groups of sentences: `names` by the words that stand out, `group` (m,) of each sentence, -1 of none."""

    names: tuple[str, ...]
    group: npt.NDArray[np.int64]


def found(
    sentences: Sequence[str],
    vectors: Floats,
    mood: Mood,
    judge: Judge | None = None,
    often: npt.NDArray[np.int64] | None = None,
    most: int = MOST,
) -> Aspects:
    """The aspects that these sentences, with vectors (m, d) and moods (m,), speak of; none where there are too few.

    `judge` tells how good a word alone is; without it, the moods of a word's sentences alone tell verdicts. `often`
    (m,) is how many times each sentence was written, once where it is not given.
    """
    if len(sentences) < 2 * A_GROUP:
        return Aspects((), np.full(len(sentences), -1))
    often = np.ones(len(sentences), np.int64) if often is None else often
    languages = [wordlists.language(sentence) for sentence in sentences]
    group = _gathered(_about(vectors, mood, languages), min(most, len(sentences) // A_GROUP))
    said = spoken(sentences, languages)
    names = named(said, group, mood, judge, often)
    while len(merged := _merged(names)) < len(names):
        group = np.array([merged[_first(name) or str(each)] for each, name in enumerate(names)])[group]
        names = named(said, group, mood, judge, often)
    order = sorted((each for each, name in enumerate(names) if name), key=lambda each: -int((group == each).sum()))
    place = np.full(len(names), -1)
    place[order] = np.arange(len(order))
    return Aspects(tuple(names[each] for each in order), place[group])


def _merged(names: Sequence[str]) -> dict[str, int]:
    """A number for each first word of the names: groups of one first word are one; one without a name stands alone."""
    firsts = dict.fromkeys(_first(name) or str(each) for each, name in enumerate(names))
    return {first: number for number, first in enumerate(firsts)}


def _first(name: str) -> str:
    return name.split(", ")[0]


def _about(vectors: Floats, mood: Mood, languages: Sequence[str]) -> Floats:
    """The vectors (m, d) without the mean of their language and without the direction in which they tell moods."""
    v = np.asarray(vectors, np.float64).copy()
    codes = np.array(languages)
    for code in np.unique(codes):
        mine = codes == code
        v[mine] -= v[mine].mean(axis=0) if mine.sum() >= OF_A_LANGUAGE else v.mean(axis=0)
    direction = v.T @ (mood - mood.mean())
    direction /= max(float(np.linalg.norm(direction)), 1e-12)  # nothing where moods are alike everywhere
    return np.asarray(v - np.outer(v @ direction, direction), np.float32)


def _gathered(vectors: Floats, groups: int) -> npt.NDArray[np.int64]:
    """(m,) the group of each vector: k-means by cosine, the tightest of several runs, the same every time."""
    chance = np.random.default_rng(SEED)
    v = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    starts = MORE_STARTS if len(v) <= OF_FEW else STARTS
    runs = [_run(v, groups, chance) for _ in range(starts)]
    return max(runs, key=lambda run: run[0])[1]


def _middle(members: Floats, before: Floats) -> Floats:
    """The direction that members of a group have in common; as before where there are none, or it has no length."""
    found = unit(members.mean(axis=0)) if len(members) else None
    return before if found is None else found


def _run(v: Floats, groups: int, chance: np.random.Generator) -> tuple[float, npt.NDArray[np.int64]]:
    """(sum of cosines to the own middle, group of each), begun far apart (k-means++)."""
    nearest = v @ v[int(chance.integers(len(v)))]
    centres = [v[int(np.argmax(nearest))]]
    for _ in range(groups - 1):
        far = np.maximum(1 - nearest, 0).astype(np.float64) ** 2 + 1e-12
        centres.append(v[int(chance.choice(len(v), p=far / far.sum()))])
        nearest = np.maximum(nearest, v @ centres[-1])
    middle = np.array(centres)
    group = np.full(len(v), -1)
    for _ in range(ROUNDS):
        near = v @ middle.T
        now = np.argmax(near, axis=1)
        if (now == group).all():
            break
        group = now
        middle = np.array([_middle(v[group == g], middle[g]) for g in range(groups)])
    return float(near.max(axis=1).sum()), group
