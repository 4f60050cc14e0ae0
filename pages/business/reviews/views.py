"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

SHARE: Final = "reviews_share"  # per cent of a score that reviews have
VIEWS: Final[dict[str, tuple[str, ...]]] = {
    "reviews_of": ("shop", "category", "product", "file"),
    SHARE: ("0", "5", "10", "20", "30"),
}
CATEGORY: Final = "review_category"
PRODUCT: Final = "review_product"  # its id
ASPECT: Final = "review_aspect"  # by its name; "" for all
TEXTS: Final = (CATEGORY, PRODUCT, ASPECT)
LABELS: Final = {
    "reviews_of": "Reviews of",
    SHARE: "Share of reviews in the score, per cent",
    CATEGORY: "Category",
    PRODUCT: "Product",
    ASPECT: "Aspect that counts",
}
