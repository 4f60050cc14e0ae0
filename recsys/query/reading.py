"""A query while it is read: what was found in it, what is spoken for, and the words that are left."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from recsys.query.parts import Part, Span, WithoutPart

# Each part is a chip whose click reads the query once more, so that reading takes the square of their number. Nobody
# names as many prices and sizes; things to leave out may be many, and none of them is dropped lightly.
MOST_PARTS: Final = 12
MOST_WITHOUT: Final = 24

_EDGE: Final = re.compile(r"^(?:[\s,;.&|+/-]|(?:and|or|but|of)(?![\w'-]))+", re.IGNORECASE)
_TAIL: Final = re.compile(r"(?:[\s,;&|+-]|(?<![\w'-])(?:and|or|but|with|for|in|of|a|an|the))+$", re.IGNORECASE)


class Reading:
    """A query while it is read: what was found, and which characters are spoken for."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.left = text  # characters spoken for are replaced by a bar, so that nothing is read twice or across them
        self.parts: list[Part] = []
        self.notes: list[str] = []
        self.gone: list[Span] = []

    def free(self, spans: Iterable[Span]) -> bool:
        """Whether nothing of it is spoken for."""
        return all("\x00" not in self.left[start:end] for start, end in spans)

    def claim(self, *spans: Span) -> None:
        """Let nothing else be read here; the words stay."""
        for start, end in spans:
            self.left = self.left[:start] + "\x00" * (end - start) + self.left[end:]

    def add(self, part: Part) -> None:
        """Take a part; its words leave the meaning unless they are searched for as well. Beyond the most they stay."""
        self.claim(*part.spans)
        unwanted = isinstance(part, WithoutPart)
        if sum(isinstance(p, WithoutPart) is unwanted for p in self.parts) >= (
            MOST_WITHOUT if unwanted else MOST_PARTS
        ):
            self.notes.append(
                f"Only the first {MOST_WITHOUT} things to leave out were read; what follows is searched for."
                if unwanted
                else f"Only the first {MOST_PARTS} filters were read; what follows is searched for as words."
            )
            return
        self.parts.append(part)
        if not part.in_meaning:
            self.gone += part.spans

    def drop(self, spans: Iterable[Span], note: str) -> None:
        """Leave out what was said, and say why."""
        kept = list(spans)
        self.claim(*kept)
        self.gone += kept
        self.notes.append(note)


def left_of(text: str, spans: Sequence[Span]) -> str:
    """The text without those spans."""
    return " ".join(_stretches(text, spans))


def _stretches(text: str, spans: Sequence[Span]) -> Iterator[str]:
    at = 0
    for start, end in sorted(spans):
        if start >= at:
            yield text[at:start]
        at = max(at, end)
    yield text[at:]


def meaning_of(reading: Reading) -> str:
    """The words that are left; what only joined them to what was taken out goes too."""
    stretches = list(_stretches(reading.text, reading.gone))
    kept = []
    for number, stretch in enumerate(stretches):
        if number:
            stretch = _EDGE.sub("", stretch.lstrip())
        if number < len(stretches) - 1:
            stretch = _TAIL.sub("", stretch)
        kept.append(re.sub(r"[\[\]\"\u201c\u201d]", " ", stretch))
    words = " ".join(" ".join(kept).split())
    words = re.sub(r" +([,;])", r"\1", re.sub(r" ?\( ?\)", "", words)).strip(" ,;")
    return words if any(c.isalnum() for c in words) else ""
