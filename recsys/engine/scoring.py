"""Every candidate scored on every part: exact sums, what was learned, and what feedback changed."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.engine.people import Person
from recsys.interest.interest_vector import FEEDBACK_STRENGTH
from recsys.ranking.shortlists import LOWEST, Shortlist
from recsys.ranking.weighted_parts import Parts, Weights, on_grain, to_unit_range
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.product_type import ProductKinds
from recsys.schema import Floats, Knobs, Request, Rows

FEEDBACK_SHARE: Final = 0.6  # of the score, at most: what a person just said against all that was known before
HALF_OF_IT_AFTER: Final = 2.0  # likes; after two of them, feedback has half of its share


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


@dataclass(slots=True)
class Pool:
    """The candidates of one request and everything scored about them."""

    rows: Rows  # (m,) ascending
    floors: dict[str, float]  # each retriever's lowest score in its own list: 0 on the common scale
    base: Parts = field(default_factory=dict)  # parts without feedback
    bm25: Floats | None = None  # the words' own score, (m,)
    taste_weight: npt.NDArray[np.float64] | None = None  # (m,) how much taste counts for each
    taste: npt.NDArray[np.float64] | None = None  # (m,) what it adds, without what the learned order says of it
    moved: npt.NDArray[np.float64] | None = None  # what feedback adds, (m,)

    @property
    def base_total(self) -> npt.NDArray[np.float64]:
        """The score of each candidate without feedback."""
        return np.sum(list(self.base.values()), axis=0) if self.base else np.zeros(len(self.rows))

    @property
    def parts(self) -> Parts:
        """All parts of the scores, feedback last."""
        return self.base if self.moved is None else {**self.base, "feedback": self.moved}

    @property
    def total(self) -> npt.NDArray[np.float64]:
        """The score of each candidate."""
        return self.base_total if self.moved is None else self.base_total + self.moved


ANSWERS: Final = ("words", "meaning", "languages")  # the parts that say how well a product answers a query


class Scorer:
    """Scores pools of candidates; holds no state of its own."""

    def __init__(self, retrievers: dict[str, Retriever], kinds: ProductKinds, text_of_item: Rows) -> None:
        self.retrievers, self._kinds, self._text_of_item = retrievers, kinds, text_of_item

    def score(
        self, pool: Pool, before: Signals, signals: Signals, weights: Weights, request: Request, person: Person
    ) -> None:
        """Score every candidate on every part; parts are the weighted, scaled scores, on the exact grain."""
        across = bool(before.query) and before.query_vector is None
        for name in ("words", "languages" if across else "meaning", "repeat", "popular"):
            weight = weights.meaning if name == "languages" else getattr(weights, name)
            if weight > 0:
                raw = self.retrievers[name].score(before, pool.rows)
                if name == "words":
                    pool.bm25 = raw
                if name == "repeat":
                    raw = np.log1p(raw)  # the weekly milk should not make everything else nothing
                pool.base[name] = on_grain(weight * to_unit_range(raw, pool.floors.get(name, 0.0)))
        if weights.kind > 0:
            self._score_kind(pool, weights.kind)
        self._score_taste(pool, before, weights, person)
        if weights.learned > 0 and person.shortlist is not None:
            self._add_learned(pool, weights.learned, person.shortlist)
        if person.feedback:
            self._score_feedback(pool, signals, weights, request, person)

    def _score_kind(self, pool: Pool, weight: float) -> None:
        """A second look: of what kind are the best answers so far, and which candidates are of it."""
        answers = np.sum([pool.base[name] for name in ANSWERS if name in pool.base], axis=0)
        texts = self._text_of_item[pool.rows]
        intent = self._kinds.intent(texts, np.asarray(answers, np.float32))
        distinct, place = np.unique(texts, return_inverse=True)  # four products share a text
        scores = self._kinds.scores(intent, distinct.astype(np.int32))[place]
        pool.base["kind"] = on_grain(weight * to_unit_range(scores, 0.0))

    def _score_taste(self, pool: Pool, before: Signals, weights: Weights, person: Person) -> None:
        """Taste as far as it was asked for; beside a shortlist it also orders what is not on it, below its last one."""
        weight = np.full(len(pool.rows), weights.taste)
        if weights.learned > 0 and person.shortlist is not None:
            beyond = np.ones(len(pool.rows), np.bool_)
            beyond[person.shortlist.on(pool.rows)[0]] = False
            weight[beyond] += LOWEST * weights.learned
        if before.interest is not None and weight.any():
            raw = self.retrievers["taste"].score(before, pool.rows)
            pool.taste_weight = weight
            pool.taste = on_grain(weight * to_unit_range(raw, pool.floors.get("taste", 0.0)))
            pool.base["taste"] = pool.taste

    @staticmethod
    def _add_learned(pool: Pool, weight: float, shortlist: Shortlist) -> None:
        here, there = shortlist.on(pool.rows)
        for name, values in shortlist.parts.items():
            part = pool.base.get(name, np.zeros(len(pool.rows))).copy()
            part[here] += on_grain(weight * values[there])
            pool.base[name] = part

    def _score_feedback(self, pool: Pool, signals: Signals, weights: Weights, request: Request, person: Person) -> None:
        """What feedback changes: the taste part follows the moved interest vector, and what is near the picked products
        gets a share of its own, taken from all the other parts."""
        nothing = np.zeros(len(pool.rows))
        score = self.retrievers["taste"].score
        share = feedback_share(person, request.knobs, query=bool(signals.query)) if person.picked is not None else 0.0
        answers = self._answers_the_query(pool, weights)
        pool.base = {name: on_grain((1.0 - share) * part) for name, part in pool.base.items()}
        moved = nothing
        if pool.taste is not None and pool.taste_weight is not None:
            after = to_unit_range(score(signals, pool.rows), pool.floors.get("taste", 0.0))
            moved = on_grain((1.0 - share) * pool.taste_weight * after) - on_grain((1.0 - share) * pool.taste)
        if person.picked is not None:
            near = to_unit_range(score(Signals(interest=person.picked), pool.rows), pool.floors["feedback"])
            moved = moved + on_grain(share * answers * near)
        pool.moved = moved

    @classmethod
    def fit_of(cls, pool: Pool, weights: Weights) -> npt.NDArray[np.float64]:
        """How well each candidate answers the request, by words or meaning; by the whole score without them."""
        return cls._answers_the_query(pool, weights) if weights.meaning > 0 else pool.base_total

    @staticmethod
    def _answers_the_query(pool: Pool, weights: Weights) -> npt.NDArray[np.float64]:
        """How well each candidate answers the query, 0..1, by words or by meaning; 1 where there is no query.

        Liking lemonade on the shelf for "quick dinner" asks for a dinner like it, not for lemonade.
        """
        shares = {"words": weights.words, "meaning": weights.meaning, "languages": weights.meaning}
        parts = [pool.base[name] / shares[name] for name in ANSWERS if name in pool.base and shares[name] > 0]
        return np.max(parts, axis=0) if parts else np.ones(len(pool.rows))
