"""The few named errors of ShelfLens: each says what was seen, what is allowed and what to do."""

from __future__ import annotations


class ShelfLensError(Exception):
    """Base of every error that a person can act on.

    `seen` is what was found, `allowed` what would have been right, `remedy` what to do now.
    """

    def __init__(self, seen: str, *, allowed: str = "", remedy: str = "") -> None:
        self.seen = seen
        self.allowed = allowed
        self.remedy = remedy
        super().__init__(self.one_line())

    def one_line(self) -> str:
        """The whole message on one line, as the command line prints it."""
        parts = [self.seen.rstrip(".")]
        if self.allowed:
            parts.append(f"allowed: {self.allowed.rstrip('.')}")
        if self.remedy:
            parts.append(f"what to do: {self.remedy.rstrip('.')}")
        return " ".join(". ".join(parts).split()) + "."


class BadRequestError(ShelfLensError):
    """A request that cannot be answered: an unknown shopper, an impossible k, a query too long."""


class SettingsError(ShelfLensError):
    """A setting that cannot be used."""


class DataError(ShelfLensError):
    """Source data that is missing or is not what its schema says."""


class ModelError(ShelfLensError):
    """A model file that is missing, has the wrong hash or does not compute what it should."""


class ArtifactError(ShelfLensError):
    """A prepared file that is missing, stale, truncated or corrupt."""


class StorageError(ShelfLensError):
    """A disk that is full or cannot be written."""


class FeedbackError(ShelfLensError):
    """The feedback database is locked, damaged or out of reach; answers go on without it."""
