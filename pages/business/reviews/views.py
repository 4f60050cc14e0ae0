"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

VIEWS: Final[dict[str, tuple[str, ...]]] = {"reviews_of": ("shop", "category", "product", "file")}
CATEGORY: Final = "review_category"
PRODUCT: Final = "review_product"  # its id
TEXTS: Final = (CATEGORY, PRODUCT)
LABELS: Final = {"reviews_of": "Reviews of", CATEGORY: "Category", PRODUCT: "Product"}
