"""Words as the catalogue and the query both see them, and sorted lists of them on disk."""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import PREPARE, mapped, write_array
from recsys.errors import ArtifactError
from recsys.query.tokens import STOP_WORDS, Tokenizer

Arrays = Mapping[str, npt.NDArray[Any]]

WORD: Final = re.compile(r"[^\W_]+(?:['\u2019][^\W_]+)*")
_SEGMENT: Final = re.compile(r"[,;:&/()|+\u00b7]|\band\b|\bor\b|\bwith\b|\s[-\u2013]\s")
_JOINER: Final = re.compile(r"'n'?(?![^\W_])|'n'|(?<![^\W_])n'?(?![^\W_])|&|\band\b")
_JOINING: Final = "a an and as at by for from in into of on or the to with without no non not"
JOINING: Final = frozenset(_JOINING.split())
TOKENIZER: Final = Tokenizer()


def fold(text: str) -> str:
    """Lower case, accents and apostrophes gone."""
    if text.isascii():
        return text.lower().replace("'", "")
    parts = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return "".join(c for c in parts if not unicodedata.combining(c)).replace("'", "")


def lower(text: str) -> str:
    """Lower case, every character where it was: what grows in lower case is left as it is."""
    return "".join(low if len(low := c.lower()) == 1 else c for c in text)


def words_of(text: str) -> list[str]:
    """The folded words and numbers of a text, in order; nothing is left out."""
    return WORD.findall(fold(text))


def together(text: str) -> str:
    """A name written as one word, the same for "Coca-Cola" and "cocacola", for "half & half" and "half n half"."""
    return "".join(WORD.findall(_JOINER.sub(" ", _with_apostrophes(text)).replace("'", "")))


def _with_apostrophes(text: str) -> str:
    """Lower case, accents gone, one kind of apostrophe."""
    parts = unicodedata.normalize("NFKD", text.lower().replace("\u2019", "'"))
    return "".join(c for c in parts if not unicodedata.combining(c))


def segments(text: str) -> list[list[str]]:
    """The words of each stretch of a name between commas, "&" and the like."""
    return [words for part in _SEGMENT.split(fold(text)) if (words := WORD.findall(part))]


def stems(words: Sequence[str]) -> list[str]:
    """The stem of each word (Porter2)."""
    return TOKENIZER.stems(words)


def content_words(text: str) -> list[str]:
    """The folded words that carry meaning: no stop words."""
    return [word for word in words_of(text) if word not in STOP_WORDS]


def code_of(word: str) -> int:
    """The first eight UTF-8 bytes of a word as one number, so that numbers sort as the words do."""
    return int.from_bytes(word.encode("utf-8", "ignore")[:8].ljust(8, b"\0"), "big")


def hashes_of(texts: Iterable[str]) -> npt.NDArray[np.uint32]:
    """A sorted set of the texts' checksums (CRC-32): a false hit once in 4e9 / size."""
    return np.unique(np.fromiter((zlib.crc32(t.encode("utf-8", "ignore")) for t in texts), np.uint32))


def holds(hashes: npt.NDArray[Any], text: str) -> bool:
    """Whether a sorted set of checksums has that of the text."""
    key = np.uint32(zlib.crc32(text.encode("utf-8", "ignore")))
    at = int(hashes.searchsorted(key))
    return at < len(hashes) and bool(hashes[at] == key)


class WordList:
    """Distinct words in byte order, as arrays that can be memory-mapped: found by bisection, no dictionary to fill.

    Arrays: `text` uint8, all words one after the other; `ends` int64 (n + 1); `codes` uint64 (n), see `code_of`.
    """

    def __init__(self, arrays: Arrays, prefix: str = "") -> None:
        self._text, self._ends = arrays[prefix + "text"], arrays[prefix + "ends"]
        self.codes: npt.NDArray[Any] = arrays[prefix + "codes"]

    @staticmethod
    def arrays(words: Sequence[str], prefix: str = "") -> dict[str, npt.NDArray[Any]]:
        """The arrays of words that are distinct and sorted by their bytes."""
        raw = [word.encode("utf-8", "ignore") for word in words]
        return {
            prefix + "text": np.frombuffer(b"".join(raw), np.uint8),
            prefix + "ends": np.cumsum([0, *map(len, raw)], dtype=np.int64),
            prefix + "codes": np.asarray([code_of(word) for word in words], np.uint64),
        }

    def __len__(self) -> int:
        return len(self.codes)

    def _bytes(self, at: int) -> bytes:
        return bytes(self._text[self._ends[at] : self._ends[at + 1]])

    def word(self, at: int) -> str:
        """The word at a place."""
        return self._bytes(at).decode()

    def find(self, word: str) -> int:
        """The place of a word; -1 when it is not there."""
        low, high = self.prefixed(word)
        return low if low < high and self._bytes(low) == word.encode("utf-8", "ignore") else -1

    def prefixed(self, start: str) -> tuple[int, int]:
        """The places [low, high) of the words that begin with `start`."""
        raw = start.encode("utf-8", "ignore")
        low = int(self.codes.searchsorted(np.uint64(int.from_bytes(raw[:8].ljust(8, b"\0"), "big"))))
        last = np.uint64(int.from_bytes(raw[:8].ljust(8, b"\xff"), "big"))
        high = int(self.codes.searchsorted(last, "right"))
        if len(raw) > 8:  # the codes know eight bytes; what they leave is a handful
            low = self._bisect(raw, low, high, len(raw))
            high = self._bisect(raw + b"\xff", low, high, len(raw) + 1)
        return low, high

    def _bisect(self, raw: bytes, low: int, high: int, length: int) -> int:
        while low < high:
            middle = (low + high) // 2
            if self._bytes(middle)[:length] < raw:
                low = middle + 1
            else:
                high = middle
        return low


def save_arrays(arrays: Arrays, folder: Path) -> None:
    """Write each array as .npy. Raises StorageError when there is no room."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        write_array(folder / f"{name}.npy", array)


@contextmanager
def damage_said(folder: Path) -> Iterator[None]:
    """Turn what goes wrong while a folder's files are read and taken apart into an ArtifactError."""
    try:
        yield
    except (OSError, ValueError, KeyError) as error:
        raise ArtifactError(f"{folder.name} cannot be read: {str(error)[:200]}", remedy=PREPARE) from error


def load_arrays(folder: Path) -> Arrays:
    """Every .npy of the folder, memory-mapped. Raises ArtifactError when there is none or one cannot be read."""
    files = sorted(folder.glob("*.npy"))
    if not files:
        raise ArtifactError(f"{folder.name} holds no arrays", remedy=PREPARE)
    with damage_said(folder):
        return {file.stem: mapped(file) for file in files}
