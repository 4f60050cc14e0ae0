"""A catalogue that a command was given, prepared and opened like any shop, so that its search can be judged."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import Final

import numpy as np

from recsys import schema as s
from recsys.engine.engine import Engine
from recsys.evaluation.search.systems import Searched
from recsys.preparation import FIRST_SHELF, prepare, tidying
from recsys.preparation.presence import present, somebody_present
from recsys.progress import Progress, silent
from recsys.settings import Settings
from recsys.shops import registry
from recsys.shops.imported.catalogue import SearchCatalogue
from recsys.shops.imported.shop import shop_of
from recsys.steps.versions import CATALOGUE

KEPT: Final = 4  # catalogues whose prepared files stay


def open_catalogue(
    catalogue: SearchCatalogue,
    settings: Settings,
    progress_of: Callable[[str], Progress] = lambda label: silent,
    say: Callable[[str], None] = lambda message: None,
) -> Engine:
    """The engine over these products as a shop of their own; what a shelf needs is made once and kept.

    Queries are read as English: to learn the words of other languages for 20,000 products takes minutes.
    Raises DataError, ModelError, StorageError or ArtifactError.
    """
    shop = shop_of(catalogue)
    registry.bring(shop)
    settings = settings.model_copy(update={"shop": shop.name})
    with present(settings.cache_dir / shop.name):  # until it is open: others who judge at the same time leave it alone
        prepare(settings, progress_of, say, FIRST_SHELF)
        _forget_the_oldest(settings.cache_dir, settings.cache_dir / shop.name)
        return Engine.open(settings)


def searched(engine: Engine) -> Searched:
    """What the search systems need of an open shop."""
    items = engine.items
    columns = [c for c in (s.TITLE, s.BRAND, s.DESCRIPTION) if c in items]
    texts = [" ".join(row) for row in zip(*(items[c].astype(str) for c in columns), strict=True)]
    everything = np.arange(len(items), dtype=np.int32)
    encoder = engine.encoder
    ids = [str(each) for each in engine.catalogue.ids.tolist()]
    return Searched(engine, ids, texts, engine.index.vectors_at(everything), lambda text: encoder.encode([text])[0])


def _forget_the_oldest(cache: Path, current: Path) -> None:
    """Remove what was prepared of catalogues that were not opened for the longest time; the current one is the last."""
    current.touch()
    there = sorted(cache.glob(f"{CATALOGUE}*"), key=_opened, reverse=True)
    for folder in there[KEPT:]:
        if not somebody_present(folder):
            with suppress(OSError):  # another one was quicker
                tidying.remove(folder)


def _opened(folder: Path) -> float:
    """When it was opened last, in seconds; 0 where it has just been removed."""
    try:
        return folder.stat().st_mtime
    except OSError:
        return 0.0
