"""What is asked for beside a thing and nothing here proves: labels that no text bears, names that are not carried.

"Greek" yogurt answered by any yogurt, without a word, is a trap. What no text of such a thing holds is said, as what it
is: a label is missing, a name is not carried, and an occasion is neither.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence, Set
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

import numpy as np

from recsys.engine.reading import NAMED_WITH_FIGURES, Reading
from recsys.query.asides import CLAIM, NAME
from recsys.query.circumstances import BESIDE
from recsys.query.claims import SAYS_NOTHING
from recsys.query.tokens import STOP_WORDS
from recsys.query.understanding import Understanding
from recsys.query.wording import WORD, fold, stems, words_of
from recsys.retrieval.fielded import QueryWords
from recsys.retrieval.lexical import LexicalRetriever
from recsys.schema import Mask, Rows

FEW: Final = 20  # products that hold a word: with fewer, it is not what the shop calls them
LONGEST_NAME: Final = 2  # words that nobody knows: more of them are a sentence, maybe of another language
# They say how much of what follows, and are no label alone.
_DEGREES: Final = frozenset({"very", "extra", "too", "so", "super", "really"})


@dataclass(frozen=True, slots=True)
class Told:
    """What nothing here proves, as it was typed."""

    labels: tuple[str, ...] = ()
    names: tuple[str, ...] = ()
    alone: bool = False  # all there is was typed: it may be no label but a thing that is not sold


NOTHING_TOLD: Final = Told()


class Unproven:
    """Tells what no text of a thing proves, over one catalogue; nothing in it changes."""

    def __init__(self, understanding: Understanding, lexical: LexicalRetriever | None, size: int) -> None:
        self._vocabulary, self._filters = understanding.vocabulary, understanding.filters
        self._outside = understanding.outside
        self._asides, self._lexical, self._size = understanding.asides, lexical, size

    def of(self, reading: Reading, words: QueryWords | None) -> Told:
        """What nothing proves of a query; `words` is what the index of words says of it."""
        if self._lexical is None or words is None or reading.intent is None:
            return NOTHING_TOLD
        found = dict.fromkeys(self._beside(reading) if words.known else self._alone(reading))
        roles = {said: self._asides.role(said, new=self._is_new(said)) for said in found}
        labels, names = (tuple(said for said in roles if roles[said] == role) for role in (CLAIM, NAME))
        return Told(labels, names, alone=not words.known)

    def without(self, told: Told, text: str) -> str:
        """The text to look up without labels that only other things bear: of "decaf tea", no coffee is asked for."""
        labels = {word for label in told.labels for word in words_of(label) if self._says_no_thing(word)}
        left = " ".join(word for word in text.split() if fold(word) not in labels)
        return left if any(map(self._vocabulary.is_product_word, words_of(left))) else text

    def sentence(self, missing: Sequence[str], told: Told, shown: Rows, *, far: bool = False) -> str:
        """ "Nothing here is labelled \u201clactose-free\u201d" where no product shown (k,) proves it, else "".

        `far`: nothing is even near in meaning.
        """
        labels = [label for label in told.labels if not self._shown(label, shown)]
        names = [name for name in told.names if not self._shown(name, shown)]
        return _sentence(list(dict.fromkeys([*missing, *labels])), names, alone=told.alone, far=far)

    def _shown(self, label: str, shown: Rows) -> bool:
        rows = np.zeros(self._size, np.bool_)
        rows[shown] = True
        return any(self._holds(word, rows) for word in words_of(label))

    def _is_new(self, phrase: str) -> bool:
        return not any(map(self._vocabulary.products_with, words_of(phrase)))

    def _beside(self, reading: Reading) -> list[str]:
        """The words before the thing's name that no text of such a thing holds: "greek" of yogurt, "low sodium"."""
        searched = [fold(word) for word in WORD.findall(BESIDE.split(reading.searched, maxsplit=1)[0])]
        head = next((word for word in reversed(searched) if self._vocabulary.is_product_word(word)), "")
        if not head:
            return []
        things, called = self._things(head), self._filters.holds(head)
        found = [typed for typed, meant in reading.swaps if self._is_no_label(words_of(meant), head, things)]
        swapped = {word for typed, _ in reading.swaps for word in words_of(typed)} | {head}
        swapped |= set(words_of(reading.named.name)) if reading.named else set()
        typed = list(map(fold, WORD.findall(BESIDE.split(reading.wanted, maxsplit=1)[0])))
        ends = head if head in typed else next((word for word in typed if word in swapped), None)
        return [*found, *self._runs(typed[: typed.index(ends) if ends else None], swapped, things, called)]

    def _things(self, head: str) -> Mask:
        """The products whose texts hold the name of the thing, (n_items,)."""
        assert self._lexical is not None
        things = self._lexical.holding(head)
        if int(things.sum()) < FEW:
            return np.ones(self._size, np.bool_)  # the shop has another word for it, as it has for sunscreen
        return things

    def _says_no_thing(self, word: str) -> bool:
        """Whether a word of the catalogue's says how a thing is and names none: "decaf", not "fish" or "nail"."""
        known = self._vocabulary.products_with(word) > 0 and not self._vocabulary.is_product_word(word)
        return known and self._asides.alone(word, clear=0.0) == CLAIM

    def _alone(self, reading: Reading) -> Iterator[str]:
        """What was typed, where no product holds it: no slip, no thing, no word of another language.

        A name that is asked about is left to the question.
        """
        if reading.correction or reading.named is not None or reading.swaps or reading.language.foreign:
            return
        words = words_of(reading.wanted)
        role = self._asides.alone(reading.wanted)
        taken_back = self._outside.read(reading.wanted)[1] is not None  # what it is a kind of was said, and not wanted
        if role == CLAIM or (role == NAME and len(words) <= LONGEST_NAME and not taken_back):
            yield " ".join(words)

    def _runs(self, typed: Sequence[str], known: Set[str], things: Mask, called: Mask) -> list[str]:
        """The words that no text of the things holds, those side by side as one; a degree goes with what it is of.

        What only says how a thing is must stand on one that is `called` so: in "tea & decaf coffee" no tea is decaf.
        """
        found, beside, degree = list[str](), False, ""
        for word, after in pairwise([*typed, ""]):
            if word in _DEGREES:
                degree, beside = word, False
                continue
            strict = int(called.sum()) >= FEW and self._says_no_thing(word)
            strict = strict and not (after and self._vocabulary.side_by_side([word, after]))
            missing = word not in known and self._may_be_label(word)
            missing = missing and not self._holds(word, called if strict else things)
            completes = beside and word in SAYS_NOTHING  # "heart healthy", "kid friendly"
            if missing or completes:
                said = f"{degree} {word}".strip()
                found.append(f"{found.pop()} {said}" if beside else said)
            beside, degree = missing, ""
        return found

    def _holds(self, word: str, things: Mask) -> bool:
        """Whether a text of these holds the word; one with figures in it is no word and a number apart: "whole30"."""
        assert self._lexical is not None
        if not word.isalpha():
            return self._vocabulary.products_with(word) > 0
        return bool((self._lexical.holding(word) & things).any())

    def _is_no_label(self, meant: Sequence[str], head: str, things: Mask) -> bool:
        """Whether the shop's words for a label are on no such thing: "vegetarian", for vegan, on no ice cream."""
        assert self._lexical is not None
        if stems([head])[0] in stems(meant):
            return False  # they name the thing itself
        return not any((self._lexical.holding(word) & things).any() for word in meant)

    def _may_be_label(self, word: str) -> bool:
        shop = self._vocabulary.words
        nothing = STOP_WORDS | SAYS_NOTHING | shop.phrases("compound") | shop.numbers.keys()
        return len(word) > 1 and (word.isalpha() or bool(NAMED_WITH_FIGURES.fullmatch(word))) and word not in nothing


def _sentence(labels: Sequence[str], names: Sequence[str], *, alone: bool, far: bool) -> str:
    """ "Nothing here is labelled \u201clactose-free\u201d": labels that no text bears, names not carried."""
    label = f"Nothing here is labelled {_either(labels)}: check the package." if labels else ""
    if labels and alone:  # "umbrella" is no label, and "keto" no thing
        shown = "; these are the nearest things" if far else ": what is shown is only near in meaning"
        label = f"Nothing here is called or labelled {_either(labels)}{shown}."
    name = (
        f"We do not carry {_either(names)}{': what is shown is only near in meaning' if alone else ''}."
        if names
        else ""
    )
    return " ".join(filter(None, [label, name]))


def _either(words: Sequence[str]) -> str:
    said = [f"\u201c{word}\u201d" for word in words]
    return said[0] if len(said) == 1 else f"{', '.join(said[:-1])} or {said[-1]}"
