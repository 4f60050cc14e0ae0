"""The pictures of a shop's products: one file, in it one picture after another, in the order of the items."""

from __future__ import annotations

from collections.abc import Iterable
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np
import numpy.typing as npt

from recsys.artifacts import mapped, storage_errors, write_array

BYTES: Final = "pictures.bin"
ENDS: Final = "ends"


@dataclass(frozen=True, slots=True, eq=False)
class Pictures:
    """Any picture by the row of its item. Files are mapped: only what is looked at is read."""

    content: npt.NDArray[np.uint8]  # all pictures, one after another
    ends: npt.NDArray[np.int64]  # (n_items,) where each ends; one that is missing ends where it begins

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Those that `write` wrote."""
        ends = mapped(folder / f"{ENDS}.npy")
        whole = (folder / BYTES).stat().st_size
        data = np.memmap(folder / BYTES, np.uint8, "r") if whole else np.empty(0, np.uint8)
        return cls(np.asarray(data), ends)

    def __len__(self) -> int:
        """How many items there are, with a picture or without."""
        return len(self.ends)

    def of(self, row: int) -> bytes | None:
        """The file of an item's picture, as it lies there (JPEG), None where it has none."""
        start, end = self._span(row)
        return self.content[start:end].tobytes() if end > start else None

    def there(self) -> npt.NDArray[np.bool_]:
        """(n_items,) which items have one."""
        there: npt.NDArray[np.bool_] = np.diff(self.ends, prepend=0) > 0
        return there

    def _span(self, row: int) -> tuple[int, int]:
        if not 0 <= row < len(self.ends):
            raise IndexError(f"there is no item {row}: {len(self.ends)} items have pictures")
        return (int(self.ends[row - 1]) if row else 0), int(self.ends[row])


def write(folder: Path, files: Iterable[bytes | None]) -> int:
    """Write one file per item, None or b"" for those without; how many there were. Raises StorageError."""
    ends, end, count = [], 0, 0
    with storage_errors(folder), (folder / BYTES).open("wb") as handle:
        for file in files:
            if file:
                end += handle.write(file)
                count += 1
            ends.append(end)
        handle.flush()
    write_array(folder / f"{ENDS}.npy", np.asarray(ends, dtype=np.int64))
    return count


def read_file(folder: Path, name: str) -> bytes | None:
    """A picture of a folder by its path in it; None where there is none, or where the path leads out of the folder."""
    root = folder.resolve()
    with suppress(OSError, ValueError):
        path = (root / name).resolve()
        if path.is_file() and path.is_relative_to(root):
            return path.read_bytes()
    return None
