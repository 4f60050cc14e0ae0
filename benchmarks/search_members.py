"""Several encoders and ways with words beside one another: `python -m benchmarks.search_members`.

    python -m benchmarks.search_members --electronics FOLDER --fashion FOLDER --office FOLDER --groceries SHOP

Does a search gain by more members that count alike, without a setting to learn? Catalogues, queries and the way to keep
them apart are those of benchmarks/search_settings.py. Writes benchmarks/results/search_members.json. Vectors are kept,
so that a second run takes minutes.
"""

from __future__ import annotations

import itertools
import json
import re
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from benchmarks.machine import described
from benchmarks.search_settings import PROTOCOL as APART
from benchmarks.search_settings import USUAL, Catalogue, Ground, electronics, fashion, groceries, office
from recsys.artifacts import write_whole
from recsys.encoders.contract import TextEncoder
from recsys.encoders.corpus import encode_corpus
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.encoders.unit_rows import unit_rows
from recsys.encoders.universal import MOST_CHARACTERS as USE_READS
from recsys.encoders.universal import UniversalEncoder
from recsys.evaluation.search.attribute_queries import ALL
from recsys.evaluation.search.kept_apart import MEASURES, Asked, Doubles, kept_apart, ndcg
from recsys.evaluation.search.systems import MIX_WORDS, RRF_K, Bm25
from recsys.evaluation.significance import SAMPLING, bootstrap_means, intervals
from recsys.query.tokens import Tokenizer
from recsys.ranking.weighted_parts import to_unit_range
from recsys.ranking.words_or_meaning import meaning_share
from recsys.retrieval.dense import POOL
from recsys.retrieval.fielded import FieldedIndex
from recsys.retrieval.lexical import FIELDS
from recsys.retrieval.product_type import FIRST, ProductKinds
from recsys.schema import Floats, Rows
from recsys.settings import PROJECT

RESULT: Final = PROJECT / "benchmarks" / "results" / "search_members.json"
WHOLE: Final = 300  # characters of a whole text that are encoded: title, attributes, description
LETTERS: Final = 4  # of a piece of a word
BEFORE: Final = "the storefront's, as it was"
SINCE: Final = "the storefront's, since: k1 2, b 0.75"
WAS: Final = replace(FIELDS, k1=1.2, b=0.4)  # when the candidates were written down
_WORD: Final = re.compile(r"\w+")


@dataclass(frozen=True, slots=True)
class Candidate:
    """Which members stand beside one another; all of them count alike."""

    meaning: tuple[str, ...] = ("minilm",)
    words: tuple[str, ...] = ("fields",)
    kind: tuple[str, ...] = ("minilm",)  # whose vectors the second look is taken by; none: no second look
    fused: str = "as in the app"  # or a key of FUSED: words and meaning as equal members, nothing else


ALL_FOUR: Final = {"meaning": ("minilm", "use"), "words": ("fields", "one text"), "kind": ()}
CANDIDATES: Final = {
    BEFORE: Candidate(),
    "MiniLM and USE": Candidate(("minilm", "use")),
    "MiniLM, and USE on whole texts": Candidate(("minilm", "use whole")),
    "words by pieces of four letters too": Candidate(words=("fields", "pieces")),
    "MiniLM, USE on titles and on whole texts, words by pieces too": Candidate(
        ("minilm", "use", "use whole"), ("fields", "pieces")
    ),
    "MiniLM and USE, kind by both": Candidate(("minilm", "use"), kind=("minilm", "use")),
    "z-scores of fields, one text, MiniLM and USE": Candidate(**ALL_FOUR, fused="z-scores"),
    "reciprocal rank of fields, one text, MiniLM and USE": Candidate(**ALL_FOUR, fused="reciprocal rank"),
}
"""Written down before any of them was measured, behind what the storefront did."""
AFTERWARDS: Final = {
    "words as they are typed too": Candidate(words=("fields", "forms")),
    SINCE: Candidate(words=("fields since",)),
    "the length of texts as usual alone: k1 1.2, b 0.75": Candidate(words=("length as usual",)),
    "without the second look": Candidate(kind=()),
    "words alone: fields": Candidate((), ("fields",), (), "alone"),
    "words alone: fields, as they are typed": Candidate((), ("forms",), (), "alone"),
    "words alone: one text": Candidate((), ("one text",), (), "alone"),
    "meaning alone: MiniLM": Candidate(("minilm",), (), (), "alone"),
}
"""What was looked at to see where the loss on office comes from: told beside the others, not chosen among them."""
EACH: Final = CANDIDATES | AFTERWARDS
BY_FIELDS: Final = {"fields": WAS, "fields since": FIELDS, "length as usual": replace(WAS, b=FIELDS.b)}

PROTOCOL: Final = {
    **{name: APART[name] for name in APART if name not in ("kept apart", "chosen elsewhere")},
    "kept apart": "each catalogue is left out in turn with all queries over it; the candidate is chosen on the others, "
    "each counting alike, by the mean gain over the plain mix of pooled and full nDCG@10",
    "chosen elsewhere": "the best candidate of the others; each candidate is told too, and against the storefront's "
    "as it was",
    "candidates": "ten were written down before any was measured; members count alike, nothing in them is chosen; "
    "words and meaning share the score as in the app, but for the last two",
    "not measured": "three of the ten: e5 (4 bits) beside MiniLM, e5 beside both, and MiniLM on whole texts too; "
    "either takes several times as long as MiniLM on titles, and a preparation longer by a quarter was all that was "
    "allowed",
    "afterwards": "what was looked at once the loss on office had been seen, so that its figures there are no proof: "
    "words as they are typed (the fields once more, not stemmed); the length of texts counted as usual instead of as "
    "the electronics queries had chosen, which the storefront has since; single members, and no second look",
    "kinds of queries": "stemmed: a word of it is changed by the stemmer; plural: its last word ends in s; held: half "
    "of the products with 3 hold all words as typed; short: the texts of these are shorter than at the median query",
    "several encoders": "each one's cosines are brought to mean 0 and deviation 1 over the catalogue, query by query, "
    "and the mean is taken",
    "whole texts": f"title, attributes and description, {WHOLE} characters; a text longer than an encoder reads is the "
    "mean of its pieces; where products have one text only, it is that",
    "of all catalogues": "the mean over catalogues of the mean gain; queries are drawn within each set",
}


def pieces(text: str, most: int) -> list[str]:
    """The text in pieces of at most `most` characters, cut between words; a longer word is cut itself."""
    found, held = [], ""
    for word in text.split():
        joined = f"{held} {word}" if held else word
        if len(joined) > most and held:
            found.append(held)
            joined = word
        held = joined[:most]
    return [*found, held] if held or not found else found


def whole_texts(of: Catalogue) -> list[str]:
    """What a product's texts say in one: title, attributes, description; else what is encoded already."""
    if "title" not in of.fields or "description" not in of.fields:
        return list(of.meant)
    told = [of.fields[name] for name in ("title", "attributes", "description") if name in of.fields]
    return [" ".join(parts)[:WHOLE] for parts in zip(*told, strict=True)]


def encoded(texts: Sequence[str], encoder: TextEncoder, most: int, scratch: Path) -> Floats:
    """(n, d) the vectors of the texts, each the mean of those of its pieces, of length 1."""
    cut = [pieces(text[:WHOLE], most) for text in texts]
    vectors = encode_corpus([piece for each in cut for piece in each], encoder, scratch, _shown)
    starts = np.cumsum([0, *(len(each) for each in cut[:-1])])
    return unit_rows(np.add.reduceat(vectors, starts, axis=0))


def _shown(done: int, total: int, note: str = "") -> None:
    print(f"\r{done} of {total} texts {note}", end="" if done < total else "\n", file=sys.stderr, flush=True)


def letters(text: str) -> list[str]:
    """The pieces of four letters of each word, with its ends: "_tea", "tea_"; a shorter word is one."""
    found = []
    for word in _WORD.findall(text.lower()):
        ends = f"_{word}_"
        found += [ends[at : at + LETTERS] for at in range(max(len(ends) - LETTERS + 1, 1))]
    return found


class Forms:
    """The fields' words as they are typed, not stemmed: each distinct word is told to the index as a number."""

    def __init__(self, fields: Mapping[str, Sequence[str]]) -> None:
        self._words, self._number = Tokenizer(), dict[str, int]()
        told = {name: [self._told(text) for text in texts] for name, texts in fields.items()}
        self._index = FieldedIndex.build(told, WAS)

    def _told(self, text: str) -> str:
        return " ".join(str(self._number.setdefault(word, len(self._number))) for word in self._words.words(text))

    def scores(self, query: str) -> Floats:
        """(n,) BM25F, 0 where no word of the query stands as typed; a word that no text has is told as "x"."""
        words = [str(self._number.get(word, "x")) for word in self._words.words(query)]
        return self._index.look(" ".join(words)).scores


class Letters:
    """BM25 over pieces of words: a word that is typed otherwise shares most of them."""

    def __init__(self, texts: Sequence[str]) -> None:
        import bm25s

        self._index = bm25s.BM25()
        self._index.index([letters(text) or [""] for text in texts], show_progress=False)

    def scores(self, query: str) -> Floats:
        """(n,) scores, 0 without a piece of the query."""
        known = [piece for piece in letters(query) if piece in self._index.vocab_dict]
        size = int(self._index.scores["num_docs"])
        return np.asarray(self._index.get_scores(known), np.float32) if known else np.zeros(size, np.float32)


class Members:
    """All members of one catalogue, and the encoders of its queries."""

    def __init__(self, of: Catalogue, minilm: OnnxTextEncoder, scratch: Path) -> None:
        use, whole = UniversalEncoder(), whole_texts(of)
        self._encoders: dict[str, TextEncoder] = {"minilm": minilm, "use": use}
        titles = encode_corpus(list(of.meant), minilm, scratch, _shown)
        self._vectors = {
            "minilm": titles,
            "use": encoded(of.meant, use, USE_READS, scratch),
            "use whole": encoded(whole, use, USE_READS, scratch),
        }
        every = np.arange(len(titles), dtype=np.int32)
        self._learned = {name: ProductKinds.learn(self._vectors[name]) for name in ("minilm", "use")}
        self._of_kind = {name: kinds.of(every) for name, kinds in self._learned.items()}
        self._by_fields = {name: FieldedIndex.build(of.fields, weights) for name, weights in BY_FIELDS.items()}
        self._plain = Bm25(list(of.texts))
        self._forms, self._letters = Forms(of.fields), Letters(of.texts)

    def figures(self, query: str, graded: Mapping[int, int]) -> tuple[list[tuple[float, float]], tuple[float, float]]:
        """(pooled and full nDCG of each candidate, of the plain mix)."""
        asked = {name: encoder.encode([query])[0] for name, encoder in self._encoders.items()}
        near = {name: vectors @ asked[name.split()[0]] for name, vectors in self._vectors.items()}
        looked = {name: index.look(query) for name, index in self._by_fields.items()}
        look = looked["fields"]  # the words that it knows, and how many of them a product has, are those of all three
        words = {
            **{name: found.scores for name, found in looked.items()},
            "one text": np.maximum(self._plain.all_scores(query), 0.0),
            "forms": self._forms.scores(query),
            "pieces": self._letters.scores(query),
        }
        share = 1.0
        if look.known:
            share = meaning_share(USUAL.meaning, look.coverage, model=look.names_a_model)
        found = [ndcg(self._scores(each, words, near, share), graded) for each in EACH.values()]
        minilm = near["minilm"]
        plain = to_unit_range(minilm, float(minilm.min()))
        mix = MIX_WORDS * to_unit_range(words["one text"], 0.0) + (1 - MIX_WORDS) * plain
        return found, ndcg(mix, graded)

    def _scores(self, one: Candidate, words: Mapping[str, Any], near: Mapping[str, Any], share: float) -> Doubles:
        if fuse := FUSED.get(one.fused):
            members = [*(words[name] for name in one.words), *(near[name] for name in one.meaning)]
            return np.asarray(np.mean([fuse(member) for member in members], axis=0), np.float64)
        said = np.mean([to_unit_range(words[name], 0.0) for name in one.words], axis=0)
        answers: Doubles = (1 - share) * said + share * self._meaning([near[name] for name in one.meaning])
        if not one.kind:
            return answers
        return (1 - USUAL.kind) * answers + USUAL.kind * self._second_look(answers, one.kind)

    @staticmethod
    def _meaning(near: Sequence[Floats]) -> Doubles:
        """(n,) the mean of the members' cosines, 0 from the last one of the pool on."""
        one = near[0] if len(near) == 1 else np.mean([standard(each) for each in near], axis=0)
        last = min(POOL, len(one)) - 1
        return to_unit_range(one, float(-np.partition(-one, last)[last]))

    def _second_look(self, answers: Doubles, by: Sequence[str]) -> Doubles:
        first: Rows = np.sort(np.argpartition(-answers, FIRST)[:FIRST]).astype(np.int32)
        best = np.asarray(answers[first], np.float32)
        looks = [self._of_kind[name] @ self._learned[name].intent(first, best) for name in by]  # each (n,)
        return to_unit_range(looks[0] if len(looks) == 1 else np.mean([standard(each) for each in looks], axis=0), 0.0)


def standard(scores: npt.NDArray[np.floating[Any]]) -> Doubles:
    """The scores (n,) with mean 0 and deviation 1; all 0 where they are equal."""
    wide = scores.astype(np.float64)
    deviation = float(wide.std())
    return (wide - wide.mean()) / deviation if deviation > 0 else np.zeros(len(wide))


def reciprocal_rank(scores: npt.NDArray[np.floating[Any]]) -> Doubles:
    """1 / (60 + rank) of each (n,), ties by row; who has 0 or less has nothing.

    Cormack, Clarke & Buettcher, "Reciprocal rank fusion", SIGIR 2009.
    """
    places = np.empty(len(scores))
    places[np.argsort(-scores, kind="stable")] = np.arange(1, len(scores) + 1)
    return np.where(scores > 0, 1 / (RRF_K + places), 0.0)


FUSED: Final[Mapping[str, Callable[[npt.NDArray[np.floating[Any]]], Doubles]]] = {
    "z-scores": standard,
    "reciprocal rank": reciprocal_rank,
    "alone": lambda scores: scores.astype(np.float64),
}


def asked_of(of: Catalogue, minilm: OnnxTextEncoder, scratch: Path) -> Asked:
    """The figures of every candidate on a catalogue's queries."""
    print(of.name, file=sys.stderr, flush=True)
    members = Members(of, minilm, scratch)
    found = [members.figures(query, graded) for query, graded in of.asked.items()]
    values = np.array([each for each, _ in found]).transpose(1, 0, 2)  # -> (each, queries, 2)
    return Asked(of.name, of.catalogue, values, np.array([plain for _, plain in found]))


def against_before(one: Asked) -> dict[str, Any]:
    """What each candidate gains over what the storefront did on a set of queries, query by query."""
    before = list(EACH).index(BEFORE)
    return {name: _gains(one.values[place] - one.values[before]) for place, name in enumerate(EACH)}


def kinds_of_queries(of: Catalogue) -> dict[str, npt.NDArray[np.bool_]]:
    """Kinds of a catalogue's queries, each (queries,): whether each query is of it."""
    tokenizer = Tokenizer()
    words = [tokenizer.words(query) for query in of.asked]
    texts = [" ".join(parts) for parts in zip(*of.fields.values(), strict=True)]
    there = {row for graded in of.asked.values() for row, grade in graded.items() if grade == ALL}
    typed = {row: frozenset(tokenizer.words(texts[row])) for row in there}
    right = [[row for row, grade in graded.items() if grade == ALL] for graded in of.asked.values()]
    lengths = np.array([np.mean([len(texts[row]) for row in rows]) if rows else np.nan for rows in right])
    held = [[typed[row].issuperset(asked) for row in rows] for asked, rows in zip(words, right, strict=True)]
    kinds = {
        "stemmed": np.array([tokenizer.stems(each) != each for each in words]),
        "plural": np.array([bool(each) and each[-1].endswith("s") for each in words]),
        "held": np.array([2 * sum(each) >= len(each) > 0 for each in held]),
        "short": lengths < np.nanmedian(lengths),
    }
    both = {f"{no}{kind}": is_so != bool(no) for kind, is_so in kinds.items() for no in ("", "not ")}
    return {"all": np.ones(len(words), np.bool_)} | both


def by_kind(of: Catalogue, one: Asked) -> dict[str, Any]:
    """What is gained over the plain mix on each kind of query: by the storefront as it was, and what was seen later."""
    told = {}
    for kind, is_so in kinds_of_queries(of).items():
        if is_so.any():
            places = {name: place for place, name in enumerate(EACH) if name in (BEFORE, *AFTERWARDS)}
            gains = {name: _gains((one.values[place] - one.plain)[is_so]) for name, place in places.items()}
            told[kind] = {"queries": int(is_so.sum())} | gains
    return told


def _gains(gained: Doubles) -> dict[str, Any]:
    table = intervals(pd.DataFrame(_three(gained), columns=[*MEASURES, "both"])).round(4)
    return {str(name): _told(row["mean"], row["low"], row["high"]) for name, row in table.iterrows()}


def _three(gained: Doubles) -> Doubles:
    """(queries, 2) -> (queries, 3): pooled, full, and the mean of both."""
    return np.column_stack([gained, gained.mean(axis=1)])


def of_all(sets: Sequence[Asked], base: str) -> dict[str, Any]:
    """What each candidate gains over all catalogues, each counting alike: over the `base`, "" for the plain mix."""
    catalogues = list(dict.fromkeys(one.catalogue for one in sets))
    told = {}
    for place, name in enumerate(EACH):
        means, drawn = np.zeros(3), np.zeros((SAMPLING.resamples, 3))
        for seed, one in enumerate(sets, SAMPLING.seed):  # the queries of one set are drawn apart from those of another
            beside = sum(other.catalogue == one.catalogue for other in sets) * len(catalogues)
            under = one.values[list(EACH).index(base)] if base else one.plain
            gained = _three(one.values[place] - under)
            means += gained.mean(axis=0) / beside
            drawn += bootstrap_means(gained, replace(SAMPLING, seed=seed)) / beside
        low, high = np.quantile(drawn, [0.025, 0.975], axis=0)
        told[name] = {
            measure: _told(*each)
            for measure, each in zip((*MEASURES, "both"), np.column_stack([means, low, high]), strict=True)
        }
    return told


def _told(mean: float, low: float, high: float) -> dict[str, Any]:
    return {"mean": round(float(mean), 4), "ci95": [round(float(low), 4), round(float(high), 4)]}


def main() -> None:
    """Measure and write."""
    ground = Ground.asked(__doc__)
    options, settings, minilm, scratch = ground
    read = [groceries(settings), fashion(options.fashion), office(options.office), *electronics(options.electronics)]
    sets = [asked_of(each, minilm, scratch) for each in read]
    names = list(CANDIDATES)
    told = [replace(one, values=one.values[: len(names)]) for one in sets]
    report = {
        "command": ground.command("search_members"),
        "protocol": PROTOCOL,
        "catalogues": {each.name: {"products": len(each.texts), "queries": len(each.asked)} for each in read},
        "kept_apart": kept_apart(told, names, {name: place for place, name in enumerate(names)}),
        "against_the_storefront_as_it_was": {one.name: against_before(one) for one in sets},
        "by_kind_of_query": {one.name: by_kind(of, one) for of, one in zip(read, sets, strict=True)},
        "of_all_catalogues": {
            "over the plain mix": of_all(sets, ""),
            "over the storefront's as it was": of_all(sets, BEFORE),
        },
        "machine": described(),
    }
    write_whole(RESULT, json.dumps(report, ensure_ascii=False, indent=1).encode())
    print("\n".join(_lines(report)))


def _lines(report: Mapping[str, Any]) -> Iterator[str]:
    """The gains over what the storefront did, in a few lines."""
    tables = report["against_the_storefront_as_it_was"] | {
        "all catalogues": report["of_all_catalogues"]["over the storefront's as it was"]
    }
    for name, table in tables.items():
        yield name
        for candidate, gains in table.items():
            figures = itertools.chain.from_iterable((each["mean"], *each["ci95"]) for each in gains.values())
            yield f"  {candidate[:52]:52} " + " ".join(f"{figure:+.3f}" for figure in figures)


if __name__ == "__main__":
    main()
