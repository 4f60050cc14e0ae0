"""Pictures as vectors while people wait: ONNX Runtime and NumPy, no torch."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from recsys.artifacts import PREPARE
from recsys.encoders.pictures.card import CARD, GRAPH, INPUT, Card, read_card
from recsys.encoders.pictures.colours import colours, dimension
from recsys.errors import ArtifactError
from recsys.files.pictures import RGB, squared
from recsys.progress import Progress, silent
from recsys.schema import Floats

BATCH: Final = 16  # pictures at once: more is no faster and takes memory


class PictureEncoder:
    """What a frozen network sees and the colours beside it; one instance serves all threads."""

    def __init__(self, card: Card, session: Any) -> None:
        self.name, self.seen = card.name, card.dimension
        self.dimension = card.dimension + dimension()
        self._card, self._session = card, session
        self._mean, self._std = (np.array(each, np.float32) for each in (card.mean, card.std))

    @classmethod
    def load(cls, folder: Path, threads: int = 1) -> Self:
        """Open a prepared folder. Raises ModelError or ArtifactError when a file is missing or damaged."""
        import onnxruntime

        card = read_card(folder / CARD)
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        try:
            session = onnxruntime.InferenceSession(folder / GRAPH, options, providers=["CPUExecutionProvider"])
        except Exception as error:  # what ONNX Runtime raises has no class of its own
            raise ArtifactError(f"{GRAPH} of the prepared picture encoder is damaged", remedy=PREPARE) from error
        return cls(card, session)

    def encode(self, pictures: Sequence[RGB], progress: Progress = silent) -> Floats:
        """(n, dimension) float32: the network's features, of length 1, then the colours of each picture (h, w, 3)."""
        found = np.zeros((len(pictures), self.dimension), np.float32)
        for start in range(0, len(pictures), BATCH):
            batch = pictures[start : start + BATCH]
            rows = slice(start, start + len(batch))
            seen = self._seen(batch)
            found[rows, : self.seen] = seen / np.maximum(np.linalg.norm(seen, axis=1, keepdims=True), 1e-9)
            found[rows, self.seen :] = [colours(each) for each in batch]
            progress(start + len(batch), len(pictures))
        return found

    def _seen(self, batch: Sequence[RGB]) -> Floats:
        whole = np.stack([squared(each, self._card.size) for each in batch])
        standard = (whole.astype(np.float32) / 255 - self._mean) / self._std
        channels_first = np.ascontiguousarray(standard.transpose(0, 3, 1, 2), np.float32)
        name = (
            INPUT if INPUT in {each.name for each in self._session.get_inputs()} else self._session.get_inputs()[0].name
        )
        vectors: Floats = self._session.run(None, {name: channels_first})[0]
        return vectors
