"""What the pack and its loader both say of the demo store."""

from __future__ import annotations

from typing import Final

LICENCE: Final = "made by this project, free of any rights of others"
SOURCE: Final = "simulated from a seed by recsys.shops.demo_store; nobody in it exists"
ICONS: Final = {
    "Clothing": "👗", "Shoes": "👟", "Bags": "👜", "Home": "🛋️", "Kitchen": "🍳", "Electronics": "🎧", "Toys": "🧸",
    "Sport": "⚽", "Beauty": "💄", "Garden": "🪴",
}  # fmt: skip
