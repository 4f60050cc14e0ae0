"""Did you mean: the catalogue's own words, how often it has them, and the slips of people who type."""

from __future__ import annotations

import math
import re
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.errors import DataError
from recsys.query.edits import cost, deletions, distance
from recsys.query.real_words import RealWords
from recsys.query.tokens import STOP_WORDS
from recsys.query.vocabulary import Names, Vocabulary
from recsys.query.wording import (
    WORD,
    Arrays,
    WordList,
    fold,
    load_arrays,
    save_arrays,
    stems,
    words_of,
)

# The weights below were set by hand on 138 queries of common misspellings and right words, so their 126 right answers
# are no estimate. Of 200 shopper queries with one random slip each, 166 were put right; of these only the right
# spellings had been looked at ("diet cola" and "low carb" gave SHORTEST_RARE).
HEAD: Final = 7  # letters whose deletions are indexed (SymSpell's choice): 646,000 entries instead of 921,000
NEAREST: Final = 60  # candidates that are compared letter by letter: 20 and 2,000 gave the same answers to all 338
WEIGHED: Final = 6  # of them that are weighed slip by slip
FREQUENT: Final = 400  # occurrences in the dictionary's subtitles; rarer words are known, never suggested
PER_SLIP: Final = 4.0  # what a slip takes from the log weight of a word
PER_SLIP_IF_LONG: Final = 3.0  # of LONG letters and more: the other letters still say which word it is
LONG: Final = 6
CATALOGUE: Final = 5.0  # what the catalogue adds to it: e^5, and the more products the more
AS_TYPED: Final = 0.5  # log weight of the word being right as it is: a name nobody listed
RARE: Final = 50  # the dictionary's least count, which half its words have: names and slips of its own among them
SHORTEST_RARE: Final = 5  # letters; shorter ones are as near to anything: cola and cold, carb and care
RARE_AS_TYPED: Final = 5.0  # log weight of such a word: "appel" is one
LISTED: Final = 5.0  # log weight of a word of shopper_words.csv
BESIDE: Final = 2.0  # for standing beside the next word as in the catalogue
LONGEST_WORD: Final = 30  # letters; what is longer is no slip
MOST_UNKNOWN: Final = 8  # words looked at in one query, at about half a millisecond each
# Of the 200, right among those offered at .5 to .7, .7 to .9, over .9: 5 of 10, 21 of 29, 130 of 135.
SURE: Final = 0.5

LEAST_BEGUN: Final = 3  # letters
BEGUN: Final = 0.95  # of such a word's share: not everybody is on the way there
CERTAIN: Final = 0.9  # of what a word begins that the shop does not have: "toil" is on its way to toilet paper
ONLY_OFFERED: Final = 0.75  # what a slip of other letters counts for, where the letters begin words of the shop

JOINED: Final = 0.9  # of two words that the catalogue writes as one, that they are it
APART: Final = 0.75  # the same, where it has both: asked, and not done
LONGEST_SHORT: Final = 5  # letters of an abbreviation
OFTEN: Final = 400  # the commonest words of the catalogue with a first letter, among which it is looked for
WRITTEN_OUT: Final = 0.75  # of an abbreviation, that it is one: asked, and not done
_CONSONANTS: Final = re.compile(r"[bcdfghjklmnpqrstvwxz]{2,}")

# what is quoted or in brackets, and "covid-19"
_AS_IT_STANDS: Final = re.compile(r"\"[^\"]*\"|\u201c[^\u201d]*\u201d|\[[^\[\]]*\]|\w+-[0-9]\w*")
_NO_PLURAL: Final = re.compile(r"(?:[osxz]|[^aeiou]y|[cs]h)s$")  # as English forms it


@dataclass(frozen=True, slots=True)
class Correction:
    """A query as it may have been meant. `confidence` is the least of the changes' probabilities, 0.5 to 1."""

    text: str
    confidence: float
    changes: tuple[tuple[str, str], ...]  # what was typed, what may have been meant

    @property
    def completes(self) -> bool:
        """Whether it only goes on with what was typed: "brea", bread."""
        return all(meant.startswith(fold(typed)) for typed, meant in self.changes)


@dataclass(frozen=True, slots=True)
class _Change:
    start: int
    end: int
    meant: str
    confidence: float


def english_words() -> Mapping[str, int]:
    """English words and how often film subtitles use them, from pyspellchecker; needed at preparation only.

    Raises DataError when the package is not installed.
    """
    try:
        from spellchecker import SpellChecker
    except ImportError as error:
        raise DataError(
            "pyspellchecker is not installed, so real words cannot be told from typos",
            remedy="pip install pyspellchecker",
        ) from error
    dictionary: Mapping[str, int] = SpellChecker().word_frequency.dictionary
    return {word: count for word, count in dictionary.items() if word.isascii() and word.isalpha()}


class Spelling:
    """Corrects words nobody knows, splits and joins words; leaves everything that is a word alone.

    Candidates come from a deletion neighbourhood (Garbe, "SymSpell", 2012), and are weighed as in a noisy channel
    (Kernighan, Church & Gale, 1990): log P(word) minus the cost of the slips. Arrays: `know_`, every known word;
    `word_`, those that may be suggested, with `weight` float32 and `products` int32; `deletion` uint32 sorted checksums
    and `owner` int32, the candidate each belongs to.
    """

    def __init__(self, arrays: Arrays, vocabulary: Vocabulary) -> None:
        self.arrays, self._vocabulary = arrays, vocabulary
        self._known, self._words = WordList(arrays, "know_"), WordList(arrays, "word_")
        self._real = RealWords(vocabulary, self._one_slip_from)

    @classmethod
    def of(cls, tables: Sequence[Names], vocabulary: Vocabulary, english: Mapping[str, int]) -> Spelling:
        """From the catalogue's names, categories and brands, and English words with their frequency."""
        words, products = vocabulary.words, _products_per_word(tables)
        said = (
            {
                word
                for role in ("below", "above", "without", "cheap", "aisle")
                for phrase in words.phrases(role)
                for word in WORD.findall(phrase)
            }
            | words.units.keys()
            | words.numbers.keys()
        )
        rare = {word for word, count in english.items() if count <= RARE} - said - words.shopper_words - products.keys()
        known = {*english, *words.shopper_words, *said, *products}
        weights = {word: 0.4 * math.log1p(count / 50) for word, count in english.items() if count >= FREQUENT}
        weights |= dict.fromkeys(words.shopper_words, LISTED)
        for word, stem in zip(list(weights), stems(list(weights)), strict=True):
            if n := vocabulary.products_with(stem):  # another form of a catalogue word: banana beside bananas
                weights[word] = CATALOGUE - 1.0 + math.log1p(n)
        weights |= {word: CATALOGUE + math.log1p(n) for word, n in products.items() if len(word) > 2}
        candidates = sorted(word for word in weights if len(word) > 2 and word.isascii() and word.isalpha())
        arrays = {
            **WordList.arrays(sorted(known), "know_"),
            "rare": np.asarray([word in rare for word in sorted(known)], bool),
            **WordList.arrays(candidates, "word_"),
            "weight": np.asarray([weights[word] for word in candidates], np.float32),
            "products": np.asarray([products.get(word, 0) for word in candidates], np.int32),
            **_deletion_index(candidates),
        }
        return cls(arrays, vocabulary)

    def save(self, folder: Path) -> None:
        """Write it to a folder of its own."""
        save_arrays(self.arrays, folder)

    @classmethod
    def load(cls, folder: Path, vocabulary: Vocabulary) -> Spelling:
        """What `save` wrote, memory-mapped. Raises ArtifactError when it cannot be read."""
        return cls(load_arrays(folder), vocabulary)

    def knows(self, word: str) -> bool:
        """Whether the word needs no correction: the catalogue's, English, a number, a mixture, or another script."""
        if not 2 < len(word) <= LONGEST_WORD or not (word.isascii() and word.isalpha()):
            return True
        at = self._known.find(word)
        listed = at >= 0 and (len(word) < SHORTEST_RARE or not self.arrays["rare"][at])
        return listed or self._regular_form(word)

    def _regular_form(self, word: str) -> bool:
        """Whether the catalogue has the word with an "s" more or less; "tomatos" and "tomatoe" are no such forms."""
        if word.endswith("s"):
            return not _NO_PLURAL.search(word) and self.in_catalogue(word[:-1])
        return not word.endswith(("oe", "y")) and self.in_catalogue(word + "s")

    def in_catalogue(self, word: str) -> bool:
        """Whether the catalogue writes this very word."""
        at = self._words.find(word)
        return at >= 0 and bool(self.arrays["products"][at])

    def candidates(self, word: str, before: str = "", after: str = "") -> list[tuple[str, float]]:
        """What the word may have been meant as, with probabilities, best first; `before` and `after` stand beside it.

        The probabilities and that of the word as it was typed add up to 1.
        """
        limit = 1 if len(word) < 5 else 2
        per_slip = PER_SLIP if len(word) < LONG else PER_SLIP_IF_LONG
        found = []
        for at in self._near(word, limit):
            other = self._words.word(at)
            slips = distance(word, other, limit)
            if slips <= limit:
                weight = float(self.arrays["weight"][at])
                found.append((weight - per_slip * slips, weight, other))
        scored = {}
        for _, weight, other in sorted(found, reverse=True)[:WEIGHED]:
            score = weight - per_slip * cost(word, other)
            beside = (before and self._vocabulary.side_by_side([before, other])) or (
                after and self._vocabulary.side_by_side([other, after])
            )
            scored[other] = score + BESIDE * bool(beside)
        as_typed = RARE_AS_TYPED if self._known.find(word) >= 0 else AS_TYPED
        total = math.exp(as_typed) + sum(map(math.exp, scored.values()))
        return sorted(
            ((other, math.exp(score) / total) for other, score in scored.items()), key=lambda o: (-o[1], o[0])
        )

    def _near(self, word: str, limit: int) -> list[int]:
        """The candidates that share most deletions with the word."""
        keys = np.asarray([zlib.crc32(d.encode()) for d in sorted(deletions(word[:HEAD], limit))], np.uint32)
        low = self.arrays["deletion"].searchsorted(keys)
        high = self.arrays["deletion"].searchsorted(keys, "right")
        owners = [self.arrays["owner"][a:b] for a, b in zip(low.tolist(), high.tolist(), strict=True) if a < b]
        if not owners:
            return []
        found, shared = np.unique(np.concatenate(owners), return_counts=True)
        ends = self.arrays["word_ends"]
        lengths = ends[found + 1] - ends[found]
        near = np.abs(lengths - len(word)) <= limit
        found, shared = found[near], shared[near]
        best = np.lexsort((-self.arrays["weight"][found], -shared))[:NEAREST]
        return [int(at) for at in found[best]]

    def correct(self, query: str) -> Correction | None:
        """The query with unknown words corrected, split or joined; None when there is nothing to suggest.

        A query whose words the catalogue knows is never changed, nor is a number or a real word of its own.
        """
        changes = list(self._changes(query))
        if not changes:
            return None
        text = query
        for change in reversed(changes):
            text = text[: change.start] + change.meant + text[change.end :]
        said = tuple((query[change.start : change.end], change.meant) for change in changes)
        return Correction(text, min(change.confidence for change in changes), said)

    def put_right(self, query: str) -> str:
        """The query with its likely slips put right, as it is where there is none."""
        correction = self.correct(query)
        return correction.text if correction else query

    def _changes(self, query: str) -> Iterator[_Change]:
        meant = _AS_IT_STANDS.sub(lambda match: " " * len(match[0]), query)
        found = [(match.start(), match.end(), fold(match[0])) for match in WORD.finditer(meant)]
        at = unknown = 0
        before = ""
        while at < len(found) and unknown < MOST_UNKNOWN:
            start, end, word = found[at]
            following = found[at + 1] if at + 1 < len(found) else None
            if following and query[end : following[0]] in {" ", "-"} and (joined := self._joined(word, following[2])):
                yield _Change(start, following[1], *joined)
                before = joined[0]
                at += 2
                continue
            at += 1
            after = following[2] if following else ""
            if following and (pair := self._real.pair(word, after)):
                yield _Change(start, following[1], *pair)
                before = pair[0].split()[-1]
                at += 1
                continue
            known = self.knows(word) or self._named(query, found, at - 1)
            unknown += not known
            last = following is None and query[end:] == ""
            short = None if known else self._written_out(word, before, after)
            best = self._real.word(word, before, after) if known else self._best(word, before, after, last=last)
            best = short or best or (self._half_typed(word) if last and not self._named(query, found, at - 1) else None)
            if best is not None:
                yield _Change(start, end, *best)
            before = word if best is None else best[0].split()[-1]

    def _named(self, query: str, found: Sequence[tuple[int, int, str]], at: int) -> bool:
        """Whether the word is a name that shoppers use, or part of one: "cocacola", and "cola" of "coca cola"."""
        name_of = self._vocabulary.words.name_of
        low, high = max(at - 2, 0), min(at + 3, len(found))
        spans = ((found[a][0], found[b][1]) for a in range(low, at + 1) for b in range(at, high))
        return any(name_of(query[start:end]) for start, end in spans)

    def _written_out(self, word: str, before: str, after: str) -> tuple[str, float] | None:
        """An abbreviation of consonants beside a word of its name, written out: "grnd beef", "mtn dew"."""
        if not (before or after) or len(word) > LONGEST_SHORT or not _CONSONANTS.fullmatch(word):
            return None
        names = [asked for asked in self._vocabulary.words.synonyms if len(asked) > 1]
        pairs = [pair for asked in names for pair in pairwise(asked)]
        found = [b for a, b in pairs if a == before and _shortens(word, b)]
        found += [a for a, b in pairs if b == after and _shortens(word, a)]
        if not found:
            low, high = self._words.prefixed(word[0])
            counts = self.arrays["products"][low:high]
            likely = (
                self._words.word(low + int(at)) for at in np.argsort(-counts, kind="stable")[:OFTEN] if counts[at]
            )
            found = [other for other in likely if _shortens(word, other) and self._stands_beside(other, before, after)]
        return (found[0], WRITTEN_OUT) if found else None

    def _stands_beside(self, word: str, before: str, after: str) -> bool:
        side_by_side = self._vocabulary.side_by_side
        return bool((before and side_by_side([before, word])) or (after and side_by_side([word, after])))

    def fits(self, correction: Correction) -> bool:
        """Whether each changed word was none, and stands beside another word of the query in the catalogue."""
        words = words_of(correction.text)
        pairs = [pair for pair in pairwise(words) if self._vocabulary.side_by_side(pair)]
        beside = {word for pair in pairs for word in pair}
        return all(
            not self.knows(fold(typed)) and set(words_of(meant)) <= beside for typed, meant in correction.changes
        )

    def nothing_else(self, correction: Correction) -> bool:
        """Whether several words were changed, each into one of the catalogue's, and none was left as it was typed."""
        changed = [word for _, meant in correction.changes for word in words_of(meant)]
        left = set(words_of(correction.text)) - set(changed) - STOP_WORDS
        return len(changed) > 1 and not left and all(map(self.in_catalogue, changed))

    def strange_beside(self, correction: Correction) -> bool:
        """Whether a short word was changed beside one that the catalogue does not have: then it may be any name."""
        changed = {word for _, meant in correction.changes for word in words_of(meant)}
        others = [word for word in words_of(correction.text) if word not in changed and word not in STOP_WORDS]
        short = any(len(fold(typed)) < SHORTEST_RARE for typed, _ in correction.changes)
        return short and any(not self._vocabulary.products_with(word) for word in others)

    def _best(self, word: str, before: str, after: str, *, last: bool) -> tuple[str, float] | None:
        """The most likely reading of an unknown word, when it is likelier than not; the last one may be half typed."""
        begun, likely = self._begun(word) if last else ("", 0.0)
        if likely >= SURE:
            return begun, likely  # "piz" is on its way to pizza, and no slip of "pie"
        options = [*self._splits(word), *self.candidates(word, before, after)[:1]]
        meant, confidence = max(options, key=lambda option: option[1], default=("", 0.0))
        if begun and not meant.startswith(word):
            confidence = min(confidence, ONLY_OFFERED)
        return (meant, confidence) if confidence >= SURE else None

    def _half_typed(self, word: str) -> tuple[str, float] | None:
        """What a word that the catalogue does not have is on its way to, where that is all but certain: "choc", "oran".

        What shoppers are known to type is a word of its own ("dove"); an everyday one ("sand") may be, and is asked.
        """
        if self._vocabulary.products_with(word) or word in self._vocabulary.words.shopper_words:
            return None
        meant, share = self._begun(word)
        if share < CERTAIN * BEGUN:
            return None
        return meant, share if self._words.find(word) < 0 else min(share, ONLY_OFFERED)

    def _begun(self, word: str) -> tuple[str, float]:
        """The word of the catalogue that these letters begin, and the share of its products among all they begin."""
        low, high = self._words.prefixed(word)
        counts = self.arrays["products"][low:high]
        if len(word) < LEAST_BEGUN or not counts.any():
            return "", 0.0
        best = int(counts.argmax())
        meant = self._words.word(low + best)
        roots = stems([self._words.word(at) for at in range(low, high)])
        same = np.array([root == roots[best] for root in roots])
        return meant, float(counts[same].sum() / counts.sum()) * BEGUN

    def _one_slip_from(self, word: str) -> list[str]:
        """Words of the catalogue that are one slip away; first letters are seldom wrong."""
        near = [self._words.word(at) for at in self._near(word, 1) if self.arrays["products"][at]]
        return [other for other in near if other[0] == word[0] and distance(word, other, 1) == 1]

    def _splits(self, word: str) -> Iterator[tuple[str, float]]:
        """Two words of the catalogue written as one: "icecream"; surest when it has them side by side."""
        for at in range(2, len(word) - 2):
            a, b = word[:at], word[at:]
            if self._vocabulary.products_with(a) and self._vocabulary.side_by_side([a, b]):
                yield f"{a} {b}", 0.95
            elif at > 3 and len(b) > 3 and self.in_catalogue(a) and self.in_catalogue(b):
                yield f"{a} {b}", 0.6

    def _joined(self, a: str, b: str) -> tuple[str, float] | None:
        """One word of the catalogue written as two that it never has side by side: "tooth paste", "tooth brush".

        Where it has either word by itself it is only asked: a smart watch may be a smartwatch, or any watch.
        """
        if not (a.isalpha() and b.isalpha()) or len(a) < 2 or len(b) < 2:
            return None
        if not self._vocabulary.products_with(a + b) or self._vocabulary.side_by_side([a, b]):
            return None
        if stems([a + b])[0] in stems([a, b]):
            return None  # the second word is no more than an ending: "toothpaste red" is no form of toothpaste
        return a + b, APART if self.in_catalogue(a) and self.in_catalogue(b) else JOINED


def _shortens(short: str, word: str) -> bool:
    """Whether the letters stand in the word in this order, the first one first and the last one last."""
    letters = iter(word)
    return word[0] == short[0] and word[-1] == short[-1] and len(word) > len(short) and all(c in letters for c in short)


def _products_per_word(tables: Sequence[Names]) -> dict[str, int]:
    """How many products have each word in their name, category or brand."""
    counts: dict[str, int] = {}
    for names in tables:
        for its_segments, n in zip(names.segments, names.products().tolist(), strict=True):
            for word in {word for segment in its_segments for word in segment if word.isalpha()}:
                counts[word] = counts.get(word, 0) + n
    return counts


def _deletion_index(words: Sequence[str]) -> dict[str, npt.NDArray[Any]]:
    """Checksums of every word's deletions, sorted, each with the word it belongs to."""
    per_word = [
        np.asarray([zlib.crc32(d.encode()) for d in deletions(word[:HEAD], 1 if len(word) < 5 else 2)], np.uint32)
        for word in words
    ]
    sums = np.concatenate([*per_word, np.empty(0, np.uint32)])
    owner = np.repeat(np.arange(len(words), dtype=np.int32), [len(its) for its in per_word])
    order = np.lexsort((owner, sums))
    return {"deletion": sums[order], "owner": owner[order]}
