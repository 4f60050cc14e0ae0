"""What the page Tags shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "by": ("title", "picture"),  # what of a product is looked at
}
TEXTS: Final = ("labels_of", "compare_with")  # whose values the labels begin with; what tags are compared with
