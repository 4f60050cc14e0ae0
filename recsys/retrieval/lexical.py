"""Products whose texts hold the query's words: BM25F over name, category, brand and size."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.index.shared_rows import SharedRows
from recsys.retrieval.contract import Signals
from recsys.retrieval.fielded import FieldedIndex, FieldWeights, QueryWords
from recsys.retrieval.part import Grounds, Known, Part
from recsys.schema import Candidates, Floats, Mask, Rows

FIELDS: Final = FieldWeights(title=3.0, category=1.0, head=2.0, brand=0.5, attributes=0.5, k1=2.0, b=0.75)
"""b is the usual one, and k1 the upper end of what is advised (Robertson & Zaragoza, "The Probabilistic Relevance
Framework", 2009, 3.4). 1.2 and 0.4, which 60 judged queries on electronics had chosen, put long texts before short ones
that answer: over four catalogues the search gains .003 without them (95 % interval .0002 to .007;
benchmarks/results/search_members.json)."""
NAMED: Final = 0.75  # of the best score: a sauce named for tomatoes is none of them
_MODIFIES: Final = re.compile(r",|\(|\b(?:in|for|with|without|of|by|made|sold|over|under|except)\b", re.IGNORECASE)
_ALSO: Final = re.compile(r"&|/|\band\b|\bor\b", re.IGNORECASE)


def heads(name: str) -> str:
    """The words of a name that say what the thing is: the last of each noun phrase, "salsa dips" of "Salsa & dips".

    English compounds end in what they are: pasta sauce is a sauce. What follows a comma or a preposition describes.
    """
    phrases = _ALSO.split(_MODIFIES.split(name, maxsplit=1)[0])
    return " ".join(words[-1] for phrase in phrases if (words := phrase.split()))


def documents_of(items: pd.DataFrame, attributes: pd.DataFrame | None = None) -> tuple[dict[str, list[str]], Rows]:
    """(the fields of each distinct document of a shop, in order of first appearance; each item's, (n_items,)).

    Products whose text, description and attributes are equal share a document: they have one name, category and brand,
    and where some of them tell no size, that of the others counts. `attributes` has a row per item, name and value.
    """
    said = pd.DataFrame({s.TEXT: items[s.TEXT].astype(str)})
    if s.DESCRIPTION in items:
        said[s.DESCRIPTION] = items[s.DESCRIPTION].astype(str)
    if attributes is not None:
        said[s.ATTRIBUTE] = _attribute_texts(attributes, len(items))
    document_of_item: Rows = np.asarray(said.groupby(list(said.columns), sort=False).ngroup(), np.int32)
    sized = items[s.SIZE].astype(str).groupby(document_of_item).max()  # "" is the least
    place = np.unique(document_of_item, return_index=True)[1]
    first, told = items.iloc[place], said.iloc[place]
    names, categories = first[s.NAME].astype(str).tolist(), first[s.CATEGORY].astype(str).tolist()
    named = not items[s.NAME].equals(items[s.TITLE])  # the last words of a title of all sorts say little of what it is
    what = [
        f"{heads(name) if named else ''} {heads(category)}" for name, category in zip(names, categories, strict=True)
    ]
    further = told[s.ATTRIBUTE] if s.ATTRIBUTE in told else [""] * len(told)
    fields = {
        "title": names,
        "category": categories,
        "brand": first[s.BRAND].astype(str).tolist(),
        "attributes": [f"{size} {text}".strip() for size, text in zip(sized, further, strict=True)],
        "head": what,
    }
    return fields | ({"description": told[s.DESCRIPTION].tolist()} if s.DESCRIPTION in told else {}), document_of_item


def _attribute_texts(attributes: pd.DataFrame, n_items: int) -> list[str]:
    """What the attributes of each item say as one text: "cable length 3.0, colour black"."""
    texts = [""] * n_items
    rows, names, values = (attributes[column].tolist() for column in (s.ITEM, s.ATTRIBUTE, s.VALUE))
    for row, name, value in zip(rows, names, values, strict=True):
        texts[row] += f"{', ' if texts[row] else ''}{name} {value}"
    return texts


class LexicalRetriever:
    """BM25F over the distinct texts of the products, by the fields that a text is made of."""

    name = "words"

    def __init__(self, folder: Path) -> None:
        """Over what `build` wrote. Raises ArtifactError when it is missing or damaged."""
        self._index = FieldedIndex.load(folder)
        self._texts = SharedRows.load(folder, self._index.size)

    @staticmethod
    def build(fields: Mapping[str, Sequence[str]], text_of_item: Rows, folder: Path) -> dict[str, Any]:
        """Index the fields of the distinct texts into the folder, with each item's text (n_items,).

        The names of fields are those of `FieldWeights`.
        """
        made = FieldedIndex.build(fields, FIELDS).save(folder)
        SharedRows(text_of_item, int(made["products"])).save(folder)
        return {"documents": made["products"], "words": made["words"]}

    def look(self, query: str) -> QueryWords:
        """The query's known and unknown words, how far one text covers it, and the score of each distinct text."""
        return self._index.look(query)

    def named(self, words: QueryWords) -> Mask:
        """Which products are what the query names, (n_items,): those that hold most of its words, and well."""
        if not len(words.held) or not words.held.max(initial=0.0) > 0:
            return np.zeros(len(self._texts.of_item), np.bool_)
        most = words.held >= words.held.max() * (1.0 - 1e-5)
        best = words.scores[most].max()
        return np.asarray((most & (words.scores >= NAMED * best))[self._texts.of_item])

    def holding(self, word: str) -> Mask:
        """Which products' texts hold a form of the word, (n_items,)."""
        return np.asarray(self._index.holding(word)[self._texts.of_item])

    def _scores(self, signals: Signals) -> Floats:
        """(n_texts,), from the look that was taken at the query when it was read, else from one taken now."""
        return signals.words.scores if signals.words is not None else self._index.scores(signals.query)

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The products of the k best texts that hold at least one word of the query, cut to the best k products."""
        if not signals.query or k < 1:
            return Candidates.nothing(self.name)
        scores = self._scores(signals)
        mask = self._texts.allowed(allowed)
        if mask is not None:
            scores = np.where(mask, scores, 0.0).astype(np.float32)
        found = np.flatnonzero(scores > 0).astype(np.int32)
        near = Candidates.best(found, scores[found], k, self.name)
        rows, row_scores = self._texts.expand(near.rows, near.scores)
        if allowed is not None:
            rows, row_scores = rows[allowed[rows]], row_scores[allowed[rows]]
        return Candidates.best(rows, row_scores, k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The BM25 score of each row's text."""
        if not signals.query or len(rows) == 0:
            return np.zeros(len(rows), np.float32)
        return self._scores(signals)[self._texts.of_item[rows]]


def _phrase(grounds: Grounds) -> str:
    matched, shelf = grounds.names.get("matched", ""), grounds.names.get("shelf", "")
    return f"has {matched}" if matched else f"stands among \u201c{shelf}\u201d" if shelf else ""


def _detail(known: Known) -> str:
    return f"for this query words count {1 - known.meaning_share:.0%}, meaning {known.meaning_share:.0%}"


WORDS: Final = Part(
    name="words",
    label="Matching words",
    colour="#2F7FD1",
    phrase=_phrase,
    spoken=_phrase,
    weight=lambda known: known.answers * (1.0 - known.meaning_share),
    retriever=lambda prepared: LexicalRetriever(prepared.folder("lexical")),
    stage="Words (BM25)",
    detail=_detail,
    fact="bm25",
    answers=True,
)
