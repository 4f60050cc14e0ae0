"""Queries in other languages find the English catalogue, through one space for both (`encoders/any_language.py`).

What is encoded are the distinct names and the distinct categories, not every text: 15,565 texts that differ mostly in
size and maker take 155 s on two cores, where their 2,325 names and 288 categories take 11.
A product's vector is that of its name plus a share of that of its category. What the glossary has of a query moves the
query's vector towards the English; its phrases are encoded beforehand, so that this takes no time.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import PREPARE, write_array, write_whole
from recsys.encoders.any_language import LazyEncoder
from recsys.encoders.contract import TextEncoder
from recsys.encoders.corpus import encode_corpus
from recsys.errors import ArtifactError
from recsys.index.shared_rows import SharedRowsIndex
from recsys.progress import Progress, silent
from recsys.query.glossary import Glossary
from recsys.retrieval.contract import Signals
from recsys.retrieval.dense import POOL, DenseRetriever
from recsys.retrieval.part import Grounds, Part, Prepared
from recsys.schema import Candidates, Floats, Mask, Rows

NAME: Final = "languages"
CARD: Final = "crosslingual.json"
# Hit rate and reciprocal rank at 10, mean of four languages, on the authored words for choosing: without the category
# 0.70 / 0.51, a share of 0.2 0.71 / 0.57, 0.3 0.71 / 0.58, 0.5 0.72 / 0.57; vectors of length 1 after adding lose 0.04.
CATEGORY_SHARE: Final = 0.3
# Of the query's vector, what the glossary says. On the same words, which it has, 0.3 found 0.985 / 0.87, 0.5 1.00 /
# 0.96, 0.7 1.00 / 0.97, 1 1.00 / 0.96; of what it has in part, half leaves the rest a say ("pilas recargables").
# Without the glossary nothing helped: a shift by each language's mean 0.735 / 0.60, ridge regression towards English
# learned on all other words 0.74 / 0.59, centred products 0.71 / 0.59, "passage: " before the names 0.68 / 0.52.
GLOSSARY_SHARE: Final = 0.5
PHRASES: Final = "phrases.npy"
REMEMBERED: Final = 256  # query vectors: a search asks for candidates first and for scores after


class CrossLingualRetriever:
    """Products near a query of any language: the inner product with the vector of name and category, exact.

    `encode` makes the query's vector and is called once for each of the last queries. Safe under threads.
    """

    name = NAME

    def __init__(
        self,
        index: SharedRowsIndex,
        encode: Callable[[str], Floats],
        glossary: Glossary,
        phrases: Floats | None = None,
    ) -> None:
        """`phrases`: a vector for each English phrase of the glossary, in its order, (n, d)."""
        self._near = DenseRetriever(NAME, "query_vector", index)
        self._glossary, self._phrases = glossary, phrases
        self.vector = lru_cache(REMEMBERED)(encode)  # (d,) of a query

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The best k products for the query's vector; none without a query."""
        return self._near.retrieve(self._signals(signals), k, allowed)

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The score of each of these rows, 0 without a query."""
        return self._near.score(self._signals(signals), rows)

    def _signals(self, signals: Signals) -> Signals:
        query = signals.query.strip()
        if not query:
            return Signals()
        vector, translation = self.vector(query), signals.translation
        if translation.phrases and self._phrases is not None:
            english = self._phrases[self._glossary.places(translation.phrases)].mean(axis=0)  # (p, d) -> (d,)
            english = english * (vector != 0.0)  # only the encoder that read the query has a say
            vector = (1.0 - GLOSSARY_SHARE) * vector + GLOSSARY_SHARE * english
        return Signals(query_vector=vector)


def build(
    items: pd.DataFrame,
    encoder: TextEncoder,
    scratch: Path,
    folder: Path,
    glossary: Glossary,
    progress: Progress = silent,
) -> dict[str, Any]:
    """Encode the names and categories of an items table, and the shop's glossary; returns what was made.

    Finished chunks lie in `scratch` and are used again by the next run. Raises StorageError, ModelError.
    """
    pair_of_item, pairs = pd.factorize(pd.MultiIndex.from_frame(items[[s.NAME, s.CATEGORY]].astype(str)))
    names, categories = (pairs.get_level_values(level) for level in range(2))
    texts = [*dict.fromkeys(names), *dict.fromkeys(categories)]
    vector_of = dict(zip(texts, encode_corpus(texts, encoder, scratch, progress), strict=True))
    vectors = np.array([vector_of[name] for name in names])  # (n_pairs, d)
    vectors += CATEGORY_SHARE * np.array([vector_of[category] for category in categories])
    vectors = (vectors / (1.0 + CATEGORY_SHARE)).astype(np.float32)
    SharedRowsIndex.of(vectors, pair_of_item.astype(np.int32)).save(folder)
    write_array(folder / PHRASES, encode_corpus(glossary.english(), encoder, scratch, progress))
    facts = {"off": "", "encoder": encoder.name, "texts": len(set(texts)), "vectors": len(vectors)}
    write_whole(folder / CARD, json.dumps(facts).encode())
    return facts


def nothing(folder: Path, why: str) -> dict[str, Any]:
    """Note in the folder why there are no vectors."""
    facts = {"off": why}
    write_whole(folder / CARD, json.dumps(facts).encode())
    return facts


def why_off(folder: Path) -> str:
    """Why queries in other languages are not searched for here, one sentence; "" when they are.

    Raises ArtifactError when what was prepared is missing or damaged.
    """
    try:
        return str(json.loads((folder / CARD).read_text(encoding="utf-8"))["off"])
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError("the vectors for other languages are missing or damaged", remedy=PREPARE) from error


def load(folder: Path, encode: Callable[[str], Floats], glossary: Glossary) -> CrossLingualRetriever | None:
    """The retriever over what `build` made, None where it noted why there is none. Light: `encode` comes with a query.

    Raises ArtifactError when what was prepared is missing or damaged.
    """
    if why_off(folder):
        return None
    index = SharedRowsIndex.load(folder)
    try:
        phrases = np.load(folder / PHRASES, allow_pickle=False)
    except (OSError, ValueError, EOFError) as error:
        raise ArtifactError(f"{PHRASES} is missing or damaged", remedy=PREPARE) from error
    if phrases.shape != (len(glossary.english()), index.dimension):
        raise ArtifactError(f"{PHRASES} is not of this glossary", remedy=PREPARE)
    return CrossLingualRetriever(index, encode, glossary, phrases)


def _made(prepared: Prepared) -> CrossLingualRetriever | None:
    if not prepared.there(NAME):
        return None
    return load(prepared.folder("languages"), LazyEncoder(), prepared.words.glossary)


def _closeness(grounds: Grounds) -> str:
    return "a guess: nearest to what you asked for" if grounds.fact("guess") else "close to what you asked for"


LANGUAGES: Final = Part(
    name=NAME,
    label="Meaning, across languages",
    colour="#B8772A",
    phrase=lambda grounds: (
        f"{'nearest' if grounds.fact('guess') else 'close'} in meaning to the query, across languages"
    ),
    spoken=_closeness,
    weight=lambda known: known.by_meaning if known.across else 0.0,
    retriever=_made,
    stage="Meaning, across languages (multilingual cosine)",
    pool=POOL,
    from_last_found=True,
    answers=True,
)
