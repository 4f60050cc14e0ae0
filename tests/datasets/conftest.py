"""A small source with a known right answer, and the real one, read once."""

from tests.shops.complete_journey.source import real, small, source

__all__ = ["real", "small", "source"]
