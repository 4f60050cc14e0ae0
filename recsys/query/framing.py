"""Words around what is asked for that name nothing: "do you have", "a bag of", the "size" of "family size"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from recsys.query.amounts import START
from recsys.query.parts import Span
from recsys.query.sizes import CONTAINERS
from recsys.query.vocabulary import Vocabulary
from recsys.query.words import any_of

_ASKING: Final = (
    r"(?:hi|hello|hey)[,!]? |(?:(?:i am|i['\u2019]?m|we are|we['\u2019]?re|just) )?looking for "
    r"|(?:i|we)(?: really| just)? (?:need|want|would like|['\u2019]?d like)(?: to (?:buy|get|order|find))? "
    r"|(?:i|we)['\u2019]?d (?:like|love)(?: to (?:buy|get|order|find))? "
    r"|(?:can|could|may) (?:i|we|you) (?:please )?(?:get|have|buy|find|order|show)(?: me| us)? "
    r"|(?:do|would) (?:you|they|u) (?:guys )?(?:have|sell|carry|stock|got) |where (?:is|are|can i (?:find|get|buy)) "
    r"|(?:please )?(?:show|give|find|get|bring) (?:me|us) |search(?:ing)? for "
)
_ASKED: Final = re.compile(rf"^(?:{_ASKING})+(?:(?:some|any|a|an|the) )?(?=\w)", re.IGNORECASE)
_THANKS: Final = re.compile(rf"{START}(?:please|pls|plz|thanks|thank you|thx)(?![\w-])[!.?]*", re.IGNORECASE)
_HOW_BIG: Final = "big|large|small|little|tiny|huge|giant|whole|single|full"
_OF: Final = re.compile(
    rf"{START}(?:(?:a|an|one|some) )?(?:(?:{_HOW_BIG}) )?{any_of(CONTAINERS)} of (?=[^\W\d_])", re.IGNORECASE
)
_SIZE: Final = re.compile(r"(?P<word>[^\W\d_]{3,})[ -](?P<size>sized?)(?![\w-]| ?[0-9])", re.IGNORECASE)


def framing_in(text: str, vocabulary: Vocabulary) -> Iterator[Span]:
    """Every stretch of a query that only frames what is asked for, from left to right in each of its forms.

    What the catalogue itself has side by side ("snack size") stays.
    """
    for pattern in (_ASKED, _THANKS):
        yield from (match.span() for match in pattern.finditer(text))
    for match in _OF.finditer(text):
        yield match.span()
    for match in _SIZE.finditer(text):
        if not vocabulary.side_by_side([match["word"], match["size"]]):
            yield match.span("size")
