"""Products whose texts hold the query's words: BM25 through bm25s."""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Sequence
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import Stemmer

from recsys.retrieval.contract import Signals, best_first
from recsys.retrieval.texts import TextGroups
from recsys.schema import Candidates, Floats, Mask, Rows

if TYPE_CHECKING:
    import bm25s

_WORD: Final = re.compile(r"\d+(?:\.\d+)?|[^\W\d_]+")
_SMALL_WORDS: Final = (
    "a an and are as at be but by for from i in into is it me my no not of on or some such that the their then there "
    "these they this to was we what which will with you your"
)
STOP_WORDS: Final = frozenset(_SMALL_WORDS.split())


class Tokenizer:
    """Lower-case words and numbers, accents folded, English stop words left out, stemmed (Porter2)."""

    def __init__(self) -> None:
        self._stemmer = Stemmer.Stemmer("english")
        self._lock = Lock()  # PyStemmer's cache is not safe under threads

    def words(self, text: str) -> list[str]:
        """The words as they stand in the text, lower case, without stop words."""
        folded = "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))
        return [w for w in _WORD.findall(folded.replace("'", "").replace("\u2019", "")) if w not in STOP_WORDS]

    def stems(self, words: Sequence[str]) -> list[str]:
        """The stem of each word."""
        with self._lock:
            return list(self._stemmer.stemWords(list(words)))

    def tokens(self, text: str) -> list[str]:
        """The stems of the text's words."""
        return self.stems(self.words(text))


class LexicalRetriever:
    """BM25 (Robertson & Zaragoza, "The Probabilistic Relevance Framework", 2009; Lucene's variant) over the texts.

    Loading is put off to the first query: bm25s brings numba and scipy, which the first screen has no use for.
    """

    name = "words"

    def __init__(self, folder: Path, texts: TextGroups) -> None:
        self._folder, self._texts = folder, texts
        self.tokenizer = Tokenizer()
        self._lock = Lock()
        self._index: bm25s.BM25 | None = None

    @staticmethod
    def build(documents: Sequence[str], folder: Path) -> dict[str, Any]:
        """Index the documents (one per distinct text) into the folder."""
        import bm25s

        tokenizer = Tokenizer()
        tokens = [tokenizer.tokens(text) for text in documents]
        vocabulary = {word: i for i, word in enumerate(sorted({t for document in tokens for t in document}))}
        ids = [[vocabulary[t] for t in document] for document in tokens]
        index = bm25s.BM25(method="lucene")
        index.index((ids, vocabulary), show_progress=False)
        index.save(folder, show_progress=False)
        (folder / "vocabulary.json").write_text(json.dumps(vocabulary, ensure_ascii=False), encoding="utf-8")
        return {"documents": len(documents), "words": len(vocabulary)}

    def load(self) -> bm25s.BM25:
        """The index, loaded at most once."""
        with self._lock:
            if self._index is None:
                import bm25s

                self._index = bm25s.BM25.load(self._folder, mmap=True, load_corpus=False, show_progress=False)
            return self._index

    def text_scores(self, query: str) -> Floats:
        """The BM25 score of each distinct text, (n_texts,); all 0 when no word of the query is known."""
        index = self.load()
        ids = [index.vocab_dict[t] for t in dict.fromkeys(self.tokenizer.tokens(query)) if t in index.vocab_dict]
        if not ids:
            return np.zeros(self._texts.n_texts, np.float32)
        return np.asarray(index.get_scores_from_ids(ids), np.float32)

    def known_words(self, query: str) -> tuple[list[str], list[str]]:
        """The query's words that occur in some product text, and those that occur in none."""
        vocabulary = self.load().vocab_dict
        words = list(dict.fromkeys(self.tokenizer.words(query)))
        known = [stem in vocabulary for stem in self.tokenizer.stems(words)]
        return [w for w, k in zip(words, known, strict=True) if k], [
            w for w, k in zip(words, known, strict=True) if not k
        ]

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The products of the k best texts that hold at least one word of the query, cut to the best k products."""
        if not signals.query or k < 1:
            return Candidates.nothing(self.name)
        scores = self.text_scores(signals.query)
        mask = self._texts.allowed(allowed)
        if mask is not None:
            scores = np.where(mask, scores, 0.0).astype(np.float32)
        found = np.flatnonzero(scores > 0).astype(np.int32)
        near = best_first(found, scores[found], k, self.name)
        rows, row_scores = self._texts.expand(near.rows, near.scores)
        if allowed is not None:
            rows, row_scores = rows[allowed[rows]], row_scores[allowed[rows]]
        return best_first(rows, row_scores, k, self.name)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The BM25 score of each row's text."""
        if not signals.query or len(rows) == 0:
            return np.zeros(len(rows), np.float32)
        return self.text_scores(signals.query)[self._texts.of_item[rows]]
