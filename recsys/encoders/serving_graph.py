"""A graph of its own that an encoder's folder brings for queries: smaller or quicker than what its weights would make.

    <folder>/                 a sentence-transformers folder; products are encoded by it, once, at preparation
    <folder>/serving/         model.onnx, tokenizer.json, encoder.json: what answers while people wait

Where the card says `products`, the graph encodes them too, and the folder needs no weights.
So a graph in 8 bits stands beside the weights it was made of, and an encoder that is none of transformers' (a table of
static vectors) needs no torch to serve. The card holds the graph's SHA-256: what was damaged is refused, not served.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import file_sha256, write_whole
from recsys.encoders.onnx_encoder import CARD, GRAPH, TOKENIZER, OnnxTextEncoder
from recsys.errors import ArtifactError, ModelError

SERVING: Final = "serving"
SEAL: Final = "graph_sha256"
PRODUCTS: Final = "products"
AGAIN: Final = "make the encoder again by `python -m recsys compress --keep`, or unset SHELFLENS_ENCODER to use minilm"


def seal(folder: Path, name: str, dimension: int, reading: dict[str, Any], *, products: bool = False) -> None:
    """Write the card of the graph in `folder`; `reading` has max_tokens, lowercase and prefix. Raises StorageError."""
    card = {"name": name, "dimension": dimension, **reading, PRODUCTS: products, SEAL: file_sha256(folder / GRAPH)}
    write_whole(folder / CARD, json.dumps(card, indent=1).encode())


def brings_graph(folder: Path) -> bool:
    """Whether an encoder's folder has a graph of its own for queries."""
    return (folder / SERVING / CARD).is_file()


def reads_products(folder: Path) -> bool:
    """Whether that graph encodes products too. Raises ModelError when its card cannot be read."""
    return brings_graph(folder) and _card(folder).get(PRODUCTS) is True


def serving_encoder(folder: Path, threads: int = 1, batches_at_once: int = 1) -> OnnxTextEncoder:
    """The encoder that a folder brings as a graph. Raises ModelError when its files are missing or damaged."""
    path, expected = folder / SERVING, _card(folder).get(SEAL)
    try:
        seen = file_sha256(path / GRAPH)
    except OSError as error:
        raise ModelError(f"the graph of the encoder {folder.name} is missing or damaged", remedy=AGAIN) from error
    if seen != expected:
        raise ModelError(f"{GRAPH} of the encoder {folder.name} is damaged: its SHA-256 is {seen}", remedy=AGAIN)
    try:
        return OnnxTextEncoder(path, threads=threads, batches_at_once=batches_at_once)
    except ArtifactError as error:  # to prepare the shop again would mend nothing
        raise ModelError(f"the graph of the encoder {folder.name} is damaged: {error.seen}", remedy=AGAIN) from error


def _card(folder: Path) -> dict[str, Any]:
    try:
        card = json.loads((folder / SERVING / CARD).read_text(encoding="utf-8"))
        if isinstance(card, dict):
            return card
    except (OSError, ValueError):
        pass
    raise ModelError(f"the card of the graph of the encoder {folder.name} is missing or damaged", remedy=AGAIN)


def serving_bytes(folder: Path) -> int:
    """What has to be shipped to answer queries: the graph and its tokenizer."""
    return sum((folder / name).stat().st_size for name in (GRAPH, TOKENIZER))
