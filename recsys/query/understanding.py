"""Everything that understands a query, prepared in one folder and opened at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from recsys import schema as s
from recsys.artifacts import storage_errors
from recsys.query.asides import Asides
from recsys.query.completions import BRAND, CATEGORY, DEPARTMENT, Completions
from recsys.query.filters import ItemFilters
from recsys.query.food_list import Food
from recsys.query.intent import Intent, read_intent
from recsys.query.label_words import NO_WORDS, LabelWords
from recsys.query.outside_names import OutsideNames
from recsys.query.spelling import Spelling
from recsys.query.vocabulary import Names, Vocabulary
from recsys.query.word_vectors import WordVectors
from recsys.query.words import ShopWords


@dataclass(frozen=True, slots=True)
class Understanding:
    """The parts that understand a query over one catalogue; nothing in it changes, any thread may ask."""

    vocabulary: Vocabulary
    filters: ItemFilters
    spelling: Spelling
    completions: Completions
    outside: OutsideNames
    asides: Asides

    @classmethod
    def of(
        cls,
        items: pd.DataFrame,
        english: Mapping[str, int],
        words: ShopWords,
        spaces: Sequence[WordVectors] = (),
        foods: Sequence[Food] = (),
        labels: LabelWords = NO_WORDS,
    ) -> Understanding:
        """From the items table, English words with their frequency (see `spelling.english_words`) and the shop's.

        `spaces` and `foods` know names that the shop does not carry (see `word_vectors.installed` and
        `food_list.installed_foods`); without them it has none. With `labels` (see `label_words`) they tell what stands
        beside a thing's name.
        """
        names = Names.of(items[s.NAME])
        columns = {CATEGORY: s.CATEGORY, DEPARTMENT: s.DEPARTMENT, BRAND: s.BRAND}
        others = {kind: Names.of(items[column]) for kind, column in columns.items()}
        vocabulary = Vocabulary.of(items, words, names)
        spelling = Spelling.of([names, others[CATEGORY], others[BRAND]], vocabulary, english)
        return cls(
            vocabulary,
            ItemFilters.of(items, words),
            spelling,
            Completions.of(names, others, never={words.house_brand, words.other_brand}),
            OutsideNames.of(items, vocabulary, spaces, spelling.put_right, foods),
            Asides.of(spaces, labels, words.phrases("occasion") | words.phrases("season"), english),
        )

    def save(self, folder: Path) -> dict[str, Any]:
        """Write all of it under a folder; returns what there is to say of it. Raises StorageError without room."""
        with storage_errors(folder):
            self.vocabulary.save(folder / "vocabulary")
            self.filters.save(folder / "filters")
            self.spelling.save(folder / "spelling")
            self.completions.save(folder / "completions")
            self.outside.save(folder / "outside")
            self.asides.save(folder / "asides")
        return {"items": self.filters.size, "brands": len(self.vocabulary.brands), "outside names": len(self.outside)}

    @classmethod
    def load(cls, folder: Path, words: ShopWords) -> Understanding:
        """What `save` wrote with these words, memory-mapped. Raises ArtifactError when it cannot be read."""
        vocabulary = Vocabulary.load(folder / "vocabulary", words)
        return cls(
            vocabulary,
            ItemFilters.load(folder / "filters"),
            Spelling.load(folder / "spelling", vocabulary),
            Completions.load(folder / "completions"),
            OutsideNames.load(folder / "outside", vocabulary),
            Asides.load(folder / "asides"),
        )

    def read(self, text: str) -> Intent:
        """What a query means to this catalogue."""
        return read_intent(text, self.vocabulary)
