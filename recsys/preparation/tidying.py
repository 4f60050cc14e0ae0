"""What the prepared files of a shop take on disk, and how they are removed."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import Final

from recsys.artifacts import storage_errors
from recsys.errors import BadRequestError
from recsys.preparation.presence import somebody_present
from recsys.settings import Settings

_FINGERPRINTED: Final = re.compile(r"([a-z]+)-[0-9a-f]{16}")


def bytes_of(folder: Path) -> int:
    """What the files of a folder take, 0 for one that is not there; what is removed meanwhile is not counted."""
    total = 0
    for file in folder.rglob("*"):
        with suppress(OSError):
            total += 0 if file.is_dir() else file.lstat().st_size
    return total


def delete(settings: Settings, shop: str) -> int:
    """Remove everything that was prepared of one shop; returns how many bytes that freed.

    What all shops share stays, and so does what people did. Raises BadRequestError while a preparation of it runs, and
    StorageError when the files cannot be removed.
    """
    folder = settings.cache_dir / shop
    if somebody_present(folder):
        raise BadRequestError(f"{shop} is being prepared", remedy="wait until that is done, or stop it, and ask again")
    size = bytes_of(folder)
    with storage_errors(folder):
        if folder.is_dir():
            remove(folder)
    return size


def remove_the_flat_layout(cache: Path, names: Iterable[str]) -> None:
    """Remove what earlier versions kept of all shops in one folder: nothing reads it any more."""
    known = {*names, "search"}
    with storage_errors(cache):
        for path in cache.iterdir() if cache.is_dir() else ():
            found = _FINGERPRINTED.fullmatch(path.name)
            if found and found[1] in known and path.is_dir() and not path.is_symlink():
                remove(path)
            elif path.name.endswith(".lock") and path.name.startswith("."):
                path.unlink(missing_ok=True)


def remove(folder: Path) -> None:
    """Remove a folder as seen from outside at once: what is begun in its place meanwhile is not touched."""
    aside = folder.with_name(f".{folder.name}.{os.getpid()}.deleted")
    folder.rename(aside)
    shutil.rmtree(aside)
