"""What is asked of a product beside what it is: that it is free of something ("gluten-free"), or measures so much.

Claims stay words of the query. What proves one is the product's own text, and where no text does, that has to be said:
"lactose-free" answered by any milk is a trap.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from recsys.query.amounts import START
from recsys.query.measures import Claim
from recsys.query.tokens import STOP_WORDS
from recsys.query.vocabulary import Vocabulary
from recsys.query.wording import fold

# They praise or count, and no label says them.
_PRAISE: Final = (
    "best good great nice new favorite favourite popular top some something any more other tasty yummy delicious "
    "healthy fancy big cheap quick easy fresh real regular normal plain pack packs friendly "
    "size sized serve serving servings style"
)
SAYS_NOTHING: Final = frozenset(_PRAISE.split())

_FREE: Final = re.compile(
    rf"{START}(?P<before>[^\W\d_]+)[ -]free(?!\w|-[^\W_])"
    rf"|{START}(?:no|without|zero)(?: any)? (?:added (?P<added>[^\W\d_]+)|(?P<what>[^\W\d_]+) added)(?![\w-])"
    rf"|{START}non[ -](?P<non>[^\W\d_]+)(?![\w-])"
    rf"|{START}un(?P<un>[^\W\d_]{{3,}})(?![\w-])|{START}(?P<less>[^\W\d_]{{3,}})less(?![\w-])"
    rf"|{START}(?:not (?:too|very|so|overly|as)|less(?! than)) (?P<degree>[^\W\d_]+)(?![\w-])"
    rf"|{START}no[ -](?P<no>[^\W\d_]+)(?![\w-])",
    re.IGNORECASE,
)


def denials_asked(text: str, vocabulary: Vocabulary) -> Iterator[Claim]:
    """Every "gluten free", "no salt added", "non-dairy", "unscented", "no pulp" of a query, from left to right.

    After a bare "no" only what the catalogue itself says, or a word that it does not know: of others, "no" leaves
    products out.
    """
    words = vocabulary.words
    neither = words.phrases("compound") | words.numbers.keys() | STOP_WORDS | {"free"}
    for match in _FREE.finditer(text):
        denied = fold(next(word for word in match.groups() if word))
        if denied in neither:
            continue
        if (match["un"] or match["less"]) and not vocabulary.products_with(denied):
            continue  # "under", "unless": no word of theirs is denied
        if match["no"] and vocabulary.products_with(denied) and not vocabulary.has_phrase(f"no {denied}"):
            continue
        yield Claim(match.span(), _label(match, denied), denied)


def _label(match: re.Match[str], denied: str) -> str:
    if match["added"] or match["what"]:
        return f"no {denied} added"
    if match["un"] or match["less"] or match["degree"]:
        return fold(match[0])
    if match["non"]:
        return f"non-{denied}"
    return f"no {denied}" if match["no"] else f"{denied}-free"
