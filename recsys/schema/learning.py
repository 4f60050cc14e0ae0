"""How a shelf learns from what a person presses: the settings that a request and a link carry."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Learning:
    """The pace of learning beside the engine. Nothing is checked here: who learns raises BadRequestError."""

    step: float = 0.1  # Adagrad's step size of the taste, above 0
    kept: float = 1.0  # of what was learned, from one act to the next, above 0, up to 1
    items_step: float = 0.0  # step size of the products' own vectors; 0: they stay
    taste_weight: float = 4.0  # of the taste beside popularity, on the shelf that says what was passed by
