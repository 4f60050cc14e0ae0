"""What reads queries in other languages best: `python -m benchmarks.other_languages [--shop NAME]`.

Encoders alone, without the shop's glossary, which has nearly all of these words: each ranks the distinct names of a
prepared shop's products for words of twenty-five languages, and for whole sentences around them. Writes
benchmarks/results/other_languages.json.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from benchmarks.languages import CODES, HELD_OUT, authored, first_rank, is_right
from benchmarks.machine import described
from recsys import schema as s
from recsys.artifacts import write_whole
from recsys.datasets import storage
from recsys.encoders.any_language import AnyLanguage
from recsys.encoders.contract import TextEncoder
from recsys.encoders.multilingual import MultilingualEncoder
from recsys.encoders.universal import UniversalEncoder
from recsys.preparation import Plan
from recsys.progress import Progress, silent
from recsys.retrieval.crosslingual import CATEGORY_SHARE
from recsys.schema import Floats
from recsys.settings import PROJECT, load_settings

RESULT: Final = PROJECT / "benchmarks" / "results" / "other_languages.json"
SENTENCES: Final = {
    "spanish": ("busco {}", "quiero comprar {} para mi familia", "¿dónde puedo encontrar {}?"),
    "german": ("ich suche {}", "ich möchte {} für meine Familie kaufen", "wo finde ich {}?"),
    "french": ("je cherche {}", "je voudrais acheter {} pour ma famille", "où trouver {} ?"),
    "chinese": ("我想买{}", "请问哪里有{}", "给家人买{}"),
}
BEYOND: Final = (
    "swedish", "finnish", "czech", "vietnamese", "greek", "hindi", "hebrew",
    "danish", "hungarian", "romanian", "indonesian",
)  # fmt: skip
TIMED: Final = ("leche entera", "Milch", "pilas recargables", "我想买牛奶", "je cherche du lait")
TIMES: Final = 20
PROTOCOL: Final = {
    "words": "68 grocery words in Spanish, German, French and Chinese, half of them held out from what was chosen "
    "earlier (weights of names and categories); 27 rarer things; 16 of the 68 in 17 more languages, for this",
    "unseen": "32 other words in thirteen languages, written after the letters had been chosen, to judge rules by",
    "sentences": "each of the 68 words in three sentences of its language, written before any encoder was asked them",
    "glossary": "switched off: the words are not put into English, neither wholly nor in part",
    "ranked": "the distinct names and categories of the shop, by the inner product with the vector of the name and 0.3 "
    "of the category's; words that no product of the shop answers are left out",
    "hits": "a right name is first, among the first three; mrr: the mean of 1 / the rank of the first right",
    "both": "what the shop does: the universal encoder where it knows a query's letters, else multilingual-e5-small; "
    "the letters are those of the alphabets; that Latin ones are looked at too was decided after these words were seen",
    "interval": "percentile bootstrap over words, 95 %, of the difference of hit_at_1",
    "time": "one thread, beside other work: ms of a query, median and 95th percentile; s to encode names and "
    "categories, where the second and third way use what the first has made",
}

Asked = list[tuple[str, dict[str, str]]]  # (query, what is right for it)


class Remembered:
    """An encoder that reads no text of the shop twice."""

    def __init__(self, encoder: TextEncoder) -> None:
        self.name, self.dimension, self._encoder = encoder.name, encoder.dimension, encoder
        self._vectors: dict[str, Floats] = {}

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """As the encoder; a single text, a query, is read each time."""
        if len(texts) == 1:
            return self._encoder.encode(texts)
        new = [text for text in dict.fromkeys(texts) if text not in self._vectors]
        self._vectors |= dict(zip(new, self._encoder.encode(new, progress), strict=True))
        return np.array([self._vectors[text] for text in texts])


class Ranked:
    """The names of a shop, ranked by one encoder."""

    def __init__(self, encoder: TextEncoder, names: Sequence[str], categories: Sequence[str]) -> None:
        self._query: Callable[[str], Floats] = getattr(encoder, "query", lambda text: encoder.encode([text])[0])
        started = time.perf_counter()
        found = encoder.encode([*names, *dict.fromkeys(categories)])
        self.seconds = time.perf_counter() - started
        place = {category: len(names) + i for i, category in enumerate(dict.fromkeys(categories))}
        self._vectors = found[: len(names)] + CATEGORY_SHARE * found[[place[each] for each in categories]]
        self.name = encoder.name

    def ranks(self, asked: Asked, names: Sequence[str]) -> Floats:
        """The rank of the first right name for each query, (q,)."""
        right = [np.array([is_right(name, row) for name in names]) for _, row in asked]
        return np.array(
            [first_rank(self._vectors @ self._query(q), known) for (q, _), known in zip(asked, right, strict=True)],
            np.float32,
        )

    def milliseconds(self) -> dict[str, float]:
        """Of one query."""
        taken = []
        for text in TIMED * TIMES:
            started = time.perf_counter()
            self._query(text)
            taken.append(1000 * (time.perf_counter() - started))
        return {"p50": round(float(np.median(taken)), 2), "p95": round(float(np.percentile(taken, 95)), 2)}


def sets(names: Sequence[str]) -> dict[str, Asked]:
    """What is asked, by the name of the set: "german words"."""
    rows = [row for row in authored("groceries.csv") if any(is_right(name, row) for name in names)]
    rarer = [row for row in authored("beyond.csv") if any(is_right(name, row) for name in names)]
    right = {row["english"]: row for row in rows}
    found: dict[str, Asked] = {}
    for language in SENTENCES:
        assert language in CODES
        found[f"{language} words"] = [(row[language], row) for row in rows]
        found[f"{language} words, held out"] = [(row[language], row) for row in rows if row["half"] == HELD_OUT]
        found[f"{language} rarer words"] = [(row[language], row) for row in rarer]
        found[f"{language} sentences"] = [
            (each.format(row[language]), row) for row in rows for each in SENTENCES[language]
        ]
    more = [row for row in authored("more.csv") if row["english"] in right]
    for language in [name for name in more[0] if name != "english"]:
        beyond = ", beyond the sixteen" if language in BEYOND else ""
        found[f"{language} words{beyond}"] = [(row[language], right[row["english"]]) for row in more]
    for language in [name for name in authored("unseen.csv")[0] if name != "english"]:
        beyond = ", beyond the sixteen" if language in BEYOND else ""
        found[f"{language} words, unseen{beyond}"] = [
            (row[language], right[row["english"]]) for row in authored("unseen.csv") if row["english"] in right
        ]
    return found


def summary(ranks: Mapping[str, Floats], before: str) -> dict[str, Any]:
    """Figures of each encoder on one set, and the others' difference to `before`."""
    out: dict[str, Any] = {}
    rng = np.random.default_rng(0)
    for name, rank in ranks.items():
        out[name] = {"hit_at_1": float(np.mean(rank == 1)), "hit_at_3": float(np.mean(rank <= 3))}
        out[name] |= {"mrr": float(np.mean(1 / rank))}
        if name != before:
            gained = (rank == 1).astype(float) - (ranks[before] == 1)
            drawn = gained[rng.integers(len(gained), size=(2_000, len(gained)))].mean(axis=1)
            out[name]["gain_ci95"] = np.percentile(drawn, [2.5, 97.5]).round(4).tolist()
        out[name] = {key: value if isinstance(value, list) else round(value, 4) for key, value in out[name].items()}
    return out


def main() -> None:
    """Measure and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--shop", default="complete_journey_sample", help="a prepared shop of groceries")
    shop = parser.parse_args().shop
    plan = Plan.of(load_settings().model_copy(update={"shop": shop}))
    items = storage.load_items(plan.open("dataset").path).drop_duplicates([s.NAME, s.CATEGORY])
    names, categories = items[s.NAME].astype(str).tolist(), items[s.CATEGORY].astype(str).tolist()
    before, universal = Remembered(MultilingualEncoder()), Remembered(UniversalEncoder())
    encoders: list[TextEncoder] = [before, universal, AnyLanguage([universal, before])]
    ranked = {
        key: Ranked(each, names, categories)
        for key, each in zip(("before", "universal", "both"), encoders, strict=True)
    }
    found = {
        what: {"queries": len(asked)}
        | summary({key: each.ranks(asked, names) for key, each in ranked.items()}, "before")
        for what, asked in sets(names).items()
    }
    report = {
        "command": f"python -m benchmarks.other_languages --shop {shop}",
        "shop": shop,
        "names": len(names),
        "encoders": {key: each.name for key, each in ranked.items()},
        "protocol": PROTOCOL,
        "prepare_s": {key: round(each.seconds, 1) for key, each in ranked.items()},
        "query_ms": {key: each.milliseconds() for key, each in ranked.items()},
        "figures": found,
        "machine": described(),
    }
    write_whole(RESULT, json.dumps(report, ensure_ascii=False, indent=1).encode())
    for what, figures in found.items():
        told = " ".join(f"{key} {figures[key]['hit_at_1']:.2f}/{figures[key]['mrr']:.2f}" for key in ranked)
        print(f"{what} ({figures['queries']}): {told}")
    print(report["prepare_s"], report["query_ms"], Path(RESULT).name, file=sys.stderr)


if __name__ == "__main__":
    main()
