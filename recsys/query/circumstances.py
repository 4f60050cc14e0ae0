"""For how many and for which occasion a thing is wanted: "lasagna for 10 people", "super bowl snacks", "party size".

What is named stays what is asked for. The circumstances name nothing that is sold: their words find no products, and
colour the order of those that the rest finds.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.query.amounts import END, START
from recsys.query.asides import OCCASION, Asides
from recsys.query.claims import SAYS_NOTHING
from recsys.query.filters import ItemFilters
from recsys.query.tokens import STOP_WORDS
from recsys.query.vocabulary import Vocabulary
from recsys.query.wording import WORD, fold
from recsys.query.words import ShopWords, any_of

MANY: Final = 6  # people: a package for so many is a large one
MOST_WORDS: Final = 16  # of a query: a longer one is a text, and is left as it is
LONGEST: Final = 4  # words of an occasion: "fourth of july weekend"
A_CROWD: Final = 20.0  # people: "for a crowd", "party size"
BESIDE: Final = re.compile(r"\b(?:for|with|in|of|from|to|on|at|like|under|over)\b", re.IGNORECASE)
_FOR: Final = re.compile(r"\bfor (?:the |a |an |my |our |your |this )?", re.IGNORECASE)
_SIZED: Final = re.compile(rf"{START}(?P<whose>[^\W\d_]+)[ -]sized?{END}", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What was asked for, and for whom and when."""

    thing: str  # the text without the rest
    occasion: str = ""  # "super bowl"
    people: float = 0.0  # 10; 0 where nothing is said of it
    whom: str = ""  # whom or what it is for, of which no product says anything: "puppies"


def _company(words: ShopWords) -> re.Pattern[str]:
    """ "for about 10 people", "for two" at the end, "serves 8", "to feed a family of 4", "for a crowd"."""
    number, whom = any_of(words.numbers), any_of({*words.phrases("people"), "persons", "guests", "friends", "of us"})
    many = rf"(?P<many>[0-9]{{1,3}}|{number})"
    whose = r"(?:a |the )?(?:family|group|party|crowd)(?: of)?"
    return re.compile(
        rf"{START}(?:(?:for|serves|serving|feeds|feeding|to feed|to serve) (?:about |around )?"
        rf"(?:(?:{whose} )?{many}(?: {whom}{END}|(?= *$))|(?P<crowd>a crowd|a large group)))",
        re.IGNORECASE,
    )


def circumstances_of(text: str, vocabulary: Vocabulary, asides: Asides, filters: ItemFilters) -> Circumstances:
    """What was asked for without its circumstances, and these; the text as it is where nothing else would be left."""
    left, people = _without_company(text, vocabulary.words)
    sized = next((one for one in _SIZED.finditer(left) if _is_of_many(fold(one["whose"]), vocabulary, asides)), None)
    if sized is not None:
        left, people = _cut(left, *sized.span()), people or A_CROWD
    for start, end in _occasions(left, vocabulary, asides, filters):
        before = _for_before(left, start)
        rest = _cut(left, before.start() if before else start, end)
        if _names_a_thing(rest, vocabulary):
            return Circumstances(rest, left[start:end], people)
    rest, whom = _without_whom(left, vocabulary)
    return Circumstances(rest, "", people, whom) if rest else Circumstances(text)


def _names_a_thing(text: str, vocabulary: Vocabulary) -> bool:
    return any(map(vocabulary.is_product_word, WORD.findall(text)))


def _without_whom(text: str, vocabulary: Vocabulary) -> tuple[str, str]:
    """The text without a last "for puppies" of which the catalogue knows no word, and whom it is for."""
    match = next(reversed(list(_FOR.finditer(text))), None)
    whom = text[match.end() :] if match else ""
    known = any(map(vocabulary.products_with, WORD.findall(whom)))
    if match is None or not whom or known or not _names_a_thing(text[: match.start()], vocabulary):
        return text, ""
    return text[: match.start()].strip(), whom


def _without_company(text: str, words: ShopWords) -> tuple[str, float]:
    match = words.once(_company).search(text)
    if match is None:
        return text, 0.0
    said = fold(match["many"] or "")
    people = A_CROWD if match["crowd"] else float(said) if said.isdigit() else words.numbers[said]
    return _cut(text, *match.span()), people


def _is_of_many(whose: str, vocabulary: Vocabulary, asides: Asides) -> bool:
    """Whether a size is for an occasion, and no word of the shop for such packages."""
    return whose not in vocabulary.words.phrases("people") and asides.role(whose) == OCCASION


def _occasions(text: str, vocabulary: Vocabulary, asides: Asides, filters: ItemFilters) -> Iterator[tuple[int, int]]:
    """(start, end) of every stretch of words that names an occasion, the longest first."""
    spans = [match.span() for match in WORD.finditer(text)]
    words = [fold(text[start:end]) for start, end in spans]
    if len(words) > MOST_WORDS:
        return
    for size in range(min(LONGEST, len(words) - 1), 0, -1):
        for first in range(len(words) - size + 1):
            last = first + size - 1
            start, end = spans[first][0], spans[last][1]
            placed = last == len(words) - 1 and _for_before(text, start) is not None
            head = "" if placed else _head(first, last, words, vocabulary)
            said = words[first : last + 1]
            if not (placed or head) or not _is_one(said, vocabulary, asides):
                continue
            if not (head and _is_called(said, head, vocabulary, filters)):  # asked last: it goes through all names
                yield start, end


def _head(first: int, last: int, words: Sequence[str], vocabulary: Vocabulary) -> str:
    """The name of the thing that the words stand before; "" where they stand before none, or the shop calls it so."""
    if BESIDE.search(" ".join(words[:first])):
        return ""
    after = BESIDE.split(" ".join(words[last + 1 :]), maxsplit=1)[0].split()
    head = next((word for word in reversed(after) if vocabulary.is_product_word(word)), "")
    return "" if head and vocabulary.side_by_side([words[last], after[0]]) else head


def _is_called(occasion: Sequence[str], head: str, vocabulary: Vocabulary, filters: ItemFilters) -> bool:
    """Whether some product's name holds all of it: "birthday cake candles". Seasons stand on labels of other things.

    What somebody does with a thing, in one word of the shop's ("gaming laptop"), is no occasion either.
    """
    if not vocabulary.words.phrases("season").isdisjoint(occasion):
        return False
    if len(occasion) == 1 and occasion[0].endswith("ing") and vocabulary.products_with(occasion[0]):
        return True
    masks = [filters.holds(word) for word in (*occasion, head) if word not in STOP_WORDS]
    return bool(np.logical_and.reduce(masks).any())


def _is_one(words: Sequence[str], vocabulary: Vocabulary, asides: Asides) -> bool:
    """Whether the words name an occasion: not those for whom a thing is, and not what praises it."""
    if (
        not {words[0], words[-1]}.isdisjoint(STOP_WORDS)
        or set(words) <= vocabulary.words.phrases("people") | SAYS_NOTHING
    ):
        return False
    new = not any(map(vocabulary.products_with, words))  # then it may be a name: "tostitos salsa"
    return asides.role(" ".join(words), new=new) == OCCASION


def _for_before(text: str, at: int) -> re.Match[str] | None:
    return next((match for match in _FOR.finditer(text) if match.end() == at), None)


def _cut(text: str, start: int, end: int) -> str:
    return " ".join(f"{text[:start]} {text[end:]}".split())
