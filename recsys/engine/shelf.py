"""From a request to ranked products, stage by stage, each stage's work and time written down."""

from __future__ import annotations

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.contract import TextEncoder
from recsys.encoders.fusion.fusion import as_query
from recsys.engine.catalogue import Catalogue
from recsys.engine.facets import Choice, Facets
from recsys.engine.learning import DONE, LiveLearning, Taught
from recsys.engine.nearness import ACROSS, near_across, not_called, weak, weak_across
from recsys.engine.people import People, Person
from recsys.engine.presenting import Presenter
from recsys.engine.reading import QueryReader, Reading
from recsys.engine.scoring import Asked, Pool, Scorer, taught_share
from recsys.engine.slates import Slates, reranked
from recsys.engine.slates import said as steps_said
from recsys.engine.unproven import NOTHING_TOLD, Unproven
from recsys.engine.wishes import Wished, Wishes
from recsys.errors import BadRequestError
from recsys.explanation.reasons import habit
from recsys.learning.contract import NOTHING_LEARNED, Overlay
from recsys.query.parts import SizePart
from recsys.query.wording import content_words
from recsys.ranking import shortlists
from recsys.ranking.parts import FEEDBACK, TAUGHT, PartRegistry
from recsys.ranking.weighted_parts import Weights, order
from recsys.ranking.words_or_meaning import meaning_share
from recsys.reranking import contract as reranking
from recsys.reranking.composing import Reranked
from recsys.reranking.folding import fold, representatives
from recsys.retrieval.contract import Retriever, Signals
from recsys.retrieval.crosslingual import LANGUAGES
from recsys.retrieval.dense import MEANING, TASTE
from recsys.retrieval.fielded import QueryWords
from recsys.retrieval.lexical import WORDS, LexicalRetriever
from recsys.retrieval.looks import LOOKS, LooksRetriever
from recsys.retrieval.part import Known, Part, Prepared, Voice
from recsys.schema import (
    MAX_K,
    NEW_SHOPPER,
    SORTS,
    Answer,
    Candidates,
    Floats,
    Mask,
    Narrowed,
    RankedItem,
    Request,
    Rows,
    Stage,
)
from recsys.schema.understood import Facet, Understood

SORTED: Final = 0.9  # of how well the best product answers: coffee in another order is no tonic water, and no filter
FOUND: Final = 0.5  # of how well the best product answers: "toilet paper" is said by 68 of 1,281 candidates
POOL_PER_PRODUCT: Final = 12  # a larger shelf asks for a larger pool; measured: about 5 look-alikes per kind

FAR_BELOW: Final = 3.0  # more than any score and any cosine can bridge


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


def retrievers_of(parts: Iterable[Part], prepared: Prepared) -> dict[str, Retriever]:
    """The retriever of each part that has one for this shop, by the part's name."""
    made = {part.name: part.retriever(prepared) for part in parts if part.retriever is not None}
    return {name: retriever for name, retriever in made.items() if retriever is not None}


@dataclass(frozen=True, slots=True, eq=False)
class Scored:
    """One request read, and its candidates with their scores."""

    request: Request
    person: Person
    reading: Reading
    wished: Wished  # what the query's own wishes came to
    chosen: Sequence[tuple[Choice, Mask]]  # categories and sizes to keep to, with their masks (n_items,)
    narrowed: Narrowed | None  # what these left of all products, where there is no query to find some
    words: list[str]  # of the query, that some product text holds
    notes: list[str]
    asked: Asked
    pool: Pool


@dataclass(frozen=True, slots=True, eq=False)
class Standing:
    """The candidates of a request, ranked to the last."""

    ranks: dict[int, int]  # row -> rank, 1 is first; look-alikes stand under the first of them
    pool: Pool
    asked: Asked


@dataclass(frozen=True, slots=True, eq=False)
class Slate:
    """What re-ranking was given, and what it made of it."""

    pool: reranking.Pool
    made: Reranked
    rows: Rows  # (n,) of the candidates


@dataclass(frozen=True, slots=True, eq=False)
class Chosen:
    """The products of a shelf, as positions in the pool of candidates."""

    places: Rows  # (k,) in the order in which they are shown
    folded: Rows  # (k,) look-alikes under each
    by_score: Rows  # (k,) what the scores alone would show
    ranks: Sequence[int] | None = None  # of each before it was re-ranked; None where it was not
    given_up: tuple[str, ...] = ()
    slate: Slate | None = None  # None where nothing was re-ranked


@dataclass(frozen=True, slots=True)
class Weakly:
    """How weakly a query is answered: the line above the shelf and the cards say the same of it."""

    guess: bool = False  # what is shown is a guess: near in meaning at most
    near_nothing: bool = False  # and nothing is even near


class Shelf:
    """Answers requests. Holds no state of its own, so that any number of threads may ask at once."""

    def __init__(
        self,
        catalogue: Catalogue,
        people: People,
        encoder: TextEncoder,
        reader: QueryReader,
        prepared: Prepared,
        parts: PartRegistry,
        voice: Voice,
        presenter: Presenter,
        facets: Facets,
        slates: Slates,
        learning: LiveLearning,
        overlay: Overlay = NOTHING_LEARNED,
    ) -> None:
        self.catalogue, self.people, self.encoder, self.reader = catalogue, people, encoder, reader
        self.parts, self.voice, self.presenter, self.overlay = parts, voice, presenter, overlay
        self.facets, self.slates, self.learning = facets, slates, learning
        self.retrievers = retrievers_of(parts, prepared)
        lexical = self.retrievers.get(WORDS.name)
        lexical = lexical if isinstance(lexical, LexicalRetriever) else None
        self.wishes = Wishes(reader.understanding, catalogue, lexical)
        self.unproven = Unproven(reader.understanding, lexical, catalogue.size)
        self.scorer = Scorer(self.retrievers, {p.name: p.second_look(prepared) for p in parts if p.second_look})

    def answer(self, request: Request) -> Answer:
        """The whole way from the request to the answer."""
        clock = Clock()
        scored = self._scored(clock, request)
        person, asked, notes = scored.person, scored.asked, scored.notes
        fit = self.scorer.fit_of(scored.pool, asked)
        found = _found(fit)
        pool, narrowed = self._narrow(clock, scored, found)
        weakly = self._say_how_near(pool, scored)
        pool.stands = self._stands(scored, pool)
        chosen = self._choose(clock, scored, pool, fit[np.searchsorted(scored.pool.rows, pool.rows)])
        was = self._ranks(request, pool, pool.base_total) if person.feedback else {}
        with clock.stage("explain", "Explained (a reason each)", len(chosen.places)):
            places, signals = chosen.places, asked.signals
            parts = {name: values[places] for name, values in pool.scored.items() if values[places].any()}
            raw = {name: values[places] for name, values in pool.raw.items()}
            rows = pool.rows[places]
            if weakly.guess:
                raw["guess"] = np.ones(len(places), np.float32)
            brought = self._brought_up(scored, pool, places)
            if brought is not None:
                raw["brought_up"] = brought
            whys = self._because(asked, pool, places, brought)
            items = self.presenter.items(
                request, rows, parts, chosen.folded, was, signals, person, scored.words, raw, whys
            )
        if chosen.ranks is not None:
            items = tuple(replace(item, rank_before=rank) for item, rank in zip(items, chosen.ranks, strict=True))
            notes += chosen.given_up
        if narrowed is not None and narrowed.sentence:
            notes.append(narrowed.sentence)
        told, far = scored.wished.told, weakly.near_nothing
        if far and told.alone and not told.labels:
            told = NOTHING_TOLD  # it is said already that nothing is close
        if missing := self.unproven.sentence(scored.wished.missing, told, rows, far=far):
            notes.append(missing)
        if not items:
            notes.append("Nothing on the shelf: try fewer filters, other words, or 'forget my feedback'.")
        elif len(items) < request.k and narrowed is None:  # who narrows asks for fewer
            few = "; another order shows only what answers the query" if request.sort else ""
            notes.append(f"Only {len(items)} of the {request.k} products asked for were found{few}.")
        by_score = pool.rows[chosen.by_score]  # what re-ranking moved, no feedback did
        moved = self.presenter.movement(request, by_score, was, person) if person.feedback else None
        if moved is not None and asked.taught is not None:
            moved = replace(moved, summary=self._learned_from(scored))
        return Answer(
            request,
            items,
            tuple(clock.stages),
            tuple(dict.fromkeys(notes)),
            moved,
            self._understood(scored, pool, fit, items, self._facets(scored, found, narrowed), missing, weakly),
            narrowed,
            asked.signals.query_vector,
            asked.signals.interest,
        )

    def standing(self, request: Request) -> Standing:
        """Every candidate with its rank: who would stand where if the shelf went on to the last of them.

        Of a request that is sorted or re-ranked, the ranks by score.
        """
        scored, pool, places, _ = self._ranked_to_the_last(Clock(), request)
        return Standing({int(row): rank for rank, row in enumerate(pool.rows[places], start=1)}, pool, scored.asked)

    def slate(self, request: Request) -> Slate | None:
        """What re-ranking is given for a request, and what it makes of it, however little is set; None for no product.

        An order of the request's own (`sort`) is left out.
        """
        clock = Clock()
        scored, pool, places, folded = self._ranked_to_the_last(clock, request)
        if not len(places):
            return None
        fit = self.scorer.fit_of(scored.pool, scored.asked)[np.searchsorted(scored.pool.rows, pool.rows)]
        return self._rerank(clock, scored, pool, fit, Chosen(places, folded, places[: request.k])).slate

    def _ranked_to_the_last(self, clock: Clock, request: Request) -> tuple[Scored, Pool, Rows, Rows]:
        """(the request, what is left of its candidates, positions of all of these by score, look-alikes under each)."""
        scored = self._scored(clock, request)
        pool, _ = self._narrow(clock, scored, _found(self.scorer.fit_of(scored.pool, scored.asked)))
        pool.stands = self._stands(scored, pool)
        ranked = self._wanted(clock, scored, pool)
        first, folded = fold(self.catalogue.groups(request.knobs.fold)[pool.rows[ranked]], len(ranked))
        return scored, pool, ranked[first].astype(np.int32), folded

    def scores(self, request: Request, rows: Rows) -> Floats:
        """The score of each of these products, (m,), whether they would be found or not.

        What the filters of the request leave out stands below all the rest, by its nearness to the query alone.
        """
        rows = np.asarray(rows, np.int32)
        scored = self._scored(Clock(), request, rows)
        values = self.retrievers[MEANING.name].score(scored.asked.signals, rows) - np.float32(FAR_BELOW)
        among = np.ones(len(rows), np.bool_) if scored.wished.allowed is None else scored.wished.allowed[rows]
        place = np.searchsorted(scored.pool.rows, rows[among])
        values[among] = scored.pool.total[place].astype(np.float32)
        return values

    def _scored(self, clock: Clock, request: Request, besides: Rows | None = None) -> Scored:
        """The request read, and every candidate scored; those `besides` that are allowed are candidates too."""
        with clock.stage("person", "Who asks", 1) as said:
            person = self.people.of(request)
            said["detail"] = self._who(request, person)
        notes = list[str]()
        chosen = self.facets.chosen(request, notes)
        reading, words, wished = self._read(clock, request, notes)
        narrowed = None
        if reading.intent is None:  # nothing is searched for, so that nothing is found before it is narrowed
            everything = np.ones(self.catalogue.size, np.bool_) if wished.allowed is None else wished.allowed
            left, narrowed = self.facets.narrow(chosen, everything)
            wished = wished if narrowed is None else replace(wished, allowed=left)
        query = reading.meaning
        notes[:0] = [*reading.notes, *person.notes, *self._fallbacks(request, person, reading)]
        self._say_unknown_departments(request, notes)
        looks = self.looks(request, notes)
        taught = self._taught(request, person, notes)
        if taught is not None:  # instead of the interest vector that feedback moves
            person = replace(person, interest=person.before, picked=None)
        signals, before = self._signals(clock, query, person, reading, words, wished, looks, notes)
        known = [] if words is None else list(words.known)
        if reading.across:
            notes.append(ACROSS)
        facts = Known(
            request.knobs,
            query=bool(query),
            words=bool(known),
            history=person.has_history,
            interest=person.before is not None,
            shortlist=person.shortlist is not None,
            across=reading.across and bool(query),
            looks=looks is not None,
            wished=wished.nearness is not None,
            meaning=self._meaning_share(request, words, reading) if words is not None and known else None,
        )
        weights = self.overlay.weights(request, facts, Weights.of(self.parts, facts)).within_one()
        asked = Asked(person, facts, weights, self.parts, before, signals, taught)
        allowed = wished.allowed
        pool = self._retrieve(clock, request, asked, allowed)
        if besides is not None:
            more = besides if allowed is None else besides[allowed[besides]]
            pool = Pool(np.union1d(pool.rows, more).astype(np.int32), pool.floors)
        with clock.stage("score", "Scored (every candidate on every part)", len(pool.rows)):
            self.scorer.score(pool, asked)
        return Scored(request, person, reading, wished, chosen, narrowed, known, notes, asked, pool)

    def _narrow(self, clock: Clock, scored: Scored, found: Mask) -> tuple[Pool, Narrowed | None]:
        """The candidates that the chosen categories and sizes leave of those that were `found`, (m,)."""
        pool = scored.pool
        if not scored.chosen or scored.narrowed is not None:
            return pool, scored.narrowed
        with clock.stage("narrow", "Narrowed (category, size)", int(found.sum())) as said:
            left, narrowed = self.facets.narrow([(choice, mask[pool.rows]) for choice, mask in scored.chosen], found)
            said["kept"] = int(left.sum())
        return pool.only(left), narrowed

    def _understood(
        self,
        scored: Scored,
        pool: Pool,
        fit: npt.NDArray[np.float64],
        items: tuple[RankedItem, ...],
        facets: tuple[Facet, ...],
        missing: str,
        weakly: Weakly,
    ) -> Understood | None:
        """How the query was read, and what the shopper's habits moved; what feedback moved is said instead."""
        asked, filtered, request = scored.asked, scored.wished.filtered, scored.request
        understood = self.reader.understood(scored.reading, filtered, scored.pool.rows, fit, facets, missing)
        named = understood.named if understood is not None else None
        if understood is not None and named is not None and not named.sure and weakly.near_nothing:
            understood = replace(understood, named=None)  # what nothing is close to is no kind of anything here
        if understood is not None and understood.matching is not None and scored.reading.meaning:
            found = int(_found(fit).sum())  # of all that the filters leave
            understood = replace(understood, matching=min(understood.matching, found))
        habits = [part.name for part in self.parts if part.habit and asked.weights[part.name] > 0]
        if understood is None or not scored.reading.meaning or not habits or scored.person.feedback or request.sort:
            return understood
        if request.reranking.on:  # the order is not that of the habits alone
            return understood
        return replace(understood, taste=self._what_taste_moved(request, pool, items))

    def _facets(self, scored: Scored, found: Mask, narrowed: Narrowed | None) -> tuple[Facet, ...]:
        """What the found products, a mask (m,) of the candidates, can be narrowed down by."""
        if scored.reading.intent is None:
            return ()
        left_out = () if narrowed is None else narrowed.left_out
        kept = [(choice, mask) for choice, mask in scored.chosen if not set(choice.values) & set(left_out)]
        rows = scored.pool.rows[found]
        left = rows
        for _, mask in kept:
            left = left[mask[left]]
        sized = bool(scored.reading.intent.only(SizePart))
        offered = self.facets.offered(kept, rows, sized=sized)
        return (*offered, *self.reader.facets(scored.reading.intent, left))

    # --- reading the request --------------------------------------------------------------------------------

    def _who(self, request: Request, person: Person) -> str:
        if person.row is not None and person.faded is not None:
            return self.voice.say(f"{{one}} {request.shopper}: {len(person.faded)} different products {{bought}}")
        return "a new shopper" if request.shopper == NEW_SHOPPER else "nobody in particular"

    def _read(self, clock: Clock, request: Request, notes: list[str]) -> tuple[Reading, QueryWords | None, Wished]:
        """(the query as it was read, what the index of words says of it, what its wishes come to)."""
        allowed = self.catalogue.in_departments(request.departments) if request.departments else None
        if allowed is not None and not allowed.any():
            allowed = None
        if not request.query.strip():
            return Reading(), None, Wished(allowed)
        with clock.stage("understand", "Query read (slips, price, brand, size)", self.catalogue.size) as said:
            reading, words = self._elsewhere(request, *self._looked_up(self.reader.read(request)))
            groups = self.catalogue.groups(request.knobs.fold)
            told, look = self.unproven.of(reading, words), words
            if told.labels and words is not None and words.known:
                words = self._words(self.unproven.without(told, reading.looked_up))
            wished = self.wishes.weigh(reading, words, told, allowed, groups, request.k)
            asked_back = () if reading.named is None else (reading.named.name,)
            self._say_unknown_words(look, " ".join([*wished.missing, *told.labels, *told.names, *asked_back]), notes)
            said["kept"] = self.catalogue.size if wished.allowed is None else int(wished.allowed.sum())
        return reading, words, wished

    def _say_unknown_departments(self, request: Request, notes: list[str]) -> None:
        if request.departments and not self.catalogue.in_departments(request.departments).any():
            notes.append(f"No product is in {', '.join(request.departments)[:80]}; the filter was left out.")

    def _fallbacks(self, request: Request, person: Person, reading: Reading) -> list[str]:
        notes, query, say = [], reading.meaning, self.voice.say
        if reading.intent is not None and not query and not reading.intent.parts:
            return []  # what could not be read is said already
        if request.shopper is not None and person.row is not None and not person.has_history:
            notes.append(say("This {one} has {bought} nothing that is still sold, so popular products are shown."))
        if not query and request.looks is None and not person.has_history:
            if person.interest is not None:
                notes.append("No history yet: popular products, bent towards what you picked.")
            elif person.row is not None:
                pass  # said above
            elif reading.intent is not None:
                notes.append(say("Only filters were typed: of what they leave, these are {bought} by most {many}."))
            elif request.shopper == NEW_SHOPPER:
                notes.append(say("A new shopper with no history: these are {favourites}."))
            else:
                notes.append(say("No query and no shopper: these are {favourites}."))
        return notes

    def _taught(self, request: Request, person: Person, notes: list[str]) -> Taught | None:
        """What this person's presses taught, where the request asks for it and it can be learned."""
        if request.learning is None:
            return None
        try:
            return self.learning.taught(person.row, person.acts, request.learning)
        except BadRequestError as error:
            notes.append(f"What you pressed could not be learned from: {error.one_line()}")
            return None

    def _brought_up(self, scored: Scored, pool: Pool, places: Rows) -> Floats | None:
        """How many places what was learned brought each product up, (k,); None where nothing was.

        Among what was not turned down: who rose because somebody above left was brought up by nothing.
        """
        if scored.asked.taught is None or pool.moved is None:
            return None
        groups = self.catalogue.groups(scored.request.knobs.fold)
        unwanted = self._turned_down(scored.person)
        before, now = (
            {int(groups[row]): rank for row, rank in self._ranks(scored.request, pool, total, unwanted).items()}
            for total in (pool.base_total, pool.total)
        )
        mine = groups[pool.rows[places]].tolist()
        return np.array([before.get(group, 0) - now.get(group, 0) for group in mine], np.float32)

    def _turned_down(self, person: Person) -> list[int]:
        """The kinds of what this person wants to see no more."""
        return list({int(self.catalogue.kinds[row]) for row, kind in person.feedback if kind == "dislike"})

    def _because(self, asked: Asked, pool: Pool, places: Rows, brought: Floats | None) -> list[str]:
        """For each product which press speaks most for it, "because you liked …"; "" where none brought it up."""
        if asked.taught is None or brought is None:
            return [""] * len(places)
        said = []
        for row, gained in zip(pool.rows[places].tolist(), brought.tolist(), strict=True):
            act = asked.taught.because(row) if gained > 0 else None
            if act is None:
                said.append("")
                continue
            what = "it" if act[0] == row else f"\u201c{self.catalogue.names[act[0]]}\u201d"
            said.append(f"because you {DONE[act[1]]} {what}")
        return said

    @staticmethod
    def _learned_from(scored: Scored) -> str:
        """How much was learned, and how far it reaches."""
        share = taught_share(scored.person, scored.asked.known)
        acts = len(scored.asked.taught.acts) if scored.asked.taught else 0
        said = f"Learned step by step from {acts} {'press' if acts == 1 else 'presses'}"
        if scored.asked.known.asked:
            return f"{said}; beside a query that decides only between products that answer it nearly as well."
        return f"{said}: {100 * share:.0f} % of the score goes by it."

    def _signals(
        self,
        clock: Clock,
        query: str,
        person: Person,
        reading: Reading,
        words: QueryWords | None,
        wished: Wished,
        looks: Floats | None,
        notes: list[str],
    ) -> tuple[Signals, Signals]:
        """(signals with feedback, signals without)."""
        vector: Floats | None = None
        if query and not reading.across:  # the multilingual encoder is its retriever's own
            with clock.stage("encode", "Query encoded (text turned into a vector)", 1) as said:
                vector = self.encoder.encode([reading.coloured])[0]
                said["detail"] = f"{self.encoder.name}, {self.encoder.dimension} numbers"
            if looks is not None and self.presenter.space is not None:
                looks, otherwise = self.presenter.space.changed(looks, vector)
                if otherwise:
                    notes.append(f"Like the picture, but with the {' and '.join(otherwise)} that the words say.")
        before = Signals(query, vector, person.faded, person.before, reading.translation, wished.nearness, looks, words)
        return replace(before, interest=person.interest), before

    def looks(self, request: Request, notes: list[str]) -> Floats | None:
        """The vector (d,) of what products should look like; None, and said in `notes`, where there is none."""
        if request.looks is None:
            return None
        retriever = self.retrievers.get(LOOKS.name)
        if not isinstance(retriever, LooksRetriever):
            notes.append("Pictures cannot be compared yet: they are learned last. The picture was left out.")
            return None
        if request.looks.item:
            row = self.catalogue.row(request.looks.item)
            vector: Floats | None = None if row is None else as_query(retriever.vectors[row : row + 1])[0]
        else:
            vector = np.asarray(request.looks.vector, np.float32)
        if vector is None or vector.shape != retriever.vectors.shape[1:] or not vector.any():
            notes.append("There is no such picture in this shop; it was left out.")
            return None
        return np.asarray(vector)

    def _looked_up(self, reading: Reading) -> tuple[Reading, QueryWords | None]:
        """(the reading, what the index of words says of it): a model number of this shop is no name with figures."""
        if not reading.meaning or reading.across:
            return reading, None
        if reading.looked_up != reading.searched:
            whole = self._words(reading.searched)
            if whole is not None and whole.names_a_model:
                return replace(reading, looked_up=reading.searched), whole
        return reading, self._words(reading.looked_up)

    def _elsewhere(
        self, request: Request, reading: Reading, words: QueryWords | None
    ) -> tuple[Reading, QueryWords | None]:
        """The same across languages, where no list holds a word of the query and something comes near it there.

        Polish and Turkish words without a letter of their own are told by nothing else.
        """
        retriever = self.retrievers.get(LANGUAGES.name)
        if retriever is None or words is None or words.known or not self.reader.unlisted(request, reading):
            return reading, words
        across = self.reader.elsewhere(request)
        if across is None or not across.across:
            return reading, words
        best = retriever.retrieve(Signals(across.meaning), 1).scores
        if not len(best) or not near_across(float(best[0]), across.meaning):
            return reading, words
        return across, None

    def _words(self, query: str) -> QueryWords | None:
        """The one look at the index of words: what it knows of the query."""
        retriever = self.retrievers.get(WORDS.name)
        return retriever.look(query) if isinstance(retriever, LexicalRetriever) else None

    @staticmethod
    def _say_unknown_words(words: QueryWords | None, said: str, notes: list[str]) -> None:
        """Say which words no product text holds, but for those of which that is said in other words: once is enough."""
        if words is None or not words.known:
            return  # that none is known is said when it is known how near the best comes
        if unknown := [word for word in words.unknown if word not in said]:
            shown = ", ".join(f"\u201c{w[:30]}\u201d" for w in unknown[:5])
            notes.append(f"No product text holds {shown}; only meaning can follow there.")

    @staticmethod
    def _meaning_share(request: Request, words: QueryWords, reading: Reading) -> float:
        """How much meaning counts beside words for this query; of an occasion only meaning has something to say."""
        apart = len(content_words(reading.occasion))
        said = len(content_words(reading.searched))
        covered = words.coverage * said / max(said + apart, 1)
        return meaning_share(request.knobs.meaning_weight, covered, model=words.names_a_model)

    # --- candidates and scores ------------------------------------------------------------------------------

    def _retrieve(self, clock: Clock, request: Request, asked: Asked, allowed: Mask | None) -> Pool:
        """Ask each retriever that counts; the pool is the union of what they find."""
        seen = self.catalogue.size if allowed is None else int(allowed.sum())
        found: list[Rows] = []
        floors: dict[str, float] = {}
        if asked.weights.learned > 0 and asked.person.shortlist is not None:
            with clock.stage(shortlists.NAME, self.voice.say(shortlists.STAGE), seen) as said:
                rows = asked.person.shortlist.rows
                found.append(rows if allowed is None else rows[allowed[rows]])
                said["kept"] = len(found[0])
        for part, retriever, signals in self._to_ask(asked):
            size = max(part.pool, POOL_PER_PRODUCT * request.k)
            with clock.stage(part.name, self.voice.say(part.stage or part.label), seen) as said:
                candidates = retriever.retrieve(signals, size, allowed)
                said["kept"], said["detail"] = len(candidates), part.detail(asked.known)
            found.append(candidates.rows)
            full = len(candidates) >= size  # a short list is all there is: then nothing at all scores 0
            floors[part.name] = float(candidates.scores[-1]) if full and part.from_last_found else 0.0
        if asked.taught is not None and not asked.known.asked:  # beside a query only what answers it
            with clock.stage(TAUGHT.name, TAUGHT.stage, seen) as said:
                everything = np.arange(self.catalogue.size, dtype=np.int32)
                rows = everything if allowed is None else everything[allowed]
                size = max(TAUGHT.pool, POOL_PER_PRODUCT * request.k)
                found.append(Candidates.best(rows, asked.taught.fits[rows], size, TAUGHT.name).rows)
                said["kept"] = len(found[-1])
        rows = np.unique(np.concatenate(found)) if found else np.empty(0, np.int32)
        return Pool(rows.astype(np.int32), floors)

    def _to_ask(self, asked: Asked) -> Iterator[tuple[Part, Retriever, Signals]]:
        """The parts that bring candidates to this request, each with whom to ask and what to tell them."""
        for part in self.parts:
            beyond = part.beyond_shortlist and asked.weights.learned > 0 and asked.known.interest
            counts = asked.weights[part.name] > 0 or beyond
            if part.name in self.retrievers and counts and part.finds(asked.known):
                yield part, self.retrievers[part.name], asked.before
        if asked.person.picked is not None:
            yield FEEDBACK, self.retrievers[TASTE.name], Signals(interest=asked.person.picked)

    def _say_how_near(self, pool: Pool, scored: Scored) -> Weakly:
        """Say so, in one sentence, when nothing is like the query or nothing is called so.

        The scale of scores makes even the best of nothing look certain.
        """
        reading, signals, notes = scored.reading, scored.asked.signals, scored.notes
        if len(pool.rows) == 0:
            return Weakly()
        if reading.across:
            said = self._weak_across(pool, scored)
            if said:
                notes[:] = [said, *(note for note in notes if note != ACROSS)]
            return Weakly(guess=bool(said), near_nothing=bool(said))
        if signals.query_vector is None or scored.words:
            return Weakly()
        told = scored.wished.told
        if said := weak(float(self.retrievers[MEANING.name].score(signals, pool.rows).max())):
            if not (told.alone and told.labels):  # of a label it is said that nothing bears it
                notes.insert(0, said)
            return Weakly(guess=True, near_nothing=True)
        if not (told.labels or told.names or scored.wished.missing or reading.named):
            notes.append(not_called(reading.meaning))
        return Weakly(guess=True)

    def _weak_across(self, pool: Pool, scored: Scored) -> str:
        """The same across languages, "" where something is near; what the glossary has a word of is."""
        reading, signals = scored.reading, scored.asked.signals
        if reading.translation.phrases or LANGUAGES.name not in self.retrievers:
            return ""
        best = float(self.retrievers[LANGUAGES.name].score(signals, pool.rows).max())
        return weak_across(best, signals.query, known=reading.listed)

    def _choose(self, clock: Clock, scored: Scored, pool: Pool, fit: npt.NDArray[np.float64]) -> Chosen:
        """Positions in the pool that make the shelf, and how many look-alikes each stands for.

        `fit` (m,) says how well each answers the query.
        """
        request = scored.request
        again = request.reranking.on and not request.sort
        wide = pool.rows.size if again else MAX_K if request.sort else request.k
        ranked = self._wanted(clock, scored, pool)
        groups = self.catalogue.groups(request.knobs.fold)
        with clock.stage("fold", "Folded (one per look-alike)", len(ranked)) as said:
            first, folded = fold(groups[pool.rows[ranked]], wide)
            said["kept"] = len(first)
        chosen = ranked[first].astype(np.int32)
        if again and len(chosen):
            return self._rerank(clock, scored, pool, fit, Chosen(chosen, folded, chosen[: request.k]))
        if request.sort:
            with clock.stage("sort", f"Sorted ({SORTS[request.sort].lower()})", len(chosen)) as said:
                answers = _answers(fit[chosen], request.k)
                place = answers[self._sorted(pool.rows[chosen[answers]], request.sort)][: request.k]
                chosen, folded = chosen[place], folded[place]
                said["kept"] = len(chosen)
            if request.reranking.on:
                scored.notes.append(f"{SORTS[request.sort]}: a shelf in that order is not re-ranked.")
        return Chosen(chosen, folded, chosen)

    def _wanted(self, clock: Clock, scored: Scored, pool: Pool) -> npt.NDArray[np.int64]:
        """Positions in the pool, best first, without what this person turned down."""
        ranked, person = self._ranked(pool, pool.total), scored.person
        if unwanted := self._turned_down(person):
            with clock.stage("unwanted", "Not for me (turned down, taken off)", len(ranked)) as said:
                ranked = ranked[~np.isin(self.catalogue.kinds[pool.rows[ranked]], unwanted)]
                said["kept"] = len(ranked)
        return ranked

    def _rerank(self, clock: Clock, scored: Scored, pool: Pool, fit: npt.NDArray[np.float64], folded: Chosen) -> Chosen:
        """The shelf chosen among the best of all that is folded, and what answers the query, as the request says."""
        request = scored.request
        looked = self.slates.candidates(pool.rows[folded.places], request.reranking)
        if scored.asked.known.query:
            answering = looked[_found(fit[folded.places])[looked]]
            looked = answering if len(answering) else looked  # where taste has drowned all that answers, what it likes
        with clock.stage("rerank", "Re-ranked (the whole shelf at once)", len(looked)) as said:
            some = folded.places[looked]
            slate = self.slates.pool(pool.rows[some], pool.total[some], scored.person, request.reranking.chosen)
            made = reranked(slate, request)
            behind = np.setdiff1d(np.arange(len(folded.places), dtype=np.int32), looked)  # where too few answer
            place = np.concatenate([looked[made.slate], behind])[: request.k]
            said["kept"], said["detail"] = len(place), steps_said(made.steps)
        return Chosen(
            folded.places[place], folded.folded[place], folded.by_score, (place + 1).tolist(), made.given_up,
            Slate(slate, made, pool.rows[some]),
        )  # fmt: skip

    def _sorted(self, rows: Rows, by: str) -> npt.NDArray[np.int64]:
        """Positions in another order; equal ones stay as they stood, unknown prices come last."""
        if by == "popular":
            return np.argsort(-self.catalogue.buyers[rows], kind="stable")
        prices = self.catalogue.prices[rows]
        known = prices if by == "price" else -prices
        return np.argsort(np.where(np.isnan(prices), np.inf, known), kind="stable")

    def _stands(self, scored: Scored, pool: Pool) -> Mask | None:
        """Who stands for their look-alikes, a mask (m,) of the pool; None where that is the best by any order.

        A shortlist was made for this person product by product, so there the best one stands for the rest. What a
        person just picked changes the order, and never who stands for whom.
        """
        if scored.asked.weights.learned > 0 or not scored.asked.known.query:
            return None
        own = [pool.base[part.name] for part in self.parts if part.own and part.name in pool.base]
        groups = self.catalogue.groups(scored.request.knobs.fold)[pool.rows]
        firm = np.sum(own, axis=0) if own else np.zeros(len(pool.rows))
        return representatives(groups, pool.base_total, firm, self.catalogue.buyers[pool.rows])

    @staticmethod
    def _ranked(pool: Pool, total: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
        """Positions in the pool by falling total, who stands for their look-alikes before all others."""
        ranked, stands = order(total, pool.rows), pool.stands
        return ranked if stands is None else np.concatenate([ranked[stands[ranked]], ranked[~stands[ranked]]])

    def _ranks(
        self, request: Request, pool: Pool, total: npt.NDArray[np.float64], unwanted: Sequence[int] = ()
    ) -> dict[int, int]:
        """The product that would stand at each rank by this total: row -> rank, 1 is first; no kind of the unwanted."""
        rows = pool.rows[self._ranked(pool, total)]
        if unwanted:
            rows = rows[~np.isin(self.catalogue.kinds[rows], unwanted)]
        first, _ = fold(self.catalogue.groups(request.knobs.fold)[rows], len(rows))
        return {int(row): rank for rank, row in enumerate(rows[first], start=1)}

    def _what_taste_moved(self, request: Request, pool: Pool, items: tuple[RankedItem, ...]) -> str:
        """How this shelf differs from the one that the same query gives to anybody, and why."""
        by_habit = [pool.base[part.name] for part in self.parts if part.habit and part.name in pool.base]
        habits = np.sum(by_habit, axis=0)
        groups = self.catalogue.groups(request.knobs.fold)
        ranks = self._ranks(request, pool, pool.total - habits)
        without = {int(groups[row]): rank for row, rank in ranks.items()}
        moves = [(without[int(groups[item.row])] - item.rank, item) for item in items]
        up = max(moves, key=lambda move: move[0], default=None)
        moved = sum(step != 0 for step, _ in moves)
        if up is None or up[0] <= 0:
            return "This shopper's habits change nothing here: nobody's order differs from theirs."
        why = habit(up[1].parts, self.presenter.grounds(up[1].facts), self.parts)
        return (
            f"This shopper's habits moved {moved} of {len(items)} products: \u201c{up[1].title}\u201d from "
            f"{up[0] + up[1].rank} to {up[1].rank} ({why})."
        )


def _answers(fit: npt.NDArray[np.float64], k: int) -> npt.NDArray[np.int64]:
    """Places of the products that answer a query well enough to stand first in another order, at least some.

    Only those that answer it about as well as the best one, where they fill a shelf of k; all where nothing was asked.
    """
    well = np.flatnonzero(_found(fit, SORTED))
    return well if len(well) >= k else np.flatnonzero(_found(fit))


def _found(fit: npt.NDArray[np.float64], share: float = FOUND) -> Mask:
    """Which products answer the query at least such a share as well as the best one, (m,)."""
    return np.asarray(fit >= share * fit.max(initial=0.0))
