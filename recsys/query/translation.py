"""A query of another language put into English, as it travels from the glossary to whoever searches by it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Translation:
    """A query in English: the phrases that were found, in English order, and the share of it that they cover."""

    phrases: tuple[str, ...] = ()
    covered: float = 0.0  # 0..1, of the letters of its words, small words left out

    @property
    def english(self) -> str:
        """The phrases as one query; "" when there are none."""
        return " ".join(self.phrases)

    @property
    def whole(self) -> bool:
        """Whether every word of the query was found, so that the English says all of it."""
        return self.covered == 1.0


NOTHING: Final = Translation()
