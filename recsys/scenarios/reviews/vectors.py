"""The sentence vectors of reviews: each in pieces that the multilingual encoder can read, and their mean."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final

import numpy as np

from recsys.encoders.contract import TextEncoder
from recsys.encoders.universal import UniversalEncoder
from recsys.progress import Progress, silent
from recsys.scenarios.reviews.texts import pieces
from recsys.schema import Floats

PIECE: Final = 190  # characters: what the encoder reads of a text at most, and a little room


def of_texts(
    texts: Sequence[str], progress: Progress = silent, encoder: TextEncoder | None = None, piece: int = PIECE
) -> Floats:
    """(n, d) the mean of the vectors of each plain text's pieces. Raises ModelError where the encoder is missing."""
    encoder = encoder or UniversalEncoder()
    cut = [pieces(text, piece) for text in texts]
    owner = np.repeat(np.arange(len(texts)), [len(each) for each in cut])
    flat = [piece for each in cut for piece in each]
    order = np.argsort([len(piece) for piece in flat], kind="stable")  # alike in length: fewer idle places
    vectors = np.zeros((len(texts), encoder.dimension), np.float32)
    if len(flat):
        encoded = encoder.encode([flat[place] for place in order], progress)
        np.add.at(vectors, owner[order], encoded)
    return np.asarray(vectors / np.maximum(np.bincount(owner, minlength=len(texts)), 1)[:, None], np.float32)
