"""Encoding a corpus once, so that a run that is killed goes on where it was."""

from __future__ import annotations

import io
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np

from recsys.artifacts import fingerprint, storage_errors, write_whole
from recsys.encoders.contract import TextEncoder
from recsys.progress import Progress, silent
from recsys.schema import Floats

CHUNK: Final = 2048  # texts; two seconds of work on two cores is all that a kill can lose


def encode_corpus(texts: Sequence[str], encoder: TextEncoder, scratch: Path, progress: Progress = silent) -> Floats:
    """The vectors of all texts, in their order: (n, d) float32; each distinct text is encoded once.

    Finished chunks lie in `scratch`, written whole and named by their texts and the encoder, and are used again by the
    next run. Raises StorageError when the disk is full or cannot be written.
    """
    # Longest first: chunks of similar length make full batches, and the time left is over- rather than underestimated.
    distinct = sorted(set(texts), key=lambda text: (-len(text), text))
    vectors = np.empty((len(distinct), encoder.dimension), np.float32)
    with storage_errors(scratch):
        scratch.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(distinct), CHUNK):
        chunk = distinct[start : start + CHUNK]

        def shown(done: int, total: int, note: str = "", before: int = start) -> None:
            progress(before + done, len(distinct), note)

        vectors[start : start + len(chunk)] = _chunk(chunk, encoder, scratch, shown)
        progress(start + len(chunk), len(distinct))
    row_of = {text: row for row, text in enumerate(distinct)}
    return vectors[[row_of[text] for text in texts]]  # (distinct, d) -> (n, d)


def _chunk(texts: list[str], encoder: TextEncoder, scratch: Path, progress: Progress) -> Floats:
    path = scratch / f"{fingerprint(encoder.name, encoder.dimension, texts)}.npy"
    finished = _finished(path, (len(texts), encoder.dimension))
    if finished is not None:
        return finished
    vectors = encoder.encode(texts, progress)
    written = io.BytesIO()
    np.save(written, vectors, allow_pickle=False)
    write_whole(path, written.getvalue())
    return vectors


def _finished(path: Path, shape: tuple[int, int]) -> Floats | None:
    """The chunk of an earlier run, or None when there is none or it is not what was written."""
    try:
        vectors: Floats = np.load(path, allow_pickle=False)
    except (OSError, ValueError, EOFError):
        return None
    good = vectors.shape == shape and vectors.dtype == np.float32 and bool(np.isfinite(vectors).all())
    return vectors if good else None
