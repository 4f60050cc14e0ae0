"""Make what the engine needs, step by step; what is there and current is left alone."""

from __future__ import annotations

import json
import shutil
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import MANIFEST, Artifact, ArtifactStore, code_version, fingerprint, storage_errors, write_array
from recsys.datasets import storage
from recsys.encoders import multilingual, weights
from recsys.errors import DataError, StorageError
from recsys.progress import Progress, silent
from recsys.settings import Settings
from recsys.shops import registry

if TYPE_CHECKING:
    from recsys.query.words import ShopWords

HERE: Final = Path(__file__).parent
LABELS: Final = {
    "dataset": "Read and clean the data",
    "encoder": "Export the text encoder",
    "vectors": "Encode the products",
    "lexical": "Index the words",
    "understanding": "Learn the shop's words, brands and sizes",
    "languages": "Learn other languages' words for it",
    "order": "Learn what each household buys next",
    "maps": "Draw the maps",
}


@dataclass(frozen=True, slots=True)
class Plan:
    """Where each artefact lies: its name and fingerprint. Cheap: nothing is loaded."""

    settings: Settings
    versions: dict[str, str]

    @classmethod
    def of(cls, settings: Settings) -> Plan:
        """Fingerprints by data, settings and code version, each step resting on the ones before it.

        What is made of the products' texts rests on the texts themselves, not on how the data set was read, so that a
        change to a price or a label does not encode everything again.
        """
        source = registry.shop(settings.shop)
        model = weights.locate(settings.encoder)
        pack = [f"complete_journey/{name}.py" for name in ("loader", "product_names", "package_sizes")]
        dataset = fingerprint(
            source.name,
            source.version(),
            _code("datasets", "authored.py", "shopper_labels.py", "tables.py", "contract.py", "storage.py"),
            _code("shops", *pack),
        )
        encoder = fingerprint(model.name, model.fingerprint, _code("encoders", "onnx_export.py", "weights.py"))
        texts = _texts_fingerprint(ArtifactStore(settings.cache_dir).path("dataset", dataset))
        vectors = fingerprint(
            texts, model.fingerprint, _code("encoders", "torch_encoder.py", "corpus.py"), _code("index", "exact.py")
        )
        lexical = fingerprint(dataset, _code("retrieval", "lexical.py", "fielded.py"), _code("query", "tokens.py"))
        maps = fingerprint(vectors, _code("encoders", "projection.py", "placing.py", "neighbour_maps.py"))
        words = sorted(path.name for path in (HERE / "query").glob("*.py"))
        understanding = fingerprint(dataset, _code("query", *words), _words(settings).version)
        languages = fingerprint(
            dataset,
            multilingual.WEIGHTS_SHA256,
            multilingual.obstacle(),
            _code("encoders", "multilingual.py", "corpus.py"),
            _code("index", "exact.py"),
            _code("retrieval", "crosslingual.py"),
            _code("query", "language.py", "glossary.py", "translation.py", "tokens.py", "wording.py", "words.py"),
            _words(settings).version,
        )
        order = fingerprint(
            dataset,
            vectors,
            _code("ranking", *_ranking_code()),
            _code("datasets", "interactions.py"),
            _code("recommenders", "personal_frequency.py", "tifu_knn.py", "most_popular.py", "transitions.py"),
        )
        return cls(settings, {"dataset": dataset, "encoder": encoder, "vectors": vectors, "lexical": lexical,
                              "understanding": understanding, "languages": languages,
                              "order": order, "maps": maps})  # fmt: skip

    @property
    def store(self) -> ArtifactStore:
        """The folder of prepared files."""
        return ArtifactStore(self.settings.cache_dir)

    def open(self, name: str) -> Artifact:
        """One prepared artefact, verified. Raises ArtifactError when it is missing or damaged."""
        return self.store.open(name, self.versions[name])


@dataclass(frozen=True, slots=True)
class StepResult:
    """What preparing one step came to."""

    name: str
    label: str
    made: bool
    seconds: float
    path: str
    info: dict[str, Any]


def _code(room: str, *files: str) -> str:
    return code_version(*(HERE / room / f for f in files))


def _words(settings: Settings) -> ShopWords:
    """The words by which the queries of the shop are read."""
    from recsys.query.words import ShopWords

    return ShopWords.of(registry.shop(settings.shop))


def _ranking_code() -> list[str]:
    """The files that make the learned order."""
    return ["learned_order.py", *sorted(f"blend/{path.name}" for path in (HERE / "ranking" / "blend").glob("*.py"))]


def prepare(
    settings: Settings,
    progress_of: Callable[[str], Progress] = lambda label: silent,
    say: Callable[[str], None] = lambda message: None,
) -> list[StepResult]:
    """Make every artefact that is missing, stale or damaged, in order.

    `progress_of(label)` gives the progress of one step; `say` is told of waits. Two of these at once do no harm: one
    makes a step, the other waits and finds it done. Raises StorageError, DataError or ModelError;
    what was finished stays.
    """
    results = []
    for name, make in STEPS.items():
        plan = Plan.of(settings)  # anew for each step: the later fingerprints rest on what the earlier steps made
        progress = progress_of(LABELS[name])
        started = time.perf_counter()

        artifact, made = plan.store.find(name, plan.versions[name]), False
        if artifact is None:
            _need_space(settings)
            artifact, made = plan.store.build(name, plan.versions[name], partial(make, plan, progress), say)
        progress(1, 1, "done" if made else "already there")
        seconds = time.perf_counter() - started
        results.append(StepResult(name, LABELS[name], made, seconds, str(artifact.path), artifact.info))
    return results


def _need_space(settings: Settings) -> None:
    """Say early that the disk is too full, rather than half-way."""
    with storage_errors(settings.cache_dir):
        settings.cache_dir.mkdir(parents=True, exist_ok=True)
        free = shutil.disk_usage(settings.cache_dir).free // 2**20
    if free < settings.minimum_free_mb:
        raise StorageError(
            f"{free} MB are free on the disk of {settings.cache_dir}",
            allowed=f"at least {settings.minimum_free_mb} MB",
            remedy="free some space, or set SHELFLENS_CACHE_DIR to another disk",
        )


def _dataset(plan: Plan, progress: Progress, folder: Path) -> dict[str, Any]:
    dataset = registry.shop(plan.settings.shop).load(progress)
    return storage.save(dataset, folder) | {"texts_fingerprint": fingerprint(dataset.items[s.TEXT].tolist())}


def _texts_fingerprint(dataset: Path) -> str:
    """What the prepared data set says of its texts; "" while there is none, so that nothing made of them is current."""
    try:
        return str(json.loads((dataset / MANIFEST).read_text(encoding="utf-8"))["info"]["texts_fingerprint"])
    except (OSError, ValueError, KeyError, TypeError):
        return ""


def _encoder(plan: Plan, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders import onnx_export

    model = weights.locate(plan.settings.encoder)
    if obstacle := weights.recipe(model).obstacle:  # a model of another build is served by torch, slower but right
        return {"name": model.name, "served_by": "torch", "why": obstacle}
    return onnx_export.export(model, folder, progress)


def _texts(plan: Plan) -> tuple[list[str], s.Rows]:
    """The distinct texts in order of first appearance, and each item's text, (n_items,)."""
    items = storage.load_items(plan.open("dataset").path)
    codes, distinct = pd.factorize(items[s.TEXT])
    return [str(t) for t in distinct], codes.astype(np.int32)


def _vectors(plan: Plan, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.corpus import encode_corpus
    from recsys.encoders.torch_encoder import TorchTextEncoder
    from recsys.index.exact import ExactIndex

    texts, text_of_item = _texts(plan)
    encoder = TorchTextEncoder(weights.locate(plan.settings.encoder))
    scratch = plan.store.scratch("vectors", plan.versions["vectors"])
    started = time.perf_counter()
    vectors = encode_corpus(texts, encoder, scratch, progress)
    seconds = time.perf_counter() - started
    ExactIndex.build(vectors).save(folder)
    write_array(folder / "text_of_item.npy", text_of_item)
    return {"texts": len(texts), "dimension": encoder.dimension, "encoder": encoder.name, "encode_seconds": seconds}


def _lexical(plan: Plan, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.retrieval.lexical import LexicalRetriever, fields_of

    return LexicalRetriever.build(fields_of(storage.load_items(plan.open("dataset").path)), folder)


def _understanding(plan: Plan, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.query.spelling import english_words
    from recsys.query.understanding import Understanding

    items = storage.load_items(plan.open("dataset").path)
    return Understanding.of(items, english_words(), _words(plan.settings)).save(folder)


def _languages(plan: Plan, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.query.language import LanguageDetector, english_shop_words, subtitle_words
    from recsys.retrieval import crosslingual

    items = storage.load_items(plan.open("dataset").path)
    names = pd.unique(items[[s.NAME, s.CATEGORY, s.DEPARTMENT]].astype(str).to_numpy(object).ravel())
    words = _words(plan.settings)
    detector = LanguageDetector.of([*names, *english_shop_words(words)], subtitle_words(), words.glossary)
    facts = detector.save(folder)
    if why := multilingual.obstacle():  # it is said beside a query in another language, which is then read as English
        return facts | crosslingual.nothing(folder, why)
    scratch = plan.store.scratch("languages", plan.versions["languages"])
    encoder = multilingual.MultilingualEncoder(threads=0)
    return facts | crosslingual.build(items, encoder, scratch, folder, words.glossary, progress)


def _order(plan: Plan, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.ranking import learned_order
    from recsys.ranking.models import storefront_bases
    from recsys.recommenders.side_information import side_information

    dataset = plan.open("dataset")
    items, shoppers = storage.load_items(dataset.path), storage.load_shoppers(dataset.path)
    interactions = storage.load_interactions(dataset, len(items))
    pack = registry.shop(plan.settings.shop)
    side = side_information(items, shoppers, plan.open("vectors"), pack.people.cohort)
    try:
        return learned_order.learn(
            storefront_bases(pack.tuned.recommenders, dated=interactions.dated), interactions, side, folder, progress
        )
    except DataError as error:  # too little data to learn an order from is no reason to have no shop
        return learned_order.nothing(len(interactions), folder, error.one_line())


def _maps(plan: Plan, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.projection import build_maps
    from recsys.index.exact import ExactIndex

    return build_maps(ExactIndex.load(plan.open("vectors").path).vectors, folder, progress)


STEPS: Final = {"dataset": _dataset, "encoder": _encoder, "vectors": _vectors, "lexical": _lexical,
                "understanding": _understanding, "languages": _languages, "order": _order,
                "maps": _maps}  # fmt: skip
