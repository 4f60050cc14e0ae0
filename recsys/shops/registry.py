"""The shops there are: one folder each in this room, and the packs that a setting names."""

from __future__ import annotations

import importlib
import pkgutil
import re
from functools import cache
from typing import Final

import recsys.shops
from recsys.errors import SettingsError
from recsys.settings import load_settings
from recsys.shops.contract import Shop
from recsys.steps.versions import CATALOGUE, RESERVED

_NAME: Final = re.compile(r"[a-z][a-z0-9_]{0,39}")
_brought: Final[dict[str, Shop]] = {}


def shop_names() -> tuple[str, ...]:
    """The names of all shops, those of this room first."""
    return tuple(_shops(load_settings().shop_packs))


def shops() -> tuple[Shop, ...]:
    """All shops, in the order of `shop_names`."""
    return tuple(_shops(load_settings().shop_packs).values())


def bring(shop: Shop) -> None:
    """Make a shop known to this process alone: a catalogue that a command was given. It is on no list of shops."""
    _brought[shop.name] = shop


def shop(name: str) -> Shop:
    """The shop of that name. Raises SettingsError listing the names there are."""
    if name in _brought:
        return _brought[name]
    found = _shops(load_settings().shop_packs)
    if name not in found:
        raise SettingsError(
            f"there is no shop named {name[:60]!r}",
            allowed=", ".join(found),
            remedy="set SHELFLENS_SHOP to one of these",
        )
    return found[name]


@cache
def _shops(packs: tuple[str, ...]) -> dict[str, Shop]:
    own = (f"recsys.shops.{entry.name}" for entry in pkgutil.iter_modules(recsys.shops.__path__) if entry.ispkg)
    found: dict[str, Shop] = {}
    for module in (*sorted(own), *packs):
        for each in _of_pack(module):
            taken = each.name in found or each.name in RESERVED or each.name.startswith(CATALOGUE)
            if taken or not _NAME.fullmatch(each.name):
                raise SettingsError(
                    f"{module} has a shop named {each.name[:60]!r}",
                    allowed="a name of small letters, digits and underscores that nothing else in the cache has",
                    remedy="name it otherwise",
                )
            found[each.name] = each
    return found


def _of_pack(module: str) -> list[Shop]:
    """The shops of one pack. Raises SettingsError when the module cannot be imported or has none.

    A pack is somebody else's code: whatever it raises, leaving the program included, is said as what is wrong with it.
    """
    try:
        found = list(importlib.import_module(module).SHOPS)
        if strange := [each for each in found if not isinstance(each, Shop) or not isinstance(each.name, str)]:
            raise TypeError(f"{str(strange[0])[:40]!r} is no shop")
        return found
    except (Exception, SystemExit) as error:
        raise SettingsError(
            f"the shop pack {module[:80]!r} cannot be used: {str(error)[:120] or type(error).__name__}",
            allowed="a module with a tuple SHOPS of recsys.shops.contract.Shop",
            remedy="correct SHELFLENS_SHOP_PACKS in the environment or shop_packs in shelflens.toml",
        ) from error
