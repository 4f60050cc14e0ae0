"""Pictures -> vectors while people wait: ONNX Runtime, no torch."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Final, Self

import numpy as np
import onnxruntime

from recsys.encoders.onnx_session import AWAKE_WHILE_IT_RUNS, open_session
from recsys.encoders.pictures.card import CARD, GRAPH, Card, read_card
from recsys.encoders.pictures.colours import DIMENSION, colours
from recsys.errors import ModelError
from recsys.files.pictures import RGB, squared
from recsys.progress import Progress, silent
from recsys.schema import Floats

BATCH: Final = 16  # pictures; a larger one is no faster and keeps more in memory


class PictureEncoder:
    """A picture network with the colours beside it; one instance serves all threads.

    A vector is the network's features, `features` of them, and after them the colours of `colours.py`. The same picture
    has the same vector whatever else is in its batch.
    """

    def __init__(self, card: Card, session: onnxruntime.InferenceSession) -> None:
        self.card = card
        self.name = card.name
        self.features = card.dimension
        self.dimension = card.dimension + DIMENSION
        self._session = session
        self._input: str = session.get_inputs()[0].name
        self._mean = 255 * np.array(card.mean, np.float32)[:, None, None]
        self._std = 255 * np.array(card.std, np.float32)[:, None, None]

    @classmethod
    def load(cls, folder: Path, threads: int = 1) -> Self:
        """The encoder of a folder; `threads` is how many a batch may use. Raises ArtifactError or ModelError."""
        card = read_card(folder / CARD)
        return cls(card, open_session(folder / GRAPH, "prepared picture encoder", threads, AWAKE_WHILE_IT_RUNS))

    def encode(self, pictures: Sequence[RGB] | RGB, progress: Progress = silent) -> Floats:
        """(b, dimension) of pictures (h, w, 3) of eight bits, each of its own size or (b, h, w, 3) of one."""
        vectors = np.empty((len(pictures), self.dimension), np.float32)
        if len(pictures) <= BATCH:  # one query, say: nothing to make ready meanwhile
            if len(pictures):
                planes, vectors[:, self.features :] = self._ready(pictures)
                vectors[:, : self.features] = self.seen(planes)
                progress(len(pictures), len(pictures))
            return vectors
        with ThreadPoolExecutor(1) as pool:  # the next batch is made ready while the network looks at this one
            ready = pool.submit(self._ready, pictures[:BATCH])
            for start in range(0, len(pictures), BATCH):
                planes, beside = ready.result()
                ready = pool.submit(self._ready, pictures[start + BATCH : start + 2 * BATCH])
                end = start + len(planes)
                vectors[start:end, : self.features] = self.seen(planes)
                vectors[start:end, self.features :] = beside
                progress(end, len(pictures))
        return vectors

    def seen(self, planes: Floats) -> Floats:
        """(b, features) what the network makes of pictures (b, 3, size, size) made ready. Raises ModelError."""
        found: Floats = np.asarray(self._session.run(None, {self._input: planes})[0], np.float32)
        if found.shape != (len(planes), self.features) or not np.isfinite(found).all():
            raise ModelError(
                f"the picture encoder {self.name} gives {found.shape} for {len(planes)} pictures, or no finite numbers",
                allowed=f"({len(planes)}, {self.features})",
                remedy="correct its card, or unset SHELFLENS_PICTURE_ENCODER",
            )
        return found

    def planes(self, pixels: RGB) -> Floats:
        """(3, size, size) a picture as the network wants it: squared, of its size, on its scale."""
        square = squared(pixels, self.card.size).transpose(2, 0, 1)
        found: Floats = ((square - self._mean) / self._std).astype(np.float32)
        return found

    def _ready(self, pictures: Sequence[RGB] | RGB) -> tuple[Floats, Floats]:
        size = self.card.size
        planes = np.empty((len(pictures), 3, size, size), np.float32)
        beside = np.empty((len(pictures), DIMENSION), np.float32)
        for row, pixels in enumerate(_checked(pictures)):
            smaller = _reduced(pixels, 2 * size)
            planes[row] = self.planes(smaller)
            beside[row] = colours(smaller)
        return planes, beside


def _checked(pictures: Sequence[RGB] | RGB) -> Iterator[RGB]:
    for pixels in pictures:
        if pixels.dtype != np.uint8 or pixels.ndim != 3 or pixels.shape[2] != 3:
            raise ValueError(f"a picture of {pixels.dtype} {pixels.shape}; (h, w, 3) of uint8 is wanted")
        yield pixels


def _reduced(pixels: RGB, side: int) -> RGB:
    """A picture far larger than `side`, by a whole factor smaller but not below it: a photo costs half as much then."""
    factor = max(pixels.shape[:2]) // side
    if factor < 2 or min(pixels.shape[:2]) < 2 * factor:
        return pixels
    from PIL import Image

    return np.asarray(Image.fromarray(pixels).reduce(factor))
