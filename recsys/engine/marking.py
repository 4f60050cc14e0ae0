"""Where the words of a query stand in a title."""

from __future__ import annotations

import re
from typing import Final

from recsys.query.tokens import Tokenizer

# A number or a word as it stands in a title: apostrophes and combining accents belong to the word.
_WORD: Final = re.compile(r"\d+(?:\.\d+)?|[^\W\d_](?:[^\W\d_]|[\u0300-\u036f]|['\u2019](?=[^\W\d_]))*[\u0300-\u036f]*")


def marks(title: str, stems: frozenset[str], tokenizer: Tokenizer) -> tuple[tuple[int, int], ...]:
    """The places [start, end) of the title's words whose stems are asked for, from left to right, none overlapping.

    `stems` are those of the query's words, by the same tokenizer: "apples" marks "Apple". Nothing asked marks nothing.
    """
    if not stems:
        return ()
    return tuple(word.span() for word in _WORD.finditer(title) if stems.intersection(tokenizer.tokens(word.group())))
