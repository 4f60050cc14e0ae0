"""Catalogues that a command was given: each is a shop of its own, known to that process alone, and has no people."""

from __future__ import annotations

from typing import Final

from recsys.shops.contract import Shop

SHOPS: Final[tuple[Shop, ...]] = ()
