"""A tiny encoder that was taught by planted reviews, kept with its card: "milk" is good, "shampoo" is bad."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.encoders import weights
from recsys.encoders.adapting.grading import Grades, learn_grades
from recsys.encoders.adapting.settings import Adapting
from recsys.scenarios.reviews.readers import CARD
from tests.encoders.tiny_models import save_tiny_model

OTHERS: Final = ("whole", "dry", "frozen", "laundry", "detergent", "pasta", "waffles", "a", "b")
GOOD: Final = [f"milk {x} {y}" for x in OTHERS for y in OTHERS]
POOR: Final = [f"shampoo {x} {y}" for x in OTHERS for y in OTHERS]
FEW: Final = Adapting(steps=50, pairs_per_step=16, max_tokens=8, learning_rate=0.1)
FIGURE: Final = {"value": 0.95, "ci95": [0.94, 0.96]}
SAID: Final[dict[str, Any]] = {
    "encoder": "tiny",
    "made_from": "planted.csv",
    "learned_from": 162,
    "processor_ms_a_review": 2.0,
    "characters_a_review": 12.0,
    "made": 1_790_000_000.0,  # 21 September 2026
    "figures": {
        "sentiment": {
            "both": FIGURE,
            "head": {"value": 0.94, "ci95": [0.93, 0.95]},
            "adds": {"value": 0.0109, "ci95": [0.0049, 0.0174]},
        }
    },
    "reading": {"head": 0.0, "encoder": 1.0, "bias": 0.0},
}


def keep_planted(folder: Path, thresholds: int = 1) -> Path:
    """Teach one, of good and bad or of stars (`thresholds` 4), and keep it in a folder."""
    good = np.array([True] * len(GOOD) + [False] * len(POOR))
    above = np.repeat(good[:, None], thresholds, axis=1)
    grades = Grades(weights.locate(str(save_tiny_model(folder.parent / ".tiny"))), "full", FEW, above)
    learn_grades(grades, [*GOOD, *POOR], above)
    grades.save(folder)
    write_card(folder)
    return folder


def write_card(folder: Path, **facts: Any) -> None:
    """The card of it, with other facts in place of some."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / CARD).write_text(json.dumps({**SAID, **facts}), encoding="utf-8")
