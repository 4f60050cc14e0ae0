"""What is generally known of words: the language of a sentence, how often everybody uses a word, what names a thing.

Latin and Cyrillic languages: how often film subtitles use a word (the lists of pyspellchecker), Chinese: the dictionary
of jieba with kinds of words, read as the plain file that it is. A sentence's language is that whose list makes its
words likeliest (naive Bayes). In Chinese nothing parts words: the likeliest way to cut is taken (unigrams, Viterbi).
"""

from __future__ import annotations

import gzip
import importlib.util
import json
import math
import re
from collections.abc import Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

LISTED: Final = ("en", "es", "de", "fr", "it", "pt", "nl", "ru")
LONGEST_LIST: Final = 30_000  # words of a language, the most used
UNLISTED: Final = 1e-8  # chance of a word that no list holds
LONGEST_WORD: Final = 4  # characters of a Chinese word
NOUNS: Final = ("n", "vn")  # kinds of jieba's that name a thing: nouns, and verbs used as such ("delivery")
_WORD: Final = re.compile(r"[^\W\d_]+(?:['’][^\W\d_]+)*|[^\w\s]")


def _classes(table: str) -> dict[str, frozenset[str]]:
    """A line a language: its code, then words."""
    return {line.split()[0]: frozenset(line.split()[1:]) for line in table.strip().splitlines()}


# Closed classes of each language, as a grammar lists them: what stands before a thing.
ARTICLES: Final = _classes(
    """
    en the a an this that these those my its your our their no every each any some
    es el la los las un una unos unas este esta estos estas mi su sus al del
    fr le la les un une des ce cette ces mon ma mes son sa ses du au aux
    it il lo la i gli le un una uno questo questa del della dei delle al alla
    pt o a os as um uma este esta esse essa meu minha do da dos das ao no na
    nl de het een deze dit die mijn zijn hun geen
    """
)
# "Delivery was slow": a thing needs no article before these.
COPULAS: Final = _classes(
    """
    en is was are were
    es es era fue son eran
    fr est était sont étaient
    it è era sono erano
    pt é era foi são eram
    nl is was zijn waren
    """
)


def tokens(text: str) -> list[str]:
    """Words and marks of a text as they are written."""
    return _WORD.findall(text)


@lru_cache(maxsize=1)
def subtitles() -> Mapping[str, Mapping[str, float]]:
    """The chance of each of the most used words of each listed language; {} where the package is not installed."""
    spec = importlib.util.find_spec("spellchecker")  # its plain lists: its own reader takes three times as long
    if spec is None or spec.origin is None:
        return {}
    found = {}
    for code in LISTED:
        packed = (Path(spec.origin).parent / "resources" / f"{code}.json.gz").read_bytes()
        counts: dict[str, int] = json.loads(gzip.decompress(packed))
        total = sum(counts.values())
        often = sorted(counts.values(), reverse=True)[:LONGEST_LIST][-1]
        found[code] = {word.lower(): count / total for word, count in counts.items() if count >= often}
    return found


def by_script(text: str) -> str:
    """ "zh" or "ja" of a text of which a quarter of the letters or more are theirs, else ""."""
    if text.isascii():
        return ""
    han = sum("\u3400" <= letter <= "\u9fff" for letter in text)
    kana = sum("\u3040" <= letter <= "\u30ff" for letter in text)
    if 4 * (han + kana) <= sum(letter.isalpha() for letter in text):
        return ""
    return "ja" if kana else "zh"


def language(text: str) -> str:
    """The language of a sentence: of LISTED, "zh", "ja", or "" where nothing tells."""
    if script := by_script(text):
        return script
    words = [token for token in tokens(text.lower()) if token[0].isalpha()]
    scores = {code: _likely(words, chances) for code, chances in subtitles().items()}
    best = max(scores, key=lambda code: scores[code], default="")
    return best if scores and scores[best] > len(words) * math.log(UNLISTED) else ""


def _likely(words: Sequence[str], chances: Mapping[str, float]) -> float:
    return sum(math.log(chances.get(word, UNLISTED)) for word in words)


def chances(code: str) -> Mapping[str, float]:
    """How often everybody uses each word of a language; {} of one that has no list."""
    return _chinese()[0] if code == "zh" else subtitles().get(code, {})


def cut_chinese(text: str, known: Mapping[str, float]) -> list[str]:
    """The words of a Chinese text by the likeliest way to cut it, and its other characters one by one."""
    best, back = [0.0], [0]
    for end in range(1, len(text) + 1):
        tried = ((best[at] + _log(known, text[at:end]), at) for at in range(max(0, end - LONGEST_WORD), end))
        score, at = max(tried)
        best.append(score)
        back.append(at)
    found, end = list[str](), len(text)
    while end:
        found.append(text[back[end] : end])
        end = back[end]
    return found[::-1]


def _log(known: Mapping[str, float], piece: str) -> float:
    chance = known.get(piece, UNLISTED if len(piece) == 1 else 0.0)
    return math.log(chance) if chance else -math.inf


def nouns(code: str) -> frozenset[str]:
    """The words that a dictionary says to name a thing: of Chinese alone."""
    return _chinese()[1] if code == "zh" else frozenset()


@lru_cache(maxsize=1)
def _chinese() -> tuple[Mapping[str, float], frozenset[str]]:
    spec = importlib.util.find_spec("jieba")  # finds the package without running it
    if spec is None or spec.origin is None:
        return {}, frozenset()
    known, nouns = dict[str, float](), set[str]()
    for line in (Path(spec.origin).parent / "dict.txt").read_text(encoding="utf-8").splitlines():
        word, often, kind = line.split(" ")
        if len(word) <= LONGEST_WORD:
            known[word] = float(often)
            if kind in NOUNS:
                nouns.add(word)
    total = sum(known.values())
    return {word: often / total for word, often in known.items()}, frozenset(nouns)
