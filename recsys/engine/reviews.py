"""What a shop's reviews say, of a product, a category or all; what a file of reviews says; stars not yet given."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import MANIFEST, PREPARE
from recsys.datasets import storage
from recsys.engine.catalogue import Catalogue
from recsys.engine.turns import Turns
from recsys.errors import ArtifactError, BadRequestError
from recsys.files.source import Source
from recsys.progress import Progress, silent
from recsys.ranking.weighted_parts import on_grain
from recsys.scenarios.reviews import judging, readers, reading
from recsys.scenarios.reviews.analysing import Analysis, Read, analysed
from recsys.scenarios.reviews.columns import Headings, headings, read_as
from recsys.scenarios.reviews.kept import as_read
from recsys.scenarios.reviews.over_time import Course, course
from recsys.scenarios.reviews.ratings import BIAS, Foretelling, Ratings, fitted
from recsys.scenarios.reviews.readers import Card
from recsys.scenarios.reviews.reading import MAX_MB as MAX_MB
from recsys.scenarios.reviews.satisfaction import ALL, Satisfaction, satisfied, told
from recsys.scenarios.reviews.transfer import Transferred
from recsys.schema import Answer, RankedItem, Rows
from recsys.schema.capabilities import Capabilities, Capability

NOT_YET: Final = "The reviews are not read yet: the preparation goes on beside the app."
MOST_OF_A_FILE: Final = 5_000  # reviews of an upload that are read: some twenty seconds
PENALTIES: Final = {BIAS[0]: 16.0, BIAS[1]: 4.0}  # as the evaluation chose for products; shoppers are shrunk more
PART: Final = "reviews"  # what reviews give or take, as a part of a score
SOON: Final = 40.0  # seconds up to which an upload is read carefully unasked: some three hundred reviews
LIKELY: Final = (0.1, 0.9)  # of the differences between stars and what was foretold: eight of ten lie within


@dataclass(frozen=True, slots=True)
class Foretold:
    """The stars that somebody would give a product, and within what eight of ten ratings lie."""

    stars: float
    low: float
    high: float
    of_shopper: int  # ratings known of the shopper
    of_item: int  # and of the product


@dataclass(frozen=True, slots=True, eq=False)
class Brought:
    """An upload that was opened: what was read as what and left out, and about how long reading it takes, in seconds.

    `careful` is None where that is no choice: its own stars teach how it is judged, or all of it is Chinese. `readers`
    are the encoders that were adapted to reviews and kept, each with the seconds it takes; `left_out` says what lies
    beside them and cannot be asked.
    """

    file: reading.ReviewFile
    notes: tuple[str, ...]
    quick: float
    careful: float | None
    by_own_stars: bool  # whether its own stars teach how it is judged
    readers: tuple[tuple[Card, float], ...] = ()
    left_out: tuple[str, ...] = ()

    @property
    def carefully(self) -> bool:
        """Whether it is read carefully unless somebody wants it otherwise: where that is a matter of moments."""
        return self.careful is not None and self.careful <= SOON


@dataclass(frozen=True, slots=True)
class Lifted:
    """A product of a shelf that lets reviews count, and what they say of it.

    `item` has its score, its rank, the rank it had before, and its parts, of which `PART` is what reviews give or take.
    """

    item: RankedItem
    reviews: int  # that speak of the aspect
    mean: float  # mood of these, -1 to 1; NaN of none
    category: float  # the same of its category
    lift: float  # how far above its category it is taken to lie, after shrinking
    spread: float  # standard error of that


@dataclass(frozen=True, slots=True)
class Listening:
    """A shelf that lets reviews of an aspect count: best first, and how much of it is new."""

    lifted: tuple[Lifted, ...]
    entered: int  # products that were not on the shelf without reviews
    differ: bool  # whether products differ in this aspect at all, beyond chance
    considered: int  # products that were re-ordered


class Reviews:
    """The door to the reviews: opened when the page first asks, and never changed; any thread may ask."""

    def __init__(
        self,
        folder: Callable[[str], Path],
        there: Callable[[str], bool],
        dataset: Path,
        catalogue: Catalogue,
        capabilities: Capabilities,
        turns: Turns,
        state: Path,
    ) -> None:
        self._folder, self._there, self._dataset = folder, there, dataset
        self._catalogue, self._capabilities, self._turns = catalogue, capabilities, turns
        self._kept = state / readers.KEPT
        self._satisfaction = lru_cache(maxsize=16)(self._satisfied)  # by number of the aspect
        self.of = lru_cache(maxsize=64)(self._of)  # by scope and name

    @property
    def obstacle(self) -> str:
        """Why nothing can be said of the shop's reviews, in a sentence; "" where something can."""
        if not self._capabilities.has(Capability.REVIEWS):
            return Capability.REVIEWS.missing
        if not self._there("reviews"):
            return NOT_YET
        return str(self._info.get("off", ""))

    @property
    def by_own_stars(self) -> bool:
        """Whether the shop's own stars taught how its words are judged."""
        return bool(self._info.get("own_head", False))

    @property
    def _info(self) -> dict[str, Any]:
        """What the step noted. Raises ArtifactError where that was damaged since the shop was opened."""
        try:
            return dict(json.loads((self._folder("reviews") / MANIFEST).read_text(encoding="utf-8"))["info"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise ArtifactError("the prepared files 'reviews' have no readable manifest", remedy=PREPARE) from error

    @property
    def takes_files(self) -> bool:
        """Whether a file of reviews can be read: the head that knows other shops' reviews is there."""
        return self._there("review_heads") and Transferred.there(self._folder("review_heads"))

    @cached_property
    def table(self) -> pd.DataFrame:
        """The shop's reviews, as its data hold them."""
        return storage.load_table(self._dataset, "reviews")

    @cached_property
    def read(self) -> Read:
        """All reviews as they were read. Raises ArtifactError where they were not."""
        return as_read(self._folder("reviews"), self.table)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories that have reviews, those with most first."""
        of = self._catalogue.categories[self.table[s.ITEM].to_numpy()]
        return tuple(str(name) for name in pd.Series(of).replace("", np.nan).dropna().value_counts().index)

    @cached_property
    def products(self) -> tuple[int, ...]:
        """The rows of the products that have reviews, those with most first."""
        return tuple(int(row) for row in self.table[s.ITEM].value_counts().index)

    def _of(self, category: str = "", item: int | None = None) -> Analysis:
        """What the reviews of one product, of a category or, without either, of the shop say."""
        with self._turns.turn():
            return analysed(self.read, self._rows(category, item))

    def _rows(self, category: str, item: int | None) -> Rows:
        items = self.table[s.ITEM].to_numpy()
        inside = np.ones(len(items), bool)
        if item is not None:
            inside = items == item
        elif category:
            inside = self._catalogue.categories[items] == category
        return np.flatnonzero(inside).astype(np.int32)

    def _satisfied(self, aspect: int) -> Satisfaction:
        return satisfied(*told(self.read, aspect), self._catalogue.categories.tolist())

    def course(self, category: str = "", item: int | None = None) -> Course | None:
        """How the share that speaks well went over the months; None where there are too few dates."""
        return course(self.read, self._rows(category, item))

    def headings(self, name: str, data: bytes) -> Headings:
        """The columns of an upload, and which of them would be read. Raises DataError for what is no table."""
        return headings(Source.of_bytes(name, data, reading.UPLOAD))

    def brought(self, name: str, data: bytes, text: str | None = None, stars: str | None = None) -> Brought:
        """The reviews of an upload, not read yet: how long that will take, and whether it can be done carefully.

        `text` and `stars` name columns of it; where None, what they are called tells; no stars where "".

        Raises DataError for what is no file of reviews, BadRequestError where files cannot be read here.
        """
        if not self.takes_files:
            raise BadRequestError("files of reviews cannot be read yet", remedy="wait until the preparation is done")
        file = reading.read(Source.of_bytes(name, data, reading.UPLOAD), () if text is None else (text,), stars)
        notes = list(file.notes)
        if len(file.texts) > MOST_OF_A_FILE:
            notes.append(f"the first {MOST_OF_A_FILE:,} of {len(file.texts):,} reviews were read")
        texts, given = file.texts[:MOST_OF_A_FILE], file.stars[:MOST_OF_A_FILE]
        quick, careful = (judging.seconds(texts, given, careful=slowly) for slowly in (False, True))
        found = readers.listed(self._kept)
        return Brought(
            file,
            (*read_as(file.named), *notes),
            quick,
            careful if careful > quick else None,
            judging.teaches(texts, given),
            tuple((card, quick + card.seconds(texts)) for card in found.cards),
            found.left_out,
        )

    def of_file(
        self, brought: Brought, progress: Progress = silent, *, careful: bool = False, reader: Card | None = None
    ) -> tuple[Analysis, Read, Course | None]:
        """What an upload says, its reviews as read, and how they went over time.

        `careful` where that can be chosen; a `reader` judges its reviews besides. Raises ModelError for one that is
        damaged or does not read their language.
        """
        file, kept = brought.file, slice(0, MOST_OF_A_FILE)
        taught = Transferred.load(self._folder("review_heads"))
        told = (file.texts[kept], file.stars[kept], file.items[kept], file.times[kept])
        if reader is None:
            read, _ = judging.judged(*told, taught, progress, careful=careful)
        else:
            read = readers.judged(reader, *told, taught, progress)
        return analysed(read), read, course(read)

    @property
    def aspects(self) -> tuple[str, ...]:
        """What the reviews speak of, that of most sentences first."""
        return self.read.names

    def satisfaction(self, aspect: str = "") -> Satisfaction:
        """How well every product is spoken of in an aspect, "" of all together. Raises BadRequestError for no such."""
        if aspect and aspect not in self.aspects:
            raise BadRequestError(
                f"the reviews have no aspect {aspect[:60]!r}", allowed=", ".join(self.aspects), remedy="choose one"
            )
        return self._satisfaction(self.aspects.index(aspect) if aspect else ALL)

    def listening(self, answer: Answer, k: int, aspect: str = "", weight: float = 0.0) -> Listening:
        """A shelf of k products of an answer of more, in whose scores reviews have a share of `weight`, 0 to 1.

        Raises BadRequestError for another weight and an aspect that is none.
        """
        if not 0 <= weight <= 1:
            raise BadRequestError(
                f"reviews cannot have a share of {weight:g}", allowed="0 to 1", remedy="give 0.1, say"
            )
        said = self.satisfaction(aspect)
        fit = said.fit[[item.row for item in answer.items]] if answer.items else np.zeros(0)
        counted = [
            replace(item, parts=(parts := _with_part(item.parts, weight, float(each))), score=sum(parts.values()))
            for item, each in zip(answer.items, fit, strict=True)
        ]
        order = sorted(counted, key=lambda item: (-item.score, item.rank))[:k]
        lifted = tuple(
            Lifted(
                replace(item, rank=place, rank_before=item.rank),
                int(said.reviews[item.row]),
                *(float(values[item.row]) for values in (said.mean, said.category, said.lift, said.spread)),
            )
            for place, item in enumerate(order, start=1)
        )
        entered = sum((each.item.rank_before or 0) > k for each in lifted)
        return Listening(lifted, entered, said.between > 0, len(answer.items))

    @cached_property
    def _ratings(self) -> tuple[Foretelling, tuple[float, float], Ratings]:
        table = self.table[self.table[s.STARS].notna() & (self.table[s.SHOPPER] >= 0)]
        codes = {name: table[column].to_numpy(np.int64) for name, column in zip(BIAS, (s.SHOPPER, s.ITEM), strict=True)}
        ratings = Ratings(table[s.STARS].to_numpy(np.float64), codes)
        fold = np.random.default_rng(0).permutation(len(table)) % 5
        apart = np.zeros(len(table))
        for each in range(5):
            model = fitted(ratings.some(fold != each), PENALTIES)
            out = ratings.some(fold == each)
            apart[fold == each] = out.stars - model.stars(out.codes)
        low, high = np.quantile(apart, LIKELY)
        return fitted(ratings, PENALTIES), (float(low), float(high)), ratings

    def foretold(self, shopper: int, item: int) -> Foretold | None:
        """The stars that a shopper (row) would give a product (row); None where fewer than 20 ratings are known."""
        known = self.table[s.STARS].notna() & (self.table[s.SHOPPER] >= 0)
        if int(known.sum()) < 20:
            return None
        model, (low, high), ratings = self._ratings
        codes = {BIAS[0]: np.array([shopper]), BIAS[1]: np.array([item])}
        stars = float(model.stars(codes)[0])
        counts = [int((ratings.codes[name] == codes[name][0]).sum()) for name in BIAS]
        return Foretold(stars, max(1.0, stars + low), min(5.0, stars + high), *counts)


def _with_part(parts: Mapping[str, float], weight: float, fit: float) -> dict[str, float]:
    """The parts of a score less the share of reviews, and theirs, each on the grain: their sum is exact."""
    kept = {name: float(on_grain(np.asarray((1 - weight) * points))) for name, points in parts.items()}
    return {**kept, PART: float(on_grain(np.asarray(weight * fit)))} if weight > 0 else dict(parts)
