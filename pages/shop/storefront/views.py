"""What the storefront shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

INTERLEAVE: Final = "interleave"  # the ranking that shares the shelf, as `engine.sides` writes a side; "" for none
TEXTS: Final = (INTERLEAVE,)
LABELS: Final = {INTERLEAVE: "Ranking that shares the shelf"}
