"""What reviews speak of, found from their own words: terms that go with the verdict, gathered by where they stand.

A term is an aspect where many reviews use it and none of a shop's list has to say so. Sentences that stand near each
other in the space of sentence vectors speak of one thing (k-means on the sphere), and the words that stand in one
group far oftener than elsewhere name it: log-odds with a prior, Monroe et al., "Fightin' Words", 2008.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.interest.interest_vector import unit
from recsys.scenarios.reviews.ngrams import words_of
from recsys.schema import Floats

MOST: Final = 8  # aspects
A_GROUP: Final = 12  # sentences from which there may be one more aspect
NAMED_BY: Final = 3  # words
ROUNDS: Final = 25
SMALL_WORD: Final = 3  # letters of a word that names nothing; a Chinese one has one letter, two make a name
PRIOR: Final = 10.0  # sentences of the general use of words
SEED: Final = 0
COMMON: Final = 0.5  # share of sentences from which on a word says nothing of one of them


@dataclass(frozen=True, slots=True, eq=False)
class Aspects:
    """Groups of sentences: `names` by the words that stand out, `group` (m,) of each sentence."""

    names: tuple[str, ...]
    group: npt.NDArray[np.int64]


def found(sentences: Sequence[str], vectors: Floats, most: int = MOST) -> Aspects:
    """The aspects that these sentences, with vectors (m, d), speak of; none where there are too few."""
    if len(sentences) < 2 * A_GROUP:
        return Aspects((), np.full(len(sentences), -1))
    group = _gathered(vectors, min(most, len(sentences) // A_GROUP))
    names = _named([_terms(sentence) for sentence in sentences], group)
    order = sorted(range(len(names)), key=lambda each: -int((group == each).sum()))
    place = np.argsort(order)
    return Aspects(tuple(names[each] for each in order), place[group])


def _gathered(vectors: Floats, groups: int) -> npt.NDArray[np.int64]:
    """(m,) the group of each vector: k-means by cosine, begun far apart (k-means++), the same every time."""
    chance = np.random.default_rng(SEED)
    v = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
    centres = [v[int(chance.integers(len(v)))]]
    for _ in range(groups - 1):
        far = np.maximum(1 - (v @ np.array(centres).T).max(axis=1), 0) ** 2 + 1e-12
        centres.append(v[int(chance.choice(len(v), p=far / far.sum()))])
    middle = np.array(centres)
    group = np.zeros(len(v), np.int64)
    for _ in range(ROUNDS):
        now = np.argmax(v @ middle.T, axis=1)
        if (now == group).all():
            break
        group = now
        middle = np.array(
            [unit(v[group == g].mean(axis=0)) if (group == g).any() else middle[g] for g in range(groups)]
        )
    return group


def _terms(sentence: str) -> set[str]:
    """The words of a sentence that may name something; of Chinese, two letters beside each other."""
    words = words_of(sentence)
    pairs = {a + b for a, b in pairwise(words) if (a + b).isalpha() and min(a, b) > "\u3000"}
    return pairs | {word for word in words if len(word) > SMALL_WORD and word[0].isalpha()}


def _named(terms: Sequence[set[str]], group: npt.NDArray[np.int64]) -> list[str]:
    """The name of each group: the words whose log-odds against all others are largest, measured by their error."""
    everywhere = Counter(term for some in terms for term in some)
    useful = {term for term, count in everywhere.items() if count <= COMMON * len(terms)}
    total = sum(everywhere.values())
    names = list[str]()
    for each in range(int(group.max()) + 1):
        here = Counter(t for some, g in zip(terms, group, strict=True) if g == each for t in some if t in useful)
        inside = max(sum(here.values()), 1)
        score = {}
        for term, count in here.items():
            prior = PRIOR * everywhere[term] / total
            other = everywhere[term] - count
            odds = np.log((count + prior) / (inside + PRIOR - count)) - np.log(
                (other + prior) / (total - inside + PRIOR - other)
            )
            score[term] = odds / np.sqrt(1 / (count + prior) + 1 / (other + prior))
        best = sorted(score, key=lambda term: (-score[term], term))
        names.append(", ".join(best[:NAMED_BY]) or f"group {each + 1}")
    return names
