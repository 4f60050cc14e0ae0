"""From what was typed to what is searched: slips put right, filters taken out of the words, what was given up."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.engine.catalogue import Catalogue
from recsys.query.asides import CLAIM, OCCASION
from recsys.query.circumstances import Circumstances, circumstances_of
from recsys.query.cleaning import Query, read_query, without_addresses
from recsys.query.department_likelihood import department_likelihood
from recsys.query.filters import Filtered
from recsys.query.foreign_exclusions import exclusions_of
from recsys.query.glossary import CODES
from recsys.query.intent import Intent
from recsys.query.language import ENGLISH, Language, LanguageDetector, Untaught, chosen_language
from recsys.query.spelling import Correction
from recsys.query.synonyms import Swap, swapped
from recsys.query.translation import NOTHING, Translation
from recsys.query.understanding import Understanding
from recsys.query.vocabulary import Vocabulary
from recsys.query.wording import WORD, fold, stems, words_of
from recsys.schema import Request, Rows
from recsys.schema.money import Money
from recsys.schema.understood import Chip, Facet, Named, Understood

RELATED: Final = 6  # narrower searches that are offered
DEPARTMENTS: Final = 5  # likeliest ones that are said
SURE: Final = (
    0.8  # of a correction that is searched for at once: of 200 queries with a slip, 151 of 164 such were right
)
SURE_BESIDE: Final = 0.5  # of one whose words stand side by side in names
LIKELY: Final = 0.7  # of a correction to English words, that the query is English: none of 270 is told otherwise by it
FOREIGN_FROM: Final = 0.5  # of a query's letters in the glossary: then it holds no slips of English words
SOME_OTHER: Final = Language("other", 0.5)
MOST_BRANDS: Final = 12  # more are no help as a list
# Amounts at which price bands may end; the later ones are for money of small units.
STEPS: Final = (0.5, 1, 2, 3, 5, 10, 20, 50, 100, 200, 500, 1e3, 2e3, 5e3, 1e4, 2e4, 5e4, 1e5, 2e5, 5e5)


_AMOUNT: Final = re.compile(r"[0-9][0-9.,/]*\s?[^\W\d_]*")
_TELLING: Final = re.compile(r"[^\W\d_]{3,}|[^\x00-\x7f]|[^\W\d_]{2,} [^\W\d_]{2,}")
NAMED_WITH_FIGURES: Final = re.compile(r"([^\W\d_]{3,})[0-9]+")  # "whole30": a word, and no amount of anything
_LETTERS: Final = re.compile(r"[^\W\d_]{2,}")


@dataclass(frozen=True, slots=True)
class Reading:
    """How the query of one request was read. Without a query all of it is empty."""

    typed: str = ""
    intent: Intent | None = None
    correction: Correction | None = None
    applied: bool = False  # whether the correction was searched for, and not only found
    notes: tuple[str, ...] = field(default_factory=tuple)
    language: Language = ENGLISH
    translation: Translation = NOTHING  # what the glossary has for the words of a query in another language
    listed: bool = True  # whether a list of words holds what is in another language
    across: bool = False  # whether to search across languages, because the glossary does not have all of them
    searched: str = ""  # the words to search for as they are in the query, or as the shop calls them
    looked_up: str = ""  # of these, what the index of words is asked for
    swaps: tuple[Swap, ...] = ()  # words that the shop calls otherwise
    named: Named | None = None  # a name that the shop does not carry
    wanted: str = ""  # what was asked for as it was typed, without the occasion and the company it is for
    occasion: str = ""  # what colours the order, and finds nothing: "super bowl"
    colour: str = ""  # of this and of whom it is for, what meaning is asked about beside the words to search for
    people: float = 0.0  # for how many it is to be; 0 where nothing is said of it

    @property
    def meaning(self) -> str:
        """The words to search for; "" when there are only filters, or nothing."""
        return self.searched

    @property
    def coloured(self) -> str:
        """What the vector of the query is of: the words to search for, for whom and on which occasion."""
        found = self.looked_up.split()
        named = {word: NAMED_WITH_FIGURES.fullmatch(word) for word in self.searched.split() if word not in found}
        words = " ".join(match[1] if (match := named.get(word)) else word for word in self.searched.split())
        return f"{words} for {self.colour}" if words and self.colour else words

    @property
    def thing(self) -> str:
        """The words that name what is asked for, as they were typed, without claims about it."""
        return self.intent.thing if self.intent is not None else ""


class QueryReader:
    """Reads queries over one catalogue; nothing in it changes."""

    def __init__(
        self,
        understanding: Understanding,
        catalogue: Catalogue,
        detector: LanguageDetector | Untaught,
        languages_off: str,
    ) -> None:
        self._detector, self._languages_off = detector, languages_off
        self.understanding, self._prices = understanding, catalogue.prices
        self._words = understanding.vocabulary.words
        codes, brands = pd.factorize(catalogue.items[s.BRAND])
        self._brand_codes, self._brands = codes.astype(np.int32), [str(brand) for brand in brands]
        self._departments, self._names = catalogue.department_codes

    def read(self, request: Request) -> Reading:
        """What was typed, put right unless the request is verbatim, and what is meant by it."""
        typed = read_query(request.query)
        query = without_addresses(typed)
        if not query.text:
            return Reading(notes=query.notes)
        correction = self.understanding.spelling.correct(query.text)
        language = self._language(request, query.text, correction)
        if language.foreign and (across := self._across(query, language)) is not None:
            return across
        applied = correction is not None and self._sure(correction) and not request.verbatim
        intent = self.understanding.read(correction.text if correction and applied else query.text)
        exact = request.verbatim or any(mark in intent.text for mark in '"\u201c\u201d[]')
        searched, swaps, wanted = self._searched(intent, exact=exact)
        as_kind, named = (searched, None) if exact or swaps else self._named(searched)
        if named is not None and named.sure:
            searched = as_kind
            correction = correction if applied or not self._is_no_slip(correction) else None
        return Reading(
            typed.text,
            intent,
            correction,
            applied,
            (*query.notes, *intent.notes),
            language if intent.meaning else ENGLISH,
            searched=searched,
            looked_up=self._without_wholes(searched),
            swaps=swaps,
            named=named,
            wanted=wanted.thing,
            occasion=wanted.occasion,
            colour=self._colour(wanted),
            people=wanted.people,
        )

    def _searched(self, intent: Intent, *, exact: bool) -> tuple[str, tuple[Swap, ...], Circumstances]:
        """The words to search for in the shop's words, what was swapped, and for what occasion and company.

        Claims are proven by labels and say nothing of what a thing is, unless they are all there is or the shop has a
        name for them: "gluten free" alone.
        """
        if exact:
            return intent.meaning, (), Circumstances(intent.meaning)
        text = intent.thing or intent.meaning
        knows = self.understanding
        wanted = circumstances_of(text, knows.vocabulary, knows.asides, knows.filters)
        return *swapped(wanted.thing, self.understanding.vocabulary), wanted

    def _named(self, text: str) -> tuple[str, Named | None]:
        """The text, a name that is not carried as its kind, and the name; "low carb" is a claim, no energy drink."""
        as_kind, named = self.understanding.outside.read(text)
        doubtful = named if named is not None and (not named.sure or " " in named.name) else None
        if doubtful and self.understanding.asides.alone(doubtful.name, clear=0.0) in (CLAIM, OCCASION):
            return text, None
        return as_kind, named

    def _colour(self, wanted: Circumstances) -> str:
        """What only meaning can follow; seasons are on labels, which tell better what is of them."""
        seasonal = not self._words.phrases("season").isdisjoint(words_of(wanted.occasion))
        return wanted.whom or ("" if seasonal else wanted.occasion)

    def _without_wholes(self, text: str) -> str:
        """The text without names that end in figures, which the catalogue has neither in one word nor in two."""
        vocabulary = self.understanding.vocabulary
        return " ".join(word for word in text.split() if not self._is_whole(word, vocabulary))

    @staticmethod
    def _is_whole(word: str, vocabulary: Vocabulary) -> bool:
        apart = re.findall(r"[^\W\d_]+|[0-9]+", word)
        named = bool(NAMED_WITH_FIGURES.fullmatch(word)) and not vocabulary.side_by_side(apart)
        return named and not vocabulary.products_with(word)

    def _sure(self, correction: Correction) -> bool:
        """Whether to search for a correction at once; a word of another language may be no slip: cafe, for care.

        One whose words the catalogue has side by side, that leaves nothing as it was, or that goes on with letters that
        are no word, needs to be less sure. A short word beside one that the catalogue does not have may be any name,
        and is asked about: "mtn dew".
        """
        spelling = self.understanding.spelling
        begun = correction.completes and not any(spelling.knows(fold(typed)) for typed, _ in correction.changes)
        one_reading = begun or spelling.fits(correction) or spelling.nothing_else(correction)
        if correction.confidence < (SURE_BESIDE if one_reading else SURE):
            return False
        if spelling.strange_beside(correction):
            return False
        if any(self._is_outside(typed) for typed, _ in correction.changes):
            return False  # a name that is not carried is no slip of one that is
        return not any(self._means_another(typed, meant) for typed, meant in correction.changes)

    def _is_no_slip(self, correction: Correction | None) -> bool:
        """Whether all that a correction changes is of names of foods: then there is nothing to ask about."""
        return correction is not None and all(
            self.understanding.outside.holds(typed) for typed, _ in correction.changes
        )

    def _means_another(self, typed: str, meant: str) -> bool:
        """Whether the word is one of another language and means something else there; "brocoli" is broccoli."""
        glossary = self._words.glossary
        english = [glossary.read(typed, code).english for code in CODES.values() if glossary.holds(typed, code)]
        return any(not set(stems(words_of(meant))) & set(stems(words_of(there))) for there in english)

    def _across(self, query: Query, language: Language) -> Reading | None:
        """A query in another language: in English where the glossary has all its words, else across languages.

        None where searching across languages is off, or there are no words to search for.
        """
        glossary, code = self._words.glossary, language.code
        wanted, unwanted = query.text, tuple[str, ...]()
        if not glossary.read(_AMOUNT.sub(" ", wanted), code).whole:  # it may hold "sin azúcar" as a phrase
            wanted, unwanted = exclusions_of(wanted, code, glossary)
        intent = self.understanding.read(wanted)
        if not intent.meaning:
            return None
        translation = glossary.read(intent.meaning, code)
        if self._languages_off and not translation.whole:
            return None
        notes = (*query.notes, *intent.notes)
        words = intent.meaning
        if translation.whole or unwanted:
            intent = self._in_english(intent, translation.english if translation.whole else words, unwanted)
            words = (self._searched(intent, exact=False)[0] or translation.english) if translation.whole else words
        return Reading(
            query.text,
            intent,
            notes=notes,
            language=language,
            translation=translation,
            across=not translation.whole,
            listed=self._detector.knows(intent.meaning, code),
            searched=words,
            looked_up=words,
            wanted=words,
        )

    def unlisted(self, request: Request, reading: Reading) -> bool:
        """Whether a query that was read as English may be of any language: no list holds a word of it, and no name."""
        if request.language or request.verbatim or self._languages_off or reading.language.foreign or reading.applied:
            return False
        words, knows = [fold(word) for word in WORD.findall(reading.meaning)], self.understanding.spelling.knows
        known = any(map(knows, words)) or self._detector.knows(reading.meaning, "en")
        return bool(words) and not known and reading.named is None and not reading.swaps

    def elsewhere(self, request: Request) -> Reading | None:
        """The query read as one of another language; None where there are no words to search for."""
        return self._across(without_addresses(read_query(request.query)), SOME_OTHER)

    def _in_english(self, intent: Intent, words: str, unwanted: Sequence[str]) -> Intent:
        """The intent with its words in English, as far as they are known, and what it does not want left out."""
        said = [intent.said(part).replace(" … ", " ") for part in intent.parts if not part.in_meaning]
        without = [f"without {word}" for word in unwanted]
        return self.understanding.read(" ".join([words, *said, *without]))

    def _of_shoppers(self, text: str) -> bool:
        """Whether what shoppers call things here is all there is, amounts and single letters beside it left out."""
        left = text
        for typed, _ in swapped(text, self.understanding.vocabulary)[1]:
            left = left.replace(typed, " ")
        if left == text and not self._words.glossary.read(text, "es").phrases:
            return not _TELLING.search(text)  # "v8" and "a&w" are of no language
        return left != text and not _LETTERS.search(_AMOUNT.sub(" ", left))

    def _outside(self, text: str, code: str) -> bool:
        """Whether all that was typed is a name that is surely of a kind, and no word of that language."""
        _, named = self.understanding.outside.read(text)
        whole = named is not None and named.name == text and len(WORD.findall(text)) > 1  # "crème brûlée"
        return named is not None and named.sure and (whole or not self._words.glossary.read(text, code).covered)

    def _is_outside(self, word: str) -> bool:
        named = self.understanding.outside.find(word)
        return (named is not None and named.sure) or self.understanding.outside.holds(word)

    def _with_accents(self, text: str, code: str) -> bool:
        """Whether all words are English but for accents that the language found does not write so: "pâté"."""
        if self._detector.speaks(text, code):
            return False
        words, knows = WORD.findall(text), self.understanding.spelling.knows
        known = all(knows(fold(word)) and not self._words.glossary.spells(word, code) for word in words)
        return known and not text.isascii() and any(len(fold(word)) > 2 and fold(word).isascii() for word in words)

    def _language(self, request: Request, text: str, correction: Correction | None) -> Language:
        """The language of the query: as the person says, else as detected.

        English letters that are a likely slip of English words are that: "choclate" is no Spanish. "naranjas" is, which
        is no slip of a word but in the glossary, and so is "regalo para mi madre", in which other words stay foreign.
        A word that its language surely has is no slip either: "blancas" is not "blacks"; nor is one beside words that
        hold its sentences together, as in "pull en laine"; one beside a word of the shop is.
        """
        if request.language:
            return chosen_language(request.language)
        found = self._detector.detect(text)
        if not found.foreign:
            return found
        if self._of_shoppers(text) or self._with_accents(text, found.code) or self._outside(text, found.code):
            return ENGLISH  # a word of shoppers here: "coke" is French for coal
        if not text.isascii() or correction is None:
            return found
        if self._detector.speaks(text, found.code):
            return found
        if self._beside_shop_words(text, correction):
            return ENGLISH
        if correction.confidence < LIKELY and not correction.completes:
            return found
        foreign = self._words.glossary.read(text, found.code).covered >= FOREIGN_FROM
        foreign = foreign or all(self._detector.has(typed.lower(), found.code) for typed, _ in correction.changes)
        return found if foreign or self._detector.detect(correction.text).foreign else ENGLISH

    def _beside_shop_words(self, text: str, correction: Correction) -> bool:
        """Whether what may be a slip stands beside a word as the shop writes it: "evening dreis", a dress."""
        changed = {word for typed, _ in correction.changes for word in WORD.findall(fold(typed))}
        beside = [word for word in WORD.findall(fold(text)) if word not in changed and len(word) > 2]
        return any(map(self.understanding.spelling.in_catalogue, beside))

    def facets(self, intent: Intent, rows: Rows) -> tuple[Facet, ...]:
        """Words that narrow these results down and that the query has not taken yet: of price, of brand."""
        taken = {part.kind for part in intent.parts}
        out = []
        if "price" not in taken:
            out += [Facet("Price", words, words, n) for words, n in price_bands(self._prices[rows], self._words.money)]
        if "brand" not in taken:
            counts = np.bincount(self._brand_codes[rows], minlength=len(self._brands)).tolist()
            reads = self.understanding.vocabulary.reads_brand
            brands = [(name, n) for name, n in zip(self._brands, counts, strict=True) if n and reads(name)]
            if 1 < len(brands) <= MOST_BRANDS:
                out += [Facet("Brand", name, name.lower(), n) for name, n in sorted(brands, key=lambda b: -b[1])]
        return tuple(out)

    def understood(
        self,
        reading: Reading,
        filtered: Filtered | None,
        rows: Rows,
        scores: npt.NDArray[np.float64],
        facets: tuple[Facet, ...] = (),
        missing: str = "",
    ) -> Understood | None:
        """How the query was read, with what its results (rows and how well they answer it) say of it."""
        if reading.intent is None:
            return None
        likely = department_likelihood(rows, scores.astype(np.float32), self._departments, self._names)
        related = self.understanding.completions.related(reading.meaning, RELATED)
        return Understood(
            typed=reading.typed,
            meaning=reading.meaning,
            chips=_chips(reading.intent, filtered),
            changes=reading.correction.changes if reading.correction and reading.applied else (),
            corrected=reading.correction.text if reading.correction and reading.applied else "",
            swaps=reading.swaps,
            named=reading.named,
            suggestion=reading.correction.text if reading.correction and not reading.applied else "",
            language=reading.language.label,
            language_code=reading.language.code,
            language_off=self._languages_off if reading.language.foreign and not reading.translation.whole else "",
            translation=reading.translation.english if reading.translation.whole else "",
            facets=facets,
            departments=tuple((name, share) for name, share in likely[:DEPARTMENTS] if name),
            related=tuple((one.text, one.count) for one in related),
            matching=filtered.n if filtered else None,
            relaxed=filtered.sentence if filtered else "",
            missing=missing,
        )


def price_bands(prices: npt.NDArray[np.float64], money: Money) -> list[tuple[str, int]]:
    """Up to three bands of about as many products each, in words a query can hold, with their counts."""
    known = prices[np.isfinite(prices)]
    if len(known) == 0:
        return []
    steps = np.array(STEPS)
    ends = [float(steps[np.argmin(np.abs(np.log(steps / max(q, 0.01))))]) for q in np.quantile(known, (1 / 3, 2 / 3))]
    low, high = ends
    least, most = (" ".join(money.short(end).split()) for end in ends)  # words of a query have plain blanks
    bands = [(f"under {least}", known < low), (f"over {most}", known > high)]
    if low != high:
        bands.insert(1, (f"{least} to {most}", (known >= low) & (known <= high)))
    return [(words, int(inside.sum())) for words, inside in bands if 0 < inside.sum() < len(known)]


def _chips(intent: Intent, filtered: Filtered | None) -> tuple[Chip, ...]:
    counts = dict(filtered.counts) if filtered else {}
    given_up = filtered.given_up if filtered else ()
    return tuple(
        Chip(
            part.kind,
            part.label,
            intent.said(part),
            intent.without(part).written(),
            intent.without(part, as_words=True).written(),
            counts.get(part),
            part in given_up,
        )
        for part in intent.parts
    )
