"""How long work tells the person who waits: the one shape of progress, whatever shows it."""

from __future__ import annotations

from typing import Protocol


class Progress(Protocol):
    """Told how far a step has come; shows it, or not."""

    def __call__(self, done: int, total: int, note: str = "") -> None:
        """`done` of `total` units of the current step are finished."""


def silent(done: int, total: int, note: str = "") -> None:
    """A Progress that shows nothing."""


class Stopped(Exception):  # noqa: N818  (it is no error)
    """Raised by the progress of work that is to end: because all of it does, or because somebody said so."""
