"""Every way to make an encoder smaller, measured on one shop: what it saves, and what it costs in answers."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import storage_errors
from recsys.encoders.compressing import distilling
from recsys.encoders.compressing.folders import checked, read_json
from recsys.encoders.compressing.methods import (
    DISTILLED,
    DISTILLED_INT8,
    FULL,
    METHODS,
    OWN,
    TURNED,
    Method,
    Workshop,
    method_of,
    product_vectors,
    workshop,
)
from recsys.encoders.corpus_encoder import instructions
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.encoders.serving_graph import SERVING, serving_bytes
from recsys.encoders.weights import ModelFiles
from recsys.errors import BadRequestError
from recsys.evaluation.search.judgments import Judgments
from recsys.index.product_quantised import CENTRES_BITS, ProductQuantised
from recsys.progress import Progress
from recsys.schema import Floats
from recsys.training.encoders import judging, kept, speed
from recsys.training.encoders.texts import JUDGED, LEARNED, WATCHED, Texts, sample

TAUGHT_ON: Final = 1_000  # products whose texts a student learns from: some minutes on one core
WATCHED_MEANWHILE: Final = 60  # products of another part, by which its best weights are told
PLAIN_LAYERS: Final = "layers-3"  # what distilling has to beat: as many layers, nothing learned
LEARNED_FROM: Final = 1_000  # texts that axes and shares of tokens are found on
ASKED: Final = 200  # names of products kept apart, where a shop has no judged queries
TIMED_TEXTS: Final = 96
TIMED_QUERIES: Final = 60
PIECES: Final = (48, 24)  # bytes a product that product quantisation keeps
FLOAT_BYTES: Final = 4
MOST_CENTRES: Final = 2**CENTRES_BITS
INDEX: Final = "product quantisation of the vectors: measured only, the app searches exactly"

Progresses = Callable[[str], Progress]


@dataclass(frozen=True, slots=True, eq=False)
class Ground:
    """What is measured on: the products that are searched, the queries, and what is known of the right answers."""

    texts: Texts
    ids: list[str]  # of all products, by row
    rows: Any  # (m,) of the products that are encoded and searched
    queries: list[str]
    judgments: Judgments | None
    pairs: list[tuple[str, str]]  # of the products kept apart

    @classmethod
    def of(cls, texts: Texts, ids: Sequence[str], judgments: Judgments | None, most: int, seed: int) -> Ground:
        """At most so many products are searched: every judged one, and others that are drawn."""
        judged: set[str] = set()
        if judgments is not None:
            judged = {each for ratings in judgments.ratings.values() for each in ratings}
        first = [row for row, each in enumerate(ids) if each in judged]
        others = [row for row, each in enumerate(ids) if each not in judged]
        rows = np.sort(np.concatenate([first, sample(others, max(0, most - len(first)), seed)]).astype(np.int32))
        pairs = texts.pairs(JUDGED, judging.MOST_PAIRS)
        queries = judgments.answerable() if judgments is not None else [name for name, _ in pairs[:ASKED]]
        return cls(texts, list(ids), rows, queries, judgments, pairs)

    @property
    def products(self) -> list[str]:
        """The texts that are searched."""
        return [self.texts.encoded[row] for row in self.rows.tolist()]


def measured(
    model: ModelFiles, ground: Ground, names: Sequence[str], folder: Path, progress_of: Progresses, seed: int = 0
) -> dict[str, Any]:
    """Make each of the named ways in `folder` and measure them beside the full model; a report as plain data.

    Raises BadRequestError for an unknown name, ModelError for a model that cannot be compressed, StorageError.
    """
    started = time.time()
    chosen = [METHODS[FULL], *(method_of(name) for name in names if name != FULL)]
    taught = any(method.name in (DISTILLED, DISTILLED_INT8) for method in chosen)
    shop = _begun(checked(model), ground.texts, folder, progress_of, seed, taught=taught)
    for method in chosen:
        method.make(shop, folder / method.name, progress_of(f"Making: {method.label.lower()}"))
    found = _answers(chosen, ground, folder, progress_of("Finding"))
    costs = _costs(chosen, ground, folder, progress_of("Timing"))
    variants = [
        {"name": method.name, "label": method.label, "about": method.about, "kind": "encoder"}
        | costs[method.name]
        | found[method.name]
        for method in chosen
    ]
    variants += [
        {"name": name, "label": f"Index of {each['index_bytes']} bytes a product", "about": INDEX, "kind": "index"}
        | costs[FULL]
        | each
        for name, each in found.items()
        if name not in METHODS
    ]
    return {
        "encoder": model.name,
        "products": len(ground.rows),
        "queries": len(ground.queries),
        "judged": ground.judgments is not None,
        "variants": variants,
        "instructions": instructions(),
        "protocol": _rules(ground),
        "seconds": round(time.time() - started, 1),
    }


def _begun(
    model: ModelFiles, texts: Texts, folder: Path, progress_of: Progresses, seed: int, *, taught: bool
) -> Workshop:
    """The full model and what is learned from; `taught`: a student is, who reads more."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
    rows = sample(texts.part(LEARNED), LEARNED_FROM, seed)
    learned = list(dict.fromkeys(texts.encoded[row] for row in rows.tolist()))
    lessons, watched = (
        distilling.lessons(_said(texts, part, most, seed), seed) if taught else []
        for part, most in ((LEARNED, TAUGHT_ON), (WATCHED, WATCHED_MEANWHILE))
    )
    return workshop(model, learned, folder, progress_of("Reading the shop's texts"), lessons, watched)


def _said(texts: Texts, part: str, most: int, seed: int) -> list[str]:
    """What the shop's encoder reads of some products of a part, and what the shop says beside their names."""
    rests = texts.rests()
    rows = sample(texts.part(part), most, seed).tolist()
    return [text for row in rows for text in (texts.encoded[row], rests[row])]


def _opened(method: Method, folder: Path) -> OnnxTextEncoder:
    return OnnxTextEncoder(folder / method.name / SERVING)


@dataclass(frozen=True, slots=True, eq=False)
class _Asked:
    """The texts of the ground as one encoder's vectors."""

    queries: Floats  # (q, d)
    products: Floats  # (m, d)
    names: Floats  # (b, d) of the products kept apart
    rests: Floats  # (b, d)

    @classmethod
    def by(cls, method: Method, ground: Ground, folder: Path, full: _Asked | None) -> _Asked:
        """As the method's folder makes them; `full` are those of the full model, None for itself."""
        encoder = _opened(method, folder)
        names, rests = [name for name, _ in ground.pairs], [rest for _, rest in ground.pairs]
        queries, own = encoder.encode(ground.queries), encoder.encode(names)
        if full is None:
            return cls(queries, encoder.encode(ground.products), own, encoder.encode(rests))
        made = folder / method.name
        products = product_vectors(method, made, ground.products, full.products)
        return cls(queries, products, own, product_vectors(method, made, rests, full.rests))


def _answers(chosen: Sequence[Method], ground: Ground, folder: Path, progress: Progress) -> dict[str, dict[str, Any]]:
    """What each finds: figures against the right answers, and agreement with the full model, which comes first."""
    full = _Asked.by(chosen[0], ground, folder, None)
    base, ten = _values(full, ground), judging.top_rows(full.queries, full.products)
    found: dict[str, dict[str, Any]] = {}
    seen: dict[str, dict[str, Floats]] = {}
    for number, method in enumerate(chosen):
        asked = full if number == 0 else _Asked.by(method, ground, folder, full)
        seen[method.name] = values = _values(asked, ground)
        found[method.name] = {
            "agreement": round(judging.agreement(judging.top_rows(asked.queries, asked.products), ten), 4),
            "cosine": None if method.products == TURNED else _cosine(asked, full),
            "figures": _figures(values, base if number else None),
            "numbers": int(asked.products.shape[1]),
            "index_bytes": FLOAT_BYTES * int(asked.products.shape[1]),
        }
        if (told := folder / method.name / distilling.LEARNED).is_file():
            found[method.name]["learned"] = read_json(told)
        progress(number + 1, len(chosen), method.label)
    for name in {DISTILLED, DISTILLED_INT8} & seen.keys() if PLAIN_LAYERS in seen else ():
        found[name]["against"] = {PLAIN_LAYERS: _figures(seen[name], seen[PLAIN_LAYERS])}
    return found | _quantised(full, ground)


def _cosine(asked: _Asked, full: _Asked) -> float | None:
    """The mean cosine to the full model's vectors of names that nothing learned from; None for other axes."""
    if asked.names.shape != full.names.shape or not len(full.names):
        return None
    return round(float(np.vecdot(asked.names, full.names).mean()), 4)


def _values(asked: _Asked, ground: Ground) -> dict[str, Floats]:
    """Metric -> (b,) values of its queries."""
    found = {judging.PAIRS: judging.pair_values(asked.names, asked.rests)}
    if ground.judgments is not None:
        of = dict(zip(ground.queries, asked.queries, strict=True))
        ids = [ground.ids[row] for row in ground.rows.tolist()]
        table = judging.judged_values(lambda texts: of[texts[0]][None], asked.products, ids, ground.judgments)
        found |= {str(name): table[name].to_numpy(np.float32) for name in table}
    return found


def _quantised(full: _Asked, ground: Ground) -> dict[str, dict[str, Any]]:
    """The full model over an index of a few bytes a product: the encoder costs the same, the index does not."""
    exact, base, found = judging.top_rows(full.queries, full.products), _values(full, ground), {}
    for pieces in PIECES:
        if len(full.products) < MOST_CENTRES or full.products.shape[1] % pieces:
            continue
        index = ProductQuantised.build(full.products, pieces)
        values = _values(replace(full, products=index.rebuilt()), ground)
        values.pop(judging.PAIRS)  # the pairs' own texts are not in this index
        top = np.array([index.search(query, judging.TOP).rows for query in full.queries])
        found[f"pq-{pieces}"] = {
            "agreement": round(judging.agreement(top, exact), 4),
            "figures": _figures(values, base),
            "numbers": int(full.products.shape[1]),
            "index_bytes": pieces,
        }
    return found


def _figures(values: dict[str, Floats], base: dict[str, Floats] | None) -> dict[str, Any]:
    return {name: judging.figure(each, base[name] if base else None) for name, each in values.items()}


def _costs(chosen: Sequence[Method], ground: Ground, folder: Path, progress: Progress) -> dict[str, dict[str, Any]]:
    """What each takes: bytes, time, memory; times beside the full model's of the same run."""
    encoders = {method.name: _opened(method, folder) for method in chosen}
    spread = np.linspace(0, len(ground.rows) - 1, min(TIMED_TEXTS, len(ground.rows))).astype(int)
    products = ground.products
    speeds = speed.texts_per_second(encoders, [products[place] for place in spread.tolist()])
    progress(1, 3, "queries")
    queries = (ground.queries * TIMED_QUERIES)[:TIMED_QUERIES]
    times = speed.query_milliseconds(encoders, queries)
    progress(2, 3, "memory")
    faster, quicker = speed.shares(speeds, FULL), speed.shares({name: p50 for name, (p50, _) in times.items()}, FULL)
    found = {
        method.name: {
            "size_mb": round(serving_bytes(folder / method.name / SERVING) / 1e6, 2),
            "texts_per_second": round(speeds[method.name], 1),
            "speed": round(faster[method.name], 3),
            "query_ms": {"p50": round(times[method.name][0], 3), "p95": round(times[method.name][1], 3)},
            "query_share": round(quicker[method.name], 3),
            "memory_mb": round(speed.memory_mb(folder / method.name / SERVING), 1),
            "kept_mb": round(_bytes(folder / method.name) / 1e6, 2),
            "products_speed": round(faster[method.name], 3) if method.products == OWN else 1.0,
        }
        for method in chosen
    }
    progress(3, 3, "done")
    return found


def _bytes(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.rglob("*") if file.is_file())


def _rules(ground: Ground) -> dict[str, str]:
    rules = {
        "made from": f"up to {LEARNED_FROM:,} texts of eight tenths of the products' names; nothing of a query",
        "searched": f"{len(ground.rows):,} products: every judged one, the others drawn",
        "8 bits": "products are encoded once, by the full model, and only queries are read in 8 bits, but where it "
        "says products too",
        "distilled": f"every second layer, taught on texts of up to {TAUGHT_ON:,} of these products, and on pieces of "
        "them as long as queries, to give the full model's vectors and their likeness to each other; the best look at "
        f"{WATCHED_MEANWHILE} products of another tenth is kept; no query, no judgment",
        "cosine": "to the full model's vectors, the mean over names of the last tenth, which nothing learned from",
        "kept": "the whole folder: what has to be there to encode products and to answer queries",
    }
    wanted = judging.RULES if ground.judgments is not None else {
        name: rule for name, rule in judging.RULES.items() if name not in (judging.NDCG, judging.POOLED)
    }  # fmt: skip
    return rules | wanted | speed.RULES


def keep_made(folder: Path, names: Sequence[str], root: Path, prefix: str, owner_facts: dict[str, Any]) -> list[str]:
    """Keep some of what was made, each as an encoder that the app can be started with; their names.

    Raises BadRequestError for a name that was not made, StorageError.
    """
    for name in names:
        if not (folder / name).is_dir():
            raise BadRequestError(f"{name[:40]!r} was not made", allowed=", ".join(METHODS), remedy="correct --keep")
    return [
        kept.keep(folder / name, root, kept.name_from(prefix, name), owner_facts | _facts(folder, name))
        for name in names
        if name != FULL
    ]


def _facts(folder: Path, name: str) -> dict[str, Any]:
    """What a card says of one way, and of what it learned where it did."""
    facts: dict[str, Any] = {"method": name, "label": METHODS[name].label, "about": METHODS[name].about}
    told = folder / name / distilling.LEARNED
    if told.is_file():
        facts["learned"] = {key: value for key, value in read_json(told).items() if key != "curve"}
    return facts
