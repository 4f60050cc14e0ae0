"""Words that name what sentences speak of: things, of the language most of them are in, that stand out in a group.

A word may name something where it is said far oftener than everybody says it (the lists of `wordlists`), where it
names a thing, and where it does not tell good from bad. Things: after an article and before the end of what the
article opens, or in a capital within a German sentence, or a noun of the Chinese dictionary. Verdicts: words whose
sentences fall on one side, and which on their own are judged to be on that side too. Of what is left, those name a
group whose log-odds against all other groups are largest, by their error: Monroe et al., "Fightin' Words", 2008.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.scenarios.reviews import wordlists

NAMED_BY: Final = 3  # words
SMALL_WORD: Final = 3  # letters from which a word may name something; of a Chinese one two
ABOVE: Final = 5.0  # times as often as everybody says it
FAR_ABOVE: Final = 10.0  # the same of a word that is widely used: "a bit", "the way"
RARE: Final = 1e-6  # chance that is added to what lists say, which lack words
COMMON: Final = 0.5  # share of sentences from which on a word says nothing of one of them
PRIOR: Final = 10.0  # sentences of the general use of words
STANDS_OUT: Final = 2.0  # standard errors of log-odds
A_THING: Final = 0.25  # share of its uses in which a word stands as a thing does
EVERYDAY: Final = 2e-4  # chance from which on a word belongs to the frame of a sentence, not to its things
ONE_SIDED, SAYS_SO = 0.6, 0.3  # log-odds of the few sentences of a verdict, and mood of the word alone
ONE_SIDED_THING, THING_SAYS_SO = 1.5, 0.4  # the same of many sentences: batteries can be bad and still be a thing
WIDELY_USED: Final = 1.5e-4  # chance from which on a few uses do not make a word the name of anything
A_FEW: Final = 8  # uses from which on what they say of a word is sure
TRIED: Final = 400  # words that are looked at, the most used

Mood = npt.NDArray[np.float64]
Judge = Callable[[Sequence[str]], Mood]  # the mood of texts, from -1 to 1


@dataclass(frozen=True, slots=True, eq=False)
class Spoken:
    """Sentences as words of the language most of them are in; those of others are ().

    `code` of the language; `known`: how often everybody uses its words; `nouns`: those of a dictionary, {} of none.
    """

    code: str
    words: tuple[tuple[str, ...], ...]
    known: Mapping[str, float]
    nouns: frozenset[str]


def spoken(sentences: Sequence[str], languages: Sequence[str]) -> Spoken:
    """The sentences of the language that is the most frequent one, cut into words as they are written."""
    code = Counter(each for each in languages if each).most_common(1)[0][0] if any(languages) else ""
    known, nouns = wordlists.chances(code), wordlists.nouns(code)
    cut = (lambda text: wordlists.cut_chinese(text, known)) if code == "zh" and known else wordlists.tokens
    mine = [language in (code, "") for language in languages]
    words = tuple(tuple(cut(text)) if here else () for text, here in zip(sentences, mine, strict=True))
    return Spoken(code, words, known, nouns)


def named(
    said: Spoken, group: npt.NDArray[np.int64], mood: Mood, judge: Judge | None, often: npt.NDArray[np.int64]
) -> list[str]:
    """A name for each group of sentences, "" of one in which no thing stands out.

    `mood` (m,) of each sentence, `often` (m,) how many times it was written: what everybody copies counts for more,
    and less than so many sentences.
    """
    lower = [tuple(word.lower() for word in words) for words in said.words]
    things = _things(said, lower)
    verdicts = _verdicts(lower, things, mood, judge)
    useful = {word: share for word, share in things.items() if word not in verdicts}
    terms = [useful.keys() & set(words) for words in lower]
    weight = 1 + np.log(np.maximum(often, 1))
    everywhere = _counted(terms, weight)
    names = list[str]()
    for each in range(int(group.max()) + 1):
        inside = np.flatnonzero(group == each)
        here = _counted([terms[row] for row in inside], weight[inside])
        score = {t: s * _preferred(useful[t]) for t, s in _stands_out(here, everywhere).items() if s > STANDS_OUT}
        best = _distinct(sorted(score, key=lambda term: (-score[term], term)))
        names.append(", ".join(best[:NAMED_BY]))
    return names


def _counted(terms: Sequence[AbstractSet[str]], weight: Mood) -> dict[str, float]:
    found = defaultdict[str, float](float)
    for some, each in zip(terms, weight, strict=True):
        for term in some:
            found[term] += float(each)
    return found


def _preferred(share: float) -> float:
    return 0.5 + min(share / A_THING, 2.0) / 2


def _distinct(words: Sequence[str]) -> list[str]:
    """Without plurals and the like of a word before: "dress" and "dresses"."""
    kept = list[str]()
    for word in words:
        stem = word[: max(len(word) - 2, SMALL_WORD)]
        if not any(word.startswith(other[: max(len(other) - 2, SMALL_WORD)]) or other.startswith(stem) for other in kept
                   if len(word) > SMALL_WORD + 1 or word.startswith(other)):  # fmt: skip
            kept.append(word)
    return kept


def _stands_out(here: Mapping[str, float], everywhere: Mapping[str, float]) -> dict[str, float]:
    total, inside = sum(everywhere.values()), max(sum(here.values()), 1)
    score = {}
    for term, count in here.items():
        prior = PRIOR * everywhere[term] / total
        other = everywhere[term] - count
        odds = np.log((count + prior) / (inside + PRIOR - count)) - np.log(
            (other + prior) / (total - inside + PRIOR - other)
        )
        score[term] = float(odds / np.sqrt(1 / (count + prior) + 1 / (other + prior)))
    return score


def _things(said: Spoken, lower: Sequence[Sequence[str]]) -> dict[str, float]:
    """The words that may name something, and the share of their uses in which each stands as a thing does."""
    uses, within = Counter(w for words in lower for w in words), Counter(w for words in lower for w in set(words))
    total, spoken_in = sum(uses.values()), sum(bool(words) for words in lower)
    shortest = 2 if said.code in ("zh", "ja") else SMALL_WORD
    stands = _stands(said, lower, uses)
    found = {}
    for word, often in uses.items():
        if len(word) < shortest or not word.isalpha() or within[word] > COMMON * spoken_in:
            continue
        known = said.known.get(word, 0.0)
        if often / total < (FAR_ABOVE if known > WIDELY_USED else ABOVE) * (known + RARE):
            continue
        share = stands(word)
        if share >= A_THING and (often >= A_FEW or known < WIDELY_USED):
            found[word] = share
    return found


def _stands(said: Spoken, lower: Sequence[Sequence[str]], uses: Mapping[str, int]) -> Callable[[str], float]:
    """How to tell the share of a word's uses in which it stands as a thing does."""
    if said.code == "zh" and said.nouns:
        return lambda word: float(word in said.nouns)
    articles = wordlists.ARTICLES.get(said.code)
    copulas = wordlists.COPULAS.get(said.code, frozenset())
    counted = Counter[str]()
    if said.code == "de":
        inner = Counter(word.lower() for words in said.words for word in words[1:])
        counted = Counter(word.lower() for words in said.words for word in words[1:] if word[0].isupper())
        return lambda word: counted[word] / max(inner[word], 1)
    if articles is None:
        return lambda _: 2 * A_THING  # no way to tell
    for words in lower:
        for at, word in enumerate(words):
            opened = _after_article(words, at, articles, said.known) and _ends(words, at, said.known)
            counted[word] += opened or (at == 0 and any(each in copulas for each in words[1:2]))
    return lambda word: counted[word] / uses[word]


def _after_article(words: Sequence[str], at: int, articles: frozenset[str], known: Mapping[str, float]) -> bool:
    """Whether an article stands before a word, or before the one before it, if that may describe the thing."""
    if at and words[at - 1] in articles:
        return True
    return (
        at > 1 and words[at - 2] in articles and words[at - 1].isalpha() and known.get(words[at - 1], 0) < 10 * EVERYDAY
    )


def _ends(words: Sequence[str], at: int, known: Mapping[str, float]) -> bool:
    """Whether what comes after a word is the end, a mark or an everyday word."""
    following = words[at + 1] if at + 1 < len(words) else "."
    return not following[0].isalpha() or known.get(following, 0.0) > EVERYDAY


def _verdicts(lower: Sequence[Sequence[str]], things: Mapping[str, float], mood: Mood, judge: Judge | None) -> set[str]:
    """The words that tell good from bad: by the sentences they stand in, and on their own."""
    sides: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    middle = float(np.mean([m for words, m in zip(lower, mood, strict=True) if words] or [0.0]))
    for words, side in zip(lower, mood > middle, strict=True):
        for word in things.keys() & set(words):
            sides[word][int(side)] += 1
    tried = sorted(sides, key=lambda word: (-sum(sides[word]), word))[:TRIED]
    alone = judge(tried) if judge is not None and tried else np.sign([sides[w][1] - sides[w][0] for w in tried])
    found = set()
    for word, own in zip(tried, alone, strict=True):
        bad, good = sides[word]
        odds = float(np.log((good + 1) / (bad + 1)))
        if good + bad < A_FEW:  # "no complaints at all": it may be on the other side, and it is on one
            verdict = abs(odds) >= ONE_SIDED and abs(float(own)) >= SAYS_SO
        else:
            verdict = odds * float(np.sign(own)) >= ONE_SIDED_THING and abs(float(own)) >= THING_SAYS_SO
        if verdict:
            found.add(word)
    return found
