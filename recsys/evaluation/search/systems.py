"""The search systems that can be judged: plain ones that others build, and the storefront's engine in three ways."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import TYPE_CHECKING, Final, Protocol

import numpy as np

from recsys.errors import BadRequestError
from recsys.evaluation.search.searching import NOT_FOUND, SearchSystem
from recsys.schema import Answer, Floats, Knobs, Request, Rows

if TYPE_CHECKING:
    import bm25s

RRF_K: Final = 60  # Cormack, Clarke & Buettcher, "Reciprocal rank fusion", SIGIR 2009
MIX_WORDS: Final = 0.3
DIGITS: Final = 5  # of scores: what lies below is the order of sums, and no difference between products
EVERY_PRODUCT: Final = Knobs(fold="none")
"""The storefront's settings, but look-alikes are not folded: judgments are of products, each by its id."""

Encode = Callable[[str], Floats]


class Engine(Protocol):
    """What answers the storefront."""

    def answer(self, request: Request) -> Answer:
        """The ranked products."""

    def scores(self, request: Request, rows: Rows) -> Floats:
        """The score of each of these products."""


@dataclass(frozen=True, slots=True, eq=False)
class Searched:
    """A catalogue whose shop is open."""

    engine: Engine
    ids: Sequence[str]  # (n,)
    texts: Sequence[str]  # (n,) title, brand and description of each product as one text
    vectors: Floats  # (n, d) of the products
    encode: Encode


class _Scored:
    """A system that scores the whole catalogue at once.

    `order` (n,) is what decides between equal scores: the places of the products sorted by id, else their rows.
    """

    name = label = ""
    order: Rows

    def all_scores(self, query: str) -> Floats:
        """(n,) scores, `NOT_FOUND` for products that the query does not find."""
        raise NotImplementedError

    def top(self, query: str, k: int) -> Rows:
        """The k best rows of those found, ties by id."""
        scores = self.all_scores(query)
        best = np.lexsort((self.order, -scores))[:k]
        return best[scores[best] > NOT_FOUND].astype(np.int32)

    def score(self, query: str, rows: Rows) -> Floats:
        """The scores of these rows."""
        return self.all_scores(query)[rows]


class Bm25(_Scored):
    """BM25 over one text per product, by bm25s as it comes, with its English stop words."""

    name, label = "bm25", "BM25 (bm25s, one text)"

    def __init__(self, texts: Sequence[str], order: Rows | None = None) -> None:
        import bm25s

        self.order = np.arange(len(texts), dtype=np.int32) if order is None else order
        self._size, tokens = len(texts), self._tokens(texts)
        self._index: bm25s.BM25 | None = bm25s.BM25() if any(tokens) else None  # it cannot index no word at all
        if self._index is not None:
            self._index.index(tokens, show_progress=False)

    @staticmethod
    def _tokens(texts: Sequence[str]) -> list[list[str]]:
        import bm25s

        found: list[list[str]] = bm25s.tokenize(texts, stopwords="en", show_progress=False, return_ids=False)
        return found

    def all_scores(self, query: str) -> Floats:
        """(n,) BM25 scores, rounded so that equal texts are equal; who has no word of the query is not found."""
        scores = np.round(self._weights(query), DIGITS)
        return np.where(scores > 0, scores, NOT_FOUND).astype(np.float32)

    def _weights(self, query: str) -> Floats:
        if self._index is None:
            return np.zeros(self._size, np.float32)
        tokens = [t for t in self._tokens([query])[0] if t in self._index.vocab_dict]
        return np.asarray(self._index.get_scores(tokens), np.float32) if tokens else np.zeros(self._size, np.float32)


class Meaning(_Scored):
    """Cosine between the query's vector and the product's."""

    name, label = "meaning", "cosine on titles"

    def __init__(self, vectors: Floats, encode: Encode, order: Rows) -> None:
        self._vectors, self._encode, self.order = np.asarray(vectors), encode, order

    def all_scores(self, query: str) -> Floats:
        """(n,) cosines, rounded: the last bits of a product depend on its row."""
        return np.round(self._vectors @ self._encode(query), DIGITS).astype(np.float32)  # (n, d) @ (d,) -> (n,)


class Fusion(_Scored):
    """BM25 and cosine together: by reciprocal rank, or as a min-max mix of 0.3 words and 0.7 meaning."""

    def __init__(self, name: str, words: Bm25, meaning: Meaning) -> None:
        self.name = name
        self.label = {"rrf": "reciprocal rank fusion", "mix": f"min-max mix {MIX_WORDS} / {1 - MIX_WORDS:.1f}"}[name]
        self._words, self._meaning, self.order = words, meaning, words.order

    def all_scores(self, query: str) -> Floats:
        """(n,) fused scores; a product that words do not find has nothing of theirs."""
        words, meaning = self._words.all_scores(query), self._meaning.all_scores(query)
        found = words > NOT_FOUND
        if self.name == "rrf":
            by_words = np.where(found, 1 / (RRF_K + 1 + _places(words, self.order)), 0)
            return (by_words + 1 / (RRF_K + 1 + _places(meaning, self.order))).astype(np.float32)
        by_words = _min_max(np.where(found, words, 0))
        return np.round(MIX_WORDS * by_words + (1 - MIX_WORDS) * _min_max(meaning), DIGITS).astype(np.float32)


class Ranked:
    """The engine that answers the storefront, with the same settings for every query."""

    def __init__(self, name: str, label: str, engine: Engine, knobs: Knobs) -> None:
        self.name, self.label, self._engine, self._knobs = name, label, engine, knobs
        self._words_alone = knobs.meaning_weight == 0  # then a score of 0 is a product without any word of the query

    def top(self, query: str, k: int) -> Rows:
        """The rows that the shelf of k products would show."""
        answer = self._engine.answer(Request(query=query, k=k, knobs=self._knobs))
        found = [item.row for item in answer.items if item.score > 0 or not self._words_alone]
        return np.array(found, np.int32)

    def score(self, query: str, rows: Rows) -> Floats:
        """The scores of any rows."""
        scores = self._engine.scores(Request(query=query, knobs=self._knobs), rows)
        return np.where(scores > 0, scores, NOT_FOUND).astype(np.float32) if self._words_alone else scores


def check_names(names: Sequence[str]) -> None:
    """Raises BadRequestError for a name that is no system's."""
    if unknown := [name for name in names if name not in NAMES]:
        raise BadRequestError(
            f"there is no search system {unknown[0][:40]!r}", allowed=", ".join(NAMES), remedy="correct --systems"
        )


def systems(searched: Searched, names: Sequence[str] = (), usual: Knobs = EVERY_PRODUCT) -> list[SearchSystem]:
    """The systems of these names, all when none is given; `usual` are the settings of the shop.

    Raises BadRequestError for an unknown name.
    """
    check_names(names)
    wanted = [name for name in NAMES if name in names or not names]
    engine, fused = searched.engine, replace(usual, kind_weight=0.0)
    order = by_id(searched.ids)
    words = cache(lambda: Bm25(searched.texts, order))  # made once, if at all
    meaning = cache(lambda: Meaning(searched.vectors, searched.encode, order))
    makers: dict[str, Callable[[], SearchSystem]] = {
        "bm25": words,
        "meaning": meaning,
        "rrf": lambda: Fusion("rrf", words(), meaning()),
        "mix": lambda: Fusion("mix", words(), meaning()),
        "fielded": lambda: Ranked("fielded", "BM25F over fields", engine, replace(fused, meaning_weight=0.0)),
        "fused": lambda: Ranked("fused", "fields + meaning", engine, fused),
        "shelflens": lambda: Ranked("shelflens", "the storefront: fields + meaning + kind", engine, usual),
    }
    return [makers[name]() for name in wanted]


NAMES: Final = ("bm25", "meaning", "rrf", "mix", "fielded", "fused", "shelflens")


def by_id(ids: Sequence[str]) -> Rows:
    """(n,) the place of each product among all sorted by id: what decides between equal scores."""
    places = np.empty(len(ids), np.int32)
    places[sorted(range(len(ids)), key=ids.__getitem__)] = np.arange(len(ids), dtype=np.int32)
    return places


def _places(scores: Floats, order: Rows) -> Rows:
    places = np.empty(len(scores), np.int32)
    places[np.lexsort((order, -scores))] = np.arange(len(scores), dtype=np.int32)
    return places


def _min_max(scores: Floats) -> Floats:
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
