"""Words and characters of texts as hashed n-grams, TF-IDF weighed: sparse rows made by NumPy alone.

Weinberger et al., "Feature Hashing for Large Scale Multitask Learning", ICML 2009. A hash needs no list of words: what
is learned is one array. Words are runs of letters; each Chinese or Japanese character is one, since nothing parts them.
The weights are those of scikit-learn's TfidfVectorizer with sublinear counts: (1 + log count) * idf, each of the two
halves (words, characters) of length 1.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterable, Sequence
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.schema import Floats

BITS: Final = 18  # buckets of one half: 262,144, of which 18,000 reviews of clothes fill most
BUCKETS: Final = 2**BITS
WIDTH: Final = 2 * BUCKETS  # words, then characters
WORDS: Final = (1, 2, 3)
CHARACTERS: Final = (2, 3, 4, 5)
_WORD: Final = re.compile(r"[\u3040-\u30ff\u3400-\u9fff]|[^\W_]+(?:['’][^\W_]+)*|[!?]+|[^\w\s.,;:'\"()\-/]")
_MIX: Final = np.uint64(0x9E3779B97F4A7C15)
_STEP: Final = np.uint64(0x100000001B3)

Hashes = npt.NDArray[np.uint64]


def words_of(text: str) -> list[str]:
    """The words of a text in order, lower case; marks that shout and pictures are words too."""
    return _WORD.findall(text.lower())


def _grams(codes: Hashes, sizes: Iterable[int]) -> Hashes:
    """(m,) the hashes of all runs of these lengths of the codes, (n,)."""
    found, rolled = [], np.zeros(len(codes), np.uint64)
    for size in range(1, max(sizes) + 1):
        if len(codes) < size:
            break
        rolled = rolled[: len(codes) - size + 1] * _STEP + codes[size - 1 :]
        if size in sizes:
            mixed = (rolled ^ np.uint64(size)) * _MIX
            found.append((mixed ^ (mixed >> np.uint64(29))) * _MIX >> np.uint64(64 - BITS))
    return np.concatenate(found) if found else np.zeros(0, np.uint64)


def buckets(text: str) -> tuple[npt.NDArray[np.int64], Floats]:
    """Which of WIDTH buckets a text fills, ascending, and how: (m,), (m,) 1 + log count."""
    words = words_of(text)
    word_codes = np.fromiter((zlib.crc32(word.encode("utf-8", "replace")) for word in words), np.uint64, len(words))
    spaced = f" {' '.join(words)} "
    letters = np.frombuffer(spaced.encode("utf-32-le", "replace"), np.uint32).astype(np.uint64)
    grams = np.concatenate((_grams(word_codes, WORDS), _grams(letters * _MIX, CHARACTERS) + np.uint64(BUCKETS)))
    found, counts = np.unique(grams.astype(np.int64), return_counts=True)
    return found, (1 + np.log(counts)).astype(np.float32)


def counted(texts: Sequence[str]) -> Any:
    """(n, WIDTH) scipy CSR of float32: 1 + log count."""
    from scipy.sparse import csr_array

    rows = [buckets(text) for text in texts]
    starts = np.cumsum([0, *(len(columns) for columns, _ in rows)])
    columns = np.concatenate([columns for columns, _ in rows]) if rows else np.zeros(0, np.int64)
    values = np.concatenate([values for _, values in rows]) if rows else np.zeros(0, np.float32)
    indices = (columns.astype(np.int32), starts.astype(np.int32))  # scikit-learn takes no others
    return csr_array((values, *indices), shape=(len(texts), WIDTH))


def inverse_frequencies(counts: Any) -> Floats:
    """(WIDTH,) log((1 + n) / (1 + texts with it)) + 1, as scikit-learn smooths it."""
    seen = np.bincount(counts.indices, minlength=WIDTH)
    return np.asarray(np.log((1 + counts.shape[0]) / (1 + seen)) + 1, np.float32)


def weighed(counts: Any, idf: Floats) -> Any:
    """(n, WIDTH) CSR: counts times idf, the words and the characters of each text of length 1."""
    found = counts.copy()
    found.data = found.data * idf[found.indices]
    rows = np.repeat(np.arange(found.shape[0]), np.diff(found.indptr))
    half = rows * 2 + (found.indices >= BUCKETS)
    norms = np.sqrt(np.bincount(half, found.data.astype(np.float64) ** 2, minlength=2 * found.shape[0]))
    found.data = (found.data / np.maximum(norms[half], 1e-12)).astype(np.float32)
    return found
