"""Which language a query is in: English, Spanish, German, French, Chinese, Italian, Portuguese, Dutch or another one.

Other scripts are told by their letters. Latin words are weighed as in naive Bayes: a word's chance in a language is how
often film subtitles use it, and for words that no list holds, what its letters say (trigrams; Dunning, "Statistical
Identification of Language", 1994). Films seldom speak of dog food: a word of the glossary, and a German compound of two
such words, counts as one that is used often; and a word that no list holds may be one of two that a list does, as
Germanic languages make them, by the geometric mean of their chances (Koehn & Knight, "Empirical Methods for Compound
Splitting", 2003). The words of the catalogue count as English twice over, and a query of such words alone is English,
whatever else it could be: it finds what it names.
"""

from __future__ import annotations

import gzip
import json
import re
import unicodedata
import zlib
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from importlib import resources
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import PREPARE, write_array, write_whole
from recsys.errors import ArtifactError, BadRequestError, DataError
from recsys.query.glossary import CODES, LINKS, Glossary
from recsys.query.word_vectors import words_by_rank
from recsys.query.wording import stems
from recsys.query.words import ShopWords
from recsys.schema.understood import LANGUAGES

# Languages whose everyday words are listed, so that theirs are told from English and from those of the others; a person
# cannot choose them, and no glossary has their words.
NEIGHBOURS: Final = {"it": "Italian", "pt": "Portuguese", "nl": "Dutch"}
LATIN: Final = ("en", "es", "de", "fr", *NEIGHBOURS)  # columns of the tables
LABELS: Final[dict[str, str]] = {**LANGUAGES, **NEIGHBOURS, "other": "another language"}
ALPHABET: Final = " abcdefghijklmnopqrstuvwxyzßàâäçèéêëíîïñóôöœùúûüáýæ'"  # " " marks where a word begins and ends
# Of three times as much for the neighbours, two Spanish words were Portuguese and "tortilla chips" were Dutch.
PRIOR: Final = (0.4, 0.19, 0.19, 0.19, 0.01, 0.01, 0.01)
OF_CATALOGUE: Final = 0.8  # of the words in an English query, those that the catalogue has
UNLISTED: Final = 0.02  # of the words people type, those that no list holds
IN_GLOSSARY: Final = 1e-4  # chance of a shop's word: that of "milk" in the subtitles
ALL_IN_GLOSSARY: Final = 0.95  # "pain sans gluten", of which the shop knows two words in English
LETTERS_LEAN_ON: Final = 20.0  # so many trigrams of its own, and a pair of letters says more than the last alone
LETTERS_FROM: Final = 50_000  # distinct words of a language, spread over its alphabet
# A word of the shop may be lent to any language: "jersey de lana", a name of a make. With five times as much, English
# brands are Dutch.
LENT: Final = 0.01
LONGEST_WORD: Final = 30  # letters; what follows says no more of the language
MOST_WORDS: Final = 20
OFTEN: Final = 1e-6  # chance of a word that English surely has; below lie what lists hold by mistake
# The same of another language, which has it in place of a slip of an English word. Of 407 slips of one letter, 3 are
# such words, and 6 more of its neighbours' words, all but one of them short.
AT_TIMES: Final = 5e-7
SHORTEST_OF_NEIGHBOURS: Final = 6  # letters
OF_SPEECH: Final = 1e-3  # chance of words that hold sentences together: "en", "de", "für"; none of them names a thing
# Films of the list speak of few things that are sold; newswire does: "smartphone". So many of its words are English,
# each with the chance that its rank gives it (Zipf). Further down stand words of other languages.
OF_NEWSWIRE: Final = 60_000
# Posterior, chosen on that half of the authored queries: no query in another language stands between 0.25 and 0.62,
# "deodorant" at 0.40 and "tomatos" at 0.50.
ENGLISH_FROM: Final = 0.35
# The same where English surely has every word and no glossary any: what a shop does not sell has the same names
# elsewhere, "bacon" and "ketchup". At 0.02 "sale" is no Italian salt.
ALL_ENGLISH_FROM: Final = 0.1
COMPOUNDED: Final = {"en": ("",), "de": LINKS, "nl": ("", "s", "n", "en", "e", "er")}  # what stands between two words
SHORTEST_PARTS: Final = (3, 4)  # letters of the two
COMPOUND: Final = 1e-3  # of such a pair's words, those that stand together
OTHER_LATIN: Final = 0.9  # a letter that none of the four languages has; it may stand in a name
HAN_ALONE: Final = 0.95  # Japanese can be written without a single kana, and rarely is

_WORD: Final = re.compile(r"[^\W\d_]+(?:['\u2019][^\W\d_]+)*")
_AMOUNT: Final = re.compile(r"\d[\d.,]*\s?[^\W\d_]{1,2}(?!\w)")  # "500 g" is of every language
_FRENCH: Final = re.compile(r"^(?:l|d|j|m|n|s|t|c|qu)'(?=.)")  # "l'eau" is a small word and "eau"

Chances = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Language:
    """A language and how sure that is: `code` of LABELS, `confidence` in 0..1, 1 where a person chose it."""

    code: str
    confidence: float
    chosen: bool = False

    @property
    def label(self) -> str:
        """Its name in plain English."""
        return LABELS[self.code]

    @property
    def foreign(self) -> bool:
        """Whether to search across languages."""
        return self.code != "en"


ENGLISH: Final = Language("en", 1.0)


def chosen_language(code: str) -> Language:
    """The language a person says a query is in. Raises BadRequestError when there is none of that code."""
    if code not in LABELS:
        raise BadRequestError(
            f"language {code[:20]!r} is not known", allowed=", ".join(LABELS), remedy="leave it out to have it detected"
        )
    return Language(code, 1.0, chosen=True)


class LanguageDetector:
    """Tells the language of a query; nothing in it changes, any thread may ask.

    Arrays: `codes` uint32 (n,), sorted checksums of words; `chances` float32 (n, 7), each word's log chance in LATIN,
    -inf where it is not listed; `letters` float32 (a, a, a, 7), the log chance of a letter after two others;
    `english` uint32, sorted checksums of the words of the catalogue.
    """

    def __init__(self, arrays: Mapping[str, npt.NDArray[Any]], glossary: Glossary) -> None:
        self._glossary = glossary
        self._codes, self._chances = arrays["codes"], arrays["chances"]
        self._letters, self._english = arrays["letters"], arrays["english"]

    @cached_property
    def _of_catalogue(self) -> float:
        """The log chance of each word of the catalogue in an English query: all alike."""
        return float(np.log(OF_CATALOGUE / max(len(self._english), 1)))

    def detect(self, query: str) -> Language:
        """The language of a query of any kind; English where it holds no letter."""
        text = unicodedata.normalize("NFC", unicodedata.normalize("NFKC", query[:1_000]).lower())
        if code := _by_script(text):
            return Language(code, HAN_ALONE if code == "zh" else 1.0)
        words = [word for word in words_of(_AMOUNT.sub(" ", text)) if _script(word[0]) == "LATIN"]
        if not words:
            return ENGLISH
        if any(letter not in ALPHABET and _script(letter) == "LATIN" for word in words for letter in word):
            return Language("other", OTHER_LATIN)
        known = [self._of_shop(word) for word in words]
        if all(known):
            return ENGLISH
        posterior = self._weigh(words, known)
        whole = [at for at, code in enumerate(LATIN) if len(words) > 1 and self._glossary.read(text, code).whole]
        if whole:
            return Language(LATIN[max(whole, key=lambda at: float(posterior[at]))], ALL_IN_GLOSSARY)
        enough = ALL_ENGLISH_FROM if all(map(self._surely_english, words)) else ENGLISH_FROM
        best = 0 if posterior[0] >= enough else 1 + int(np.argmax(posterior[1:]))
        return Language(LATIN[best], float(posterior[best]))

    def knows(self, query: str, code: str) -> bool:
        """Whether any list holds half of the query's words or more: the shop's, the films' or the glossary's.

        Of a language whose words no list holds, nothing is known: then the answer is no.
        """
        if code not in LATIN:
            return bool(self._glossary.read(query, code).phrases)
        words = words_of(unicodedata.normalize("NFC", query[:1_000].lower()))
        known = [
            self._of_shop(word) or np.isfinite(self._listed(word)).any() or self._glossary.read(word, code).phrases
            for word in words
        ]
        return 2 * sum(map(bool, known)) >= len(known)

    def has(self, word: str, code: str) -> bool:
        """Whether a Latin language surely has the word, or its singular, and English as good as never: "blancas"."""
        if code not in LATIN or (code in NEIGHBOURS and len(word) < SHORTEST_OF_NEIGHBOURS):
            return False
        return self._rather(word, code, AT_TIMES, 10.0)

    def speaks(self, text: str, code: str) -> bool:
        """Whether a text holds a word that makes sentences of a Latin language, and none of English: "sac à dos"."""
        if code not in LATIN:
            return False
        words = words_of(unicodedata.normalize("NFC", text[:1_000].lower()))
        return any(self._rather(word, code, OF_SPEECH, 100.0) for word in words)

    def _rather(self, word: str, code: str, chance: float, times: float) -> bool:
        """Whether the language uses the word so often, and so many times as often as English."""
        listed = self._listed(word)
        its = float(listed[LATIN.index(code)])
        return bool(its >= np.log(chance) and listed[0] < its - np.log(times))

    def _surely_english(self, word: str) -> bool:
        """Whether English surely has the word, and no glossary."""
        held = any(self._glossary.holds(word, code) for code in CODES.values())
        return not held and bool(self._listed(word)[0] >= np.log(OFTEN))

    def _listed(self, word: str) -> npt.NDArray[np.float64]:
        """The log chance of a word in each list, or of its singular, (7,); -inf where neither is listed."""
        forms = [word] + [word[: -len(end)] for end in ("s", "es") if word.endswith(end) and len(word) > len(end) + 2]
        rows = [at for at in (_found(self._codes, _code(form)) for form in forms) if at >= 0]
        if not rows:
            return np.full(len(LATIN), -np.inf)
        found: npt.NDArray[np.float64] = self._chances[rows].astype(np.float64).max(axis=0)
        return found

    def _of_shop(self, word: str) -> bool:
        """Whether the catalogue has the word, or its plural: it says bananas."""
        return _found(self._english, _code(word)) >= 0 or _found(self._english, _code(word + "s")) >= 0

    def _weigh(self, words: Sequence[str], known: Sequence[bool]) -> npt.NDArray[np.float64]:
        """How likely each Latin language is, (7,), sums to 1."""
        score = np.log(PRIOR)
        for word, of_catalogue in zip(words, known, strict=True):
            chances = self._word(word)
            chances[0] += np.log1p(-OF_CATALOGUE)
            if of_catalogue:
                chances[0] = np.logaddexp(chances[0], self._of_catalogue)
            chances[1:] = np.logaddexp(chances[1:], chances[0] + np.log(LENT))
            score = score + chances
        posterior: npt.NDArray[np.float64] = np.exp(score - np.logaddexp.reduce(score))
        return posterior

    def _word(self, word: str) -> npt.NDArray[np.float64]:
        """The log chance of a word in each Latin language, (7,)."""
        listed = self._listed(word)
        for column, code in enumerate(LATIN):
            if self._glossary.holds(word, code):
                listed[column] = max(listed[column], np.log(IN_GLOSSARY))
        if not np.isfinite(listed).any():
            listed = self._compound(word) + np.log(COMPOUND)
        letters = _letters(word)[:-1]
        spelt = self._letters[letters[:-2], letters[1:-1], letters[2:]].sum(axis=0, dtype=np.float64)  # (t, 7) -> (7,)
        mixed: npt.NDArray[np.float64] = np.logaddexp(listed + np.log1p(-UNLISTED), spelt + np.log(UNLISTED))
        return mixed

    def _compound(self, word: str) -> npt.NDArray[np.float64]:
        """The log of the geometric mean of the chances of the two words it is made of, (7,), -inf for none."""
        made = np.full(len(LATIN), -np.inf)
        first, last = SHORTEST_PARTS
        for at in range(first, len(word) - last + 1):
            tail = self._listed(word[at:])
            for code in (code for code in COMPOUNDED if np.isfinite(tail[LATIN.index(code)])):
                column, before = LATIN.index(code), word[:at]
                heads = [before.removesuffix(link) for link in COMPOUNDED[code] if before.endswith(link)]
                likely = [self._listed(head)[column] for head in heads if len(head) >= first]
                made[column] = max(made[column], (max(likely, default=-np.inf) + tail[column]) / 2)
        return made

    @classmethod
    def of(
        cls, catalogue: Iterable[str], counts: Mapping[str, Mapping[str, int]], glossary: Glossary
    ) -> LanguageDetector:
        """A detector from the texts of an English catalogue, and how often each word of each language of LATIN is used.

        `glossary` is that of the shop; it is not saved with the rest.

        Raises DataError when a language has no words.
        """
        if missing := [code for code in LATIN if not counts.get(code)]:
            raise DataError(
                f"there are no words of {', '.join(LABELS[code] for code in missing)}",
                remedy="reinstall pyspellchecker",
            )
        listed = {code: _code_of_each(counts[code]) for code in LATIN}
        codes = np.unique(np.concatenate(list(listed.values())))
        chances = np.full((len(codes), len(LATIN)), -np.inf, np.float32)
        letters = np.empty((len(ALPHABET),) * 3 + (len(LATIN),), np.float32)
        for column, code in enumerate(LATIN):
            often = np.fromiter(counts[code].values(), np.float64, len(counts[code]))
            chances[codes.searchsorted(listed[code]), column] = np.log(np.maximum(often, 1.0) / often.sum())
            letters[..., column] = _letter_chances(counts[code])
        english = {word for text in catalogue for word in words_of(text.lower())}
        arrays = {"codes": codes, "chances": chances, "letters": letters, "english": np.unique(_code_of_each(english))}
        return cls(arrays, glossary)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write it into an existing folder; returns what it holds."""
        arrays = {"codes": self._codes, "chances": self._chances, "letters": self._letters, "english": self._english}
        for name, array in arrays.items():
            write_array(folder / f"language_{name}.npy", array)
        facts = {"languages": list(LATIN), "alphabet": ALPHABET, "words": len(self._codes)}
        write_whole(folder / "language.json", json.dumps(facts, ensure_ascii=False).encode())
        return {"words": len(self._codes), "catalogue_words": len(self._english)}

    @classmethod
    def load(cls, folder: Path, glossary: Glossary) -> LanguageDetector:
        """What `save` wrote, memory-mapped. Raises ArtifactError when it is missing, damaged or of another version."""
        names = ("codes", "chances", "letters", "english")
        try:
            facts = json.loads((folder / "language.json").read_text(encoding="utf-8"))
            arrays = {n: np.load(folder / f"language_{n}.npy", mmap_mode="r", allow_pickle=False) for n in names}
            whole = facts["languages"] == list(LATIN) and facts["alphabet"] == ALPHABET
            whole = whole and arrays["letters"].shape == (len(ALPHABET),) * 3 + (len(LATIN),)
            whole = whole and arrays["chances"].shape == (len(arrays["codes"]), len(LATIN))
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise ArtifactError("what tells languages apart is missing or damaged", remedy=PREPARE) from error
        if not whole:
            raise ArtifactError("what tells languages apart is of another version", remedy=PREPARE)
        return cls(arrays, glossary)


class Untaught:
    """What tells languages apart before any words are prepared: their script alone; Latin letters are English."""

    def __init__(self, glossary: Glossary) -> None:
        self._glossary = glossary

    def detect(self, query: str) -> Language:
        """The language of a query: Chinese or another one where most letters are not Latin, else English."""
        code = _by_script(unicodedata.normalize("NFKC", query[:1_000]).lower())
        return Language(code, HAN_ALONE if code == "zh" else 1.0) if code else ENGLISH

    def knows(self, query: str, code: str) -> bool:
        """Whether the glossary has some of it."""
        return bool(self._glossary.read(query, code).phrases)

    def has(self, word: str, code: str) -> bool:
        """No: no list of words is here."""
        return False

    def speaks(self, text: str, code: str) -> bool:
        """No, for the same reason."""
        return False


def subtitle_words() -> dict[str, Mapping[str, int]]:
    """How often film subtitles use each word, by language of LATIN, from pyspellchecker; needed at preparation only.

    English words that films lack are added from newswire, where it is installed. Raises DataError when the package of
    the subtitles is not installed.
    """
    counts: dict[str, Mapping[str, int]] = {code: _subtitles(code) for code in LATIN}
    counts |= {code: _above_the_least(counts[code]) for code in NEIGHBOURS}
    return counts | {"en": with_newswire(counts["en"], words_by_rank())}


def _subtitles(code: str) -> Mapping[str, int]:
    """The package's own file, read as it is: its class would take three times as long over the same counts."""
    try:
        packed = (resources.files("spellchecker") / "resources" / f"{code}.json.gz").read_bytes()
    except (ImportError, OSError) as error:
        raise DataError(
            "pyspellchecker is not installed, so languages cannot be told apart", remedy="pip install pyspellchecker"
        ) from error
    counts: Mapping[str, int] = json.loads(gzip.decompress(packed))
    return counts


def _above_the_least(counts: Mapping[str, int]) -> dict[str, int]:
    """The words used more than the least: 370,000 of 417,000 Portuguese ones have that count, Spanish among them."""
    least = min(counts.values())
    return {word: count for word, count in counts.items() if count > least}


def with_newswire(counts: Mapping[str, int], by_rank: Sequence[str]) -> dict[str, int]:
    """The counts, and words of newswire that they lack: chance 1 / (rank x the sum of all 1 / rank)."""
    total, harmonic = sum(counts.values()), float(np.log(max(len(by_rank), 1))) + float(np.euler_gamma)
    words = ((word, rank) for rank, word in enumerate(by_rank[:OF_NEWSWIRE], start=1))
    added = {
        word: max(round(total / (rank * harmonic)), 1)
        for word, rank in words
        if word not in counts and len(word) > 2 and word.isalpha()
    }
    return {**counts, **added}


def english_shop_words(words: ShopWords) -> set[str]:
    """Words that shoppers type in English and that no catalogue need hold: quinoa, oreo; but not leche, arroz.

    Where another language shares the word, as with banana and parmesan, it is English when it means the same there.
    """
    return {
        word
        for word in words.shopper_words
        if all(_means_the_same(word, code, words.glossary) for code in CODES.values())
    }


def _means_the_same(word: str, code: str, glossary: Glossary) -> bool:
    """Whether a word is none of a language's, or means there what it means in English."""
    if not glossary.holds(word, code):
        return True
    return stems([word])[0] in stems(glossary.read(word, code).english.split())


def words_of(text: str) -> list[str]:
    """The words of a text in lower case, at most MOST_WORDS, French articles and the like cut off; accents stay."""
    found = (word.replace("\u2019", "'")[:LONGEST_WORD] for word in _WORD.findall(text))
    return [_FRENCH.sub("", word) for _, word in zip(range(MOST_WORDS), found, strict=False)]


def _script(letter: str) -> str:
    """The first word of a letter's Unicode name: LATIN, CJK, HIRAGANA, CYRILLIC and so on."""
    return unicodedata.name(letter, "").partition(" ")[0]


def _by_script(text: str) -> str:
    """ "zh" or "other" where most letters are not Latin, else ""."""
    kinds = [_script(letter) for letter in text if letter.isalpha()]
    han, kana = kinds.count("CJK"), kinds.count("HIRAGANA") + kinds.count("KATAKANA")
    latin = sum(kind == "LATIN" for kind in kinds)
    if 3 * (len(kinds) - latin) <= latin:  # a Chinese character says about as much as three letters
        return ""
    return "zh" if han and not kana and 2 * han >= len(kinds) - latin else "other"


def _code(word: str) -> int:
    return zlib.crc32(word.encode("utf-8", "ignore"))


def _code_of_each(words: Collection[str]) -> npt.NDArray[np.uint32]:
    return np.fromiter(map(_code, words), np.uint32, len(words))


def _found(codes: npt.NDArray[Any], code: int) -> int:
    """The place of a checksum in a sorted set, -1 when it is not there."""
    at = int(codes.searchsorted(np.uint32(code)))
    return at if at < len(codes) and codes[at] == code else -1


_PLACES: Final = {letter: place for place, letter in enumerate(ALPHABET)}
_PLACE_OF_POINT: Final = np.array([_PLACES.get(chr(point), -1) for point in range(max(map(ord, ALPHABET)) + 2)])


def _letters(text: str) -> npt.NDArray[np.intp]:
    """The places of the text's letters in ALPHABET, with two spaces before and two after; unknown ones left out."""
    points = np.frombuffer(f"  {text}  ".encode("utf-32-le", "ignore"), np.uint32)
    places = _PLACE_OF_POINT[np.minimum(points, len(_PLACE_OF_POINT) - 1)]
    known: npt.NDArray[np.intp] = places[places >= 0]
    return known


def _letter_chances(words: Collection[str]) -> npt.NDArray[np.float64]:
    """log P(letter | the two before it) over distinct words, backed off to one letter and to none: (a, a, a)."""
    size = len(ALPHABET)
    stream = _letters("  ".join(list(words)[:: max(len(words) // LETTERS_FROM, 1)]))
    keys = (stream[:-2] * size + stream[1:-1]) * size + stream[2:]
    keys = keys[(stream[1:-1] != 0) | (stream[2:] != 0)]  # a word has ended: nothing follows
    three = np.bincount(keys, minlength=size**3).reshape(size, size, size).astype(np.float64)
    one = (three.sum(axis=(0, 1)) + 1.0) / (three.sum() + size)
    two = three.sum(axis=0)
    two = (two + LETTERS_LEAN_ON * one) / (two.sum(axis=1, keepdims=True) + LETTERS_LEAN_ON)
    three = (three + LETTERS_LEAN_ON * two) / (three.sum(axis=2, keepdims=True) + LETTERS_LEAN_ON)
    chances: npt.NDArray[np.float64] = np.log(three)
    return chances
