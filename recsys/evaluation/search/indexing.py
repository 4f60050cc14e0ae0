"""A catalogue's words and vectors, made once per catalogue, encoder and code, and kept under the cache folder."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.artifacts import Artifact, ArtifactStore, fingerprint
from recsys.datasets.search_catalogue import SearchCatalogue
from recsys.encoders import weights
from recsys.index.exact import ExactIndex
from recsys.progress import Progress, silent
from recsys.ranking.search_ranker import SearchRanker
from recsys.retrieval.fielded import FieldedIndex
from recsys.retrieval.product_type import ProductKinds
from recsys.schema import Floats
from recsys.settings import Settings
from recsys.steps.code import Code
from recsys.steps.versions import CATALOGUES

MAX_DESCRIPTION: Final = 300  # characters that are encoded: as much as a title and its specification

KEPT: Final = 4  # catalogues


def indexed(catalogue: SearchCatalogue, settings: Settings, progress: Progress = silent) -> Artifact:
    """The search over a catalogue, as `SearchRanker.save` writes it. Raises ModelError or StorageError."""
    store, model = ArtifactStore(settings.cache_dir / CATALOGUES, KEPT), weights.locate(settings.encoder)
    version = fingerprint(catalogue.fingerprint, model.fingerprint, Code.of(settings).fingerprint(__name__))

    def make(folder: Path) -> dict[str, Any]:
        ranker_of(catalogue, *_encoded(catalogue, store.scratch("search", version), model, progress)).save(folder)
        return {"products": len(catalogue), "encoder": model.name}

    return store.build("search", version, make)[0]


def ranker_of(catalogue: SearchCatalogue, titles: Floats, descriptions: Floats) -> SearchRanker:
    """The search over a catalogue whose titles and descriptions have these vectors, (n, d) each."""
    fields = {
        "title": catalogue.titles,
        "brand": catalogue.brands,
        "category": catalogue.categories,
        "description": catalogue.descriptions,
        "attributes": catalogue.attribute_texts(),
    }
    return SearchRanker(FieldedIndex.build(fields), ExactIndex.build(titles), descriptions, ProductKinds.learn(titles))


def _encoded(
    catalogue: SearchCatalogue, scratch: Path, model: weights.ModelFiles, progress: Progress
) -> tuple[Floats, Floats]:
    """The vectors of titles and of descriptions, (n, d) each."""
    from recsys.encoders.corpus import encode_corpus
    from recsys.encoders.torch_encoder import TorchTextEncoder

    encoder = TorchTextEncoder(model)
    titles = encode_corpus(catalogue.titles, encoder, scratch, progress)
    said = [d[:MAX_DESCRIPTION] or t for d, t in zip(catalogue.descriptions, catalogue.titles, strict=True)]
    return titles, encode_corpus(said, encoder, scratch, progress)
