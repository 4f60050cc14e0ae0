"""The step that gathers the products' pictures in one file: read from the shop's folder, or drawn by its pack."""

from __future__ import annotations

import ctypes
import importlib
import multiprocessing
import os
import sys
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from recsys import schema as s
from recsys.artifacts import fingerprint
from recsys.datasets import pictures, storage
from recsys.errors import DataError
from recsys.files.pictures import jpeg, read_picture, squared
from recsys.progress import Progress
from recsys.settings import Settings
from recsys.shops import registry
from recsys.steps.code import Code
from recsys.steps.contract import Basis, Context, Step

if TYPE_CHECKING:
    import pandas as pd

    from recsys.shops.contract import Drawer

SIDE: Final = 384  # pixels a side: a card shows 140 to 200, on a dense screen twice that
AT_ONCE: Final = 50  # pictures that are handed to a process together
TOLD: Final = 5  # files that could not be read, by name


def _source(settings: Settings) -> object:
    """Who draws, and its code; or the folder's files, by name, size and time."""
    shop = registry.shop(settings.shop)
    if shop.drawer:
        return shop.drawer.module, Code.of(settings).fingerprint(shop.drawer.module), missing(shop.drawer)
    if shop.pictures is None or not shop.pictures.is_dir():
        return None
    files = (path for path in sorted(shop.pictures.rglob("*")) if path.is_file())
    return fingerprint([(str(path), path.stat().st_size, path.stat().st_mtime_ns) for path in files])


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    shop = registry.shop(context.settings.shop)
    dataset = context.opened("dataset")
    items = storage.load_items(dataset.path)
    unread: list[str] = []
    files: Iterable[bytes | None] = [None] * len(items)
    if shop.drawer and (lacking := missing(shop.drawer)):
        unread.append(f"nothing could be drawn: this machine lacks {', '.join(lacking)}")
    elif shop.drawer and len(items) > shop.drawer.most:
        unread.append(f"of a shop of more than {shop.drawer.most:,} products nothing is drawn")
    elif shop.drawer:
        files = drawn(shop.drawer.module, items, storage.load_table(dataset.path, "attributes"), progress)
    elif shop.pictures is not None and s.PICTURE in items:
        files = _read(shop.pictures, items[s.PICTURE].fillna("").astype(str).tolist(), unread, progress)
    there = pictures.write(folder, files)
    return {"items": len(items), "pictures": there, "unread": len(unread), "such_as": unread[:TOLD]}


def missing(drawer: Drawer) -> list[str]:
    """The libraries of the system that the drawer needs and that are not there; looked for on Linux alone."""
    return [name for name in drawer.libraries if sys.platform == "linux" and not _loads(name)]


@cache
def _loads(library: str) -> bool:
    try:
        ctypes.CDLL(library)
    except OSError:
        return False
    return True


def _read(folder: Path, names: list[str], unread: list[str], progress: Progress) -> Iterator[bytes | None]:
    """Each file as a square JPEG; what cannot be read is named in `unread` and missing."""
    known: dict[str, bytes | None] = {}
    for done, name in enumerate(names):
        if name and name not in known:
            data = pictures.read_file(folder, name)
            try:
                known[name] = None if data is None else jpeg(squared(read_picture(data, name).pixels, SIDE))
            except DataError as error:
                known[name] = None
                unread.append(str(error)[:160])
        yield known.get(name)
        progress(done + 1, len(names), "pictures read")


def drawn(drawer: str, items: pd.DataFrame, attributes: pd.DataFrame, progress: Progress) -> Iterator[bytes]:
    """Each picture drawn, by as many processes as there are processors."""
    looks = importlib.import_module(drawer).looks(items, attributes)
    jobs = [looks[start : start + AT_ONCE] for start in range(0, len(looks), AT_ONCE)]
    spawned = multiprocessing.get_context("spawn")  # a fork of a process with threads may never come back
    with ProcessPoolExecutor(os.cpu_count() or 1, spawned) as pool:
        waiting = [pool.submit(_draw, drawer, job) for job in jobs]
        done = 0
        try:
            for future in waiting:
                files = future.result()
                yield from files
                done += len(files)
                progress(done, len(items), "pictures drawn")
        finally:
            pool.shutdown(wait=True, cancel_futures=True)


def _draw(drawer: str, looks: Sequence[Any]) -> list[bytes]:
    """In a process of its own."""
    picture = importlib.import_module(drawer).picture
    return [picture(look) for look in looks]


STEP: Final = Step(
    "pictures", "Gather the pictures", __name__, _make, rests_on=(Basis("dataset"),), inputs=_source, needed=False
)
"""Until it is made cards show what stands for the kind of product."""
