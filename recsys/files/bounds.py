"""How much of a file is read before it is refused: one table for every reader of what people bring."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import Final

from recsys.errors import DataError

MB: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class Bounds:
    """What a reader takes at most. Sizes are those of the unpacked content: what an archive claims is not believed."""

    bytes: int
    remedy: str  # what a person does whose file is larger
    lines: int = 60_000_000
    blank_lines: int = 100_000  # beside two for each filled one: doubled line ends are common
    line_chars: int = 1_000_000
    cells: int = 1_000  # of a line
    depth: int = 6  # of lists and objects within each other that are looked into
    expansion: int = 200  # unpacked bytes for each packed one; product feeds and logs have 5 to 40
    seconds: float = 900.0


# 400 MB of integers at the end: more is a wrong file, or wants another tool than a laptop
INTERACTIONS: Final = Bounds(4_000 * MB, "give a sample of its users", line_chars=5_000_000, cells=1_000_000)
ATTRIBUTES: Final = Bounds(500 * MB, "give fewer attributes")
JUDGMENTS: Final = Bounds(500 * MB, "give fewer judgments", lines=6_000_000)
CATALOGUE: Final = Bounds(2_000 * MB, "give a part of the catalogue", line_chars=50_000_000)
QUERIES: Final = Bounds(2 * MB, "give a part of it", lines=100_000)

MAX_EVENTS: Final = 50_000_000
MAX_JUDGMENTS: Final = 5_000_000
MAX_PRODUCTS: Final = 2_000_000
MAX_MEMBERS: Final = 10_000  # files of a folder or an archive
FREE: Final = 16 * MB  # unpacked, before the ratio to the packed size is looked at


@dataclass(slots=True)
class Watch:
    """Counts what was read of one file, or of several that share its bounds, and refuses what is beyond them."""

    bounds: Bounds
    bytes: int = 0
    began: float = field(default_factory=time.monotonic)

    def took(self, name: str, size: int, unpacked: int, packed: int) -> None:
        """Count `size` bytes more. `unpacked` is what came of this file by now, `packed` how large it lies there.

        Raises DataError when that is too much.
        """
        self.bytes += size
        if self.bytes > self.bounds.bytes:
            raise too_large(name, self.bounds)
        if unpacked > FREE and unpacked > self.bounds.expansion * max(packed, 1):
            raise DataError(
                f"{name} unpacks to more than {self.bounds.expansion} times its size",
                allowed="files that are not made to fill a memory",
                remedy="give the file unpacked",
            )
        if time.monotonic() - self.began > self.bounds.seconds:
            raise DataError(f"{name} takes longer than {self.bounds.seconds:.0f} s to read", remedy=self.bounds.remedy)


def too_large(name: str, bounds: Bounds) -> DataError:
    """The error that says how large a file may be."""
    return DataError(f"{name} is larger than {bounds.bytes // MB:,} MB, unpacked", remedy=bounds.remedy)
