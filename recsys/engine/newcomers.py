"""Somebody nobody knows: a few choices between products or some words become a taste and a shelf."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.contract import TextEncoder
from recsys.engine.catalogue import Catalogue
from recsys.engine.portraits import Portraits
from recsys.engine.turns import Turns
from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.choosing import PRIOR, Choosing, Tasted, nearest_to
from recsys.interest.interest_vector import unit
from recsys.query.cleaning import read_query
from recsys.reranking.folding import fold
from recsys.schema import Floats, Rows

QUESTIONS: Final = 5  # quick choices; more may follow, and tell less
SKIPPED: Final = "-"  # an answer that none of the products is wanted
TRUST: Final = 0.5  # power of the chances of answers: nobody answers as a formula does
NEARNESS: Final = 0.5  # how much "near to what was chosen" counts beside "bought by those who answer alike"
IN_WORDS: Final = 0.8  # the same where words are typed: a wish that is said is not outvoted by what many buy
CONSTANT: Final = 60.0  # of reciprocal ranks
LIKE_MINDED: Final = 50  # known shoppers whose purchases are counted in a reason
# How questions may be chosen, by the names of the evaluation: those whose answers are expected to tell most, or about
# the best known products. Which serves better is a matter of the shop (benchmarks/results/cold_start_*.json): the
# first on Beauty and Sports, where tastes differ much, the second where most people buy much the same. Only their
# tests say so, and nothing is chosen by these: the first is asked everywhere.
INFORMING: Final = "informing"
WELL_KNOWN: Final = "well-known"

Doubles = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Asked:
    """A question: products to choose from, and which of them was chosen."""

    offered: tuple[int, ...]  # rows
    chosen: int | None  # row; None where it was skipped


@dataclass(frozen=True, slots=True)
class Met:
    """A product of the newcomer's shelf."""

    row: int
    like: int | None  # row of the chosen product that it is nearest to; None where nothing was chosen
    cosine: float  # with that product, or with the words; 0 where there is neither
    buyers: int  # of LIKE_MINDED known shoppers who would answer most alike, how many bought it


@dataclass(frozen=True, slots=True, eq=False)
class Meeting:
    """All that is known of a newcomer by now."""

    asked: tuple[Asked, ...]  # answered, in order
    question: tuple[int, ...]  # rows of the products to choose from next; () when there is nothing left to ask
    shelf: tuple[Met, ...]
    interest: Floats | None  # (d,) None while nothing was said
    certainty: float  # 0: could be like anybody, 1: like a single known shopper
    unused: int  # answers of a link that fit no question


class Newcomers:
    """Meets newcomers: holds nothing of them, so that the same answers always give the same shelf."""

    def __init__(
        self, catalogue: Catalogue, index: SharedRowsIndex, encoder: TextEncoder, portraits: Portraits, turns: Turns
    ) -> None:
        self._catalogue, self._index, self._encoder = catalogue, index, encoder
        self._portraits, self._turns = portraits, turns

    @cached_property
    def _vectors(self) -> Floats:
        return np.asarray(self._index.of_items(np.asarray(self._index.distinct, np.float32)))

    @cached_property
    def _known(self) -> tuple[Choosing, Tasted]:
        took = self._portraits.table.matrix()
        tasted = Tasted.of(took, self._vectors)
        return Choosing.of(self._vectors, self._catalogue.share, tasted.profiles), tasted

    @cached_property
    def _took(self) -> Any:
        """(u, n_items) scipy CSR: 1 where a known shopper bought a product."""
        matrix = self._portraits.table.matrix()[self._known[0].tastes]
        matrix.data[:] = 1.0
        return matrix

    def meet(self, answers: Sequence[str] = (), words: str = "", k: int = 12) -> Meeting:
        """What these answers and words say, and what is asked next.

        An answer is the number of a product of its question, "1" for the first, or SKIPPED; others are counted as
        unused, as is what comes after the last question.
        """
        choosing, tasted = self._known  # seconds, the first time: nobody waits for that
        with self._turns.turn():
            weights, said, asked, unused = choosing.begun, list[int](), list[Asked](), 0
            for answer in answers:
                offered = choosing.question(weights, said)
                rows = tuple(int(choosing.pool[place]) for place in offered)
                numbers = [str(number) for number in range(1, len(rows) + 1)]
                if not offered or answer not in (*numbers, SKIPPED):
                    unused += 1
                    continue
                row = None if answer == SKIPPED else rows[numbers.index(answer)]
                said.extend(offered)
                asked.append(Asked(rows, row))
                if row is not None:
                    weights = choosing.after(weights, offered, offered[rows.index(row)])
            following = tuple(int(choosing.pool[each]) for each in choosing.question(weights, said))
            chosen = [each.chosen for each in asked if each.chosen is not None]
            typed = self._read(words)
            if typed is not None and len(choosing.tastes):
                weights = weights * nearest_to(tasted.profiles[choosing.tastes], typed)
                weights /= weights.sum()
            interest = self._interest(chosen, typed)
            shelf = self._shelf(weights, chosen, typed, interest, k)
            certainty = 1 - _entropy(weights) / np.log(len(weights)) if len(weights) > 1 else 0.0
            return Meeting(tuple(asked), following, shelf, interest, float(np.clip(certainty, 0, 1)), unused)

    def _read(self, words: str) -> Floats | None:
        text = read_query(words).text
        return self._encoder.encode([text])[0] if text else None

    def _interest(self, chosen: Sequence[int], typed: Floats | None) -> Floats | None:
        """(d,) the mean of what was chosen, and of the words, which count IN_WORDS of both: they were said last."""
        choices = unit(self._vectors[list(chosen)].mean(axis=0)) if chosen else None
        if choices is None or typed is None:
            return choices if typed is None else typed
        return unit((1 - IN_WORDS) * choices + IN_WORDS * typed)

    def _shelf(
        self, weights: Doubles, chosen: Sequence[int], typed: Floats | None, interest: Floats | None, k: int
    ) -> tuple[Met, ...]:
        """The k best, one of each kind: by who answers alike, and by nearness to what was chosen."""
        trusted = weights**TRUST
        trusted = trusted / max(trusted.sum(), 1e-300)
        alike = self._catalogue.share.astype(np.float64) * PRIOR / max(len(weights), 1)
        if len(weights):
            alike = alike + np.asarray(trusted @ self._took)
        near = None if interest is None else self._vectors @ interest
        share = NEARNESS if typed is None else IN_WORDS
        score = _places(alike) if near is None else (1 - share) * _places(alike) + share * _places(near)
        best = np.lexsort((np.arange(len(score)), -score))
        first, _ = fold(self._catalogue.kinds[best], k)
        return tuple(self._met(int(row), weights, chosen, typed) for row in best[first])

    def _met(self, row: int, weights: Doubles, chosen: Sequence[int], typed: Floats | None) -> Met:
        like, cosine = None, 0.0
        if chosen:
            cosines = self._vectors[list(chosen)] @ self._vectors[row]
            like, cosine = chosen[int(np.argmax(cosines))], float(cosines.max())
        if typed is not None and (in_words := float(self._vectors[row] @ typed)) > cosine:
            like, cosine = None, in_words
        most = np.argsort(-weights, kind="stable")[:LIKE_MINDED]
        buyers = int(self._took[most][:, [row]].sum()) if len(most) and (chosen or typed is not None) else 0
        return Met(row, like, cosine, buyers)

    def pool(self) -> Rows:
        """The products that are asked about, (p,), best known first; none where nobody bought anything."""
        return self._known[0].pool


def _entropy(weights: Doubles) -> float:
    there = weights[weights > 0]
    return float(-(there * np.log(there)).sum())


def _places(scores: npt.NDArray[np.floating[Any]]) -> Doubles:
    """(n,) 1 / (CONSTANT + place), ties by row; 0 for what is at the lowest score."""
    order = np.lexsort((np.arange(len(scores)), -scores))
    place = np.empty(len(scores))
    place[order] = np.arange(1, len(scores) + 1)
    return np.where(scores > scores.min(initial=np.inf), 1 / (CONSTANT + place), 0.0)
