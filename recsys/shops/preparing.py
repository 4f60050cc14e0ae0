"""The step that reads and cleans a shop's source."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys import schema as s
from recsys.artifacts import fingerprint
from recsys.datasets import storage
from recsys.progress import Progress
from recsys.settings import Settings
from recsys.shops import registry
from recsys.steps.code import Code
from recsys.steps.contract import Context, Step

if TYPE_CHECKING:
    from recsys.shops.contract import Shop

TEXTS: Final = "texts_fingerprint"
"""The fact that changes with the texts alone: a changed price or label encodes nothing again."""


def _source(settings: Settings) -> object:
    """The shop, the version of its files, and the code that reads them."""
    shop = registry.shop(settings.shop)
    return shop.name, shop.version(), Code.of(settings).fingerprint(_loader(shop))


def _loader(shop: Shop) -> str:
    """The module whose code reads the source."""
    load = shop.load.func if isinstance(shop.load, partial) else shop.load
    return shop.loader or load.__module__


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    dataset = registry.shop(context.settings.shop).load(progress)
    return storage.save(dataset, folder) | {TEXTS: fingerprint(dataset.items[s.TEXT].tolist())}


STEP: Final = Step("dataset", "Read and clean the data", __name__, _make, inputs=_source)
