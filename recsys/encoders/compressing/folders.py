"""Folders of encoders that were made here: as sentence-transformers writes them, so that any tool can open them."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.artifacts import storage_errors, write_whole
from recsys.encoders import weights
from recsys.encoders.onnx_encoder import TOKENIZER
from recsys.encoders.weights import WEIGHTS, ModelFiles
from recsys.errors import ModelError

# What of the model's folder says how it reads and pools; its weights, its README and its training data do not.
SMALL_FILES: Final = (
    "config.json",
    "config_sentence_transformers.json",
    "modules.json",
    "sentence_bert_config.json",
    "special_tokens_map.json",
    "tokenizer.json",
    "tokenizer_config.json",
    "vocab.txt",
)
PREFIX: Final = "sentence_transformers.models"
GRAPH_ALONE: Final = "graph"  # what the configuration of a folder without weights calls its architecture
Arrays = Mapping[str, npt.NDArray[Any]]


def checked(model: ModelFiles) -> ModelFiles:
    """The model itself, its weights verified. Raises ModelError for one whose graph cannot be written from weights."""
    weights.verify(model)
    how = weights.recipe(model)
    if how.obstacle or how.model_type != "bert":
        why = how.obstacle or f"its architecture is {how.model_type!r}"
        raise ModelError(
            f"the encoder {model.name} can neither be adapted nor compressed: {why}",
            allowed="a BERT with mean or cls pooling, such as minilm",
            remedy="choose such a model in SHELFLENS_ENCODER, or unset it to use minilm",
        )
    return model


def copy_small(model: ModelFiles, folder: Path) -> None:
    """Everything of a model but its weights, into `folder`. Raises StorageError."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in SMALL_FILES:
            if (model.folder / name).is_file():
                shutil.copyfile(model.folder / name, folder / name)
        pooling = model.folder / "1_Pooling"
        if pooling.is_dir():
            shutil.copytree(pooling, folder / pooling.name, dirs_exist_ok=True)


def copy_whole(model: ModelFiles, folder: Path) -> None:
    """The model with its weights, into `folder`. Raises StorageError."""
    copy_small(model, folder)
    with storage_errors(folder):
        (folder / WEIGHTS).unlink(missing_ok=True)
        try:
            os.link(model.folder / WEIGHTS, folder / WEIGHTS)  # never written to again: one copy on disk is enough
        except OSError:  # another disk, or one without links
            shutil.copyfile(model.folder / WEIGHTS, folder / WEIGHTS)


def graph_alone(model: ModelFiles, folder: Path) -> None:
    """A folder whose graph reads products too: no weights, and a card that says so. Raises StorageError."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        for name in (TOKENIZER, "sentence_bert_config.json", "tokenizer_config.json"):
            if (model.folder / name).is_file():
                shutil.copyfile(model.folder / name, folder / name)
    size = read_json(model.folder / "config.json")["hidden_size"]
    write_json(folder / "config.json", {"model_type": GRAPH_ALONE, "hidden_size": size})


def read_arrays(model: ModelFiles) -> dict[str, npt.NDArray[np.float32]]:
    """The weights by transformers' names of a BertModel, in float32. Raises ModelError when they cannot be read."""
    from safetensors.numpy import load_file

    try:
        found = load_file(model.folder / WEIGHTS)
    except Exception as error:  # the Rust side raises its own kind
        raise ModelError(f"the weights of {model.name} cannot be read: {str(error)[:200]}") from error
    return {
        name.removeprefix("bert."): value.astype(np.float32)
        for name, value in found.items()
        if value.dtype.kind == "f"  # position_ids of earlier versions are no weights
    }


def write_arrays(path: Path, arrays: Arrays) -> None:
    """Weights as safetensors, whole or not at all. Raises StorageError."""
    from safetensors.numpy import save

    write_whole(path, save({name: np.ascontiguousarray(value) for name, value in arrays.items()}, {"format": "pt"}))


def read_json(path: Path) -> Any:
    """The content of a small file of a model."""
    return json.loads(path.read_text(encoding="utf-8"))


def write_json(path: Path, content: Any) -> None:
    """Write it whole. Raises StorageError."""
    write_whole(path, json.dumps(content, indent=1).encode())
