"""What people write about what they bought: sentences that follow the truth of their experience, in four languages.

A shopper writes in one language. A review says what stood out: each aspect (fit, quality, value, delivery, looks) is
mentioned the likelier the further its experience is from indifferent, as praise or as complaint; how it was in all
follows the stars. So stars, words and the truth agree, but for the noise with which people judge.
"""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys.datasets.authored import authored_groups

TABLE: Final = Path(__file__).parent / "tables" / "reviews.csv"
ASPECTS: Final = ("fit", "quality", "value", "delivery", "looks")
LANGUAGES: Final = {"en": 0.78, "es": 0.09, "de": 0.08, "zh": 0.05}
MENTIONED: Final = 0.9  # chance of an aspect that could not be better or worse; of an indifferent one it is 0
SILENT: Final = 0.12  # share of reviews that are stars without a word
HAPPY, UNHAPPY = 4, 2  # stars from which on, and up to which, all is well and is not


@cache
def _sentences() -> dict[tuple[str, ...], tuple[str, ...]]:
    """(language, aspect, mood) -> sentences. Raises DataError where the table is damaged."""
    return authored_groups(TABLE, ("language", "aspect", "mood", "sentence"))


def written(aspects: pd.DataFrame, seed: np.random.SeedSequence) -> pd.DataFrame:
    """The table of reviews: shopper_id, item_id, time, stars, review ("" for stars alone), a row for each of `aspects`.

    `aspects` has shopper_id, item_id, time, stars (1 to 5) and the aspects (-1 could not be worse, 1 not be better).
    """
    chance = np.random.default_rng(seed)
    shoppers, of_shopper = np.unique(aspects["shopper_id"].to_numpy(str), return_inverse=True)
    language = chance.choice(list(LANGUAGES), len(shoppers), p=list(LANGUAGES.values()))[of_shopper]
    felt = aspects[list(ASPECTS)].to_numpy(np.float64)
    stars = aspects["stars"].to_numpy(np.float64)
    said = chance.random(felt.shape) < MENTIONED * np.abs(felt)
    silent = chance.random(len(aspects)) < SILENT
    reviews = [
        "" if silent[row] else _review(str(language[row]), float(stars[row]), felt[row], said[row], chance)
        for row in range(len(aspects))
    ]
    return aspects[["shopper_id", "item_id", "time"]].assign(stars=stars, review=pd.Series(reviews, dtype="str"))


def _review(language: str, stars: float, felt: np.ndarray, said: np.ndarray, chance: np.random.Generator) -> str:
    table = _sentences()
    mood = "good" if stars >= HAPPY else "bad" if stars <= UNHAPPY else "middling"
    parts = [(aspect, "good" if felt[at] > 0 else "bad") for at, aspect in enumerate(ASPECTS) if said[at]]
    parts.insert(int(chance.integers(len(parts) + 1)) if chance.random() < 0.3 else 0, ("overall", mood))
    chosen = [table[language, *part][int(chance.integers(len(table[language, *part])))] for part in parts]
    return ("" if language == "zh" else " ").join(chosen)
