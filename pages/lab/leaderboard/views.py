"""What the leaderboard shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

TEXTS: Final = ("run", "metric", "worth", "model", "against", "slicing", "slice", "visit")
