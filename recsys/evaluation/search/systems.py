"""The search systems that can be judged: three plain ones that others build, and ShelfLens's own."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache, partial
from pathlib import Path
from typing import TYPE_CHECKING, Final

import numpy as np

from recsys.artifacts import ArtifactStore
from recsys.datasets.search_catalogue import SearchCatalogue
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.encoders.preparing import text_encoder
from recsys.errors import BadRequestError
from recsys.evaluation.search.indexing import indexed
from recsys.evaluation.search.searching import SearchSystem
from recsys.index.exact import ExactIndex
from recsys.progress import Progress, silent
from recsys.ranking.search_ranker import SearchRanker
from recsys.schema import Floats, Rows
from recsys.settings import Settings
from recsys.steps.code import Code
from recsys.steps.contract import Context
from recsys.steps.versions import SHARED, version_of

if TYPE_CHECKING:
    import bm25s

RRF_K: Final = 60  # Cormack, Clarke & Buettcher, "Reciprocal rank fusion", SIGIR 2009
MIX_WORDS: Final = 0.3

Encode = Callable[[str], Floats]


@dataclass(frozen=True, slots=True, eq=False)
class Prepared:
    """A catalogue ready for search."""

    catalogue: SearchCatalogue
    ranker: SearchRanker
    vectors: Floats  # (n, d) of the titles
    encode: Encode


def prepare(catalogue: SearchCatalogue, settings: Settings, progress: Progress = silent) -> Prepared:
    """Everything the systems need, made once per catalogue and encoder and kept under the cache folder.

    Raises ModelError or StorageError.
    """
    folder = indexed(catalogue, settings, progress).path
    encoder = OnnxTextEncoder(_encoder(settings), settings.threads or 1)
    return Prepared(
        catalogue, SearchRanker.load(folder), ExactIndex.load(folder).vectors, lambda text: encoder.encode([text])[0]
    )


def _encoder(settings: Settings) -> Path:
    """The folder of the exported encoder, the one that the storefront uses: made here if no shop was prepared yet."""
    step, store = text_encoder.STEP, ArtifactStore(settings.cache_dir / SHARED)
    version = version_of(step, settings, Code.of(settings))
    context = Context(settings, partial(store.open, version=version), partial(store.scratch, step.name, version))
    return store.build(step.name, version, partial(step.make, context, silent))[0].path


class _Scored:
    """A system that scores the whole catalogue at once."""

    name = label = ""

    def all_scores(self, query: str) -> Floats:
        """(n,) scores."""
        raise NotImplementedError

    def top(self, query: str, k: int) -> Rows:
        """The k best rows, ties by row."""
        return np.argsort(-self.all_scores(query), kind="stable")[:k].astype(np.int32)

    def score(self, query: str, rows: Rows) -> Floats:
        """The scores of these rows."""
        return self.all_scores(query)[rows]


class Bm25(_Scored):
    """BM25 over one text per product, by bm25s as it comes, with its English stop words."""

    name, label = "bm25", "BM25 (bm25s, one text)"

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._index: bm25s.BM25 = bm25s.BM25()
        self._index.index(self._tokens(texts), show_progress=False)

    @staticmethod
    def _tokens(texts: Sequence[str]) -> list[list[str]]:
        import bm25s

        found: list[list[str]] = bm25s.tokenize(texts, stopwords="en", show_progress=False, return_ids=False)
        return found

    def all_scores(self, query: str) -> Floats:
        """(n,) BM25 scores, all 0 when no word is known."""
        tokens = [t for t in self._tokens([query])[0] if t in self._index.vocab_dict]
        size = int(self._index.scores["num_docs"])
        return np.asarray(self._index.get_scores(tokens), np.float32) if tokens else np.zeros(size, np.float32)


class Meaning(_Scored):
    """Cosine between the query's vector and the product's."""

    name, label = "meaning", "cosine on titles"

    def __init__(self, vectors: Floats, encode: Encode) -> None:
        self._vectors, self._encode = np.asarray(vectors), encode

    def all_scores(self, query: str) -> Floats:
        """(n,) cosines."""
        found: Floats = self._vectors @ self._encode(query)  # (n, d) @ (d,) -> (n,)
        return found


class Fusion(_Scored):
    """BM25 and cosine together: by reciprocal rank, or as a min-max mix of 0.3 words and 0.7 meaning."""

    def __init__(self, name: str, words: Bm25, meaning: Meaning) -> None:
        self.name = name
        self.label = {"rrf": "reciprocal rank fusion", "mix": f"min-max mix {MIX_WORDS} / {1 - MIX_WORDS:.1f}"}[name]
        self._words, self._meaning = words, meaning

    def all_scores(self, query: str) -> Floats:
        """(n,) fused scores."""
        words, meaning = self._words.all_scores(query), self._meaning.all_scores(query)
        if self.name == "rrf":
            return (1 / (RRF_K + 1 + _places(words)) + 1 / (RRF_K + 1 + _places(meaning))).astype(np.float32)
        return (MIX_WORDS * _min_max(words) + (1 - MIX_WORDS) * _min_max(meaning)).astype(np.float32)


class Fielded(_Scored):
    """BM25F over the fields."""

    name, label = "fielded", "BM25F over fields"

    def __init__(self, prepared: Prepared) -> None:
        self._words = prepared.ranker.words

    def all_scores(self, query: str) -> Floats:
        """(n,) BM25F scores."""
        return self._words.scores(query)


class Ranked:
    """ShelfLens's search, with or without the finer look."""

    def __init__(self, name: str, label: str, ranker: SearchRanker, encode: Encode) -> None:
        self.name, self.label, self._ranker, self._encode = name, label, ranker, encode
        self._look = lru_cache(maxsize=1)(lambda query: ranker.look(query, encode(query)))

    def top(self, query: str, k: int) -> Rows:
        """The k best rows among those that words and meaning find."""
        return self._ranker.search(query, self._encode(query), k).rows

    def score(self, query: str, rows: Rows) -> Floats:
        """The scores of any rows."""
        return self._ranker.score(self._look(query), rows)


def check_names(names: Sequence[str]) -> None:
    """Raises BadRequestError for a name that is no system's."""
    if unknown := [name for name in names if name not in NAMES]:
        raise BadRequestError(
            f"there is no search system {unknown[0][:40]!r}", allowed=", ".join(NAMES), remedy="correct --systems"
        )


def systems(prepared: Prepared, names: Sequence[str] = ()) -> list[SearchSystem]:
    """The systems of these names, all when none is given. Raises BadRequestError for an unknown name."""
    check_names(names)
    wanted = [name for name in NAMES if name in names or not names]
    ranker = prepared.ranker
    fused = ranker.with_weights(replace(ranker.weights, kind=0.0))
    words = cache(lambda: Bm25(_one_text(prepared.catalogue)))  # made once, if at all
    meaning = cache(lambda: Meaning(prepared.vectors, prepared.encode))
    makers: dict[str, Callable[[], SearchSystem]] = {
        "bm25": words,
        "meaning": meaning,
        "rrf": lambda: Fusion("rrf", words(), meaning()),
        "mix": lambda: Fusion("mix", words(), meaning()),
        "fielded": lambda: Fielded(prepared),
        "fused": lambda: Ranked("fused", "fields + meaning", fused, prepared.encode),
        "shelflens": lambda: Ranked("shelflens", "fields + meaning + kind", ranker, prepared.encode),
    }
    return [makers[name]() for name in wanted]


def _one_text(c: SearchCatalogue) -> list[str]:
    """Title, brand and description of each product as one text."""
    return [" ".join(parts) for parts in zip(c.titles, c.brands, c.descriptions, strict=True)]


NAMES: Final = ("bm25", "meaning", "rrf", "mix", "fielded", "fused", "shelflens")


def _places(scores: Floats) -> Rows:
    places = np.empty(len(scores), np.int32)
    places[np.argsort(-scores, kind="stable")] = np.arange(len(scores), dtype=np.int32)
    return places


def _min_max(scores: Floats) -> Floats:
    low, high = float(scores.min()), float(scores.max())
    return (scores - low) / (high - low) if high > low else np.zeros_like(scores)
