"""How the command line shows how far a step has come."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from recsys.progress import Progress


@contextmanager
def bars(*, quiet: bool) -> Iterator[tuple[Callable[[str], Progress], Callable[[str], None]]]:
    """One progress bar per step with the time left; lines of text where standard error is no terminal."""
    from rich import progress as rich_progress
    from rich.console import Console

    console = Console(stderr=True, quiet=quiet)
    if quiet or not console.is_terminal:
        yield (lambda label: Lines(label, console.print)), console.print
        return
    text = rich_progress.TextColumn
    columns = (
        rich_progress.SpinnerColumn(),
        text("{task.description:<24}"),
        rich_progress.BarColumn(),
        text("{task.percentage:>3.0f} %"),
        rich_progress.TimeElapsedColumn(),
        text("left"),
        rich_progress.TimeRemainingColumn(),
        text("{task.fields[note]}"),
    )
    with rich_progress.Progress(*columns, console=console) as shown:

        def progress_of(label: str) -> Progress:
            task = shown.add_task(label, total=None, note="")

            def progress(done: int, total: int, note: str = "") -> None:
                shown.update(task, completed=done, total=total, note=note[:40])

            return progress

        yield progress_of, console.print


class Lines:
    """Progress where no bar can be drawn: a line per quarter of a step, with the time left."""

    def __init__(self, label: str, say: Callable[[str], None]) -> None:
        self._label, self._say = label, say
        self._started, self._quarter = time.monotonic(), 0
        say(f"{label} ...")

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """Say so when another quarter is done."""
        quarter = 4 * done // max(total, 1)
        if quarter > self._quarter and done < total:
            self._quarter = quarter
            left = (time.monotonic() - self._started) * (total - done) / done
            self._say(f"{self._label}: {25 * quarter} %, about {left:.0f} s left")
