"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

BESIDE: Final = "beside"  # whom the habits are compared with: a trait of the shopper, SEGMENT, or "" for all
SEGMENT: Final = "segment"

TEXTS: Final = (BESIDE,)
LABELS: Final = {BESIDE: "Habits beside"}
