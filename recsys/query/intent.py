"""Read what a query means: price, brand, size, what it is without, a department, exact words, a model number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Final, TypeVar

from recsys.query.amounts import END, START
from recsys.query.claims import denials_asked
from recsys.query.cleaning import read_query
from recsys.query.currencies import SIGNS
from recsys.query.exclusions import asked_for, exclusions_in
from recsys.query.framing import framing_in
from recsys.query.measures import Claim, measures_in
from recsys.query.parts import (
    BrandPart,
    DepartmentPart,
    ExactPart,
    MakePart,
    ModelPart,
    Part,
    SizePart,
    Span,
    WithoutPart,
)
from recsys.query.prices import PriceFound, cheap_in, merge_prices, prices_in
from recsys.query.reading import Reading, left_of, meaning_of
from recsys.query.sizes import sizes_alone, sizes_in
from recsys.query.synonyms import swapped
from recsys.query.vocabulary import Vocabulary, traps_in
from recsys.query.wording import WORD, fold, lower
from recsys.query.words import ShopWords, any_of
from recsys.schema import MAX_QUERY_CHARS
from recsys.schema.capabilities import Capability

LONGEST_MODEL: Final = 32
MOST_CLAIMS: Final = 6  # of one query
COMMON: Final = 20  # products: a mixed word that so many have is a word of the trade ("mp3"), not a model number

_MINUS: Final = re.compile(r"(?<!\S)-(?=\S)")
_WORDS_ONLY: Final = re.compile(r"\[([^\[\]]*)\]")
_QUOTED: Final = re.compile(r"(?<!-)[\"\u201c]([^\"\u201c\u201d]+)[\"\u201d]")
_MODEL: Final = re.compile(rf"(?<![\w/.{re.escape(SIGNS)}-])[A-Za-z0-9]+(?:[-/.][A-Za-z0-9]+)*(?![\w/%-])")
_QUANTITY: Final = re.compile(
    r"[0-9]+(?:[-./x][0-9]+)*-?[a-z]{0,6}(?:/[a-z]+[0-9]?)?|[a-z]{1,7}-?[0-9]{1,2}|(?:spf|omega|vitamin|size)-?[0-9]+"
)

P = TypeVar("P", bound=Part)


@dataclass(frozen=True, slots=True)
class Intent:
    """What a query means. `text` is its written form: reading it again gives the same intent.

    `meaning` holds the words to search for. `notes` say what was put right or left out. In the written form, words in
    square brackets are words and nothing else: "[half gallon] milk" asks for no size.
    """

    text: str
    meaning: str
    parts: tuple[Part, ...]
    notes: tuple[str, ...]
    _vocabulary: Vocabulary = field(repr=False, compare=False)
    claims: tuple[Claim, ...] = ()  # what only a product's own text can prove; their words are in the meaning
    thing: str = ""  # the meaning without the claims, but for those that the shop itself names such things with

    def only(self, kind: type[P]) -> tuple[P, ...]:
        """The parts of one kind."""
        return tuple(part for part in self.parts if isinstance(part, kind))

    def said(self, part: Part) -> str:
        """The words of the query that the part was read from."""
        return " … ".join(self.text[start:end] for start, end in part.spans)

    def without(self, part: Part, *, as_words: bool | None = None) -> Intent:
        """The intent as if the part had not been meant.

        The words of a price, a size, an exclusion and "house brand" vanish; those of a department, of a quoted phrase
        and of a model number become plain words. `as_words` decides otherwise: True for a wrong guess, whose words are
        to be searched for.
        """
        keep = part.words_return if as_words is None else as_words
        text = self.text
        for start, end in sorted(part.spans, reverse=True):
            words = re.sub(r"[\[\]\"\u201c\u201d]", " ", text[start:end]).strip() if keep else ""
            before, after = text[:start].rstrip(), text[end:].lstrip()
            if not words and before.endswith(","):
                after = after.removeprefix(",")  # what stood between two commas takes one of them along
            text = f"{before} {f'[{words}]' if words else ''} {after}"
        return read_intent(_tidied(text), self._vocabulary)

    def written(self) -> str:
        """The intent as short plain text, for the address bar: `read_intent` makes the same of it."""
        return self.text


def read_intent(text: str, vocabulary: Vocabulary) -> Intent:
    """What the query means to a catalogue with that vocabulary. Never raises.

    What `read_query` has to say of the text (its length, its pictures) is not repeated in the notes.
    """
    reading = Reading(_cleaned(text))
    for find in (_words_only, _exact, _names, _makers, _departments, _sizes, _framing, _prices, _without, _models):
        find(reading, vocabulary)
    meaning = meaning_of(reading)
    _drop_contradictions(reading, meaning)
    claims = _claims(reading, vocabulary)
    reading.gone += [claim.span for claim in claims if not _is_named(claim, reading.text, vocabulary)]
    thing = meaning_of(reading) if claims else meaning
    parts = sorted((part for part in reading.parts), key=lambda part: part.spans[0])
    notes = tuple(dict.fromkeys(reading.notes))
    return Intent(reading.text, meaning, tuple(parts), notes, vocabulary, claims, thing)


def _claims(reading: Reading, vocabulary: Vocabulary) -> tuple[Claim, ...]:
    """The claims among the words that are left; an amount that the shop writes into names is a word of theirs."""
    found = [claim for claim in denials_asked(reading.left, vocabulary) if reading.free([claim.span])]
    if vocabulary.has_sizes:
        amounts = measures_in(reading.left, vocabulary.words)
        found += [claim for claim in amounts if not vocabulary.names_measure(claim.label)]
    once = {claim.label: claim for claim in reversed(found)}
    return tuple(sorted(once.values(), key=lambda claim: claim.span))[:MOST_CLAIMS]


def _is_named(claim: Claim, text: str, vocabulary: Vocabulary) -> bool:
    """Whether the shop itself calls such a thing so: "wireless" beside "mouse", where it has a wireless mouse."""
    before = [fold(word) for word in WORD.findall(text[: claim.span[0]])][-1:]
    after = [fold(word) for word in WORD.findall(text[claim.span[1] :])][:1]
    return any(vocabulary.side_by_side([claim.label, word]) for word in [*before, *after])


def _cleaned(text: str) -> str:
    """The text as `read_query` leaves it, read twice: cutting it may leave something to clean."""
    once = _tidied(read_query(text).text[:MAX_QUERY_CHARS])
    return read_query(once).text


def _tidied(text: str) -> str:
    """Single blanks, none before a comma, no comma at either end."""
    return re.sub(r" +([,;])", r"\1", " ".join(text.split())).strip(" ,;")


def _words_only(reading: Reading, vocabulary: Vocabulary) -> None:
    for match in _WORDS_ONLY.finditer(reading.text):
        reading.claim(match.span())


def _exact(reading: Reading, vocabulary: Vocabulary) -> None:
    for match in _QUOTED.finditer(reading.left):
        words = " ".join(match[1].split())
        if WORD.search(words) and "\x00" not in match[0]:
            reading.add(ExactPart((match.span(),), words))


def _names(reading: Reading, vocabulary: Vocabulary) -> None:
    """Whole names, brands, and phrases that look like a filter while the catalogue knows them as part of a name."""
    text = reading.left
    makes = list(vocabulary.makes_in(text))
    unwanted = [span for part in exclusions_in(text, vocabulary) for span in part.spans] if makes else []
    for start, end, make in makes:
        if not any(low <= start < high for low, high in unwanted):  # "without acme" is read further down
            reading.add(MakePart(((start, end),), make))
    if vocabulary.is_name(reading.text) and not _MINUS.search(reading.text):  # "sauce -meat" is no sauce with meat
        _models(reading, vocabulary)
        reading.claim((0, len(reading.text)))
    for start, end, said in traps_in(lower(text), vocabulary.words):
        denial = said.startswith("no ") or said.endswith(" free")  # the words of a claim: see `denials_asked`
        if not denial and vocabulary.has_phrase(said) and reading.free([(start, end)]):
            reading.claim((start, end))


def _maker_patterns(words: ShopWords) -> tuple[tuple[str, re.Pattern[str]], ...]:
    """The house's brand and everybody else's, and how either may be called."""
    called = {
        brand: any_of(phrase for phrase, its in words.brands.items() if its == brand)
        for brand in (words.house_brand, words.other_brand)
        if brand
    }
    return tuple((brand, re.compile(rf"{START}{its}{END}", re.IGNORECASE)) for brand, its in called.items())


def _makers(reading: Reading, vocabulary: Vocabulary) -> None:
    """The brand of the house and that of others, in catalogues that tell them apart."""
    found = {
        name: [match.span() for match in pattern.finditer(reading.left)]
        for name, pattern in vocabulary.words.once(_maker_patterns)
        if name in vocabulary.kinds_of_brand
    }
    said = {name: spans for name, spans in found.items() if spans}
    if len(said) > 1:
        spans = [span for its in said.values() for span in its]
        one, other = said
        reading.drop(spans, f"{one} and {other.lower()} were both asked for, so both are shown.")
        return
    for name, spans in said.items():
        reading.add(BrandPart(tuple(spans), name))


def _departments(reading: Reading, vocabulary: Vocabulary) -> None:
    """Departments that are named as such: "in the garden department", "toys aisle"; a bare "garden" is a word."""
    if vocabulary.department_pattern is None:
        return
    for match in vocabulary.department_pattern.finditer(reading.left):
        said = re.split(r", ?| & | and ", fold(match["near"] or match["before"]))
        names = {vocabulary.departments.get(" ".join(WORD.findall(name)), "") for name in said}
        if len(names) == 1 and "" not in names:
            reading.add(DepartmentPart((match.span(),), names.pop()))


def _sizes(reading: Reading, vocabulary: Vocabulary) -> None:
    if not vocabulary.has_sizes:
        spans = [found.span for found in sizes_in(reading.left, vocabulary.words)]
        _leave_as_words(reading, spans, Capability.SIZES)
        return
    for finder in (sizes_in, sizes_alone):
        for found in finder(reading.left, vocabulary.words):
            if not reading.free([found.span]):
                continue
            if found.part is not None:
                reading.add(found.part)
            else:
                reading.drop([found.span], found.impossible)
    _one_size_each(reading)


def _framing(reading: Reading, vocabulary: Vocabulary) -> None:
    """What frames the thing asked for is no word of it, where a thing is left."""
    spans = [span for span in framing_in(reading.left, vocabulary) if reading.free([span])]
    if WORD.search(left_of(reading.left, [*reading.gone, *spans]).replace("\x00", " ")):
        reading.claim(*spans)
        reading.gone += spans


def _leave_as_words(reading: Reading, spans: Sequence[Span], lacking: Capability) -> None:
    """What the shop cannot filter by is searched for as it was typed, and it is said why."""
    free = [span for span in spans if reading.free([span])]
    reading.claim(*free)
    if free:
        reading.notes.append(lacking.missing)


def _one_size_each(reading: Reading) -> None:
    """Of two sizes in one dimension the later counts: no package has both."""
    last: dict[str, SizePart] = {}
    for part in [part for part in reading.parts if isinstance(part, SizePart)]:
        measures = "count" if part.count == part.count else "content"
        before = last.get(measures)
        if before is not None:
            reading.parts.remove(before)
            reading.notes.append(f"No package is both {before.label} and {part.label}; {part.label} is used.")
        last[measures] = part


def _prices(reading: Reading, vocabulary: Vocabulary) -> None:
    shop, found = vocabulary.words, list[PriceFound]()
    for price in prices_in(reading.left, lambda word: vocabulary.products_with(word) > 0, shop):
        found.append(price)
        if vocabulary.has_prices:
            reading.claim(price.span)
    if not vocabulary.has_prices:
        _leave_as_words(reading, [price.span for price in found], Capability.PRICES)
        return
    cheap = [span for span in cheap_in(reading.left, shop) if not vocabulary.products_with(reading.left[slice(*span)])]
    words = WORD.findall(left_of(reading.left, [*reading.gone, *cheap]).replace("\x00", " "))
    merged = merge_prices(found, cheap, _cheap_of(words, vocabulary) if cheap and not found else None, shop.money)
    if merged.part is not None:
        reading.add(merged.part)
    for note in merged.notes:
        reading.drop(merged.dropped, note)
    if any(price.other_money for price in found):
        reading.notes.append(f"Prices are in {shop.currency.plural}; the amount was read as {shop.currency.short}.")


def _cheap_of(words: list[str], vocabulary: Vocabulary) -> float | None:
    """What is cheap for these words as the shop calls them."""
    return vocabulary.cheap(WORD.findall(swapped(" ".join(words), vocabulary)[0]))


def _without(reading: Reading, vocabulary: Vocabulary) -> None:
    for part in exclusions_in(reading.left, vocabulary):
        if reading.free(part.spans):
            reading.add(part)


def _models(reading: Reading, vocabulary: Vocabulary) -> None:
    """Model numbers: letters and at least two figures in one word that is no quantity and no common word."""
    for match in _MODEL.finditer(reading.left):
        word = match[0]
        if len(word) > LONGEST_MODEL:
            continue
        figures, letters = sum(c.isdigit() for c in word), sum(c.isalpha() for c in word)
        long_number = word.isdigit() and len(word) >= 8  # a bar code
        if not long_number and (figures < 2 or letters < 1 or len(word) < 4 or _QUANTITY.fullmatch(word.lower())):
            continue
        if vocabulary.products_with(word) < COMMON:
            reading.add(ModelPart((match.span(),), word))


def _drop_contradictions(reading: Reading, meaning: str) -> None:
    for part in [part for part in reading.parts if isinstance(part, WithoutPart)]:
        if asked_for(part, meaning):
            reading.parts.remove(part)
            reading.notes.append(f"“{part.words}” is both asked for and left out; leaving it out was ignored.")
