"""The names of this page in the address bar."""

from __future__ import annotations

from typing import Final

PRODUCT: Final = "why"  # id of the product that is explained, "" for the first
WITHOUT: Final = "without"  # ids of products whose purchases are left out, with commas between
INSTEAD: Final = "instead"  # other words to ask with

TEXTS: Final = (PRODUCT, WITHOUT, INSTEAD)
LABELS: Final = {
    PRODUCT: "Product explained",
    WITHOUT: "Purchases left out",
    INSTEAD: "Asked with other words",
}
