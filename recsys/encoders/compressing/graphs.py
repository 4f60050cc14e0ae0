"""The graph of an encoder as a file to work on: written from its weights, changed, sealed for serving."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from recsys.artifacts import storage_errors
from recsys.encoders import bert_graph, weights
from recsys.encoders.compressing.folders import read_arrays
from recsys.encoders.onnx_encoder import CARD, GRAPH, TOKENIZER, OnnxTextEncoder
from recsys.encoders.serving_graph import SERVING, seal
from recsys.encoders.weights import ModelFiles


def write_graph(model: ModelFiles, path: Path) -> None:
    """The model's graph in float32, by the operators that preparation writes. Raises ModelError, StorageError."""
    config = SimpleNamespace(**json.loads((model.folder / "config.json").read_text(encoding="utf-8")))
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        bert_graph.write(read_arrays(model), config, weights.recipe(model).pooling, path)


def serve(model: ModelFiles, name: str, folder: Path, dimension: int | None = None, *, products: bool = False) -> Path:
    """Seal the graph that lies in `folder`/serving: tokenizer and card beside it; returns that folder.

    `products`: it reads them too, not queries alone.
    """
    how = weights.recipe(model)
    reading: dict[str, Any] = {
        "max_tokens": how.reading.max_tokens,
        "lowercase": how.reading.lowercase,
        "prefix": how.reading.prefix,
    }
    path = folder / SERVING
    with storage_errors(path):
        (path / TOKENIZER).write_bytes((model.folder / TOKENIZER).read_bytes())
    seal(path, name, dimension or how.dimension, reading, products=products)
    return path


def full(model: ModelFiles, folder: Path) -> Path:
    """The model as it is, as a folder for serving: what all others are compared with."""
    write_graph(model, folder / SERVING / GRAPH)
    return serve(model, model.name, folder)


def opened(path: Path) -> OnnxTextEncoder:
    """The encoder of a folder for serving, with one thread."""
    return OnnxTextEncoder(path)


__all__ = ["CARD", "GRAPH", "SERVING", "full", "opened", "serve", "write_graph"]
