"""The simple way to tell good from bad where nothing was learned: a list of words, of the package pysenti."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews import wordlists

MOSTLY: Final = 0.5  # of the texts


def told(texts: Sequence[str]) -> npt.NDArray[np.bool_] | None:
    """(n,) good or bad by the sum of the words; None for texts that are not mostly Chinese and without the list."""
    if np.mean([wordlists.by_script(text) == "zh" for text in texts] or [False]) < MOSTLY:
        return None
    try:
        from pysenti import RuleClassifier  # its word list is text: the pickled model beside it is never opened
    except ImportError:
        return None
    words = RuleClassifier()
    return np.array([float(words.classify(text)["score"]) > 0 for text in texts])
