"""The order of a search: words by field, meaning of title and description, and the kind of product asked for.

Two stages. Words (BM25F) and meaning (cosine of the titles) each bring their best products; these are ordered by the
fused score. The finer look then asks what kind the first hundred are and lets that count as well.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

import numpy as np

from recsys.artifacts import PREPARE, write_array
from recsys.errors import ArtifactError
from recsys.index.exact import ExactIndex
from recsys.ranking.words_or_meaning import meaning_share
from recsys.retrieval.fielded import FieldedIndex
from recsys.retrieval.product_type import ProductKinds
from recsys.schema import Candidates, Floats, Rows

DESCRIPTIONS: Final = "description_vectors.npy"


@dataclass(frozen=True, slots=True)
class SearchWeights:
    """How much each part counts; a part is 1 for the best product found and 0 where it says nothing.

    Words against meaning and description is the share of a typical query; `words_or_meaning` says that of each query.

    Round numbers, set by hand in sight of 60 judged queries of one electronics shop: their pooled nDCG@10 of 0.938
    (full: 0.815) is flattering. Weights chosen by cross-validation over queries reach, on those held out, 0.916
    (0.814) when chosen by both figures and 0.940 (0.786) by the pooled one; benchmarks/results/search_icecat.json.
    """

    words: float = 0.3
    meaning: float = 0.45
    description: float = 0.25
    kind: float = 0.2  # 0: fusion only, without the finer look
    pool: int = 500  # products that words and meaning each bring


@dataclass(frozen=True, slots=True, eq=False)
class Look:
    """What a query makes of the catalogue: all that is needed to score any product."""

    words: Floats  # (n,) BM25F
    vector: Floats  # (d,)
    intent: Floats  # (d,) of the kind asked for; zeros without the finer look
    best: dict[str, float]  # the best value of each part among the products found
    meaning_share: float  # of this query
    rows: Rows  # the products found
    found: dict[str, Floats]  # what each part says of them, (m,) each, as it is


class SearchRanker:
    """Query text and query vector -> products, best first. Nothing changes once made: any thread may ask."""

    def __init__(
        self,
        words: FieldedIndex,
        titles: ExactIndex,
        descriptions: Floats,
        kinds: ProductKinds,
        weights: SearchWeights = SearchWeights(),
    ) -> None:
        self._words, self._titles, self._descriptions, self._kinds = words, titles, descriptions, kinds
        self.weights = weights

    @property
    def words(self) -> FieldedIndex:
        """The index of words by field."""
        return self._words

    @property
    def descriptions(self) -> Floats:
        """The vectors of the descriptions, (n, d)."""
        return self._descriptions

    def with_weights(self, weights: SearchWeights) -> SearchRanker:
        """The same search with other weights."""
        return SearchRanker(self._words, self._titles, self._descriptions, self._kinds, weights)

    def look(self, query: str, vector: Floats) -> Look:
        """Find the candidates, and what the query is after. `vector` (d,) is of length 1."""
        words = self._words.scores(query)
        near = self._titles.search(vector, self.weights.pool)
        rows = np.union1d(near.rows, _first(words, self.weights.pool)).astype(np.int32)
        found = self._cosines(vector, rows) | {"words": words[rows]}
        best = {name: float(values.max(initial=0.0)) for name, values in found.items()}
        look = Look(words, vector, np.zeros_like(vector), best, self._meaning_share(query), rows, found)
        if self.weights.kind == 0 or len(rows) == 0:
            return look
        intent = self._kinds.intent(rows, self.score(look, rows))
        kinds = self._kinds.scores(intent, rows)
        return replace(look, intent=intent, best=best | {"kind": float(kinds.max())}, found=found | {"kind": kinds})

    def _meaning_share(self, query: str) -> float:
        w = self.weights
        usual = (w.meaning + w.description) / max(w.words + w.meaning + w.description, 1e-9)
        words = self._words.look(query)
        return meaning_share(usual, words.coverage, model=words.names_a_model)

    def parts(self, look: Look, rows: Rows) -> dict[str, Floats]:
        """Each part of the score of these products, weighed: words, meaning, description, kind, (m,) each."""
        values = look.found if rows is look.rows else self._values(look, rows)
        w = self.weights
        answers = w.words + w.meaning + w.description
        meant = answers * look.meaning_share / max(w.meaning + w.description, 1e-9)
        weigh = {
            "words": answers * (1 - look.meaning_share),
            "meaning": meant * w.meaning,
            "description": meant * w.description,
        }
        if "kind" in look.best:
            weigh["kind"] = w.kind
        return {name: np.float32(weigh[name]) * _share(values[name], look.best[name]) for name in weigh}

    def score(self, look: Look, rows: Rows) -> Floats:
        """The score of these products, (m,): the sum of their parts."""
        total: Floats = np.sum(list(self.parts(look, rows).values()), axis=0, dtype=np.float32)
        return total

    def search(self, query: str, vector: Floats, k: int) -> Candidates:
        """The k best products among those that words and meaning found, best first, ties by row."""
        look = self.look(query, vector)
        scores = self.score(look, look.rows)
        order = np.lexsort((look.rows, -scores))[:k]
        return Candidates(look.rows[order], scores[order], "search")

    def _values(self, look: Look, rows: Rows) -> dict[str, Floats]:
        values = self._cosines(look.vector, rows) | {"words": look.words[rows]}
        return values | {"kind": self._kinds.scores(look.intent, rows)} if "kind" in look.best else values

    def _cosines(self, vector: Floats, rows: Rows) -> dict[str, Floats]:
        return {
            "meaning": np.asarray(self._titles.vectors[rows] @ vector, np.float32),  # (m, d) @ (d,) -> (m,)
            "description": np.asarray(self._descriptions[rows] @ vector, np.float32),
        }

    def save(self, folder: Path) -> None:
        """Write everything but the weights into an existing folder."""
        self._words.save(folder)
        self._titles.save(folder)
        self._kinds.save(folder)
        write_array(folder / DESCRIPTIONS, self._descriptions)

    @classmethod
    def load(cls, folder: Path, weights: SearchWeights = SearchWeights()) -> SearchRanker:
        """The saved ranker, its arrays memory-mapped. Raises ArtifactError when something is missing or damaged."""
        titles = ExactIndex.load(folder)
        try:
            descriptions = np.load(folder / DESCRIPTIONS, mmap_mode="r", allow_pickle=False)
        except (OSError, ValueError, EOFError) as error:
            raise ArtifactError("the vectors of descriptions are missing or damaged", remedy=PREPARE) from error
        words = FieldedIndex.load(folder)
        if not descriptions.shape == titles.vectors.shape or words.size != titles.size:
            raise ArtifactError(
                f"titles {titles.vectors.shape}, descriptions {descriptions.shape} and words of "
                f"{words.size} products do not fit together",
                remedy=PREPARE,
            )
        return cls(words, titles, descriptions, ProductKinds.load(folder, titles.vectors), weights)


def _first(scores: Floats, k: int) -> Rows:
    """The k rows with the highest scores above 0; ties at the border all stay out of order, none is lost."""
    found = np.flatnonzero(scores > 0)
    if len(found) > k:
        border = np.partition(scores[found], len(found) - k)[len(found) - k]
        above, at = found[scores[found] > border], found[scores[found] == border]
        found = np.concatenate((above, at[: k - len(above)]))
    return found.astype(np.int32)


def _share(values: Floats, best: float) -> Floats:
    """0..1 of the best: what is below 0 says nothing, what was not found may be no better than the best found."""
    return np.clip(values / np.float32(best), 0.0, 1.0) if best > 0 else np.zeros(len(values), np.float32)
