"""Settings of the search, chosen on some catalogues and judged on another: `python -m benchmarks.search_settings`.

    python -m benchmarks.search_settings --electronics FOLDER --fashion FOLDER --office FOLDER --groceries SHOP

Four catalogues: electronics with people's judgments and with queries from its own attributes, fashion with queries from
eight attributes, office products found by their descriptions for what their titles say, and groceries graded by rules.
Writes benchmarks/results/search_settings.json. Vectors are kept, so that a second run takes minutes.
"""

from __future__ import annotations

import argparse
import csv
import gzip
import itertools
import json
import re
import sys
from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final, NamedTuple

import numpy as np

from benchmarks.grocery_search import grades, queries
from benchmarks.machine import described
from recsys import schema as s
from recsys.artifacts import write_whole
from recsys.datasets import storage
from recsys.encoders.corpus import encode_corpus
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.evaluation.search import judgments as reading
from recsys.evaluation.search.attribute_queries import Grades, attribute_queries
from recsys.evaluation.search.kept_apart import Asked, chosen, kept_apart, ndcg
from recsys.evaluation.search.systems import MIX_WORDS, Bm25
from recsys.preparation import Plan
from recsys.ranking.weighted_parts import to_unit_range
from recsys.ranking.words_or_meaning import meaning_share
from recsys.retrieval.dense import POOL
from recsys.retrieval.fielded import FieldedIndex, QueryWords
from recsys.retrieval.lexical import FIELDS, heads
from recsys.retrieval.product_type import FIRST, ProductKinds
from recsys.schema import Floats, Knobs, Rows
from recsys.settings import PROJECT, Settings, load_settings
from recsys.shops.imported import catalogue as reading_products

RESULT: Final = PROJECT / "benchmarks" / "results" / "search_settings.json"
FOLDERS: Final = ("electronics", "fashion", "office")
COUNT: Final = 60  # artificial queries of a catalogue
SAID: Final = 600  # characters of a description that are read
PROTOCOL: Final = {
    "kept apart": "each catalogue is left out in turn with all queries over it; settings are chosen on the others, "
    "each counting alike, by the mean gain over the plain mix of pooled and full nDCG@10",
    "chosen elsewhere": "the best setting of the others; plainest within chance: the first of the list, which begins "
    "with the plainest, within a standard error of it; the storefront's: what the app does, whatever is chosen here; "
    "other k1 and b were tried once the first figures of all catalogues had been seen, and are the app's since "
    "benchmarks/search_members.py",
    "plain mix": "0.3 BM25 (bm25s, one text) and 0.7 MiniLM cosine, each min-max scaled: nothing in it was chosen here",
    "electronics": "people's judgments, 0 to 3; nothing is chosen here on these queries, but they were seen while the "
    "parts of the search were made",
    "electronics, own attributes": "product type with colour, or alone, asked of title, brand and description; the "
    "attributes are no field then",
    "fashion": "kind with colour, gender, season or usage, asked of the titles",
    "office": "pairs of words that titles of three makers or more share, asked of brand and description alone",
    "groceries": "queries of people who made the search, graded by rules; one product per name and category; half of "
    "them were seen while it was made",
    "artificial grades": "3 has all that was asked, 1 the kind alone, 0 of 60 drawn others; the pool is these",
    "ndcg": "gain 2^grade - 1, unjudged 0, ideal from the judged; pooled: the judged alone are ranked",
    "interval": "percentile bootstrap over queries, 95 %; gains are paired, query by query",
    "reading": "queries as they are typed: no spelling, synonyms or filters; parts, scales and weights as in the app",
}
_TAGS: Final = re.compile(r"<[^>]*>|\{[^}]*\}|[\[\]\"']|&\w+;")
_WORDS: Final = re.compile(r"[a-z]{3,}")


@dataclass(frozen=True, slots=True)
class Setting:
    """What may be chosen: few numbers, each of a few values."""

    one_text: bool  # words count as the mean of fields and one text, else by fields alone
    kind: float  # share of the second look
    bm25: tuple[float, float]  # k1 and b of the fields
    by_query: bool  # whether the share of meaning follows what the catalogue has of the query's words
    meaning: float  # its share, at the typical coverage

    def __str__(self) -> str:
        words = "fields and one text" if self.one_text else "fields"
        how = "by query" if self.by_query else "for all"
        k1, b = self.bm25
        return f"{words} (k1 {k1:g}, b {b:g}), meaning {self.meaning:g} {how}, kind {self.kind:g}"


BM25: Final = ((1.2, 0.4), (2.0, 0.75))
"""What was chosen on electronics alone, and the upper end of what its authors advise (Robertson & Zaragoza, "The
Probabilistic Relevance Framework", 2009, 3.4)."""
SETTINGS: Final = [
    Setting(*each) for each in itertools.product((False, True), (0.0, 0.15, 0.3), BM25, (False, True), (0.4, 0.5, 0.6))
]
"""From the plainest on."""
USUAL: Final = Setting(False, Knobs().kind_weight, (FIELDS.k1, FIELDS.b), True, Knobs().meaning_weight)
NAMED: Final = {"the storefront's": USUAL, "the storefront's, k1 and b as they were": replace(USUAL, bm25=BM25[0])}


@dataclass(frozen=True, slots=True, eq=False)
class Catalogue:
    """Products by row, sorted by id, and what is asked of them."""

    name: str
    catalogue: str
    fields: Mapping[str, Sequence[str]]  # each (n,)
    texts: Sequence[str]  # (n,) as one, for the plain mix
    meant: Sequence[str]  # (n,) what is encoded
    asked: Mapping[str, Grades]


def electronics(folder: Path) -> list[Catalogue]:
    """The judged queries, and those of its own attributes."""
    read = reading_products.load(folder).by_id()
    judged = reading.load(folder / "judgments.csv").known(frozenset(read.ids))
    row = {docid: place for place, docid in enumerate(read.ids)}
    asked = {q: {row[docid]: grade for docid, grade in judged.ratings[q].items()} for q in judged.answerable()}
    fields = {"title": read.titles, "brand": read.brands, "description": read.descriptions}
    texts = [" ".join(parts) for parts in zip(*fields.values(), strict=True)]
    described_by = [dict(pairs) for pairs in read.attributes]
    own = [
        {"kind": each.get("product type", ""), "colour": each.get("product colour", ""), "brand": brand}
        for each, brand in zip(described_by, read.brands, strict=True)
    ]
    made = attribute_queries(own, [("kind",), ("colour", "kind"), ("brand", "kind")], "kind", COUNT)
    judged_fields = fields | {"attributes": read.attribute_texts()}
    return [
        Catalogue("electronics", "electronics", judged_fields, texts, read.titles, asked),
        Catalogue("electronics, own attributes", "electronics", fields, texts, read.titles, made),
    ]


def fashion(folder: Path) -> Catalogue:
    """Titles, asked for by eight attributes."""
    with (folder / "styles.csv").open(encoding="utf-8", newline="") as handle:
        rows = sorted(csv.DictReader(handle), key=lambda row: row["id"])
    titles = [row["productDisplayName"] for row in rows]
    ways = [("articleType",), *((name, "articleType") for name in ("baseColour", "gender", "usage"))]
    ways += [(name, "gender", "articleType") for name in ("baseColour", "season", "usage")]
    asked = attribute_queries(rows, ways, "articleType", 2 * COUNT)
    return Catalogue("fashion", "fashion", {"title": titles}, titles, titles, asked)


def office(folder: Path) -> Catalogue:
    """Brands and descriptions, asked for by what the titles say; products without a description are left out."""
    with gzip.open(folder / "items.json.gz", "rt", encoding="utf-8") as handle:
        read = json.load(handle)
    rows = [read[key] for key in sorted(read, key=int)]
    said = [re.sub(r"\s+", " ", _TAGS.sub(" ", row["description"])).strip(" ,")[:SAID] for row in rows]
    kept = [place for place, text in enumerate(said) if len(text) >= 40]
    titles = [rows[place]["title"].lower() for place in kept]
    brands, descriptions = [rows[place]["brand"] for place in kept], [said[place] for place in kept]
    texts = [f"{brand} {text}" for brand, text in zip(brands, descriptions, strict=True)]
    asked = pair_queries(titles, brands)
    return Catalogue("office", "office", {"brand": brands, "description": descriptions}, texts, texts, asked)


def pair_queries(titles: Sequence[str], brands: Sequence[str]) -> dict[str, Grades]:
    """Pairs of words that begin titles of three makers or more: 3 where a title has it, 1 where the last word."""
    holders: dict[str, set[int]] = defaultdict(set)
    for row, title in enumerate(titles):
        words = _WORDS.findall(re.split(r"[,(]", title)[0])
        for pair in itertools.pairwise(words):
            holders[" ".join(pair)].add(row)
    common = sorted(p for p, rows in holders.items() if 4 <= len(rows) <= 150 and len({brands[r] for r in rows}) >= 3)
    rng, asked = np.random.default_rng(0), dict[str, Grades]()
    for place in rng.permutation(len(common))[: 2 * COUNT]:
        pair = common[place]
        others = {int(row): 0 for row in rng.permutation(len(titles))[:COUNT]}
        kin = {row: 1 for row, title in enumerate(titles) if pair.split()[1] in _WORDS.findall(title)}
        asked[pair] = others | kin | dict.fromkeys(holders[pair], 3)
    return asked


def groceries(settings: Settings) -> Catalogue:
    """The names and categories of a shop of groceries; each stands once."""
    items = storage.load_items(Plan.of(settings).open("dataset").path).drop_duplicates([s.NAME, s.CATEGORY])
    items = items.reset_index(drop=True)
    names, categories = items[s.NAME].astype(str).tolist(), items[s.CATEGORY].astype(str).tolist()
    what = [f"{heads(name)} {heads(category)}" for name, category in zip(names, categories, strict=True)]
    rng, asked = np.random.default_rng(0), dict[str, Grades]()
    for query in queries():
        found = grades(query, items)
        if found.any():
            others = rng.permutation(np.flatnonzero(found == 0))[:COUNT]
            right = {int(row): 3 if found[row] == 2 else 1 for row in np.flatnonzero(found)}
            asked[query.text] = {int(row): 0 for row in others} | right
    texts = items[s.TEXT].astype(str).tolist()
    return Catalogue(
        "groceries", "groceries", {"title": names, "category": categories, "head": what}, texts, texts, asked
    )


class Parts:
    """The raw parts of one catalogue's scores."""

    def __init__(self, catalogue: Catalogue, encoder: OnnxTextEncoder, scratch: Path) -> None:
        self.vectors = encode_corpus(list(catalogue.meant), encoder, scratch)
        self._encoder, self._plain = encoder, Bm25(list(catalogue.texts))
        self._fielded = {(k1, b): FieldedIndex.build(catalogue.fields, replace(FIELDS, k1=k1, b=b)) for k1, b in BM25}
        self._kinds = ProductKinds.learn(self.vectors)
        every = np.arange(len(self.vectors), dtype=np.int32)
        self._of_kind = self._kinds.of(every)  # (n, d)

    def figures(self, query: str, graded: Grades) -> tuple[list[tuple[float, float]], tuple[float, float]]:
        """(pooled and full nDCG of each setting, of the plain mix)."""
        looked = {bm25: index.look(query) for bm25, index in self._fielded.items()}
        near = self.vectors @ self._encoder.encode([query])[0]
        one_text = np.maximum(self._plain.all_scores(query), 0.0)
        meaning = to_unit_range(near, float(-np.partition(-near, min(POOL, len(near)) - 1)[min(POOL, len(near)) - 1]))
        fields = {bm25: to_unit_range(words.scores, 0.0) for bm25, words in looked.items()}
        text = to_unit_range(one_text, 0.0)
        plain = MIX_WORDS * text + (1 - MIX_WORDS) * to_unit_range(near, float(near.min()))
        found, looks = [], dict[Setting, Any]()
        for setting in SETTINGS:
            base = replace(setting, kind=0.0)
            if base not in looks:
                held = fields[setting.bm25]
                words = (held + text) / 2 if setting.one_text else held
                share = self._share(setting, looked[setting.bm25])
                answers = (1 - share) * words + share * meaning
                looks[base] = answers, self._second_look(answers)
            answers, kind = looks[base]
            found.append(ndcg((1 - setting.kind) * answers + setting.kind * kind, graded))
        return found, ndcg(plain, graded)

    @staticmethod
    def _share(setting: Setting, looked: QueryWords) -> float:
        if not looked.known:
            return 1.0
        if not setting.by_query:
            return setting.meaning
        return meaning_share(setting.meaning, looked.coverage, model=looked.names_a_model)

    def _second_look(self, answers: Any) -> Any:
        first: Rows = np.sort(np.argpartition(-answers, FIRST)[:FIRST]).astype(np.int32)
        intent = self._kinds.intent(first, np.asarray(answers[first], np.float32))
        look: Floats = self._of_kind @ intent  # (n, d) @ (d,) -> (n,)
        return to_unit_range(look, 0.0)


def asked_of(catalogue: Catalogue, encoder: OnnxTextEncoder, scratch: Path) -> Asked:
    """The figures of every setting on a catalogue's queries."""
    parts = Parts(catalogue, encoder, scratch)
    found = [parts.figures(query, graded) for query, graded in catalogue.asked.items()]
    values = np.array([each for each, _ in found]).transpose(
        1, 0, 2
    )  # (queries, settings, 2) -> (settings, queries, 2)
    print(f"{catalogue.name}: {len(found)} queries", file=sys.stderr, flush=True)
    return Asked(catalogue.name, catalogue.catalogue, values, np.array([plain for _, plain in found]))


class Ground(NamedTuple):
    """What the command line names, and what is needed to measure on it."""

    options: argparse.Namespace
    settings: Settings  # of the prepared shop of groceries
    encoder: OnnxTextEncoder
    scratch: Path

    @classmethod
    def asked(cls, about: str | None) -> Ground:
        """What the command line asks for; `about` says what is measured."""
        parser = argparse.ArgumentParser(description=about)
        for name in FOLDERS:
            parser.add_argument(f"--{name}", type=Path, required=True, metavar="FOLDER")
        parser.add_argument("--groceries", default="complete_journey_sample", metavar="SHOP", help="a prepared shop")
        options = parser.parse_args()
        settings = load_settings().model_copy(update={"shop": options.groceries})
        encoder = OnnxTextEncoder(Plan.of(settings).open("encoder").path)
        return cls(options, settings, encoder, settings.cache_dir / "search_settings")

    def command(self, module: str) -> str:
        """The command that measures the same once more."""
        folders = [f"--{name} FOLDER/{getattr(self.options, name).resolve().name}" for name in FOLDERS]
        return f"python -m benchmarks.{module} {' '.join(folders)} --groceries {self.options.groceries}"


def main() -> None:
    """Measure and write."""
    ground = Ground.asked(__doc__)
    options, settings, encoder, scratch = ground
    catalogues = [
        *electronics(options.electronics),
        groceries(settings),
        fashion(options.fashion),
        office(options.office),
    ]
    sets = [asked_of(each, encoder, scratch) for each in catalogues]
    names = [str(setting) for setting in SETTINGS]
    lines = kept_apart(sets, names, {name: SETTINGS.index(setting) for name, setting in NAMED.items()})
    report = {
        "command": ground.command("search_settings"),
        "protocol": PROTOCOL,
        "settings": names,
        "catalogues": {each.name: {"products": len(each.texts), "queries": len(each.asked)} for each in catalogues},
        "kept_apart": lines,
        "chosen_on_all": dict(zip(("best", "plainest within chance"), (names[i] for i in chosen(sets)), strict=True)),
        "mean_gain": {
            one.name: dict(zip(names, one.gains.mean(axis=1).round(4).tolist(), strict=True)) for one in sets
        },
        "encoder": encoder.name,
        "machine": described(),
    }
    write_whole(RESULT, json.dumps(report, ensure_ascii=False, indent=1).encode())
    for line in lines:
        told = [f"{way}: {_told(line[way])}" for way in line if isinstance(line[way], dict)]
        print(line["queries_of"], *told, sep="\n  ")


def _told(figures: Mapping[str, Any]) -> str:
    gain = figures.get("gain", {}).get("both")
    told = " / ".join(f"{figures[measure]['mean']:.3f}" for measure in ("pooled_ndcg@10", "ndcg@10"))
    return told if gain is None else f"{told}, gain {gain['mean']:+.3f} {gain['ci95']} ({figures['setting']})"


if __name__ == "__main__":
    main()
