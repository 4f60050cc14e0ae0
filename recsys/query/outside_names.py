"""Names that the catalogue does not bear: "fritos" are a kind of bagged snacks, though no product text says so.

Two sources know them. A list of foods (`food_list`) says of each what it is, and is compared with how the shop calls
its things (`known_foods`). Word vectors know more and are less sure: a name is near the words that it is written by;
the catalogue's own words among them vote for the categories that they stand in (k nearest neighbours, Cover & Hart,
1967), in each space of words for itself. Where the spaces agree, the name is taken for that kind; where one alone is
fairly sure, it is asked. All of it is worked out beforehand, so that a query costs a look into a table.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd
from scipy import sparse

from recsys import schema as s
from recsys.query.food_list import Food, Place
from recsys.query.known_foods import FoodKind, kinds_of_foods
from recsys.query.parts import Span
from recsys.query.synonyms import LONGEST
from recsys.query.tokens import STOP_WORDS
from recsys.query.vocabulary import Vocabulary
from recsys.query.word_vectors import WordVectors
from recsys.query.wording import (
    JOINING,
    WORD,
    Arrays,
    WordList,
    content_words,
    damage_said,
    fold,
    load_arrays,
    save_arrays,
    segments,
    stems,
    together,
    words_of,
)
from recsys.schema import Floats, Mask
from recsys.schema.understood import Named

NEIGHBOURS: Final = 25  # words of the shop that vote
SHARPNESS: Final = 0.1  # of the votes: a cosine that is so much less counts 1/e
NEAR: Final = 0.9  # the cosine at which a vote counts 1
FARTHEST: Final = 0.55  # of the nearest word of the shop: with one that is farther nothing is said
OF_SYNONYM: Final = 5.0  # what the shop's table of names counts beside a word of the catalogue
# Of 60 brand names seen while choosing, 5 reach .5, all right; of 4 from .36 to .5, 2 are wrong; 11 are said or asked.
# Of 13 further names that only one space has and that reach .5, all are right.
SURE: Final = 0.5
ASKED: Final = 0.4
AGREED: Final = 2  # kinds that the two spaces together put before the one that is taken
# Of 242 names seen while choosing, 46 are said by the list of foods, 5 of them wrong: makers of several things mostly.
FOOD_SURE: Final = 0.57
FOOD_ASKED: Final = 0.5
SHORT: Final = 3  # letters of a name that is none in the plural: "ben" is not "ben's"
SEVERAL: Final = 2  # foods that tell what the maker of a longer name makes
COMMON_WORDS: Final = 10_000  # of the general space: "total" and "life" are no cereals
COMMON_INSIDE: Final = 30_000  # of words within a longer brand: "dew" of "Mountain Dew"
MOST_FREQUENT: Final = 150_000  # words of the general space: the rarer ones are names of places and people
AT_ONCE: Final = 4_096  # words

_A_NAME: Final = re.compile(r"[a-z]{3,}")

Counts = Mapping[tuple[str, ...], Mapping[int, float]]
Texts = Mapping[tuple[str, str], int]  # how many products have each (name, category)
Held = Mapping[tuple[str, str], frozenset[str]]  # the stems of each (name, category)


class OutsideNames:
    """A table of names and what each is a kind of; nothing in it changes, any thread may ask.

    Arrays: `name_`, the words; `kind` int32 (n), the place in `kinds`; `confidence` float32 (n); `sure` bool (n). The
    same with `food_` before them for names of foods, each written together.
    """

    def __init__(self, arrays: Arrays, kinds: Sequence[str], vocabulary: Vocabulary) -> None:
        self.arrays, self.kinds, self._vocabulary = arrays, kinds, vocabulary
        self._names, self._foods = WordList(arrays, "name_"), WordList(arrays, "food_name_")
        self._food_words = WordList(arrays, "food_word_")

    @classmethod
    def of(
        cls,
        items: pd.DataFrame,
        vocabulary: Vocabulary,
        spaces: Sequence[WordVectors],
        spelled: Callable[[str], str] = lambda word: word,
        foods: Sequence[Food] = (),
    ) -> OutsideNames:
        """From an items table (name, category), two spaces of words and a list of foods; each of them may be missing.

        `spelled` says what a word is with its slips put right: a slip of a word of the same kind is no name.
        """
        kinds = sorted(set(items[s.CATEGORY].astype(str)) - {""})
        pairs = zip(items[s.NAME].astype(str), items[s.CATEGORY].astype(str), strict=True)
        texts = dict(sorted(Counter(pairs).items()))
        common = {word: n for n, word in enumerate(list(spaces[0].row)[:COMMON_INSIDE])} if spaces else {}
        known = [food for food in kinds_of_foods(foods, texts, vocabulary) if _is_worth_asking(food, common)]
        said = [*kinds, *sorted({food.said for food in known} - set(kinds))]
        place = {kind: n for n, kind in enumerate(said)}
        rows = [(place[food.said], min(food.likeness, 1.0), _is_sure(food, common)) for food in known]
        of_foods = {f"food_{key}": array for key, array in _table([food.key for food in known], rows).items()}
        of_foods |= WordList.arrays(_new_words(foods, vocabulary), "food_word_")
        if len(spaces) < 2 or len(kinds) < 2:
            return cls({**_table([], []), **of_foods}, said, vocabulary)
        held = {key: frozenset(stems(content_words(" ".join(key)))) for key in texts}
        others = dict(vocabulary.words.synonyms)
        for food in known:
            if len(food.words) == 1 and food.likeness >= FOOD_SURE:
                others.setdefault(food.words, food.said)
        voters = _Voters.of(_counts(texts, kinds, held, others), len(kinds), spaces)
        words = _outside(spaces, vocabulary)
        found = [(words[n], *said) for n, said in enumerate(voters.judged(words)) if said[1] >= ASKED]
        own = [frozenset[str]().union(*(its for key, its in held.items() if key[1] == kind)) for kind in kinds]
        kept = [
            (word, kind, confidence, sure)
            for word, kind, confidence, sure in found
            if not set(stems(content_words(spelled(word)))) & own[kind]
        ]
        kept.sort(key=lambda row: row[0].encode())
        return cls({**_table([row[0] for row in kept], [row[1:] for row in kept]), **of_foods}, said, vocabulary)

    def save(self, folder: Path) -> None:
        """Write it to a folder of its own."""
        save_arrays(self.arrays, folder)
        (folder / "kinds.json").write_text(json.dumps(list(self.kinds), ensure_ascii=False), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path, vocabulary: Vocabulary) -> OutsideNames:
        """What `save` wrote, memory-mapped. Raises ArtifactError when it cannot be read."""
        with damage_said(folder):
            kinds = json.loads((folder / "kinds.json").read_text(encoding="utf-8"))
            return cls(load_arrays(folder), kinds, vocabulary)

    def __len__(self) -> int:
        return len(self._names)

    def find(self, word: str) -> Named | None:
        """What a word is a kind of; None for a word that the shop has, or of which nothing is known."""
        return self._named(self._names.find(fold(word)), word, "")

    def find_food(self, text: str) -> Named | None:
        """What the name of a food is in the shop's words, however it is joined or counted; None where none is known."""
        for key in dict.fromkeys([together(text), "".join(words_of(text))]):  # in "cap'n" the n joins nothing
            for form in (key, key.removesuffix("s"), f"{key}s") if len(key) > SHORT else (key,):
                if (at := self._foods.find(form)) >= 0:
                    return self._named(at, text, "food_")
        words = self._vocabulary.words
        other = words.synonyms.get(words.name_of(text), "")  # what is meant by "guac" the shop may not have either
        return None if not other or words.name_of(other) else self._renamed(self.find_food(other), text)

    @staticmethod
    def _renamed(named: Named | None, said: str) -> Named | None:
        return None if named is None else replace(named, name=said)

    def holds(self, word: str) -> bool:
        """Whether some name of a food holds the word, which the shop does not have: then it is no slip."""
        key = fold(word)
        return self._food_words.find(key) >= 0 or (len(key) > SHORT and self._food_words.find(f"{key}s") >= 0)

    def _named(self, at: int, said: str, of: str) -> Named | None:
        if at < 0:
            return None
        kind = self.kinds[int(self.arrays[f"{of}kind"][at])]
        confidence, sure = float(self.arrays[f"{of}confidence"][at]), bool(self.arrays[f"{of}sure"][at])
        return Named(said, kind, round(confidence, 3), sure)

    def read(self, text: str) -> tuple[str, Named | None]:
        """The text with a name in it written as its kind, and the name; the text as it is where there is none.

        Beside a word that names a product of the shop a name is a brand, and that product is meant: "eggo waffles".
        Words side by side that the catalogue does not have are one name, of the kind of the surest of them.
        """
        spans = [match.span() for match in WORD.finditer(text)]
        best = self._food_in(text, spans) or self._word_in(text, spans)
        if best is None:
            return text, None
        low, high, named = best
        before, after = (_without(text[slice(*part)], named.kind) for part in ((0, low), (high, len(text))))
        return " ".join(f"{before}{named.kind}{after}".split()), named

    def _food_in(self, text: str, spans: Sequence[Span]) -> tuple[int, int, Named] | None:
        """(start, end, name) of the longest name of a food, unless another word names another product of the shop."""
        words = [fold(text[a:b]) for a, b in spans]
        for size in range(min(LONGEST, len(spans)), 0, -1):
            for first in range(len(spans) - size + 1):
                low, high = spans[first][0], spans[first + size - 1][1]
                if {words[first], words[first + size - 1]} & JOINING:
                    continue
                if self._is_new(text, spans[first : first + size]) and (named := self.find_food(text[low:high])):
                    others = _without(" ".join([*words[:first], *words[first + size :]]), named.kind).split()
                    if any(map(self._vocabulary.is_product_word, others)):
                        return None
                    more = any(len(word) > 2 and not self._vocabulary.products_with(word) for word in others)
                    return low, high, replace(named, sure=named.sure and not more)  # "ben and jerrys" is no rice
        return None

    def _is_new(self, text: str, spans: Sequence[Span]) -> bool:
        """Whether the catalogue does not have these words, one or side by side."""
        words = [text[a:b] for a, b in spans]
        return not (
            self._vocabulary.side_by_side(words) if len(words) > 1 else self._vocabulary.products_with(words[0])
        )

    def _word_in(self, text: str, spans: Sequence[Span]) -> tuple[int, int, Named] | None:
        """(start, end, name) of the first words that the catalogue does not have, where one of them is known."""
        unknown = [not self._vocabulary.products_with(text[a:b]) and text[a:b].isalpha() for a, b in spans]
        if any(
            not new and self._vocabulary.is_product_word(text[a:b]) for new, (a, b) in zip(unknown, spans, strict=True)
        ):
            return None
        start = next((n for n, new in enumerate(unknown) if new), len(spans))
        end = next((n for n in range(start, len(spans)) if not unknown[n]), len(spans))
        found = [said for a, b in spans[start:end] if (said := self.find(text[a:b]))]
        if not found or end - start > LONGEST:
            return None
        best = max(found, key=lambda said: (said.sure, said.confidence))
        low, high = spans[start][0], spans[end - 1][1]
        return low, high, Named(text[low:high], best.kind, best.confidence, best.sure)


def _without(text: str, kind: str) -> str:
    """The text without words of a kind: "aquafina water" is bottled water, and no bottled water water."""
    said = set(stems(words_of(kind)))
    return WORD.sub(lambda match: "" if said & set(stems([fold(match[0])])) else match[0], text)


def _is_worth_asking(food: FoodKind, common: Mapping[str, int]) -> bool:
    """Whether anything is said of a name. A common word tells how a food is: "Vietnamese", "crunch" within a brand."""
    if food.likeness < FOOD_ASKED or (food.place is Place.BEGINNING and food.foods < SEVERAL):
        return False
    usual = [word for word in food.words if word in common]
    if food.place is Place.INSIDE:
        return not usual
    return food.place in (Place.BRAND, Place.BEGINNING) or len(food.words) > len(usual)


def _is_sure(food: FoodKind, common: Mapping[str, int]) -> bool:
    """Whether a name of a food is taken for it unasked: a common word of English may mean anything else."""
    alone = len(food.words) == 1 and common.get(food.words[0], COMMON_WORDS) < COMMON_WORDS
    return food.likeness >= FOOD_SURE and not alone


def _new_words(foods: Sequence[Food], vocabulary: Vocabulary) -> list[str]:
    """The words of all names that the shop does not have, sorted by their bytes."""
    words = {word for food in foods for name in food.names for word in name if word.isalpha()}
    return sorted((word for word in words if not vocabulary.products_with(word)), key=lambda word: word.encode())


@dataclass(frozen=True, slots=True)
class _Voters:
    """The shop's own words: where they lie in each space, and for which kinds they vote."""

    spaces: Sequence[WordVectors]
    vectors: Sequence[Floats]  # of each space, (n_voters, d)
    votes: sparse.csr_array  # (n_voters, n_kinds), what a voter has for all kinds together

    @classmethod
    def of(cls, counts: Counts, n_kinds: int, spaces: Sequence[WordVectors]) -> _Voters:
        """Each voter has the more for its kinds, the fewer they are: "other" says nothing."""
        rows, columns, values = [], [], []
        for row, its in enumerate(counts.values()):
            shares = np.array(list(its.values())) / sum(its.values())
            clear = float(np.exp((shares * np.log(shares)).sum() / 2))  # 1 for one kind, 1/sqrt(n) for n
            rows += [row] * len(its)
            columns += list(its)
            values += (shares * clear).tolist()
        votes = sparse.csr_array((np.array(values, np.float32), (rows, columns)), shape=(len(counts), n_kinds))
        return cls(spaces, [np.stack([space.mean(words) for words in counts]) for space in spaces], votes)

    def judged(self, words: Sequence[str]) -> Iterator[tuple[int, float, bool]]:
        """(kind, confidence, sure) of each word."""
        for start in range(0, len(words), AT_ONCE):
            part = words[start : start + AT_ONCE]
            shares = [self._shares(part, *pair) for pair in zip(self.spaces, self.vectors, strict=True)]
            lacks = np.array([any(space.find(word) < 0 for space in self.spaces) for word in part], np.bool_)
            yield from _agreed(shares, lacks)

    def _shares(self, words: Sequence[str], space: WordVectors, voters: Floats) -> Floats:
        """How much of the votes each kind has, less where few vote: (n_words, n_kinds)."""
        rows = np.array([space.find(word) for word in words])
        out = np.zeros((len(words), self.votes.shape[1]), np.float32)
        there = np.flatnonzero(rows >= 0)
        near = space.vectors[rows[there]] @ voters.T  # (m, d) @ (d, n_voters) -> (m, n_voters)
        worth = near.max(axis=1, initial=0.0) >= FARTHEST  # of the others no vote would count
        there, near = there[worth], near[worth]
        k = min(NEIGHBOURS, near.shape[1])
        best = np.argpartition(-near, k - 1, axis=1)[:, :k]
        weights = np.exp((np.take_along_axis(near, best, 1) - NEAR) / SHARPNESS)
        starts = np.arange(0, best.size + 1, k)
        ballots = sparse.csr_array((weights.ravel(), best.ravel(), starts), shape=near.shape)
        votes = (ballots @ self.votes).toarray()
        total = votes.sum(axis=1, keepdims=True)
        out[there] = votes / np.maximum(total, 1e-9) * np.minimum(total, 1.0)
        return out


def _agreed(shares: Sequence[Floats], lacks: Mask) -> Iterator[tuple[int, float, bool]]:
    """What two spaces say together: right where one of them is, P = 1 - (1 - a)(1 - b).

    Sure where both name it, or where one has no such word at all, `lacks` (n,), and so cannot say otherwise.
    """
    first, second = shares
    together = 1 - (1 - first) * (1 - second)
    kind = together.argmax(axis=1)
    rank = [(share > np.take_along_axis(share, kind[:, None], 1)).sum(axis=1) for share in shares]
    at = np.arange(len(kind))
    both = (first[at, kind] > 0) & (second[at, kind] > 0) & (rank[0] + rank[1] <= AGREED)
    confidence = together[at, kind]
    for n in at.tolist():
        yield int(kind[n]), float(confidence[n]), bool((both[n] or lacks[n]) and confidence[n] >= SURE)


def _counts(texts: Texts, kinds: Sequence[str], held: Held, others: Mapping[tuple[str, ...], str]) -> Counts:
    """The stretches of names and categories, their last words, and other names of them: {words: {kind: count}}."""
    place = {kind: n for n, kind in enumerate(kinds)}
    counts: dict[tuple[str, ...], dict[int, float]] = {}

    def add(words: Sequence[str], kind: str, count: float) -> None:
        its = counts.setdefault(tuple(words), {})
        its[place[kind]] = its.get(place[kind], 0.0) + count

    for (name, kind), n in texts.items():
        if kind not in place:
            continue
        for words in map(_telling, segments(name)):
            for said in {tuple(words), tuple(words[-1:])} - {()}:
                add(said, kind, float(np.log1p(n)))
    for kind in kinds:
        products = sum(n for (_, its), n in texts.items() if its == kind)
        for words in filter(None, map(_telling, segments(kind))):
            add(words, kind, float(np.log1p(products)))
    for asked, meant in others.items():
        for kind, share in _kinds_of(meant, texts, held, place).items():
            add(asked, kind, OF_SYNONYM * share)
    return counts


def _telling(words: Sequence[str]) -> list[str]:
    return [word for word in words if word not in STOP_WORDS and not word.isdigit()]


def _kinds_of(said: str, texts: Texts, held: Held, place: Mapping[str, int]) -> dict[str, float]:
    """The kinds of the products whose texts hold all these words, shares that sum to 1."""
    asked = frozenset(stems(content_words(said)))
    there = {key: float(np.log1p(n)) for key, n in texts.items() if key[1] in place and asked <= held[key]}
    total = sum(there.values())
    out: dict[str, float] = {}
    for (_, kind), n in there.items():
        out[kind] = out.get(kind, 0.0) + n / total
    return out


def _outside(spaces: Sequence[WordVectors], vocabulary: Vocabulary) -> list[str]:
    """The words of the general space, the commonest first, that neither the catalogue nor the shop's table has."""
    known = {word for asked in vocabulary.words.synonyms for word in asked if len(asked) == 1}
    names = [
        word
        for n, word in enumerate(spaces[0].row)
        if _A_NAME.fullmatch(word) and (n < MOST_FREQUENT or spaces[1].find(word) >= 0)
    ]
    names = [word for word in names if word not in STOP_WORDS and word not in known]
    return [word for word in names if not vocabulary.products_with(word)]


def _table(words: Sequence[str], said: Sequence[tuple[int, float, bool]]) -> dict[str, npt.NDArray[Any]]:
    return {
        **WordList.arrays(words, "name_"),
        "kind": np.asarray([kind for kind, _, _ in said], np.int32),
        "confidence": np.asarray([confidence for _, confidence, _ in said], np.float32),
        "sure": np.asarray([sure for _, _, sure in said], bool),
    }
