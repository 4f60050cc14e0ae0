"""The step that encodes the products' texts."""

from __future__ import annotations

import time
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.datasets import storage
from recsys.encoders import weights
from recsys.progress import Progress
from recsys.settings import Settings
from recsys.steps.contract import Basis, Context, Step


def _weights(settings: Settings) -> object:
    return weights.locate(settings.encoder).fingerprint


def _texts(items: pd.DataFrame) -> tuple[list[str], s.Rows]:
    """The distinct texts in order of first appearance, and each item's text, (n_items,)."""
    codes, distinct = pd.factorize(items[s.TEXT])
    return [str(t) for t in distinct], codes.astype(np.int32)


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.corpus import encode_corpus
    from recsys.encoders.corpus_encoder import corpus_encoder
    from recsys.index.shared_rows import SharedRowsIndex

    texts, text_of_item = _texts(storage.load_items(context.opened("dataset").path))
    chosen = corpus_encoder(weights.locate(context.settings.encoder), context.opened("encoder").path)
    encoder = chosen.encoder
    started = time.perf_counter()
    vectors = encode_corpus(texts, encoder, context.scratch(), progress)
    seconds = time.perf_counter() - started
    SharedRowsIndex.of(vectors, text_of_item).save(folder)
    made = {"texts": len(texts), "dimension": encoder.dimension, "encoder": encoder.name, "encode_seconds": seconds}
    return made | chosen.facts


STEP: Final = Step(
    "vectors",
    "Encode the products",
    __name__,
    _make,
    rests_on=(Basis("dataset", fact="texts_fingerprint"), Basis("encoder")),
    inputs=_weights,
    library="torch",
)
