"""The peers: what a person would put together from well-known libraries to do the same job.

Each is used as its own documentation shows, with its own defaults. Imported when asked for, so that a benchmark that
needs none of them loads none of them.
"""

from __future__ import annotations

import importlib
import logging
import os
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.encoders import weights
from recsys.schema import Floats

Search = Callable[[Floats], npt.NDArray[Any]]
"""The rows of the best products for a unit vector (d,), best first."""

ROWS_PER_INSERT: Final = 5_000
MILVUS_PATIENCE: Final = 120.0  # seconds for Milvus Lite to build its index


def optional(module: str) -> Any | None:
    """A library that may not be installed; None when it is not."""
    try:
        return importlib.import_module(module)
    except ImportError:
        return None


def sentence_transformer(setting: str) -> Any:
    """The encoder of the settings, loaded by sentence-transformers as its manual does. Raises ModelError."""
    os.environ.setdefault("HF_HUB_OFFLINE", "1")  # the model is on this machine
    from sentence_transformers import SentenceTransformer

    importlib.import_module("transformers.utils.logging").disable_progress_bar()
    return SentenceTransformer(str(weights.locate(setting).folder))


def scikit_learn(vectors: Floats, k: int) -> Search:
    """Cosine similarity with every row, then a full sort."""
    from sklearn.metrics.pairwise import cosine_similarity

    return lambda query: np.argsort(-cosine_similarity(query[None], vectors)[0])[:k]


def numpy_fp32(vectors: Floats, k: int) -> Search:
    """One matrix-vector product in float32, then a partial sort."""

    def search(query: Floats) -> npt.NDArray[Any]:
        scores = vectors @ query  # (n, d) @ (d,) -> (n,)
        best = np.argpartition(scores, len(scores) - k)[-k:]
        return best[np.argsort(-scores[best])]

    return search


def faiss_flat(vectors: Floats, k: int) -> Search | None:
    """FAISS's exact index of inner products; None where FAISS is not installed."""
    faiss = optional("faiss")
    if faiss is None:
        return None
    index = faiss.IndexFlatIP(vectors.shape[1])
    index.add(np.ascontiguousarray(vectors))

    def search(query: Floats) -> npt.NDArray[Any]:
        return np.asarray(index.search(query[None], k)[1][0])

    return search


def naive_stack(setting: str, product_vectors: Floats, k: int) -> Callable[[str], npt.NDArray[Any]]:
    """From a query to the best products: sentence-transformers, scikit-learn's cosine over all of them, argsort."""
    model = sentence_transformer(setting)
    search = scikit_learn(product_vectors, k)
    return lambda query: search(np.asarray(model.encode([query], show_progress_bar=False)[0]))


def semantic_search(setting: str, product_vectors: Floats, k: int) -> Callable[[str], npt.NDArray[Any]]:
    """From a query to the best products by sentence-transformers' own search, on vectors normalised once for speed."""
    import torch
    from sentence_transformers import util

    model = sentence_transformer(setting)
    corpus = util.normalize_embeddings(torch.from_numpy(np.array(product_vectors)))

    def search(query: str) -> npt.NDArray[Any]:
        vector = model.encode([query], convert_to_tensor=True, normalize_embeddings=True, show_progress_bar=False)
        found = util.semantic_search(vector, corpus, top_k=k, score_function=util.dot_score)
        return np.asarray([hit["corpus_id"] for hit in found[0]], np.int64)

    return search


def bm25s_words(texts: Sequence[str], k: int) -> Callable[[str], npt.NDArray[Any]]:
    """From a query to the products whose texts hold its words, by bm25s with its English stop words."""
    import bm25s

    index = bm25s.BM25()
    index.index(bm25s.tokenize(texts, stopwords="en", show_progress=False), show_progress=False)

    def search(query: str) -> npt.NDArray[Any]:
        tokens = bm25s.tokenize([query], stopwords="en", show_progress=False, return_ids=False)
        return np.asarray(index.retrieve(tokens, k=k, show_progress=False).documents[0])

    return search


def tantivy_words(fields: Mapping[str, Sequence[str]], k: int) -> Callable[[str], npt.NDArray[Any]] | None:
    """From a query to the products whose fields hold its words, by tantivy; None where it is not installed."""
    tantivy = optional("tantivy")
    if tantivy is None:
        return None
    schema = tantivy.SchemaBuilder()
    for name in fields:
        schema.add_text_field(name, tokenizer_name="en_stem")
    schema.add_integer_field("row", stored=True)
    index = tantivy.Index(schema.build())
    writer = index.writer()
    for row, texts in enumerate(zip(*fields.values(), strict=True)):
        writer.add_document(tantivy.Document(row=row, **dict(zip(fields, texts, strict=True))))
    writer.commit()
    writer.wait_merging_threads()
    index.reload()
    searcher = index.searcher()

    def search(query: str) -> npt.NDArray[Any]:
        read, _ = index.parse_query_lenient(query, list(fields))  # people type quotes and signs as they like
        hits = searcher.search(read, k).hits
        return np.asarray([searcher.doc(address)["row"][0] for _, address in hits], np.int64)

    return search


class MilvusCollection:
    """A collection of product vectors in Milvus Lite: a local file behind pymilvus's client."""

    def __init__(self, client: Any, name: str, index_type: str, vectors: Floats) -> None:
        self._client, self._name = client, name
        started = time.perf_counter()
        self._create(index_type, vectors.shape[1])
        for start in range(0, len(vectors), ROWS_PER_INSERT):
            part = vectors[start : start + ROWS_PER_INSERT]
            client.insert(name, [{"id": start + i, "vector": vector} for i, vector in enumerate(part)])
        client.flush(name)
        self._wait_for_index()
        client.load_collection(name)
        self.load_seconds = time.perf_counter() - started

    def _create(self, index_type: str, dimension: int) -> None:
        from pymilvus import DataType

        schema = self._client.create_schema(auto_id=False)
        schema.add_field("id", DataType.INT64, is_primary=True)
        schema.add_field("vector", DataType.FLOAT_VECTOR, dim=dimension)
        index = self._client.prepare_index_params()
        index.add_index("vector", index_type=index_type, metric_type="COSINE")
        self._client.create_collection(self._name, schema=schema, index_params=index)

    def _wait_for_index(self) -> None:
        deadline = time.perf_counter() + MILVUS_PATIENCE
        while time.perf_counter() < deadline:
            if int(self._client.describe_index(self._name, "vector").get("pending_index_rows", 0)) == 0:
                return
            time.sleep(0.2)

    def search(self, query: Floats, k: int) -> npt.NDArray[np.int64]:
        """The ids of the k nearest, best first."""
        found = self._client.search(self._name, data=[query.tolist()], limit=k, output_fields=["id"])
        return np.asarray([hit["id"] for hit in found[0]], np.int64)


@contextmanager
def milvus_lite(vectors: Floats, index_types: Sequence[str]) -> Iterator[tuple[dict[str, MilvusCollection], str]]:
    """Collections by index type, in a temporary file; and why there are none, or "".

    Whatever Milvus Lite trips over on this machine is reported, so that it does not end the other measurements.
    """
    logging.getLogger("pymilvus").setLevel(logging.CRITICAL)
    pymilvus = optional("pymilvus")
    if pymilvus is None or optional("milvus_lite") is None:
        yield {}, "Milvus Lite is not installed; `pip install -r requirements-dev.txt` brings it"
        return
    with TemporaryDirectory(prefix="shelflens-milvus-") as folder:
        client, why = None, ""
        made: dict[str, MilvusCollection] = {}
        try:
            client = pymilvus.MilvusClient(str(Path(folder) / "products.db"))
            for index_type in index_types:
                made[index_type] = MilvusCollection(client, index_type.lower(), index_type, vectors)
        except Exception as error:  # pymilvus, grpc and the server each raise their own
            why = f"Milvus Lite does not run here: {type(error).__name__}: {' '.join(str(error).split())[:200]}"
        try:
            yield made, why.replace(folder, "<temporary folder>")
        finally:
            if client is not None:
                client.close()
