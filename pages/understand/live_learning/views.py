"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

STEP: Final = "step"
KEPT: Final = "kept"
WEIGHT: Final = "taste_weight"
WORTH: Final = "learning_worth"
ORDER: Final = "logs_order"

# name -> what is allowed, the default first: amid what the folds of people chose
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    STEP: ("0.1", "0.02", "0.05", "0.2", "0.5", "1"),
    KEPT: ("1", "0.98", "0.95", "0.9", "0.7", "0.5"),
    WEIGHT: ("4", "0.5", "1", "2", "8"),
    WORTH: ("pays", "replay", "logs"),  # which question of worth.SECTIONS
    ORDER: ("taste", "sharper", "sharp_taste"),  # which policy of the evaluation from logs is judged
}
LABELS: Final = {
    STEP: "Step size of learning",
    KEPT: "Kept from one act to the next",
    WEIGHT: "Weight of taste beside popularity",
    WORTH: "What it is worth",
    ORDER: "Order judged from logs",
}
