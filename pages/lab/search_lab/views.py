"""What the search lab shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "lab": ("compare", "sets", "files"),
    "depth": ("10", "5", "20"),
}
TEXTS: Final = ("systems", "queries")  # which systems stand side by side; which query set is open
