"""Every candidate scored on every part: exact sums, what was learned, and what feedback changed."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.engine.learning import Taught
from recsys.engine.people import Person
from recsys.interest.interest_vector import FEEDBACK_STRENGTH
from recsys.ranking.parts import FEEDBACK, TAUGHT, PartRegistry
from recsys.ranking.shortlists import LOWEST, Shortlist
from recsys.ranking.weighted_parts import Parts, Weights, on_grain, to_unit_range
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.dense import TASTE
from recsys.retrieval.part import Known, Part, SecondLook
from recsys.schema import Floats, Knobs, Mask, Rows

Doubles = npt.NDArray[np.float64]

FEEDBACK_SHARE: Final = 0.6  # of the score, at most: what a person just said against all that was known before
HALF_OF_IT_AFTER: Final = 2.0  # likes; after two of them, feedback has half of its share
TIE_SHARE: Final = 0.02  # of the score: beside a query, what was learned tells apart what answers it nearly as well


def feedback_share(person: Person, knobs: Knobs, *, query: bool) -> float:
    """How much of the score goes by nearness to what the person picked, 0 to FEEDBACK_SHARE.

    It grows with what was said, n / (n + HALF_OF_IT_AFTER) with n counted in likes. Of a person without a history
    nothing else is known, so theirs grows faster and to the whole score. Beside a query the slider between shopper and
    query has the last word: at 0 the shopper, and so their feedback, counts nothing.
    """
    said = sum(abs(FEEDBACK_STRENGTH[kind]) for _, kind in person.feedback) / FEEDBACK_STRENGTH["like"]
    most = FEEDBACK_SHARE if query or person.has_history else 1.0
    if query:
        most = min(most, 2.0 * knobs.shopper_weight)
    return most * said / (said + (HALF_OF_IT_AFTER if person.has_history else 1.0))


def taught_share(person: Person, known: Known) -> float:
    """How much of the score goes by what was learned from presses, 0..1: as much as by feedback otherwise.

    Beside a query it breaks ties: who asks for something wants that first. There the slider between shopper and query
    has the last word too.
    """
    if known.asked:
        return TIE_SHARE * min(1.0, 2.0 * known.knobs.shopper_weight)
    return feedback_share(person, known.knobs, query=False)


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as the stages after reading know it."""

    person: Person
    known: Known
    weights: Weights
    parts: PartRegistry
    before: Signals  # without this person's feedback
    signals: Signals  # with it
    taught: Taught | None = None  # what was learned from presses, where that counts instead


@dataclass(slots=True)
class Moving:
    """A part that follows feedback: how much it counts for each candidate, and what it gives without feedback."""

    weight: Doubles  # (m,)
    points: Doubles  # (m,) without what the learned order says of it


@dataclass(slots=True)
class Pool:
    """The candidates of one request and everything scored about them."""

    rows: Rows  # (m,) ascending
    floors: dict[str, float]  # each retriever's lowest score in its own list: 0 on the common scale
    base: Parts = field(default_factory=dict)  # parts without feedback
    raw: dict[str, Floats] = field(default_factory=dict)  # facts: raw scores that are shown, (m,) each
    moving: dict[str, Moving] = field(default_factory=dict)  # the parts that feedback moves
    moved: Doubles | None = None  # what feedback adds, (m,)
    moved_by: str = FEEDBACK.name  # the part that it counts to
    stands: Mask | None = None  # who stands for their look-alikes, (m,); None: the best of them by any order

    @property
    def base_total(self) -> Doubles:
        """The score of each candidate without feedback."""
        return np.sum(list(self.base.values()), axis=0) if self.base else np.zeros(len(self.rows))

    @property
    def scored(self) -> Parts:
        """All parts of the scores, feedback last."""
        return self.base if self.moved is None else {**self.base, self.moved_by: self.moved}

    @property
    def total(self) -> Doubles:
        """The score of each candidate."""
        return self.base_total if self.moved is None else self.base_total + self.moved

    def only(self, kept: Mask) -> Pool:
        """The candidates that are kept (m,), with their scores as they are."""
        return Pool(
            self.rows[kept],
            self.floors,
            {name: values[kept] for name, values in self.base.items()},
            {name: values[kept] for name, values in self.raw.items()},
            {name: Moving(part.weight[kept], part.points[kept]) for name, part in self.moving.items()},
            None if self.moved is None else self.moved[kept],
            self.moved_by,
        )


class Scorer:
    """Scores pools of candidates; holds no state of its own."""

    def __init__(self, retrievers: Mapping[str, Retriever], second_looks: Mapping[str, SecondLook]) -> None:
        self.retrievers, self._second_looks = retrievers, second_looks

    def score(self, pool: Pool, asked: Asked) -> None:
        """Score every candidate on every part; parts are the weighted, scaled scores, on the exact grain."""
        for part in asked.parts:
            if part.name in self.retrievers:
                self._score_part(pool, part, asked)
        for part in asked.parts:
            if part.name in self._second_looks and asked.weights[part.name] > 0:
                self._look_again(pool, part, asked)
        if asked.weights.learned > 0 and asked.person.shortlist is not None:
            self._add_learned(pool, asked.weights.learned, asked.person.shortlist)
        if asked.taught is not None:
            self._score_taught(pool, asked, asked.taught)
        elif asked.person.feedback:
            self._score_feedback(pool, asked)

    def _score_part(self, pool: Pool, part: Part, asked: Asked) -> None:
        weight = self.weight(pool, part, asked)
        if not weight.any():
            return
        raw = self.retrievers[part.name].score(asked.before, pool.rows)
        if part.fact:
            pool.raw[part.fact] = raw
        points = on_grain(weight * self._scaled(pool, part, raw))
        pool.base[part.name] = points
        if part.follows_feedback:
            pool.moving[part.name] = Moving(weight, points)

    @staticmethod
    def weight(pool: Pool, part: Part, asked: Asked) -> Doubles:
        """How much a part counts for each candidate, (m,): beside a shortlist some also order what is not on it."""
        weight = np.full(len(pool.rows), asked.weights[part.name])
        if part.beyond_shortlist and asked.weights.learned > 0 and asked.known.interest:
            beyond = np.ones(len(pool.rows), np.bool_)
            if asked.person.shortlist is not None:
                beyond[asked.person.shortlist.on(pool.rows)[0]] = False
            weight[beyond] += LOWEST * asked.weights.learned  # below the last one of the shortlist
        return weight

    @staticmethod
    def _scaled(pool: Pool, part: Part, raw: Floats) -> Doubles:
        return to_unit_range(part.damped(raw), pool.floors.get(part.name, 0.0))

    def _look_again(self, pool: Pool, part: Part, asked: Asked) -> None:
        answering = [pool.base[other.name] for other in asked.parts if other.answers and other.name in pool.base]
        answers = np.sum(answering, axis=0) if answering else np.zeros(len(pool.rows))
        scores = self._second_looks[part.name].look(pool.rows, np.asarray(answers, np.float32))
        pool.base[part.name] = on_grain(asked.weights[part.name] * self._scaled(pool, part, scores))

    @staticmethod
    def _add_learned(pool: Pool, weight: float, shortlist: Shortlist) -> None:
        here, there = shortlist.on(pool.rows)
        for name, values in shortlist.parts.items():
            part = pool.base.get(name, np.zeros(len(pool.rows))).copy()
            part[here] += on_grain(weight * values[there])
            pool.base[name] = part

    def _score_feedback(self, pool: Pool, asked: Asked) -> None:
        """What feedback changes: parts that follow the moved interest vector, and what is near the picked products
        gets a share of its own, taken from all the other parts."""
        person, query = asked.person, asked.known.asked
        share = feedback_share(person, asked.known.knobs, query=query) if person.picked is not None else 0.0
        answers = self.answers_the_query(pool, asked)
        pool.base = {name: on_grain((1.0 - share) * points) for name, points in pool.base.items()}
        moved = np.zeros(len(pool.rows))
        for name, moving in pool.moving.items():
            after = self._scaled(pool, asked.parts[name], self.retrievers[name].score(asked.signals, pool.rows))
            moved = on_grain((1.0 - share) * moving.weight * after) - on_grain((1.0 - share) * moving.points) + moved
        if person.picked is not None:
            near = self.retrievers[TASTE.name].score(Signals(interest=person.picked), pool.rows)
            moved = moved + on_grain(share * answers * to_unit_range(near, pool.floors[FEEDBACK.name]))
        pool.moved = moved

    @staticmethod
    def _score_taught(pool: Pool, asked: Asked, taught: Taught) -> None:
        """What was learned from presses gets a share of its own, taken from all the other parts; it may be below 0.

        The candidate that it speaks for or against most strongly gets all of the share, those left aside that something
        was done with: they have moved themselves, and would make little of what all others gained.
        """
        share = taught_share(asked.person, asked.known)
        fit = taught.fits[pool.rows].astype(np.float64)
        others = ~np.isin(pool.rows, [row for row, _ in taught.acts])
        most = float(np.abs(fit[others] if others.any() else fit).max(initial=0.0))
        pool.base = {name: on_grain((1.0 - share) * points) for name, points in pool.base.items()}
        pool.moved = on_grain(share * np.clip(fit / most, -1.0, 1.0)) if most > 0 else np.zeros(len(pool.rows))
        pool.moved_by = TAUGHT.name

    @classmethod
    def fit_of(cls, pool: Pool, asked: Asked) -> Doubles:
        """How well each candidate answers the request, by words or meaning; by the whole score without them."""
        return cls.answers_the_query(pool, asked) if asked.known.by_vectors > 0 else pool.base_total

    @staticmethod
    def answers_the_query(pool: Pool, asked: Asked) -> Doubles:
        """How well each candidate answers the query, 0..1, by words or by meaning; 1 where there is no query.

        Liking lemonade on the shelf for "quick dinner" asks for a dinner like it, not for lemonade.
        """
        shares = {part.name: asked.weights[part.name] for part in asked.parts if part.answers}
        there = [pool.base[name] / share for name, share in shares.items() if share > 0 and name in pool.base]
        return np.max(there, axis=0) if there else np.ones(len(pool.rows))
