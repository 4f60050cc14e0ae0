"""What a look names, and that it is said where no drawing knows it."""

from __future__ import annotations

from collections.abc import Iterable

from recsys.errors import ShelfLensError

PACKAGE = "recsys/shops/demo_store/drawing"


def check_known(name: str, there: Iterable[str], *, lacks: str, add: str) -> None:
    """Raises ShelfLensError where the name is none of `there`: what is lacking for it, and what to add, and where."""
    if name not in (names := list(there)):
        raise ShelfLensError(f"no {lacks} {name!r}", allowed=", ".join(names), remedy=f"use one of these, or add {add}")
