"""What the embedding map shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "map": ("umap", "tsne", "pca"),
    "dims": ("2", "3"),
    "colour": ("department", "price", "popularity", "similarity"),
}
TEXTS: Final = ("find", "product")  # words to find on the map; the id of the product looked at
