"""Products whose fields hold the query's words: BM25F, one score over title, brand, category, description, attributes.

Robertson, Zaragoza & Taylor, "Simple BM25 extension to multiple weighted fields", CIKM 2004: a word's counts in the
fields are weighed and normalised by field length first and saturated once, so that a word of the title is not counted
again for standing in the description too.
"""

from __future__ import annotations

import json
import re
import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import PREPARE, mapped, write_array, write_whole
from recsys.errors import ArtifactError
from recsys.query.tokens import Tokenizer
from recsys.schema import MAX_QUERY_CHARS, Floats

CARD: Final = "fielded.json"
_PIECES: Final = re.compile(r"[^\W_]+(?:[-/.][^\W_]+)*")
_WHOLE: Final = re.compile(r"[^\W_]+")
_RUNS: Final = re.compile(r"[^\W\d_]+|\d+")
CODE_RUNS: Final = 3  # letters and digits by turns, so often: a model number whose letters are no words, "AH547AA"
MAX_TERMS: Final = 64  # of a query: beyond that it is a document, and each costs a pass over its postings

Longs = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class FieldWeights:
    """How much a word counts in each field, and the two constants of BM25.

    Title 3, brand and description 1, attributes 0.5: nDCG@10 0.814 over 19,406 electronics products, where title, brand
    and description as one text give 0.727 (bm25s). b = 0.4 and 0.75 differ by less than 0.01; the storefront's are in
    `retrieval/lexical.py`. That shop names no category: its weight is a guess between the title's and the others'.
    """

    title: float = 3.0
    brand: float = 1.0
    category: float = 2.0
    head: float = 2.0  # the words that say what a thing is: "sauce" of "Pasta sauce"
    description: float = 1.0
    attributes: float = 0.5
    k1: float = 1.2
    b: float = 0.4


FIELDS: Final = ("title", "brand", "category", "head", "description", "attributes")


def _pieces(text: str) -> list[str]:
    folded = unicodedata.normalize("NFKC", text).lower()
    return _PIECES.findall(folded)


def codes(text: str) -> list[str]:
    """Model numbers in one piece: "TL-WN821N" is "tlwn821n" and "wn821n", whatever is typed between the parts."""
    found = []
    for piece in _pieces(text):
        for whole in dict.fromkeys((re.sub(r"[-/.]", "", piece), *re.split(r"[-/.]", piece))):
            if any(c.isdigit() for c in whole) and any(c.isalpha() for c in whole):
                found.append(whole)
    return found


def _spelled(text: str) -> str:
    """The text without its model numbers: the "AA" of "AH547AA" names no battery."""
    return _WHOLE.sub(lambda piece: " " if len(_RUNS.findall(piece[0])) >= CODE_RUNS else piece[0], text)


def _begun(code: str) -> list[str]:
    """How a model number is begun by who does not know its end: "ah547" of "ah547aa"."""
    ends = [run.end() for run in _RUNS.finditer(code)]
    return [code[:end] for end in ends[1:-1]]


@dataclass(frozen=True, slots=True, eq=False)
class QueryWords:
    """What an index of words has to say of one query."""

    query: str
    known: tuple[str, ...] = ()  # its distinct words that some product holds
    unknown: tuple[str, ...] = ()  # those that none holds
    coverage: float = 0.0  # the share of its words, rare ones counting more, that one product holds, 0..1
    names_a_model: bool = False  # it holds a model number that few products have
    scores: Floats = field(default_factory=lambda: np.empty(0, np.float32))  # (n,) BM25F, coordinated
    held: Floats = field(default_factory=lambda: np.empty(0, np.float32))  # (n,) idf of the query's words in each text


@dataclass(frozen=True, slots=True)
class _Whole:
    """A piece of a query that mixes letters and digits: "AH547AA", "16gb"."""

    inside: Sequence[str]  # the stems it could be taken apart into
    words: Sequence[str]  # those that are searched for apart, too, and that some product holds
    codes: Sequence[str]  # what it is in one piece, as some product has it


class FieldedIndex:
    """Scores of every product for a query's words. Arrays are memory-mapped; one instance serves all threads."""

    def __init__(
        self, vocabulary: dict[str, int], start: Longs, rows: npt.NDArray[np.int32], values: Floats, size: int
    ) -> None:
        self._vocabulary, self._start, self._rows, self._values = vocabulary, start, rows, values
        self.size = size
        self._tokenizer = Tokenizer()

    @classmethod
    def build(cls, fields: Mapping[str, Sequence[str]], weights: FieldWeights = FieldWeights()) -> FieldedIndex:
        """The index of n products from n texts per field; names of fields are those of `FieldWeights`.

        Raises ValueError for an unknown field or fields of different lengths.
        """
        sizes = {len(texts) for texts in fields.values()}
        if not set(fields) <= set(FIELDS) or len(sizes) != 1:
            raise ValueError(f"fields {sorted(fields)} of lengths {sorted(sizes)}; known are {FIELDS}, of one length")
        n, tokenizer = sizes.pop(), Tokenizer()
        vocabulary: dict[str, int] = {}
        keys: list[Longs] = []
        counts: list[Floats] = []
        for name, texts in fields.items():
            terms, documents = _flat(texts, tokenizer, vocabulary)
            length = np.bincount(documents, minlength=n)
            norm = 1 - weights.b + weights.b * length / max(float(length.mean()), 1e-9)
            keys.append(terms * n + documents)
            counts.append((getattr(weights, name) / norm[documents]).astype(np.float32))
        pairs, place = np.unique(np.concatenate(keys), return_inverse=True)
        weighed = np.bincount(place, weights=np.concatenate(counts), minlength=len(pairs))
        terms, documents = pairs // max(n, 1), pairs % max(n, 1)
        found_in = np.bincount(terms, minlength=len(vocabulary))
        idf = _idf(n, found_in)
        values = (idf[terms] * weighed / (weights.k1 + weighed)).astype(np.float32)
        start = np.concatenate(([0], np.cumsum(found_in))).astype(np.int64)
        return cls(vocabulary, start, documents.astype(np.int32), values, n)

    def look(self, query: str) -> QueryWords:
        """All that the index has to say of a query, its words taken apart once."""
        query = query[:MAX_QUERY_CHARS]
        words = list(dict.fromkeys(self._tokenizer.words(query)))
        stems, models, wholes = self._tokenizer.stems(words), codes(query), self._wholes(query)
        inside = {stem for whole in wholes for stem in whole.inside}
        apart = [stem for stem in dict.fromkeys(stems) if stem not in inside]
        there = [stem in self._vocabulary or stem in inside for stem in stems]
        coverage, held = self._coverage(apart, wholes)
        stems = [*apart, *(stem for whole in wholes for stem in whole.words)]
        return QueryWords(
            query,
            tuple(word for word, known in zip(words, there, strict=True) if known),
            tuple(word for word, known in zip(words, there, strict=True) if not known),
            coverage,
            self._names_a_model(models),
            _coordinated(self._scores([*stems, *models]), held),
            held,
        )

    def _wholes(self, query: str) -> list[_Whole]:
        """The pieces of the query, letters and digits in one, that some product has."""
        found = []
        for piece in dict.fromkeys(_pieces(query)):
            if there := [code for code in codes(piece) if code in self._vocabulary]:
                inside, words = self._tokenizer.tokens(piece), self._tokenizer.tokens(_spelled(piece))
                found.append(_Whole(inside, [word for word in words if word in self._vocabulary], there))
        return found[:MAX_TERMS]

    def scores(self, query: str) -> Floats:
        """The score of every product, (n,); 0 where no word of the query occurs.

        BM25F times the share of the query's words that the product has, rare ones counting more, against the product
        that has most of them (Lucene's coordination factor, with idf for counts): of "aa battery" one word that is
        repeated in every field is no match.
        """
        return self.look(query).scores

    def _scores(self, terms: Iterable[str]) -> Floats:
        out = np.zeros(self.size, np.float32)
        for term in [self._vocabulary[t] for t in dict.fromkeys(terms) if t in self._vocabulary][:MAX_TERMS]:
            part = slice(int(self._start[term]), int(self._start[term + 1]))
            out[self._rows[part]] += self._values[part]  # a row stands once in a word's postings
        return out

    def holding(self, word: str) -> npt.NDArray[np.bool_]:
        """Which products hold a form of the word, (n,)."""
        out = np.zeros(self.size, np.bool_)
        for stem in self._tokenizer.tokens(word):
            if stem in self._vocabulary:
                out[self._rows_of(stem)] = True
        return out

    def _coverage(self, stems: Sequence[str], wholes: Sequence[_Whole]) -> tuple[float, Floats]:
        """(the share of the query's distinct words, each counted by its idf, that the product holding most of them has,
        0..1; the idf of those that each product holds, (n,)).

        A word that no product holds counts as the rarest there could be; 0 for a query without words. Who has a model
        number in one piece has all that it is made of.
        """
        held = np.zeros(self.size, np.float32)
        known = [stem for stem in stems if stem in self._vocabulary][:MAX_TERMS]
        asked = (len(stems) - len(known)) * float(_idf(self.size, 0))
        for stem in known:
            asked += self._hold(held, stem)
        for whole in wholes:
            part = np.zeros_like(held)
            apart = sum(self._hold(part, stem) for stem in whole.words)
            every = len(whole.words) == len(whole.inside)  # then who has it apart has all of it too
            most = apart if every else max(apart, *(self._idf_of(code) for code in whole.codes))
            for code in whole.codes:
                part[self._rows_of(code)] = most
            asked, held = asked + most, held + part
        return (min(1.0, float(held.max(initial=0.0)) / asked) if asked > 0 else 0.0), held

    def _hold(self, held: Floats, word: str) -> float:
        """Add the idf of a word of the vocabulary to `held` (n,) where a product has it; returns it."""
        idf = self._idf_of(word)
        held[self._rows_of(word)] += idf
        return idf

    def _idf_of(self, word: str) -> float:
        return float(_idf(self.size, len(self._rows_of(word))))

    def _rows_of(self, word: str) -> npt.NDArray[np.int32]:
        """The products that hold this word of the vocabulary, ascending."""
        term = self._vocabulary[word]
        return self._rows[int(self._start[term]) : int(self._start[term + 1])]

    def _names_a_model(self, models: Sequence[str], within: int = 50) -> bool:
        """Whether one of these model numbers is one that at most `within` products have: then words say it all."""
        return any(0 < len(self._rows_of(code)) <= within for code in models[:MAX_TERMS] if code in self._vocabulary)

    def save(self, folder: Path) -> dict[str, Any]:
        """Write the arrays and fielded.json into an existing folder; returns what was written."""
        for name, array in (("start", self._start), ("rows", self._rows), ("values", self._values)):
            write_array(folder / f"fielded_{name}.npy", array)
        card = {"size": self.size, "vocabulary": list(self._vocabulary)}
        write_whole(folder / CARD, json.dumps(card, ensure_ascii=False).encode())
        return {"products": self.size, "words": len(self._vocabulary), "postings": len(self._rows)}

    @classmethod
    def load(cls, folder: Path) -> FieldedIndex:
        """The saved index, memory-mapped. Raises ArtifactError when it is missing or damaged."""
        try:
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            start, rows, values = (mapped(folder / f"fielded_{name}.npy") for name in ("start", "rows", "values"))
            vocabulary = {str(word): i for i, word in enumerate(card["vocabulary"])}
            size = int(card["size"])
            whole = len(start) == len(vocabulary) + 1 and int(start[-1]) == len(rows) == len(values)
        except (OSError, ValueError, KeyError, TypeError, EOFError) as error:
            raise ArtifactError("the index of words by field is missing or damaged", remedy=PREPARE) from error
        if not whole:
            raise ArtifactError("the parts of the index of words by field do not fit together", remedy=PREPARE)
        return cls(vocabulary, start, rows, values, size)


def settings_of(weights: FieldWeights) -> dict[str, float]:
    """The weights as plain data, for a fingerprint."""
    return asdict(weights)


def _idf(n: int, found_in: Any) -> Any:
    """Lucene's inverse document frequency, never negative."""
    return np.log1p((n - found_in + 0.5) / (found_in + 0.5))


def _coordinated(scores: Floats, held: Floats) -> Floats:
    """The scores (n,), each times the share of what the product that holds most holds."""
    most = float(held.max(initial=0.0))
    return scores * (held / most) if most > 0 else scores


def _terms(text: str, tokenizer: Tokenizer) -> list[str]:
    """The words of a product's text, and its model numbers in one piece and begun."""
    whole = codes(text)
    return [*tokenizer.tokens(_spelled(text)), *whole, *dict.fromkeys(b for code in whole for b in _begun(code))]


def _flat(texts: Sequence[str], tokenizer: Tokenizer, vocabulary: dict[str, int]) -> tuple[Longs, Longs]:
    """(term, product) of every word of every text; new words are added to the vocabulary."""
    terms: list[int] = []
    lengths = np.zeros(len(texts), np.int64)
    for row, text in enumerate(texts):
        before = len(terms)
        terms.extend(vocabulary.setdefault(term, len(vocabulary)) for term in _terms(text, tokenizer))
        lengths[row] = len(terms) - before
    return np.array(terms, np.int64), np.repeat(np.arange(len(texts)), lengths)
