"""What the page Compare shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

SIDES: Final = ("side_a", "side_b", "side_c", "side_d")  # each as `engine.sides` writes it; "" for none
COMPARISON: Final = "comparison"  # the id of a saved one
BLIND: Final = "blind"

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {BLIND: ("", "yes")}
TEXTS: Final = (*SIDES, COMPARISON)
LABELS: Final = {COMPARISON: "Saved comparison", BLIND: "Blind", **dict.fromkeys(SIDES, "")}  # the page names its sides
