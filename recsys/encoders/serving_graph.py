"""A graph of its own that an encoder's folder brings for queries: smaller or quicker than what its weights would make.

    <folder>/                 a sentence-transformers folder; products are encoded by it, once, at preparation
    <folder>/serving/         model.onnx, tokenizer.json, encoder.json: what answers while people wait

So a graph in 8 bits stands beside the weights it was made of, and an encoder that is none of transformers' (a table of
static vectors) needs no torch to serve. The card holds the graph's SHA-256: what was damaged is refused, not served.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import file_sha256, write_whole
from recsys.encoders.onnx_encoder import CARD, GRAPH, TOKENIZER, OnnxTextEncoder
from recsys.errors import ArtifactError

SERVING: Final = "serving"
SEAL: Final = "graph_sha256"
AGAIN: Final = "make the encoder again by `python -m recsys compress --keep`, or unset SHELFLENS_ENCODER to use minilm"


def seal(folder: Path, name: str, dimension: int, reading: dict[str, Any]) -> None:
    """Write the card of the graph in `folder`; `reading` has max_tokens, lowercase and prefix. Raises StorageError."""
    card = {"name": name, "dimension": dimension, **reading, SEAL: file_sha256(folder / GRAPH)}
    write_whole(folder / CARD, json.dumps(card, indent=1).encode())


def brings_graph(folder: Path) -> bool:
    """Whether an encoder's folder has a graph of its own for queries."""
    return (folder / SERVING / CARD).is_file()


def serving_encoder(folder: Path, threads: int = 1) -> OnnxTextEncoder:
    """The encoder of queries in an encoder's folder. Raises ArtifactError when its files are missing or damaged."""
    path = folder / SERVING
    try:
        expected = json.loads((path / CARD).read_text(encoding="utf-8"))[SEAL]
        seen = file_sha256(path / GRAPH)
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"the graph of the encoder {folder.name} is missing or damaged", remedy=AGAIN) from error
    if seen != expected:
        raise ArtifactError(f"{GRAPH} of the encoder {folder.name} is damaged: its SHA-256 is {seen}", remedy=AGAIN)
    return OnnxTextEncoder(path, threads=threads)


def serving_bytes(folder: Path) -> int:
    """What has to be shipped to answer queries: the graph and its tokenizer."""
    return sum((folder / name).stat().st_size for name in (GRAPH, TOKENIZER))
