"""Completions as a person types, and searches related to what was typed."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import PREPARE
from recsys.errors import ArtifactError
from recsys.query.edits import distance, one_slip_away
from recsys.query.tokens import STOP_WORDS
from recsys.query.vocabulary import Names
from recsys.query.wording import (
    JOINING,
    Arrays,
    WordList,
    code_of,
    damage_said,
    load_arrays,
    save_arrays,
    stems,
    words_of,
)
from recsys.schema import MAX_QUERY_CHARS, Floats

PRODUCT, CATEGORY, DEPARTMENT, BRAND, SEARCH = "product", "category", "department", "brand", "search"
KINDS: Final = (PRODUCT, CATEGORY, DEPARTMENT, BRAND, SEARCH)

AT_THE_START: Final = 1.5  # in log counts: what begins with the letters stands above what holds them, up to 4.5 times
IN_A_ROW: Final = 1.0  # the words stand as they were typed, one after the other
A_SLIP: Final = 4.0  # what a typo costs: 55 times fewer products
LEAST_TO_GUESS: Final = 4  # letters before a typo is looked for; three are anything
MANY_WORDS: Final = 8  # words read of what was typed; the last ones
LONGEST_PHRASE: Final = 4
ENOUGH: Final = 3  # products behind a related search
_EMPTY_WORDS: Final = frozenset({"other", "assorted", "misc", "new", "everyday", "basic"})


@dataclass(frozen=True, slots=True)
class Completion:
    """A suggestion, how many products it leads to (or how often it was asked), and what it is: one of KINDS."""

    text: str
    kind: str
    count: int


class Entries:
    """Suggestions by the words in them, as arrays.

    `entry_` their texts; `count` int32 and `kind` int8 (n_entries,); `word_` the sorted words in them; `posting` int32,
    the entries of each word one after the other, `posting_ends` (n_words + 1), `first` bool: whether the entry begins
    with the word.
    """

    def __init__(self, arrays: Arrays) -> None:
        self.arrays = arrays
        self._words = WordList(arrays, "word_")

    @classmethod
    def of(cls, entries: Sequence[Completion], *, by_stem: bool = False) -> Entries:
        """The arrays of some suggestions, found by their words or by the stems of their words."""
        spelt = [words_of(entry.text) for entry in entries]
        words_in = [stems(its) for its in spelt] if by_stem else spelt
        vocabulary = sorted({word for its in words_in for word in its})
        place = {word: at for at, word in enumerate(vocabulary)}
        rows = np.asarray([(place[word], row, its[0] != word) for row, its in enumerate(words_in) for word in set(its)])
        rows = rows.reshape(-1, 3).astype(np.int64)
        rows = rows[np.lexsort((rows[:, 1], rows[:, 0]))]
        raw = [entry.text.encode("utf-8", "ignore") for entry in entries]
        return cls(
            {
                **WordList.arrays(vocabulary, "word_"),
                "posting": rows[:, 1].astype(np.int32),
                "first": rows[:, 2] == 0,
                "posting_ends": np.concatenate([[0], np.cumsum(np.bincount(rows[:, 0], minlength=len(vocabulary)))]),
                "entry_text": np.frombuffer(b"".join(raw), np.uint8),
                "entry_ends": np.cumsum([0, *map(len, raw)], dtype=np.int64),
                "count": np.asarray([entry.count for entry in entries], np.int32),
                "kind": np.asarray([KINDS.index(entry.kind) for entry in entries], np.int8),
            }
        )

    @cached_property
    def rank(self) -> Floats:
        """The logarithm of each entry's count, (n_entries,)."""
        return np.log1p(np.asarray(self.arrays["count"], np.float32))

    def __len__(self) -> int:
        return len(self.arrays["count"])

    def entry(self, at: int) -> Completion:
        """The suggestion at a place."""
        ends = self.arrays["entry_ends"]
        text = bytes(self.arrays["entry_text"][ends[at] : ends[at + 1]]).decode()
        return Completion(text, KINDS[int(self.arrays["kind"][at])], int(self.arrays["count"][at]))

    def prefixed(self, start: str) -> tuple[int, int]:
        """The places [low, high) in the postings of the words that begin with `start`."""
        low, high = self._words.prefixed(start)
        return int(self.arrays["posting_ends"][low]), int(self.arrays["posting_ends"][high])

    def exactly(self, word: str) -> tuple[int, int]:
        """The places [low, high) in the postings of one word."""
        at = self._words.find(word)
        return (0, 0) if at < 0 else (int(self.arrays["posting_ends"][at]), int(self.arrays["posting_ends"][at + 1]))

    def slips(self, start: str) -> list[tuple[int, int]]:
        """The places in the postings of the words whose beginning is one slip away from `start`.

        Every beginning that one slip may have made of it is looked up at once, by the words' first eight letters; with
        more letters the words found are compared as a whole, and may hold two slips.
        """
        if len(start) < LEAST_TO_GUESS or not (start.isascii() and start.isalpha()):
            return []
        heads = [head[:8] for head in one_slip_away(start[:8])]
        codes = np.asarray([code_of(head) for head in heads], np.uint64)
        ends = codes | (np.uint64(2**64 - 1) >> np.asarray([8 * len(head) for head in heads], np.uint64).clip(0, 63))
        ends = np.where(np.asarray([len(head) for head in heads]) == 8, codes, ends)
        low, high = self._words.codes.searchsorted(codes), self._words.codes.searchsorted(ends, "right")
        there = low < high
        places = {(int(a), int(b)) for a, b in zip(low[there], high[there], strict=True)}
        if len(start) > 8:
            words = [at for a, b in sorted(places) for at in range(a, min(b, a + 200))]
            places = {(at, at + 1) for at in words if distance(start, self._words.word(at)[: len(start)], 2) <= 2}
        ends_of = self.arrays["posting_ends"]
        return [(int(ends_of[a]), int(ends_of[b])) for a, b in sorted(places)]

    def holding(self, ranges: Sequence[tuple[int, int]]) -> npt.NDArray[np.int32]:
        """The entries in some stretches of the postings; one may come more than once."""
        parts = [self.arrays["posting"][low:high] for low, high in ranges]
        return np.concatenate(parts) if len(parts) != 1 else np.asarray(parts[0])

    def best(self, typed: Sequence[str], k: int, *, guess: bool) -> list[tuple[float, int]]:
        """(score, place) of the k best entries that hold every typed word, each as the beginning of one of theirs."""
        ranges, slip = [], 0.0
        for word in typed:
            place = self.prefixed(word)
            found = [place] if place[0] < place[1] else []
            if not found or (guess and word is typed[-1]):
                found, slip = self.slips(word), slip + A_SLIP
            if not found:
                return []
            ranges.append(found)
        entries = self.holding(ranges[-1])
        first = [self.arrays["first"][low:high] for low, high in ranges[-1]]
        scores = self.rank[entries] + AT_THE_START * np.concatenate(first) * (len(typed) == 1) - slip
        for its in ranges[:-1]:
            there = np.zeros(len(self), bool)
            there[self.holding(its)] = True
            scores = np.where(there[entries], scores, -np.inf)
        scores = scores.astype(np.float32)
        few = np.argpartition(-scores, 4 * k)[: 4 * k] if len(scores) > 4 * k else np.arange(len(scores))
        best: dict[int, float] = {}
        for at in few.tolist():
            if scores[at] > -np.inf:
                best[int(entries[at])] = max(float(scores[at]), best.get(int(entries[at]), -np.inf))
        return [(score + self._in_a_row(at, typed), at) for at, score in best.items()]

    def _in_a_row(self, at: int, typed: Sequence[str]) -> float:
        if len(typed) < 2:
            return 0.0
        text, said = f" {' '.join(words_of(self.entry(at).text))}", " " + " ".join(typed)
        return IN_A_ROW * (said in text) + AT_THE_START * text.startswith(f" {typed[0]}")


class Completions:
    """What may be meant by the beginning of a query, with counts; and what people narrow a query down to."""

    def __init__(self, catalogue: Entries, phrases: Entries, past: Entries | None = None) -> None:
        self._catalogue, self._phrases, self._past = catalogue, phrases, past

    @classmethod
    def of(cls, names: Names, others: Mapping[str, Names], never: Collection[str] = ()) -> Completions:
        """From the catalogue's names, and further columns by their kind: CATEGORY, DEPARTMENT, BRAND.

        What is in `never` is offered to nobody: the brand of the house says nothing of what is looked for.
        """
        entries = _column(names, PRODUCT, never)
        for kind, column in others.items():
            entries += _column(column, kind, never)
        return cls(Entries.of(_distinct(entries)), Entries.of(_phrases(names), by_stem=True))

    def with_past(self, searches: Mapping[str, int]) -> Completions:
        """The same with what people searched for, and how often; the catalogue's arrays are shared."""
        entries = [
            Completion(" ".join(text.split())[:MAX_QUERY_CHARS], SEARCH, int(count))
            for text, count in searches.items()
            if words_of(text) and count > 0
        ]
        return Completions(self._catalogue, self._phrases, Entries.of(_distinct(entries)) if entries else None)

    def save(self, folder: Path) -> None:
        """Write it to a folder of its own, without the past searches."""
        save_arrays(self._catalogue.arrays, folder / "catalogue")
        save_arrays(self._phrases.arrays, folder / "phrases")
        (folder / "kinds.json").write_text(json.dumps(KINDS), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Completions:
        """What `save` wrote, memory-mapped. Raises ArtifactError when it cannot be read."""
        with damage_said(folder):
            kinds = tuple(json.loads((folder / "kinds.json").read_text(encoding="utf-8")))
        if kinds != KINDS:
            raise ArtifactError(f"{folder.name} holds kinds {kinds}", allowed=", ".join(KINDS), remedy=PREPARE)
        return cls(Entries(load_arrays(folder / "catalogue")), Entries(load_arrays(folder / "phrases")))

    def complete(self, typed: str, k: int = 8) -> list[Completion]:
        """The k likeliest completions, best first: those that lead to most, with what begins like it in front.

        Every typed word must begin a word of the suggestion; when too few do, the last word may have a typo.
        """
        words = words_of(typed[:MAX_QUERY_CHARS])[-MANY_WORDS:]
        words = [word for word in words if word not in JOINING] or words[-1:]
        if not words or k < 1:
            return []
        found = self._found(words, k, guess=False)
        if len(found) < k:
            found += self._found(words, k, guess=True)
        found.sort(key=lambda one: (-one[0], one[1].text))
        seen: dict[str, Completion] = {}
        for _, entry in found:
            seen.setdefault(" ".join(words_of(entry.text)), entry)
        return list(seen.values())[:k]

    def _found(self, words: Sequence[str], k: int, *, guess: bool) -> list[tuple[float, Completion]]:
        tables = [self._catalogue, *([self._past] if self._past is not None else [])]
        return [(score, table.entry(at)) for table in tables for score, at in table.best(words, k, guess=guess)]

    def related(self, query: str, k: int = 6) -> list[Completion]:
        """Frequent searches that narrow the query down: "pasta" -> "pasta sauce"; most products first.

        Phrases of the catalogue's names and past searches that hold all words of the query and at least one more.
        """
        typed = [word for word in words_of(query[:MAX_QUERY_CHARS]) if word not in STOP_WORDS][-MANY_WORDS:]
        wanted = list(dict.fromkeys(stems(typed)))
        if not wanted or k < 1:
            return []
        found = self._narrower(self._phrases, wanted, k, [self._phrases.exactly(stem) for stem in wanted])
        if self._past is not None:
            found += self._narrower(self._past, wanted, k, [self._past.prefixed(stem) for stem in wanted])
        seen: dict[frozenset[str], Completion] = {frozenset(wanted): Completion("", SEARCH, 0)}
        for entry in sorted(found, key=lambda entry: (-entry.count, len(entry.text.split()), entry.text)):
            its = frozenset(stems(words_of(entry.text)))
            same = any(entry.count == other.count and its > words for words, other in seen.items())
            if its not in seen and not same:  # "plastic easter eggs" says no more than "easter eggs" when none are else
                seen[its] = entry
        return list(seen.values())[1 : k + 1]

    @staticmethod
    def _narrower(table: Entries, wanted: Sequence[str], k: int, ranges: Sequence[tuple[int, int]]) -> list[Completion]:
        entries = table.holding([ranges[0]])
        for low, high in ranges[1:]:
            entries = np.intersect1d(entries, table.arrays["posting"][low:high])
        best = entries[np.argsort(-table.rank[entries], kind="stable")][: 6 * k]
        found = [table.entry(int(at)) for at in best]
        return [entry for entry in found if set(stems(words_of(entry.text))) > set(wanted)]


def _column(names: Names, kind: str, never: Collection[str]) -> list[Completion]:
    counts = names.products().tolist()
    return [
        Completion(text, kind, n)
        for text, n in zip(names.texts, counts, strict=True)
        if text not in never and words_of(text)
    ]


def _distinct(entries: Iterable[Completion]) -> list[Completion]:
    """One suggestion per text: that with the highest count, which says where most of it lies."""
    best: dict[str, Completion] = {}
    for entry in entries:
        key = " ".join(words_of(entry.text))
        if key not in best or best[key].count < entry.count:
            best[key] = entry
    return list(best.values())


def _phrases(names: Names) -> list[Completion]:
    """Runs of two to four words that enough products have in their names, without joining words at either end."""
    counts: Counter[str] = Counter()
    for its_segments, n in zip(names.segments, names.products().tolist(), strict=True):
        counts.update(dict.fromkeys((phrase for words in its_segments for phrase in _runs(words)), n))
    return [Completion(phrase, SEARCH, n) for phrase, n in counts.items() if n >= ENOUGH]


def _runs(words: Sequence[str]) -> Iterable[str]:
    for start, word in enumerate(words):
        if word in JOINING or word in _EMPTY_WORDS or word.isdigit():
            continue
        for end in range(start + 2, min(start + LONGEST_PHRASE, len(words)) + 1):
            if words[end - 1] not in JOINING and not words[end - 1].isdigit():
                yield " ".join(words[start:end])
