"""From a request to ranked products, stage by stage, each stage's work and time written down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.contract import TextEncoder
from recsys.engine.catalogue import Catalogue
from recsys.engine.people import People, Person
from recsys.engine.presenting import Presenter
from recsys.interest.interest_vector import FEEDBACK_STRENGTH
from recsys.ranking.shortlists import LOWEST, Shortlist
from recsys.ranking.weighted_parts import Parts, Weights, on_grain, order, to_unit_range
from recsys.reranking.folding import fold
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.lexical import LexicalRetriever
from recsys.retrieval.query import read_query
from recsys.schema import NEW_SHOPPER, Answer, Floats, Knobs, Mask, Request, Rows, Stage

POOL: Final = {"words": 300, "meaning": 1200, "repeat": 300, "taste": 1200, "popular": 300}
"""Candidates per retriever: enough that folding still leaves a full shelf, few enough to score at once. Vectors
find more: four products share a text, and the last one found is the zero of their scale."""
POOL_PER_PRODUCT: Final = 12  # a larger shelf asks for a larger pool; measured: about 5 look-alikes per kind

FEEDBACK_SHARE: Final = 0.6  # of the score, at most: what a person just said against all that was known before
HALF_OF_IT_AFTER: Final = 2.0  # likes; after two of them, feedback has half of its share
NEAR_IN_MEANING: Final = 0.4  # cosine: gibberish reaches 0.28, a word for something that is sold 0.45 and more

RETRIEVER_LABELS: Final = {
    "words": "Words (BM25)",
    "meaning": "Meaning (cosine to the query)",
    "learned": "Learned order (all recommenders, weighed by what was bought next)",
    "repeat": "Bought before (old purchases fading)",
    "taste": "Taste (cosine to the interest vector)",
    "popular": "Popular (bought by most households)",
}


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


class Clock:
    """Collects the stages of one answer."""

    def __init__(self) -> None:
        self.stages: list[Stage] = []

    @contextmanager
    def stage(self, name: str, label: str, seen: int) -> Iterator[dict[str, object]]:
        """Time a stage; the body says what was `kept` and may give a `detail`."""
        said: dict[str, object] = {"kept": seen, "detail": ""}
        start = time.perf_counter()
        yield said
        ms = (time.perf_counter() - start) * 1000
        self.stages.append(Stage(name, label, seen, int(str(said["kept"])), ms, str(said["detail"])))


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


class Shelf:
    """Answers requests. Holds no state of its own, so that any number of threads may ask at once."""

    def __init__(self, catalogue: Catalogue, people: People, encoder: TextEncoder, retrievers: dict[str, Retriever],
                 presenter: Presenter) -> None:  # fmt: skip
        self.catalogue, self.people, self.encoder = catalogue, people, encoder
        self.retrievers, self.presenter = retrievers, presenter

    def answer(self, request: Request) -> Answer:
        """The whole way from the request to the answer."""
        clock = Clock()
        with clock.stage("person", "Who asks", 1) as said:
            person = self.people.of(request)
            said["detail"] = self._who(request, person)
        query = read_query(request.query)
        notes = [*query.notes, *person.notes, *self._fallbacks(request, person, query.text)]
        signals, before = self._signals(clock, query.text, person)
        known = self._known_words(query.text, notes)
        allowed = self._allowed(request, notes)
        weights = Weights.of(request.knobs, query=bool(query.text), words=bool(known), history=person.has_history,
                             interest=person.before is not None,
                             shortlist=person.shortlist is not None)  # fmt: skip
        pool = self._retrieve(clock, request, signals, before, weights, allowed, person)
        with clock.stage("score", "Scored (every candidate on every part)", len(pool.rows)):
            self._score(pool, before, signals, weights, request, person)
        self._say_how_near(pool, signals, known, notes)
        chosen, folded = self._choose(clock, pool, person, request)
        was = self._ranks_before(pool, request) if person.feedback else {}
        with clock.stage("explain", "Explained (a reason each)", len(chosen)):
            parts = {name: values[chosen] for name, values in pool.parts.items() if values[chosen].any()}
            bm25 = None if pool.bm25 is None else pool.bm25[chosen]
            items = self.presenter.items(request, pool.rows[chosen], parts, folded, was, signals, person, known, bm25)
        if not items:
            notes.append("Nothing on the shelf: try fewer filters, other words, or 'forget my feedback'.")
        elif len(items) < request.k:
            notes.append(f"Only {len(items)} of the {request.k} products asked for were found.")
        moved = self.presenter.movement(request, items, was, person) if person.feedback else None
        return Answer(request, items, tuple(clock.stages), tuple(dict.fromkeys(notes)), moved)

    # --- reading the request --------------------------------------------------------------------------------

    def _who(self, request: Request, person: Person) -> str:
        if person.row is not None and person.faded is not None:
            return f"household {request.shopper}: {len(person.faded)} different products bought"
        return "a new shopper" if request.shopper == NEW_SHOPPER else "nobody in particular"

    def _fallbacks(self, request: Request, person: Person, query: str) -> list[str]:
        notes = []
        if request.shopper is not None and person.row is not None and not person.has_history:
            notes.append("This household has bought nothing that is still sold, so popular products are shown.")
        if not query and not person.has_history:
            if person.interest is not None:
                notes.append("No history yet: popular products, bent towards what you picked.")
            elif person.row is not None:
                pass  # said above
            elif request.shopper == NEW_SHOPPER:
                notes.append("A new shopper with no history: these are the products most households buy.")
            else:
                notes.append("No query and no shopper: these are the products most households buy.")
        return notes

    def _signals(self, clock: Clock, query: str, person: Person) -> tuple[Signals, Signals]:
        """(signals with feedback, signals without)."""
        vector: Floats | None = None
        if query:
            with clock.stage("encode", "Query encoded (text turned into a vector)", 1) as said:
                vector = self.encoder.encode([query])[0]
                said["detail"] = f"{self.encoder.name}, {self.encoder.dimension} numbers"
        before = Signals(query, vector, person.faded, person.before)
        return Signals(query, vector, person.faded, person.interest), before

    def _known_words(self, query: str, notes: list[str]) -> list[str]:
        words = self.retrievers["words"]
        if not query or not isinstance(words, LexicalRetriever):
            return []
        known, unknown = words.known_words(query)
        if not known:
            notes.append("No product text holds these words: ranked by meaning alone, which reads English best.")
        elif unknown:
            shown = ", ".join(f"\u201c{w[:30]}\u201d" for w in unknown[:5])
            notes.append(f"No product text holds {shown}; only meaning can follow there.")
        return known

    def _allowed(self, request: Request, notes: list[str]) -> Mask | None:
        if not request.departments:
            return None
        mask = self.catalogue.in_departments(request.departments)
        if not mask.any():
            notes.append(f"No product is in {', '.join(request.departments)[:80]}; the filter was left out.")
            return None
        return mask

    # --- candidates and scores ------------------------------------------------------------------------------

    def _retrieve(self, clock: Clock, request: Request, signals: Signals, before: Signals, weights: Weights,
                  allowed: Mask | None, person: Person) -> Pool:  # fmt: skip
        """Ask each retriever that counts; the pool is the union of what they find."""
        seen = self.catalogue.size if allowed is None else int(allowed.sum())
        taste = weights.taste or (weights.learned if before.interest is not None else 0.0)  # what is on no shortlist
        asked = [("words", signals, weights.words), ("meaning", signals, weights.meaning),
                 ("repeat", signals, weights.repeat), ("taste", before, taste),
                 ("popular", signals, weights.popular)]  # fmt: skip
        found: list[Rows] = []
        if weights.learned > 0 and person.shortlist is not None:
            with clock.stage("learned", RETRIEVER_LABELS["learned"], seen) as said:
                rows = person.shortlist.rows
                found.append(rows if allowed is None else rows[allowed[rows]])
                said["kept"] = len(found[0])
        floors: dict[str, float] = {}
        for name, known, weight in asked:
            if weight <= 0 or (name == "popular" and weights.meaning > 0):  # popular products answer no query
                continue
            size = max(POOL[name], POOL_PER_PRODUCT * request.k)
            with clock.stage(name, RETRIEVER_LABELS[name], seen) as said:
                candidates = self.retrievers[name].retrieve(known, size, allowed)
                said["kept"] = len(candidates)
            found.append(candidates.rows)
            full = len(candidates) >= size  # a short list is all there is: then nothing at all scores 0
            floors[name] = float(candidates.scores[-1]) if full and name in ("meaning", "taste") else 0.0
        if person.picked is not None:
            size = max(POOL["taste"], POOL_PER_PRODUCT * request.k)
            with clock.stage("feedback", "Feedback (near what was picked)", seen) as said:
                candidates = self.retrievers["taste"].retrieve(Signals(interest=person.picked), size, allowed)
                said["kept"] = len(candidates)
            found.append(candidates.rows)
            floors["feedback"] = float(candidates.scores[-1]) if len(candidates) >= size else 0.0
        rows = np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)
        return Pool(rows.astype(np.int32), floors)

    def _score(self, pool: Pool, before: Signals, signals: Signals, weights: Weights, request: Request,
               person: Person) -> None:  # fmt: skip
        """Score every candidate on every part; parts are the weighted, scaled scores, on the exact grain."""
        for name in ("words", "meaning", "repeat", "popular"):
            weight = getattr(weights, name)
            if weight > 0:
                raw = self.retrievers[name].score(before, pool.rows)
                if name == "words":
                    pool.bm25 = raw
                if name == "repeat":
                    raw = np.log1p(raw)  # the weekly milk should not make everything else nothing
                pool.base[name] = on_grain(weight * to_unit_range(raw, pool.floors.get(name, 0.0)))
        self._score_taste(pool, before, weights, person)
        if weights.learned > 0 and person.shortlist is not None:
            self._add_learned(pool, weights.learned, person.shortlist)
        if person.feedback:
            self._score_feedback(pool, signals, weights, request, person)

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

    @staticmethod
    def _answers_the_query(pool: Pool, weights: Weights) -> npt.NDArray[np.float64]:
        """How well each candidate answers the query, 0..1, by words or by meaning; 1 where there is no query.

        Liking lemonade on the shelf for "quick dinner" asks for a dinner like it, not for lemonade.
        """
        shares = {"words": weights.words, "meaning": weights.meaning}
        parts = [pool.base[name] / weight for name, weight in shares.items() if weight > 0]
        return np.max(parts, axis=0) if parts else np.ones(len(pool.rows))

    def _say_how_near(self, pool: Pool, signals: Signals, known: list[str], notes: list[str]) -> None:
        """Say so when nothing is like the query: the scale makes even the best of nothing look certain."""
        if signals.query_vector is None or known or len(pool.rows) == 0:
            return
        best = float(self.retrievers["meaning"].score(signals, pool.rows).max())
        if best < NEAR_IN_MEANING:
            notes.append(
                f"Nothing here is close in meaning to this query (best {best:.2f} of 1): take these as guesses."
            )

    def _choose(self, clock: Clock, pool: Pool, person: Person, request: Request) -> tuple[Rows, Rows]:
        """Positions in the pool that make the shelf, and how many look-alikes each stands for."""
        ranked = order(pool.total, pool.rows)
        groups = self.catalogue.groups(request.knobs.fold)
        unwanted = {self.catalogue.kinds[row] for row, kind in person.feedback if kind == "dislike"}
        if unwanted:
            with clock.stage("unwanted", "Not for me (turned down, taken off)", len(ranked)) as said:
                ranked = ranked[~np.isin(self.catalogue.kinds[pool.rows[ranked]], list(unwanted))]
                said["kept"] = len(ranked)
        with clock.stage("fold", "Folded (one per look-alike)", len(ranked)) as said:
            first, folded = fold(groups[pool.rows[ranked]], request.k)
            said["kept"] = len(first)
        return ranked[first].astype(np.int32), folded

    def _ranks_before(self, pool: Pool, request: Request) -> dict[int, int]:
        """The product that would stand at each rank without feedback: row -> rank, 1 is first."""
        ranked = order(pool.base_total, pool.rows)
        rows = pool.rows[ranked]
        first, _ = fold(self.catalogue.groups(request.knobs.fold)[rows], len(rows))
        return {int(row): rank for rank, row in enumerate(rows[first], start=1)}
