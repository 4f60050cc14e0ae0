"""What shoppers call things and what the shop calls them: "coke" is among the soft drinks, "nappies" are diapers.

Tables of synonyms are how shops mend what neither words nor vectors find (query expansion by a thesaurus: Manning,
Raghavan & Schuetze, "Introduction to Information Retrieval", 2008, section 9.2.2). Every swap is shown and can be taken
back.
"""

from __future__ import annotations

from typing import Final

from recsys.query.amounts import plain
from recsys.query.sizes import CONTAINERS
from recsys.query.vocabulary import Vocabulary
from recsys.query.wording import JOINING, WORD, fold, stems, words_of
from recsys.query.words import ShopWords
from recsys.schema import MAX_QUERY_CHARS

LONGEST: Final = 4  # words of what is asked
Swap = tuple[str, str]  # what was typed, what is searched for


def swapped(text: str, vocabulary: Vocabulary) -> tuple[str, tuple[Swap, ...]]:
    """Words to search for in the shop's words, and what was swapped for what, each once.

    Words that the catalogue itself uses are kept, and the shop's other words added to them; a swap whose words the
    catalogue does not hold is no help and is left out. A whole name of the catalogue is that and nothing else.
    """
    if vocabulary.is_name(text):
        return text, ()
    spans = [match.span() for match in WORD.finditer(text)]
    words = [fold(text[start:end]) for start, end in spans]
    out, swaps, at, place = "", [], 0, 0
    while place < len(spans):
        size, asked = _asked_at(
            place, words, [text[spans[place][0] : end] for _, end in spans[place:][:LONGEST]], vocabulary
        )
        if size:
            start, end = spans[place][0], spans[place + size - 1][1]
            meant = _meant(asked, text[start:end], words, vocabulary)
            if meant != text[start:end]:
                out, at = f"{out}{text[at:start]}{meant}", end
                swaps.append((text[start:end], meant))
        place += size or 1
    searched = out + text[at:]
    return (searched, tuple(dict.fromkeys(swaps))) if len(searched) <= MAX_QUERY_CHARS else (text, ())


def _asked_at(place: int, words: list[str], said: list[str], vocabulary: Vocabulary) -> tuple[int, tuple[str, ...]]:
    """How many words from there on the shop calls otherwise, the most there are, and the name they are; 0 for none.

    `said` are the next words as they were typed, the first one, the first two and so on: a name is the same together,
    apart, with a hyphen, "&" or an apostrophe.
    """
    shop = vocabulary.words
    for size in range(min(LONGEST, len(words) - place), 0, -1):
        asked = tuple(words[place : place + size])
        if asked not in shop.synonyms and not {asked[0], asked[-1]} & JOINING:
            asked = shop.name_of(said[size - 1]) or shop.name_of(_in_figures(said[size - 1], shop))
        meant = words_of(shop.synonyms.get(asked, ""))
        if meant and all(vocabulary.products_with(word) for word in meant):
            if _names_its_kind(words[place + size :], meant, vocabulary):
                return size + 1, asked
            return (0, ()) if _part_of_another(place, size, words, meant[-1], vocabulary) else (size, asked)
    return 0, ()


def _in_figures(said: str, shop: ShopWords) -> str:
    """The text with its number words in figures: "seven up" is 7up."""
    values = {word: plain(shop.numbers[word]) for word in words_of(said) if word in shop.numbers}
    return WORD.sub(lambda match: values.get(fold(match[0]), match[0]), said) if values else ""


def _names_its_kind(after: list[str], meant: list[str], vocabulary: Vocabulary) -> bool:
    """Whether the word after a name only says what it is a kind of: "corn flakes cereal", but not "... cereal bars"."""
    more = after[1] if len(after) > 1 and after[1] not in CONTAINERS else ""
    return bool(after) and stems(after)[0] == stems(meant[-1:])[0] and not vocabulary.is_product_word(more)


def _part_of_another(place: int, size: int, words: list[str], thing: str, vocabulary: Vocabulary) -> bool:
    """Whether the words only tell what kind another thing is, or stand in a name: "cheddar popcorn", "baking soda".

    "vegan snacks" are vegetarian snacks: what says no thing may stand before one.
    """
    before, after = words[max(0, place - 1) : place], words[place + size : place + size + 1]
    if before and vocabulary.side_by_side([*before, words[place]]):
        return True
    if not after or after[0] in CONTAINERS:  # "coke cans"
        return False
    named = vocabulary.side_by_side([words[place + size - 1], *after])
    return named or (vocabulary.is_product_word(after[0]) and vocabulary.is_product_word(thing))


def _meant(asked: tuple[str, ...], typed: str, words: list[str], vocabulary: Vocabulary) -> str:
    """What to search for in place of some of the words, which stay where the catalogue uses them too."""
    shop = vocabulary.words.synonyms[asked]
    if not (vocabulary.side_by_side(asked) if len(asked) > 1 else vocabulary.is_product_word(asked[0])):
        return shop
    there = set(stems(words))
    more = [word for word, root in zip(words_of(shop), stems(words_of(shop)), strict=True) if root not in there]
    return " ".join([typed, *more])
