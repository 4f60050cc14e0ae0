"""What a query does not want: "no egg", "without nuts or raisins", "-olives", "free of soy", "egg-free"."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

from recsys.query.amounts import START
from recsys.query.parts import Span, WithoutPart
from recsys.query.tokens import STOP_WORDS
from recsys.query.vocabulary import Vocabulary
from recsys.query.wording import WORD, fold, stems
from recsys.query.words import ShopWords

MOST: Final = 12  # of one query: beyond that it is a list of words, and each costs a look at the catalogue
LONGEST: Final = 3  # words of one exclusion: "peanut butter cups"
_SKIPPED: Final = frozenset({"the", "any", "a", "an"})
_DEGREES: Final = frozenset({"too", "very", "so", "overly", "more", "less"})  # "not too spicy" leaves nothing out
_WEAK: Final = frozenset({"no", "not"})
_AND_OR: Final = re.compile(r" ?,? ?(?:and|or|nor|&) (?:no |without )?", re.IGNORECASE)
_FREE: Final = re.compile(rf"{START}([^\W\d_]+)[ -]free(?![\w-])", re.IGNORECASE)
_OR: Final = re.compile(r" ?,? ?(?:or|nor) ", re.IGNORECASE)  # after "no", an "and" begins something else


# Verbs that are denied: "that doesn't have raisins", "which aren't made with egg", "I can't eat gluten", "isn't diet".
_NOT: Final = r"(?:n['\u2019]?t| not)"
_VERBS: Final = (
    r"have|has|contain|include|involve|use|need|want|like|eat|drink|take|do|taste (?:of|like)|smell (?:of|like)"
)
_DENIED: Final = (
    rf"(?:(?:that|which|i|we|he|she|they|it) )?(?:(?:do|does|did|ca|can|could|would|should|wo){_NOT}|cannot|never)"
    rf" (?:{_VERBS})(?:ing|s)?"
    rf"|(?:(?:that|which|it|they) )?(?:is|are|was|were){_NOT}(?: (?:made|flavou?red) (?:of|from|with))?"
    r"|not (?:made|flavou?red|filled|topped) (?:of|from|with)|(?:i am |i['\u2019]?m )?(?:allergic|intolerant) to"
    r"|(?:i |we )?(?:hate|avoid)|avoiding|leaving out|lacking|instead of|rather than|as opposed to|aside from|devoid of"
    r"|(?:with )?none of|(?:with )?nothing (?:with|like)"
)


def _asked(words: ShopWords) -> re.Pattern[str]:
    phrases = rf"(?:{_DENIED}|{words.any_phrase('without')})(?: any(?: of)?(?: the)?)?"
    return re.compile(rf"{START}(?:(?P<said>{phrases}) |(?P<minus>-)(?=[^\W\d_]|[\"\u201c]))", re.IGNORECASE)


def exclusions_in(text: str, vocabulary: Vocabulary) -> Iterator[WithoutPart]:
    """The first MOST different exclusions, from left to right; what is said again is one with the first.

    What the catalogue itself says ("no juice") is none. After a bare "no" or "not", only a word of the catalogue's or
    a make is one: "no egg", but not "no pulp", which names a kind of product and is for `claims.denials_asked`.
    """
    spans: dict[str, list[Span]] = {}
    for part in _exclusions(text, vocabulary):
        if part.words in spans or len(spans) < MOST:
            spans.setdefault(part.words, []).extend(part.spans)
    for words, said in spans.items():
        yield WithoutPart(tuple(said), words)


def _exclusions(text: str, vocabulary: Vocabulary) -> Iterator[WithoutPart]:
    words, at = vocabulary.words, 0
    while match := words.once(_asked).search(text, at):
        at = match.end()
        strong = bool(match["minus"]) or fold(match["said"]) not in _WEAK
        start = match.start()
        while (found := _target(text, at, vocabulary, strong=strong)) is not None:
            end, unwanted = found
            yield WithoutPart(((start, end),), unwanted)
            at = end
            more = (_AND_OR if strong else _OR).match(text, at)
            if more is None or match["minus"]:
                break
            following = _word_at(text, more.end())
            named = following is not None and vocabulary.is_product_word(following[1])
            if not named and vocabulary.make_at(text, more.end()) is None:
                break  # "without nuts and cheap": the list has ended
            start, at = at, more.end()
    neither = words.numbers.keys() | words.phrases("compound")
    for match in _FREE.finditer(text):
        word = fold(match[1])
        if word not in neither and not vocabulary.has_phrase(f"{word} free") and vocabulary.is_product_word(word):
            yield WithoutPart((match.span(),), word)


def _word_at(text: str, at: int) -> tuple[int, str] | None:
    match = WORD.match(text, at)
    return (match.end(), fold(match[0])) if match else None


def _target(text: str, at: int, vocabulary: Vocabulary, *, strong: bool) -> tuple[int, str] | None:
    """(end, words) of what is excluded from `at` on: the longest run of words that the catalogue has side by side."""
    quoted = re.compile(r"[\"\u201c]([^\"\u201c\u201d]{1,60})[\"\u201d]").match(text, at)
    if quoted and WORD.search(quoted[1]):
        return quoted.end(), " ".join(WORD.findall(fold(quoted[1])))
    if make := vocabulary.make_at(text, at):
        return make
    end, words = at, list[str]()
    while len(words) < LONGEST and (following := _word_at(text, end if not words else end + 1)):
        if words and (text[end] not in " -" or not vocabulary.side_by_side([words[-1], following[1]])):
            break
        if words or following[1] not in _SKIPPED:
            words.append(following[1])
            end = following[0]
        elif text[following[0] : following[0] + 1] == " ":
            end = following[0] + 1
        else:
            break
    if not words or not _may_be_excluded(words, text, end, vocabulary, strong=strong):
        return None
    return end, " ".join(words)


def _may_be_excluded(words: list[str], text: str, end: int, vocabulary: Vocabulary, *, strong: bool) -> bool:
    following, shop = _word_at(text, end + 1), vocabulary.words
    if following and following[1] in {"added", "free"}:
        return False
    if (
        words[0] in _DEGREES
        or words[0] in STOP_WORDS
        or words[0] == "free"
        or words[0][0].isdigit()
        or words[0] in shop.numbers
    ):
        return False
    if strong:
        return True
    if words[0] in shop.phrases("compound") or vocabulary.has_phrase(f"no {words[0]}"):
        return False
    return vocabulary.products_with(words[-1]) > 0


def asked_for(part: WithoutPart, meaning: str) -> bool:
    """Whether the meaning asks for the very words that are excluded."""
    return set(stems(part.words.split())) <= set(stems(WORD.findall(fold(meaning))))
