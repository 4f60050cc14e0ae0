"""What the embedding map shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

# name -> what is allowed, the default first
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "map": ("umap", "tsne", "pca"),
    "dims": ("2", "3"),
    "placed": ("", "words", "pictures", "everything"),  # by words, or by pictures once one is asked with
    "window": ("near", "whole"),  # of a map with a picture that is asked with: its neighbourhood, or the whole shop
    "colour": ("department", "price", "popularity", "similarity", "attribute"),
}
# words to find on the map; the id of the product looked at; the attribute that colours
TEXTS: Final = ("find", "product", "attribute")
LABELS: Final = {
    "dims": "Dimensions",
    "placed": "Placed by",
    "window": "Shown",
    "find": "Words to find",
    "product": "Product looked at",
}
