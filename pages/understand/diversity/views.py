"""What the page Diversity shows besides its settings, by its names in the address bar."""

from __future__ import annotations

from typing import Final

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "everybody": ("costs", "rules", "shown", "served"),  # of a kept evaluation: prices, whose exposure, whose nDCG
}
TEXTS: Final = ("measured_on",)  # which kept evaluation
LABELS: Final = {"everybody": "For everybody", "measured_on": "Measured on"}
