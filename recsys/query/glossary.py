"""What the shop's everyday words are called in other languages: a query is put into English word by word.

An encoder of a hundred languages knows that "Brot" is food, and not always which; a list of a few hundred words knows
what it holds for certain. It reads the longest phrases first, takes plain inflections off, and takes German compounds
apart from the right ("Katzenstreu", "Apfel|kuchen"); what it does not hold it says, and leaves to the encoder.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Final

from recsys.query.chinese import simplified
from recsys.query.translation import NOTHING, Translation
from recsys.query.wording import fold

CODES: Final = {"spanish": "es", "german": "de", "french": "fr", "chinese": "zh"}  # columns after the English one
LONGEST_PHRASE: Final = 5  # words: "croquettes pour chien", "toallas de papel"
MOST_WORDS: Final = 20  # of a query
SHORTEST_STEM: Final = 3  # letters that an ending leaves: "uvas", "oeufs"
SHORTEST_OF_COMPOUND: Final = 3  # letters of either part: "Ei|salat", too short, is left to the encoder
# Taken off one at a time, longest first; all are plural, gender or case of nouns and adjectives.
ENDINGS: Final = {
    "es": ("es", "s"),
    "de": ("en", "er", "es", "em", "e", "n", "s"),
    "fr": ("es", "s", "x", "e"),
    "zh": (),
}
NOUN_FIRST: Final = ("es", "fr")  # "leche sin lactosa", in English "lactose free milk"
LINKS: Final = ("", "s", "n", "en", "es", "e", "er")  # between the parts of a German compound
# They say nothing of what is looked for. Without them nothing would be wholly read: "huile de tournesol", "苹果的".
SMALL: Final = {
    "es": "a al con de del el en la las los para por un una unos unas y o e mi",
    "de": "am an auf aus das dem den der die ein eine einen einer fuer fur im in mit mein oder und vom von zu zum",
    "fr": "a au aux avec de des du en et la le les mes mon ou par pour un une d l",
    "zh": "的 和 与 或 些 个 包 袋 盒 瓶 斤 我 要 想 买",
}

_WORD: Final = re.compile(r"[^\W_]+")
_NO_PHRASE: Final = ""  # what stands for a word that is not listed


class Glossary:
    """Phrases of four languages and what they are in English; nothing in it changes, any thread may ask."""

    def __init__(self, rows: Sequence[Sequence[str]]) -> None:
        """`rows`: an English phrase and, in the order of CODES, what it is called, ways separated by "|"."""
        self._places = {english: at for at, english in enumerate(dict.fromkeys(row[0] for row in rows))}
        self._phrases: dict[str, dict[str, str]] = {code: {} for code in CODES.values()}
        self._spelt: dict[str, set[str]] = {code: set() for code in CODES.values()}
        for english, *others in rows:
            for code, ways in zip(CODES.values(), others, strict=True):
                self._spelt[code].update(_WORD.findall(ways.lower()))
                for way in ways.split("|"):
                    if key := self._key(way, code):
                        self._phrases[code].setdefault(key, english)
        self._small = {code: frozenset(words.split()) for code, words in SMALL.items()}
        self._longest = max((len(key) for key in self._phrases["zh"]), default=0)

    def english(self) -> list[str]:
        """Every English phrase once, in the order of the table."""
        return list(self._places)

    def places(self, phrases: Sequence[str]) -> list[int]:
        """Where each of these English phrases stands among those of `english`. Raises KeyError for any other."""
        return [self._places[phrase] for phrase in phrases]

    def read(self, query: str, code: str) -> Translation:
        """The query in English as far as the glossary goes; NOTHING in a language that it does not hold."""
        if code not in self._phrases:
            return NOTHING
        key = self._key(query[:1_000], code)
        found = list(self._chinese(key) if code == "zh" else self._latin(key.split()[:MOST_WORDS], code))
        if code == "zh" and not all(english for english, _ in found):  # "water" says little of 墨水, which is ink
            found = [(english if n > 1 else _NO_PHRASE, n) for english, n in found]
        phrases = dict.fromkeys(english for english, _ in found if english)
        if not phrases:
            return NOTHING
        covered = sum(n for english, n in found if english) / sum(n for _, n in found)
        return Translation(tuple(reversed(phrases) if code in NOUN_FIRST else phrases), covered)

    def holds(self, word: str, code: str) -> bool:
        """Whether a single word is listed, in any plain form, or is a German compound of two that are."""
        if code not in self._phrases:
            return False
        key = self._key(word, code)
        parts = self._compound(key) if code == "de" else []
        return bool(self._form(key, code)) or (bool(parts) and all(known for known, _ in parts))

    def spells(self, word: str, code: str) -> bool:
        """Whether a phrase of the language holds the word with these very accents, or it without an ending."""
        spelt, lower = self._spelt.get(code, set()), word.lower()
        return lower in spelt or any(
            lower.endswith(end) and lower[: -len(end)] in spelt for end in ENDINGS.get(code, ())
        )

    def _key(self, text: str, code: str) -> str:
        """As phrases are compared: accents gone, "ß" as "ss", the German umlauts with or without their "e"."""
        if code == "zh":
            return "".join(_WORD.findall(simplified(text.lower())))
        plain = fold(re.sub("['\u2019]", " ", text)).replace("œ", "oe").replace("ß", "ss")
        return " ".join(_WORD.findall(plain))

    def _chinese(self, text: str) -> Iterator[tuple[str, int]]:
        """(English or "", characters) from left to right, the longest known word first."""
        at = 0
        while at < len(text):
            for size in range(min(self._longest, len(text) - at), 0, -1):
                if english := self._phrases["zh"].get(text[at : at + size]):
                    yield english, size
                    break
            else:
                size = 1
                if text[at] not in self._small["zh"]:
                    yield _NO_PHRASE, 1
            at += size

    def _latin(self, words: Sequence[str], code: str) -> Iterator[tuple[str, int]]:
        """(English or "", letters) from left to right, the longest known phrase first."""
        at = 0
        while at < len(words):
            for size in range(min(LONGEST_PHRASE, len(words) - at), 0, -1):
                if english := self._phrase(words[at : at + size], code):
                    yield english, sum(map(len, words[at : at + size]))
                    break
            else:
                size = 1
                if words[at] not in self._small[code]:
                    yield from self._unlisted(words[at], code)
            at += size

    def _unlisted(self, word: str, code: str) -> Iterator[tuple[str, int]]:
        parts = self._compound(word) if code == "de" else []
        yield from parts or [(_NO_PHRASE, len(word))]

    def _phrase(self, words: Sequence[str], code: str) -> str:
        """The English of a phrase whose words may each be inflected."""
        phrases = self._phrases[code]
        if english := phrases.get(" ".join(words)):
            return english
        if len(words) == 1:
            return self._form(words[0], code)
        return next(
            (
                english
                for at in range(len(words))
                for form in self._forms(words[at], code)
                if (english := phrases.get(" ".join([*words[:at], form, *words[at + 1 :]])))
            ),
            "",
        )

    def _form(self, word: str, code: str) -> str:
        """The English of a single word in any plain form, "" when it is not listed."""
        phrases = self._phrases[code]
        return next((phrases[form] for form in (word, *self._forms(word, code)) if form in phrases), "")

    @staticmethod
    def _forms(word: str, code: str) -> Iterator[str]:
        """The word without an ending, and the German one with its umlauts written as one letter."""
        plain = re.sub("([aou])e", r"\1", word) if code == "de" else word
        if plain != word:
            yield plain
        for ending in ENDINGS[code]:
            if plain.endswith(ending) and len(plain) - len(ending) >= SHORTEST_STEM:
                yield plain[: -len(ending)]

    def _compound(self, word: str) -> list[tuple[str, int]]:
        """The listed parts of a German compound, from left to right; the last one must be listed, else there are none.

        "Vollkorntoast" is whole grain and bread; of "Dinkelbrot" only that it is bread. Where the rest is not listed
        the last part must be so as it stands, and long: "Rahm" is none in "Bilderrahmen", nor "Eis" in "Preis".
        """
        for at in range(SHORTEST_OF_COMPOUND, len(word) - SHORTEST_OF_COMPOUND + 1):
            if not (head := self._form(word[at:], "de")):
                continue
            first = word[:at]
            parts = [*(first.removesuffix(link) for link in LINKS if first.endswith(link)), first + "e"]  # Kirsch|saft
            known = next(
                (
                    english
                    for part in parts
                    if len(part) >= SHORTEST_OF_COMPOUND and (english := self._form(part, "de"))
                ),
                _NO_PHRASE,
            )
            if known or (word[at:] in self._phrases["de"] and len(word) - at > SHORTEST_OF_COMPOUND):
                return [(known, at), (head, len(word) - at)]
        return []
