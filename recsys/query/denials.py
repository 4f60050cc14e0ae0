"""What a text says a product is without: "sugar-free", "without SPF", "non-dairy", "unsweetened", "boneless".

A product that denies a word does not have what the word names: it is no match for who asks for it, and the best one for
who wants it left out.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from recsys.query.wording import fold, stems

SHORTEST: Final = 3  # letters of what an affix denies: "un-til" denies nothing

_PHRASE: Final = re.compile(
    r"\b(?:without(?: any)?|no(?: added)?|non|zero|free of|free from|except|excluding)[ -](?P<after>[^\W_]+)"
    r"(?:(?: &| and| or|,)(?: no)? (?P<also>[^\W_]+)(?=$|[,;)]))?"
    r"|\b(?P<before>[^\W_]+)[ -]free\b"
)
_AFFIX: Final = re.compile(r"\b(?:un|non)(?P<un>[^\W\d_]+)\b|\b(?P<less>[^\W\d_]+)less\b")


def without_denials(text: str) -> str:
    """The folded text without what it denies."""
    return _PHRASE.sub(" , ", text)


def denied_in(text: str) -> Iterator[str]:
    """Every word that a text denies, folded, in no particular order."""
    folded = fold(text)
    for match in _PHRASE.finditer(folded):
        yield from (match[name] for name in ("after", "also", "before") if match[name])
    for match in _AFFIX.finditer(folded):
        word = match["un"] or match["less"]
        if len(word) >= SHORTEST:
            yield word


def denied_stems(texts: Sequence[str]) -> dict[str, list[int]]:
    """For each stem that some text denies, the places of the texts that do, ascending."""
    found: dict[str, list[int]] = {}
    for place, text in enumerate(texts):
        for stem in sorted(set(stems(list(denied_in(text))))):
            found.setdefault(stem, []).append(place)
    return found
