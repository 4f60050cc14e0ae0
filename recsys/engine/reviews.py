"""What a shop's reviews say, of a product, a category or all; what a file of reviews says; stars not yet given."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.datasets import storage
from recsys.engine.catalogue import Catalogue
from recsys.engine.turns import Turns
from recsys.errors import ArtifactError, BadRequestError
from recsys.files.source import Source
from recsys.scenarios.reviews import judging, reading
from recsys.scenarios.reviews.analysing import Analysis, Read, analysed
from recsys.scenarios.reviews.columns import Headings, headings, read_as
from recsys.scenarios.reviews.heads import Head
from recsys.scenarios.reviews.over_time import Course, course
from recsys.scenarios.reviews.preparing import ARRAYS, SAID
from recsys.scenarios.reviews.ratings import BIAS, Foretelling, Ratings, fitted
from recsys.scenarios.reviews.reading import MAX_MB as MAX_MB
from recsys.scenarios.reviews.teaching import HEAD
from recsys.scenarios.reviews.texts import plain_text
from recsys.schema import Rows
from recsys.schema.capabilities import Capabilities, Capability

NOT_YET: Final = "The reviews are not read yet: the preparation goes on beside the app."
MOST_OF_A_FILE: Final = 5_000  # reviews of an upload that are read: some twenty seconds
PENALTIES: Final = {BIAS[0]: 16.0, BIAS[1]: 4.0}  # as the evaluation chose for products; shoppers are shrunk more
LIKELY: Final = (0.1, 0.9)  # of the differences between stars and what was foretold: eight of ten lie within


@dataclass(frozen=True, slots=True)
class Foretold:
    """The stars that somebody would give a product, and within what eight of ten ratings lie."""

    stars: float
    low: float
    high: float
    of_shopper: int  # ratings known of the shopper
    of_item: int  # and of the product


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
    ) -> None:
        self._folder, self._there, self._dataset = folder, there, dataset
        self._catalogue, self._capabilities, self._turns = catalogue, capabilities, turns
        self.of = lru_cache(maxsize=64)(self._of)  # by scope and name

    @property
    def obstacle(self) -> str:
        """Why nothing can be said of the shop's reviews, in a sentence; "" where something can."""
        if not self._capabilities.has(Capability.REVIEWS):
            return Capability.REVIEWS.missing
        if not self._there("reviews"):
            return NOT_YET
        return str(json.loads((self._folder("reviews") / "manifest.json").read_text(encoding="utf-8"))
                   .get("info", {}).get("off", ""))  # fmt: skip

    @property
    def by_own_stars(self) -> bool:
        """Whether the shop's own stars taught how its words are judged."""
        manifest = json.loads((self._folder("reviews") / "manifest.json").read_text(encoding="utf-8"))
        return bool(manifest.get("info", {}).get("own_head", False))

    @property
    def takes_files(self) -> bool:
        """Whether a file of reviews can be read: the head that knows other shops' reviews is there."""
        return self._there("review_heads") and (self._folder("review_heads") / f"{HEAD}_vector.npy").is_file()

    @cached_property
    def table(self) -> pd.DataFrame:
        """The shop's reviews, as its data hold them."""
        return storage.load_table(self._dataset, "reviews")

    @cached_property
    def read(self) -> Read:
        """All reviews as they were read. Raises ArtifactError where they were not."""
        folder, table = self._folder("reviews"), self.table
        try:
            said = json.loads((folder / SAID).read_text(encoding="utf-8"))
            arrays = {name: np.load(folder / f"{name}.npy", allow_pickle=False) for name in ARRAYS}
        except (OSError, ValueError) as error:
            raise ArtifactError(f"what was read of the reviews cannot be opened: {str(error)[:100]}") from error
        return Read(
            [plain_text(text) for text in table[s.REVIEW].tolist()],
            table[s.STARS].to_numpy(np.float64),
            table[s.ITEM].tolist(),
            table[s.TIME].to_numpy("datetime64[ns]"),
            sentences=said["sentences"],
            names=tuple(said["aspects"]),
            **arrays,
        )

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

    def course(self, category: str = "", item: int | None = None) -> Course | None:
        """How the share that speaks well went over the months; None where there are too few dates."""
        return course(self.read, self._rows(category, item))

    def course_of(self, read: Read) -> Course | None:
        """The same of reviews that were read of a file."""
        return course(read)

    def headings(self, name: str, data: bytes) -> Headings:
        """The columns of an upload, and which of them would be read. Raises DataError for what is no table."""
        return headings(Source.of_bytes(name, data, reading.UPLOAD))

    def of_file(
        self, name: str, data: bytes, text: str | None = None, stars: str | None = None
    ) -> tuple[Analysis, Read, tuple[str, ...]]:
        """What an upload says, the reviews themselves, and what was read and left out, in words.

        `text` and `stars` name columns of it; where None, what they are called tells; no stars where "".

        Raises DataError for what is no file of reviews, BadRequestError where files cannot be read here.
        """
        if not self.takes_files:
            raise BadRequestError("files of reviews cannot be read yet", remedy="wait until the preparation is done")
        file = reading.read(Source.of_bytes(name, data, reading.UPLOAD), () if text is None else (text,), stars)
        notes = list(file.notes)
        kept = slice(0, MOST_OF_A_FILE)
        if len(file.texts) > MOST_OF_A_FILE:
            notes.append(f"the first {MOST_OF_A_FILE:,} of {len(file.texts):,} reviews were read")
        head = Head.load(self._folder("review_heads"), HEAD)
        read, _ = judging.judged(file.texts[kept], file.stars[kept], file.items[kept], file.times[kept], head)
        return analysed(read), read, (*read_as(file.named), *notes)

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
