"""The step that reads and cleans a shop's source."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys import schema as s
from recsys.artifacts import fingerprint
from recsys.datasets import storage
from recsys.datasets.contract import Dataset
from recsys.errors import DataError, ShelfLensError
from recsys.progress import Progress, Stopped
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
    with _said(shop):
        version = shop.version()
    return shop.name, version, Code.of(settings).fingerprint(_loader(shop))


@contextmanager
def _said(shop: Shop) -> Iterator[None]:
    """What the code of a pack raises is said as an error of that shop. Raises DataError in place of all but our own."""
    try:
        yield
    except (ShelfLensError, Stopped):
        raise
    except Exception as error:
        raise DataError(
            f"the source of the shop {shop.name!r} cannot be read: {type(error).__name__}: {str(error)[:160]}",
            remedy="correct the `load` and `version` of its pack",
        ) from error


def _loader(shop: Shop) -> str:
    """The module whose code reads the source."""
    load = shop.load.func if isinstance(shop.load, partial) else shop.load
    return shop.loader or load.__module__


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    shop = registry.shop(context.settings.shop)
    with _said(shop):
        dataset = shop.load(progress)
        if not isinstance(dataset, Dataset):
            raise TypeError(f"load gave {type(dataset).__name__}, not a Dataset")
    return storage.save(dataset, folder) | {TEXTS: fingerprint(dataset.items[s.TEXT].tolist())}


STEP: Final = Step("dataset", "Read and clean the data", __name__, _make, inputs=_source)
