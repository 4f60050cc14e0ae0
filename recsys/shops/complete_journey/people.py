"""What a household is called by its traits, as on the tile that picks it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

YOUNG: Final = ("19-24", "25-34")
OLD: Final = ("55-64", "65+")


def kind(traits: Mapping[str, str]) -> str:
    """What one would call such a household: "young parents", "older couple"; "" where nothing is known of it."""
    age, home = traits.get("age", ""), traits.get("household", "")
    young, old = age in YOUNG, age in OLD
    if not home:
        return {True: "young household", False: "older household" if old else ""}[young]
    if "with" in home:
        large = "three or more" in home
        alone = home.startswith("one adult")
        parents = "single parent" if alone else "large family" if large else "parents" if young else "family"
        return f"young {parents}" if young and not large else parents
    one = home.startswith("one adult")
    if young:
        return "young single" if one else "young couple"
    if old:
        return "older single" if one else "older couple"
    return "single" if one else "couple"
