"""From a request to ranked products, stage by stage, each stage's work and time written down."""

from __future__ import annotations

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.contract import TextEncoder
from recsys.engine.catalogue import Catalogue
from recsys.engine.people import People, Person
from recsys.engine.presenting import Presenter
from recsys.engine.reading import QueryReader, Reading
from recsys.engine.scoring import Pool, Scorer
from recsys.explanation.reasons import habit
from recsys.query.filters import Filtered
from recsys.ranking.weighted_parts import Weights, order
from recsys.ranking.words_or_meaning import meaning_share
from recsys.reranking.folding import fold
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.lexical import LexicalRetriever
from recsys.retrieval.product_type import ProductKinds
from recsys.schema import MAX_K, NEW_SHOPPER, SORTS, Answer, Floats, Mask, RankedItem, Request, Rows, Stage

POOL: Final = {"words": 300, "meaning": 1200, "languages": 1200, "repeat": 300, "taste": 1200, "popular": 300}
"""Candidates per retriever: enough that folding still leaves a full shelf, few enough to score at once. Vectors
find more: four products share a text, and the last one found is the zero of their scale."""
POOL_PER_PRODUCT: Final = 12  # a larger shelf asks for a larger pool; measured: about 5 look-alikes per kind

NEAR_IN_MEANING: Final = 0.4  # cosine: gibberish reaches 0.28, a word for something that is sold 0.45 and more

RETRIEVER_LABELS: Final = {
    "words": "Words (BM25)",
    "meaning": "Meaning (cosine to the query)",
    "learned": "Learned order (all recommenders, weighed by what was bought next)",
    "languages": "Meaning, across languages (multilingual cosine)",
    "repeat": "Bought before (old purchases fading)",
    "taste": "Taste (cosine to the interest vector)",
    "popular": "Popular (bought by most households)",
}


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


class Shelf:
    """Answers requests. Holds no state of its own, so that any number of threads may ask at once."""

    def __init__(
        self,
        catalogue: Catalogue,
        people: People,
        encoder: TextEncoder,
        reader: QueryReader,
        retrievers: dict[str, Retriever],
        kinds: ProductKinds,
        presenter: Presenter,
    ) -> None:
        self.catalogue, self.people, self.encoder, self.reader = catalogue, people, encoder, reader
        self.retrievers, self.scorer, self.presenter = (
            retrievers,
            Scorer(retrievers, kinds, catalogue.texts.of_item),
            presenter,
        )

    def answer(self, request: Request) -> Answer:
        """The whole way from the request to the answer."""
        clock = Clock()
        with clock.stage("person", "Who asks", 1) as said:
            person = self.people.of(request)
            said["detail"] = self._who(request, person)
        reading, allowed, filtered = self._read(clock, request)
        query = reading.meaning
        notes = [*reading.notes, *person.notes, *self._fallbacks(request, person, reading)]
        self._say_unknown_departments(request, notes)
        signals, before = self._signals(clock, query, person, reading)
        known = [] if reading.across else self._known_words(query, notes)
        if reading.across:
            notes.append("Across languages no words are compared: ranked by meaning alone.")
        weights = Weights.of(
            request.knobs,
            query=bool(query),
            words=bool(known),
            history=person.has_history,
            interest=person.before is not None,
            shortlist=person.shortlist is not None,
            meaning=self._meaning_share(request, query) if known else None,
        )
        pool = self._retrieve(clock, request, signals, before, weights, allowed, person)
        with clock.stage("score", "Scored (every candidate on every part)", len(pool.rows)):
            self.scorer.score(pool, before, signals, weights, request, person)
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
        understood = self.reader.understood(reading, filtered, pool.rows, self.scorer.fit_of(pool, weights))
        habits = weights.repeat + weights.taste > 0 and not person.feedback  # what feedback moved is said instead
        if understood is not None and query and habits and not request.sort:
            understood = replace(understood, taste=self._what_taste_moved(pool, items, request))
        return Answer(request, items, tuple(clock.stages), tuple(dict.fromkeys(notes)), moved, understood)

    # --- reading the request --------------------------------------------------------------------------------

    def _who(self, request: Request, person: Person) -> str:
        if person.row is not None and person.faded is not None:
            return f"household {request.shopper}: {len(person.faded)} different products bought"
        return "a new shopper" if request.shopper == NEW_SHOPPER else "nobody in particular"

    def _read(self, clock: Clock, request: Request) -> tuple[Reading, Mask | None, Filtered | None]:
        """(the query as it was read, the products that may be shown, what the query's own filters came to)."""
        allowed = self.catalogue.in_departments(request.departments) if request.departments else None
        if allowed is not None and not allowed.any():
            allowed = None
        if not request.query.strip():
            return Reading(), allowed, None
        with clock.stage("understand", "Query read (slips, price, brand, size)", self.catalogue.size) as said:
            reading = self.reader.read(request)
            everything = np.ones(self.catalogue.size, np.bool_)
            filtered = self.reader.narrow(reading, everything if allowed is None else allowed)
            if filtered is not None:
                allowed = filtered.mask
            said["kept"] = self.catalogue.size if allowed is None else int(allowed.sum())
        return reading, allowed, filtered

    def _say_unknown_departments(self, request: Request, notes: list[str]) -> None:
        if request.departments and not self.catalogue.in_departments(request.departments).any():
            notes.append(f"No product is in {', '.join(request.departments)[:80]}; the filter was left out.")

    def _fallbacks(self, request: Request, person: Person, reading: Reading) -> list[str]:
        notes, query = [], reading.meaning
        if reading.intent is not None and not query and not reading.intent.parts:
            return []  # what could not be read is said already
        if request.shopper is not None and person.row is not None and not person.has_history:
            notes.append("This household has bought nothing that is still sold, so popular products are shown.")
        if not query and not person.has_history:
            if person.interest is not None:
                notes.append("No history yet: popular products, bent towards what you picked.")
            elif person.row is not None:
                pass  # said above
            elif reading.intent is not None:
                notes.append("Only filters were typed: of what they leave, these are bought by most households.")
            elif request.shopper == NEW_SHOPPER:
                notes.append("A new shopper with no history: these are the products most households buy.")
            else:
                notes.append("No query and no shopper: these are the products most households buy.")
        return notes

    def _signals(self, clock: Clock, query: str, person: Person, reading: Reading) -> tuple[Signals, Signals]:
        """(signals with feedback, signals without)."""
        vector: Floats | None = None
        if query and not reading.across:  # the multilingual encoder is its retriever's own
            with clock.stage("encode", "Query encoded (text turned into a vector)", 1) as said:
                vector = self.encoder.encode([query])[0]
                said["detail"] = f"{self.encoder.name}, {self.encoder.dimension} numbers"
        before = Signals(query, vector, person.faded, person.before, reading.translation)
        return Signals(query, vector, person.faded, person.interest, reading.translation), before

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

    def _meaning_share(self, request: Request, query: str) -> float | None:
        """How much meaning counts beside words for this very query."""
        words = self.retrievers["words"]
        if not isinstance(words, LexicalRetriever):
            return None
        return meaning_share(request.knobs.meaning_weight, words.coverage(query), model=words.names_a_model(query))

    # --- candidates and scores ------------------------------------------------------------------------------

    def _retrieve(
        self,
        clock: Clock,
        request: Request,
        signals: Signals,
        before: Signals,
        weights: Weights,
        allowed: Mask | None,
        person: Person,
    ) -> Pool:
        """Ask each retriever that counts; the pool is the union of what they find."""
        seen = self.catalogue.size if allowed is None else int(allowed.sum())
        taste = weights.taste or (weights.learned if before.interest is not None else 0.0)  # what is on no shortlist
        across = bool(signals.query) and signals.query_vector is None
        pool_of = "languages" if across else "meaning"
        asked = [
            ("words", signals, weights.words),
            (pool_of, signals, weights.meaning),
            ("repeat", signals, weights.repeat),
            ("taste", before, taste),
            ("popular", signals, weights.popular),
        ]
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
                if name == "words":
                    share = weights.words / (weights.words + weights.meaning)
                    said["detail"] = f"for this query words count {share:.0%}, meaning {1 - share:.0%}"
            found.append(candidates.rows)
            full = len(candidates) >= size  # a short list is all there is: then nothing at all scores 0
            near = name in ("meaning", "languages", "taste")
            floors[name] = float(candidates.scores[-1]) if full and near else 0.0
        if person.picked is not None:
            size = max(POOL["taste"], POOL_PER_PRODUCT * request.k)
            with clock.stage("feedback", "Feedback (near what was picked)", seen) as said:
                candidates = self.retrievers["taste"].retrieve(Signals(interest=person.picked), size, allowed)
                said["kept"] = len(candidates)
            found.append(candidates.rows)
            floors["feedback"] = float(candidates.scores[-1]) if len(candidates) >= size else 0.0
        rows = np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)
        return Pool(rows.astype(np.int32), floors)

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
            first, folded = fold(groups[pool.rows[ranked]], MAX_K if request.sort else request.k)
            said["kept"] = len(first)
        chosen = ranked[first].astype(np.int32)
        if request.sort:
            with clock.stage("sort", f"Sorted ({SORTS[request.sort].lower()})", len(chosen)) as said:
                place = self._sorted(pool.rows[chosen], request.sort)[: request.k]
                chosen, folded = chosen[place], folded[place]
                said["kept"] = len(chosen)
        return chosen, folded

    def _sorted(self, rows: Rows, by: str) -> npt.NDArray[np.int64]:
        """Positions in another order; equal ones stay as they stood, unknown prices come last."""
        if by == "popular":
            return np.argsort(-self.catalogue.buyers[rows], kind="stable")
        prices = self.catalogue.prices[rows]
        known = prices if by == "price" else -prices
        return np.argsort(np.where(np.isnan(prices), np.inf, known), kind="stable")

    def _ranks_before(self, pool: Pool, request: Request) -> dict[int, int]:
        """The product that would stand at each rank without feedback: row -> rank, 1 is first."""
        return self._ranks(pool, pool.base_total, request)

    def _ranks(self, pool: Pool, total: npt.NDArray[np.float64], request: Request) -> dict[int, int]:
        ranked = order(total, pool.rows)
        rows = pool.rows[ranked]
        first, _ = fold(self.catalogue.groups(request.knobs.fold)[rows], len(rows))
        return {int(row): rank for rank, row in enumerate(rows[first], start=1)}

    def _what_taste_moved(self, pool: Pool, items: tuple[RankedItem, ...], request: Request) -> str:
        """How this shelf differs from the one that the same query gives to anybody, and why."""
        habits = np.sum([pool.base[name] for name in ("repeat", "taste") if name in pool.base], axis=0)
        groups = self.catalogue.groups(request.knobs.fold)
        ranks = self._ranks(pool, pool.total - habits, request)
        without = {int(groups[row]): rank for row, rank in ranks.items()}
        moves = [(without[int(groups[item.row])] - item.rank, item) for item in items]
        up = max(moves, key=lambda move: move[0], default=None)
        moved = sum(step != 0 for step, _ in moves)
        if up is None or up[0] <= 0:
            return "This shopper's habits change nothing here: nobody's order differs from theirs."
        return (
            f"This shopper's habits moved {moved} of {len(items)} products: \u201c{up[1].title}\u201d from "
            f"{up[0] + up[1].rank} to {up[1].rank} ({habit(up[1].parts, up[1].facts)})."
        )
