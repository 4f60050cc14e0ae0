"""What the page of catalogue health shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "section": ("loaded", "missing", "duplicates", "outliers", "departments", "tail"),
}
