"""The engine: everything prepared, opened once, shared by all threads."""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import cache, cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from threadpoolctl import threadpool_limits

from recsys import schema as s
from recsys.artifacts import PREPARE
from recsys.datasets import health, storage
from recsys.datasets.pictures import Pictures
from recsys.encoders.close_up import CloseUp
from recsys.encoders.item_maps import GAP, ItemMaps
from recsys.encoders.maps import Maps
from recsys.encoders.placing import MapInfo
from recsys.encoders.regions import Region, regions
from recsys.engine.ads import Ads
from recsys.engine.attributes import Attributes
from recsys.engine.basket import NAME as BASKETS
from recsys.engine.basket import BasketDesk
from recsys.engine.catalogue import Catalogue
from recsys.engine.comparing import Compared, Comparing
from recsys.engine.diversity import Diversity, weighed
from recsys.engine.experiments import Experiments
from recsys.engine.facets import Facets
from recsys.engine.given import GivenFacts
from recsys.engine.interleaving import Interleaving
from recsys.engine.learning import LiveLearning
from recsys.engine.looking import THINGS, Looking, Seen
from recsys.engine.memory import Forgotten, SearchMemory
from recsys.engine.new_products import NewProducts
from recsys.engine.newcomers import Newcomers
from recsys.engine.offers import Offers
from recsys.engine.one_space import INTERESTS, OneSpace
from recsys.engine.paths import Paths
from recsys.engine.people import People
from recsys.engine.placings import FOLDERS, WORDS, Placings
from recsys.engine.portraits import Portraits
from recsys.engine.presenting import Presenter
from recsys.engine.query_encoder import query_encoder
from recsys.engine.reading import QueryReader
from recsys.engine.reviews import Listening, Reviews
from recsys.engine.rules import Ruling
from recsys.engine.sequences import Sequences
from recsys.engine.shelf import Shelf
from recsys.engine.slates import About, Slates
from recsys.engine.stock import DEMAND, Stock
from recsys.engine.tagging import TITLE, WAYS, Sight, Tagged, Tagging, TagRequest
from recsys.engine.turns import Turns
from recsys.engine.whys import Whys
from recsys.errors import ArtifactError, BadRequestError, FeedbackError
from recsys.explanation.raising import holding, raising
from recsys.feedback import FeedbackEvent, FeedbackLog, PastSearch, SearchLog
from recsys.feedback.comparisons import ComparisonBook
from recsys.feedback.interleavings import InterleavingBook
from recsys.files.small_pictures import small_copy
from recsys.index.shared_rows import SharedRowsIndex
from recsys.interest.history import History, HistoryTable, affinity
from recsys.interest.interest_vector import damped_popularity
from recsys.learning.contract import NOTHING_LEARNED, Overlay
from recsys.preparation import Plan
from recsys.progress import Progress, silent
from recsys.query.cleaning import read_query
from recsys.query.completions import Completion
from recsys.query.language import LanguageDetector, Untaught
from recsys.query.tokens import Tokenizer
from recsys.query.understanding import Understanding
from recsys.query.words import ShopWords
from recsys.ranking.live_order import LiveOrder
from recsys.ranking.parts import PARTS, PartRegistry
from recsys.ranking.shortlists import Shortlists
from recsys.reranking.folding import fold
from recsys.retrieval import crosslingual
from recsys.retrieval.looks import ARTIFACT, LOOKS, LooksRetriever
from recsys.retrieval.part import Prepared, Voice
from recsys.schema import Answer, Candidates, Floats, RankedItem, Request, Rows
from recsys.schema.capabilities import Capability
from recsys.settings import Settings, load_settings
from recsys.shops import registry

NOT_YET: Final = "what finds products by words of other languages is not prepared yet"
THUMBNAILS: Final = 4096  # small pictures kept at hand: 3 MB
LOOK_ALIKES_PER_KIND = 200  # looked through for each kind shown: 21 products are of one kind, of some hundreds


@dataclass(frozen=True, slots=True)
class Similarities:
    """The cosine of every product with the query, or with the shopper's interest vector when there is no query.

    On a map of pictures, with the picture that was asked with, or the query in the space of pictures.
    """

    to: str  # "query", "shopper" or "looks"
    label: str
    values: Floats  # (n_items,)


class Engine:
    """Search and recommendation over one prepared data set. Never changes after it is opened; any thread may ask.

    What does change stands beside it: the feedback log, the search memory, and an overlay of what is learned meanwhile.
    """

    def __init__(
        self, settings: Settings, plan: Plan, parts: PartRegistry = PARTS, overlay: Overlay = NOTHING_LEARNED
    ) -> None:
        self.settings, self.plan, self.shop = settings, plan, registry.shop(settings.shop)
        self._folder = cache(lambda name: plan.open(name).path)  # opening checks every byte: once is enough
        self.waiting = plan.waiting()  # what a shelf can do without and was not made yet, by its name
        self.parts = parts.adding(*overlay.parts)  # of every score, in the order in which they are shown
        self._overlay = overlay
        with ThreadPoolExecutor(1) as beside:  # the encoder opens while the tables are read: a third off the start
            encoder = beside.submit(query_encoder, plan)
            self._open_tables(plan)
            self.encoder = encoder.result()
        self.feedback = FeedbackLog(settings.feedback_database, settings.shop, settings.state_dir / "salt")
        self._turns = Turns(os.cpu_count() or 1)
        order = plan.open("order")
        self.order_info: dict[str, Any] = order.info  # how the learned order was learned, and how well
        self._people = self._make_people(Shortlists.load(order), LiveOrder(order.path, lambda: self.portraits.table))
        words = ShopWords.of(self.shop)
        self._understanding = Understanding.load(plan.open("understanding").path, words)
        self._reader = self._make_reader(words)
        self.facets = Facets(self.catalogue, self._understanding.filters, self.capabilities, self.shop.money)
        searches = SearchLog(self.feedback.database, settings.shop)
        self._memory = SearchMemory(searches, self._people, self._understanding.completions)
        self.space = self._make_space()
        self.slates = self._make_slates()
        # what feedback teaches, step by step
        self.learning = LiveLearning(self.catalogue, self.index, self._people, self._turns)
        self._shelf = self._make_shelf()
        attributes = cache(self._attribute_table)
        self.attributes = Attributes(attributes, len(self.items))
        self._looking = self._make_looking(attributes)
        self._placings = self._make_placings()
        self.thumbnail = lru_cache(maxsize=THUMBNAILS)(self._thumbnail)  # by row: a small copy of its picture, or None
        self.given = GivenFacts(self.catalogue, self.capabilities, attributes)  # what the shop says of its products
        self._tagging = Tagging(self.catalogue.titles.tolist(), self.encoder, self._turns, self._sight())
        self.portraits = self._make_portraits()
        self.newcomers = Newcomers(self.catalogue, self.index, self.encoder, self.portraits, self._turns)
        self.new_products = self._make_new_products()
        self.stock = Stock(  # demand of the next weeks, what runs out, how new products do
            lambda: None if DEMAND in self.waiting else plan.open(DEMAND),
            self.catalogue,
            self.capabilities,
            self.new_products,
            lambda: self.offers.over_time(),
        )
        self.whys = Whys(self._shelf, self._turns)  # why a product stands where it stands, and what would change it
        self._comparing = Comparing(self._shelf, self._turns)
        self.comparisons = ComparisonBook(self.feedback.database, settings.shop)  # saved ones, and votes
        # two rankings on one shelf, and what is taken from it
        book = InterleavingBook(self.feedback.database, settings.shop)
        self.interleaving = Interleaving(self.answer, self.catalogue, book)
        self.experiments = Experiments(settings.shop, lambda: plan.open("dataset"))  # what its own data say of tests
        # its scores as a few rules
        self.ruling = Ruling(self._shelf, self._turns, self.catalogue, self.index, self.capabilities, self.shop)
        self.sequences = self._make_sequences()  # what a Transformer makes of somebody's visits
        self.paths = self._make_paths(attributes)  # how it hangs together with what somebody knows
        # sponsored places on its shelves
        self.ads = Ads(
            self.catalogue, self.shop, self.capabilities, self.dataset_info, plan.open, self._turns, self._people.row,
            settings.measured_dir,
        )  # fmt: skip
        self.reviews = self._make_reviews()  # what people write
        self.offers = self._make_offers()  # coupons, campaigns, and what displays and mailers go with
        self._opened = True

    def __setattr__(self, name: str, value: object) -> None:
        """Raises AttributeError once the engine is open: many threads ask it at once."""
        if getattr(self, "_opened", False):
            raise AttributeError(f"the engine is open: {name} cannot change; open another one, or give an overlay")
        super().__setattr__(name, value)

    def _make_reader(self, words: ShopWords) -> QueryReader:
        if "languages" in self.waiting:
            return QueryReader(self._understanding, self.catalogue, Untaught(words.glossary), NOT_YET)
        folder = self._folder("languages")
        detector = LanguageDetector.load(folder, words.glossary)
        return QueryReader(self._understanding, self.catalogue, detector, crosslingual.why_off(folder))

    def _open_tables(self, plan: Plan) -> None:
        dataset, vectors = plan.open("dataset"), plan.open("vectors")
        self.dataset_info: dict[str, Any] = dataset.json("dataset.json")
        self.vectors_info: dict[str, Any] = vectors.info  # which encoder read the products, and how
        self.capabilities = storage.capabilities(dataset)
        self.items = storage.load_items(dataset.path)
        self.shoppers = storage.load_shoppers(dataset.path)
        self._cleaning = storage.load_cleaning(dataset.path)
        self._dataset_folder = dataset.path
        self.index = SharedRowsIndex.load(vectors.path)  # of the items' vectors
        self.catalogue = Catalogue(self.items)
        self.history_table = HistoryTable.load(dataset)
        self.today = int(self.dataset_info["days"]) - 1  # days are counted from the first one
        self._pictures = None if "pictures" in self.waiting else Pictures.load(plan.open("pictures").path)

    @classmethod
    def open(
        cls, settings: Settings | None = None, parts: PartRegistry = PARTS, overlay: Overlay = NOTHING_LEARNED
    ) -> Engine:
        """The engine over the prepared files, its scores made of these parts and of what the overlay has learned.

        From then on this process's linear algebra uses one thread: a request's products are so small that threads cost
        more than they bring, and with many requests at once they stand in each other's way.
        Raises ArtifactError, with the remedy, when something is missing, out of date or damaged.
        """
        threadpool_limits(limits=1, user_api="blas")
        settings = settings or load_settings()
        return cls(settings, Plan.of(settings), parts, overlay)

    def _make_people(self, shortlists: Shortlists, again: LiveOrder) -> People:
        ids = [str(i) for i in self.shoppers[s.SHOPPER_ID].tolist()]
        return People(
            history=self.history_table,
            shortlists=shortlists,
            row_of_id={shopper: row for row, shopper in enumerate(ids)},
            row_of_item={str(i): row for row, i in enumerate(self.catalogue.ids.tolist())},
            index=self.index,
            share=self.catalogue.share,
            common=self.index.weighted_mean(damped_popularity(self.catalogue.share)),
            today=self.today,
            log=self.feedback,
            again=again,
            known=", ".join(ids[:3]),
            one=self.shop.people.one,
        )

    def _make_offers(self) -> Offers:
        # the engine was opened without what is waiting, and is opened again once it is there
        waiting = self.waiting
        return Offers(cache(self.plan.open), lambda name: name in waiting, self.catalogue, self._people.row)

    def _make_portraits(self) -> Portraits:
        return Portraits(
            lambda: self.plan.open("dataset"),
            self.items,
            self.catalogue,
            self._people,
            self.index,
            self.capabilities,
            self.today,
            str(self.dataset_info["first_day"]),
            self.shop.words.house_brand,
        )

    def _make_new_products(self) -> NewProducts:
        return NewProducts(
            self.catalogue,
            self.index,
            self.encoder,
            self._people,
            self.portraits,
            self.capabilities,
            self._attribute_table,
            self._turns,
        )

    @cached_property
    def basket(self) -> BasketDesk:
        """What completes a basket; it opens what was counted when it is first asked."""
        return BasketDesk(
            lambda: None if BASKETS in self.waiting else self.plan.open(BASKETS),
            self.catalogue,
            self.index,
            self._people,
            self.portraits,
            self.capabilities,
            self._turns,
        )

    def _make_paths(self, attributes: Callable[[], pd.DataFrame | None]) -> Paths:
        def table(name: str) -> pd.DataFrame | None:
            if name == "attributes":
                return attributes()
            known = self.capabilities.has(Capability.FRIENDS)
            return storage.load_table(self._dataset_folder, name) if known else None

        # the table of portraits: it is read once
        return Paths(
            lambda: self.portraits.table, table, self.catalogue, self._people, self.whys, self.capabilities, self.shop
        )

    def _make_reviews(self) -> Reviews:
        def made(name: str) -> bool:
            return name in self.plan.versions and name not in self.waiting

        state = self.settings.state_dir
        return Reviews(self._folder, made, self._dataset_folder, self.catalogue, self.capabilities, self._turns, state)

    def _make_sequences(self) -> Sequences:
        def prepared() -> Path | None:
            if self.space is None or INTERESTS in self.waiting:
                return None
            folder = self._folder(INTERESTS) / "model"
            return folder if folder.is_dir() else None

        def products() -> Floats:
            if self.space is None:
                raise ArtifactError("the shop has no space of pictures and words", remedy=PREPARE)
            return self.space.products

        trainings, lines = self.settings.trainings_dir, lambda: self.portraits.table
        return Sequences(prepared, products, trainings, self.settings.shop, lines, self._people)

    def _make_shelf(self) -> Shelf:
        prepared = Prepared(
            self.items,
            self.index,
            self._folder,
            self._understanding.vocabulary.words,
            lambda name: name in self.plan.versions and name not in self.waiting,
        )
        voice = Voice(self.shop.people, self.capabilities, self.shop.money, nobody=self.shoppers.empty)
        presenter = Presenter(
            self.catalogue, self.index, Tokenizer(), self.parts, voice, len(self.shoppers), self.today, self.space
        )
        return Shelf(
            self.catalogue,
            self._people,
            self.encoder,
            self._reader,
            prepared,
            self.parts,
            voice,
            presenter,
            self.facets,
            self.slates,
            self.learning,
            self._overlay,
        )

    def _make_slates(self) -> Slates:
        last_day = str(self.dataset_info.get("last_day", ""))
        about = About(self.capabilities, len(self.shoppers), last_day, self.shop.words.other_brand)
        return Slates(self.catalogue, self.index, about)

    def _make_space(self) -> OneSpace | None:
        """The space of pictures and words, where the shop has pictures and it is learned."""
        if ARTIFACT in self.waiting or not self.plan.open(ARTIFACT).info.get("items"):
            return None
        return OneSpace(self._folder, INTERESTS not in self.waiting)

    def _make_looking(self, attributes: Callable[[], pd.DataFrame | None]) -> Looking | None:
        """What looks at pictures, where there are any to compare them with."""
        retriever = self._shelf.retrievers.get(LOOKS.name)
        if self.space is None or not isinstance(retriever, LooksRetriever):
            return None
        return Looking(self._folder, self.space, retriever, self.items, attributes, THINGS not in self.waiting)

    def _attribute_table(self) -> pd.DataFrame | None:
        known = self.capabilities.has(Capability.ATTRIBUTES)
        return storage.load_table(self._dataset_folder, "attributes") if known else None

    def _make_placings(self) -> Placings:
        words = None if "maps" in self.waiting else Maps(self._folder("maps"), self.index.distinct)
        others: dict[str, ItemMaps] = {}
        gap: dict[str, Any] = {}
        if self._looking is not None and "picture_maps" not in self.waiting:
            drawn, fusion = self.plan.open("picture_maps"), self.plan.open(ARTIFACT)
            others = {name: ItemMaps(drawn.path / file, fusion.array(file)) for name, file in FOLDERS.items()}
            gap = drawn.json(GAP)
        return Placings(self.index, words, others, self.space, gap)

    def _sight(self) -> Sight | None:
        looking, space = self._looking, self.space
        if looking is None or space is None:
            return None
        return Sight(looking.pictures, lambda texts: space.fusion.encode(text=texts, query=True))

    def outdated(self) -> bool:
        """Whether something that was still waiting to be made when this was opened is there now: open it again then."""
        return bool(self.waiting) and self.plan.waiting() != self.waiting

    # --- the one door ---------------------------------------------------------------------------------------

    def answer(self, request: Request) -> Answer:
        """The ranked products for a request, with every stage and every fallback.

        Raises BadRequestError for an unknown shopper or an impossible k; everything else is answered and noted.
        """
        self._check(request)
        with self._turns.turn():
            return self._shelf.answer(request)

    def diversity(self, request: Request) -> Diversity:
        """The shelf before and after re-ranking, what both are worth, and what diversity costs. Raises as `answer`."""
        self._check(request)
        with self._turns.turn():
            return weighed(self._shelf, request)

    def listening(self, request: Request, aspect: str = "", weight: float = 0.0) -> Listening:
        """The shelf of a request in whose scores what reviews say of an aspect has a share; "" means all aspects.

        The best MAX_K are re-ordered. Raises as `answer`, and BadRequestError for an aspect or a share that is none.
        """
        self._check(request)
        answer = self.answer(replace(request, k=s.MAX_K, sort=""))
        return self.reviews.listening(answer, request.k, aspect, weight)

    def compare(self, requests: Sequence[Request]) -> Compared:
        """Several requests side by side, each measured against the first. Raises as `answer`."""
        for request in requests:
            self._check(request)
        return self._comparing.compared(requests)

    def scores(self, request: Request, rows: Rows) -> Floats:
        """The score that the request gives to each of these products, (m,), found or not: for judging a search.

        Those that the request's filters leave out stand below all others, by their nearness to the query.
        """
        with self._turns.turn():
            return self._shelf.scores(request, rows)

    def _check(self, request: Request) -> None:
        self._check_k(request.k)
        if request.sort not in s.SORTS:
            raise BadRequestError(
                f"the shelf cannot be sorted by {request.sort[:40]!r}",
                allowed=", ".join(repr(sort) for sort in s.SORTS),
                remedy="leave it out",
            )

    @staticmethod
    def _check_k(k: int) -> None:
        if isinstance(k, bool) or not isinstance(k, int) or not 1 <= k <= s.MAX_K:
            raise BadRequestError(
                f"k={k} products cannot be shown",
                allowed=f"a whole number from 1 to {s.MAX_K}",
                remedy="ask for 10, say",
            )

    def warm(self) -> None:
        """Load what only the first query or the first feedback needs, so that it is as fast as the others."""
        self.encoder.encode(["warm"])
        self._reader.read(Request(query="warm milk"))
        self.complete("warm milk")
        with suppress(FeedbackError):  # it is said when somebody gives feedback, not before
            self.feedback.of("nobody")

    def complete(self, typed: str, k: int = 8, request: Request | None = None) -> list[Completion]:
        """What the words typed so far may become, the likeliest first, each with how many products it leads to.

        Past searches are among them, with how often they were asked: first those of who asks, then those of many.
        """
        return self._memory.complete(typed, k, request or Request())

    # --- looking closer -------------------------------------------------------------------------------------

    def would_raise(self, answer: Answer, item: RankedItem) -> str:
        """What would move a product of an answer up, in one sentence: what the one above it has more of."""
        above = next((other for other in answer.items if other.rank == item.rank - 1), None)
        return raising(item, above, self.parts)

    def would_hold(self, answer: Answer, item: RankedItem) -> str:
        """What keeps a product of an answer above the next one, in one sentence."""
        below = next((other for other in answer.items if other.rank == item.rank + 1), None)
        return holding(item, below, self.parts)

    def similarities(self, answer: Answer, placed: str = WORDS) -> Similarities | None:
        """The cosine of every product with what the answer is about; None when that is nothing or has no vector.

        Among words that is the query, else the shopper; on other maps the picture that was asked with, else the query.
        """
        if placed != WORDS:
            looks, words = self.looks_vector(answer.request), self._placings.asked_in_words(answer)
            for to, label, vector in (("looks", "the picture", looks), ("query", "the query", words)):
                if vector is not None:
                    return Similarities(to, label, self._placings.scores(vector, placed))
        known = answer.vectors
        for to, label in (("query", "the query"), ("shopper", "the shopper's interest vector")):
            if to in known:
                return Similarities(to, label, self.index.scores(known[to]))
        return None

    def neighbours(self, row: int, k: int, placed: str = WORDS) -> Candidates:
        """The k products nearest to the product in that row, itself left out, ties by row: in meaning, or as placed."""
        if placed != WORDS:
            return self._placings.nearest(row, k, placed)
        near = self.index.search(self.index.vectors_at(np.array([row], np.int32))[0], k + 1)
        keep = near.rows != row
        return Candidates(near.rows[keep][:k], near.scores[keep][:k], "neighbours")

    def neighbour_kinds(self, row: int, k: int, placed: str = WORDS) -> tuple[Candidates, Rows]:
        """Like `neighbours`, one product per kind: (candidates, how many look-alikes are folded under each)."""
        near = self.neighbours(row, LOOK_ALIKES_PER_KIND * k, placed)
        kinds = self.catalogue.kinds
        other = kinds[near.rows] != kinds[row]
        rows, scores = near.rows[other], near.scores[other]
        first, folded = fold(kinds[rows], k)
        return Candidates(rows[first], scores[first], "neighbours"), folded

    def history(self, shopper: str, limit: int = 50) -> pd.DataFrame:
        """What a shopper bought, one line per product, most often first.

        Columns: item, title, icon, department, times (baskets), days_ago (before the last day of the data).
        Raises BadRequestError for an unknown shopper.
        """
        row = self._people.row(shopper)
        empty = History(np.empty(0, np.int32), np.empty(0, np.int16))
        faded = affinity(empty if row is None else self.history_table.of(row), self.today, 80.0)
        order = np.lexsort((faded.items, -faded.times))[:limit]
        rows = faded.items[order]
        return pd.DataFrame(
            {
                s.ITEM: rows,
                s.TITLE: self.catalogue.titles[rows],
                s.ICON: self.catalogue.icons[rows],
                s.DEPARTMENT: self.catalogue.departments[rows],
                "times": faded.times[order],
                "days_ago": self.today - faded.last_day[order].astype(np.int64),
            }
        )

    def find_shoppers(self, text: str, limit: int = 20) -> pd.DataFrame:
        """Shoppers whose id starts with the text, or whose label holds all its words; featured ones first."""
        words = re.findall(r"\w+", text.lower())
        if not words:
            last = np.where(self.shoppers[s.FEATURED] < 0, len(self.shoppers), self.shoppers[s.FEATURED])
            return self.shoppers.iloc[np.argsort(last, kind="stable")[:limit]]
        ids = self.shoppers[s.SHOPPER_ID].astype(str)
        labels = self.shoppers[s.LABEL].astype(str).str.lower()
        by_label = np.logical_and.reduce([labels.str.contains(word, regex=False).to_numpy(np.bool_) for word in words])
        by_id = ids.str.lower().str.startswith(words[0]).to_numpy(np.bool_) & (len(words) == 1)
        rows = np.flatnonzero(by_id | by_label)
        exact_first = np.argsort((ids.iloc[rows].str.lower() != words[0]).to_numpy(), kind="stable")
        return self.shoppers.iloc[rows[exact_first][:limit]]

    def health(self) -> health.HealthReport:
        """The state of the catalogue: what was loaded, dropped and why, and what looks odd."""
        shop = self.shop
        return health.report(
            self.items, self._cleaning, house_brand=shop.words.house_brand, icon_of=shop.icon_of, money=shop.money
        )

    # --- pictures -------------------------------------------------------------------------------------------

    def picture(self, row: int) -> bytes | None:
        """The JPEG of a product, None where it has none or they are not gathered yet."""
        return self._pictures.of(row) if self._pictures else None

    def _thumbnail(self, row: int) -> bytes | None:
        file = self.picture(row)
        return small_copy(file) if file else None

    @property
    def pictured(self) -> bool:
        """Whether any product has a picture."""
        return self._pictures is not None and len(self._pictures.content) > 0

    @property
    def sees(self) -> bool:
        """Whether pictures can be compared: the shop has some, and the space they share with words is there."""
        return self._looking is not None

    def look(self, data: bytes) -> Seen:
        """Look at a picture that somebody brought. Raises DataError for what is none, ArtifactError without `sees`."""
        if self._looking is None:
            raise ArtifactError("pictures cannot be compared yet", remedy=PREPARE)
        with self._turns.turn():
            return self._looking.look(data)

    # --- tags -----------------------------------------------------------------------------------------------

    @property
    def tags_by(self) -> tuple[str, ...]:
        """What of the products can be looked at to tag them."""
        return WAYS if self.sees else (TITLE,)

    def tag(self, request: TagRequest, progress: Progress = silent) -> Tagged:
        """The label of every product, without training; the first time titles are encoded, some hundreds a second.

        `progress` may end the work by raising: what is done is kept, and the next request goes on from there.
        Raises BadRequestError for a way of looking that is none of `tags_by`.
        """
        return self._tagging.tag(request, progress)

    # --- maps -----------------------------------------------------------------------------------------------

    @property
    def placings(self) -> tuple[str, ...]:
        """What there are maps by: "words", and where the shop's pictures were compared "pictures" and "everything"."""
        return self._placings.names

    def maps(self, placed: str = WORDS) -> Sequence[MapInfo]:
        """The maps that were prepared; none while they are being made."""
        return self._placings.infos(placed)

    def map_positions(self, method: str, dims: int, placed: str = WORDS) -> Floats:
        """Where each product lies on a map, (n_items, dims), NaN for one without a place on it.

        Raises ArtifactError when there is no such map.
        """
        return self._placings.positions(method, dims, placed)

    def unplaced(self, placed: str) -> int:
        """How many products have no place on the maps of one placing: those of which nothing of that kind is known."""
        return self._placings.without(placed)

    def map_regions(self, method: str, placed: str = WORDS) -> tuple[Region, ...]:
        """The crowded places of a plane, each with the words that tell it from the rest. Raises as `map_positions`."""
        positions = self.map_positions(method, 2, placed)
        there = np.isfinite(positions).all(axis=1)
        return regions(positions[there], self.catalogue.names[there].tolist())

    def place(self, method: str, dims: int, vectors: Floats) -> Floats:
        """Where new vectors of texts (m, d) go on a map by words: among their nearest products, (m, dims)."""
        return self._placings.place(method, dims, vectors)

    def spots(self, answer: Answer, method: str, dims: int, placed: str = WORDS) -> dict[str, Floats]:
        """Where the "query", the "shopper" and the picture asked with ("looks") lie on a map, (1, dims) each."""
        request, looks = answer.request, answer.request.looks
        person = self._people.row(request.shopper) if request.shopper not in (None, s.NEW_SHOPPER) else None
        found = self._placings.spots(answer, self.looks_vector(request), person, method, dims, placed)
        row = self.catalogue.row(looks.item) if "looks" in found and looks is not None and looks.item else None
        if row is not None:  # one of the shop's own lies where it lies
            found["looks"] = self.map_positions(method, dims, placed)[[row]]
        return found

    def looks_vector(self, request: Request) -> Floats | None:
        """(d,) what products should look like, in the space of pictures and words; None where that is not asked."""
        return self._shelf.looks(request, [])

    def close_up(self, answer: Answer, placed: str) -> CloseUp | None:
        """What lies near the picture that was asked with, on a map made for it; None where it has no place."""
        looks = self.looks_vector(answer.request)
        if looks is None or placed == WORDS:
            return None
        return self._placings.close_up(looks, placed, np.array([item.row for item in answer.items], np.int32))

    @property
    def modality_gap(self) -> Mapping[str, Any]:
        """How far texts and pictures lie apart before and after one space was learned; empty where there are none."""
        return self._placings.gap

    # --- feedback -------------------------------------------------------------------------------------------

    def record(self, request: Request, item_id: int | str, kind: str) -> None:
        """Keep one piece of feedback at once. Raises FeedbackError when it could not be kept."""
        if self.catalogue.row(item_id) is None:
            raise BadRequestError(f"there is no product {str(item_id)[:40]!r}", remedy="pick a product from the shelf")
        self.feedback.record(self._people.key(request), str(item_id), kind, read_query(request.query).text)

    def undo(self, request: Request, item_id: int | str, kind: str) -> None:
        """Take one piece of feedback back, and what it counted for."""
        self.feedback.undo(self._people.key(request), str(item_id), kind)
        self.interleaving.take_back(self._people.key(request), str(item_id), kind)

    def credit(self, request: Request, item_id: int | str, kind: str, pair: str, draft: str, side: int) -> None:
        """What was recorded counts for the ranking that put the product there. Raises as `Interleaving.credit`."""
        self.interleaving.credit(pair, draft, self._people.key(request), str(item_id), kind, side)

    def forget(self, request: Request) -> Forgotten:
        """Remove all of this person's feedback and past searches; returns how much that was. Raises FeedbackError."""
        self.interleaving.forget(self._people.key(request))
        return Forgotten(self.feedback.forget(self._people.key(request)), self._memory.forget(request))

    def feedback_of(self, request: Request) -> list[FeedbackEvent]:
        """This person's feedback, oldest first. Raises FeedbackError when the database is out of reach."""
        return self._people.events(request)

    def searched(self, request: Request, *, settled: bool = True) -> None:
        """Keep what this person searched for, at once, or, while it may be typed further, once it stands for a while.

        Nothing is kept of nobody. Raises FeedbackError when it could not be kept.
        """
        (self._memory.searched if settled else self._memory.typed)(request)

    def recent_searches(self, request: Request, k: int = 5) -> list[PastSearch]:
        """What this person searched for, the latest first, each query once. Raises FeedbackError."""
        return self._memory.recent(request, k)
