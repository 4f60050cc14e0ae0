"""Encoding while people wait, and corpora without bfloat16: ONNX Runtime and tokenizers, no torch, no transformers."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any, Final

import numpy as np
from tokenizers import Tokenizer

from recsys.artifacts import PREPARE
from recsys.encoders.contract import Reading, by_length
from recsys.encoders.onnx_session import open_session
from recsys.errors import ArtifactError
from recsys.progress import Progress, silent
from recsys.schema import Floats

GRAPH: Final = "model.onnx"
TOKENIZER: Final = "tokenizer.json"
CARD: Final = "encoder.json"
INPUT: Final = "tokens"
OUTPUT: Final = "vectors"
TOKENS_PER_BATCH: Final = 1024  # keeps the memory of a batch small; larger batches are no faster


class OnnxTextEncoder:
    """The exported model as a TextEncoder; one instance serves all threads.

    `threads` is how many processor threads one batch may use. For a corpus, `batches_at_once` batches of one thread
    each are the better way: threads within a batch wait for each other at every product. Raises ArtifactError when a
    file of the folder is missing or damaged.
    """

    def __init__(self, folder: Path, threads: int = 1, batches_at_once: int = 1) -> None:
        card = _read_card(folder / CARD)
        self.name: str = card["name"]
        self.dimension: int = card["dimension"]
        self._reading = Reading(card["max_tokens"], card["lowercase"], card["prefix"])
        self._tokenizer = _open_tokenizer(folder / TOKENIZER, self._reading.max_tokens)
        self._session = open_session(folder / GRAPH, "prepared encoder", threads)
        self._at_once = batches_at_once

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        """The vectors of the texts: (n, d) float32, each of length 1."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        tokens = [self._tokenizer.encode(self._reading.prepare(text)).ids for text in texts]
        done = 0
        for batch, found in self._each(tokens, by_length(tokens, TOKENS_PER_BATCH)):
            vectors[batch] = found
            done += len(batch)
            progress(done, len(texts))
        return vectors

    def _each(self, tokens: list[list[int]], batches: list[list[int]]) -> Iterator[tuple[list[int], Floats]]:
        """Each batch with its vectors, in order."""

        def run(batch: list[int]) -> Floats:
            ids = np.array([tokens[i] for i in batch], np.int64)  # (b, t)
            vectors: Floats = self._session.run([OUTPUT], {INPUT: ids})[0]  # (b, t) -> (b, d)
            return vectors

        if self._at_once == 1 or len(batches) <= 1:
            yield from ((batch, run(batch)) for batch in batches)
            return
        with ThreadPoolExecutor(self._at_once) as pool:
            yield from zip(batches, pool.map(run, batches), strict=True)


def _read_card(path: Path) -> dict[str, Any]:
    kinds = {"name": str, "dimension": int, "max_tokens": int, "lowercase": bool, "prefix": str}
    try:
        card = json.loads(path.read_text(encoding="utf-8"))
        if not all(isinstance(card[key], kind) for key, kind in kinds.items()):
            raise TypeError("a value is of the wrong kind")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ArtifactError(f"{path.name} of the prepared encoder is missing or damaged", remedy=PREPARE) from error
    return dict(card)


def _open_tokenizer(path: Path, max_tokens: int) -> Tokenizer:
    try:
        tokenizer = Tokenizer.from_file(str(path))
    except Exception as error:  # the Rust side raises plain Exception
        raise ArtifactError(f"{path.name} of the prepared encoder is missing or damaged", remedy=PREPARE) from error
    tokenizer.no_padding()
    tokenizer.enable_truncation(max_tokens)
    return tokenizer
