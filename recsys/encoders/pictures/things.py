"""What a network that was trained on photographs takes a picture for, as words: for pictures unlike any product's.

The network's own last layer tells a thousand classes apart (ImageNet, Russakovsky et al. 2015), a quarter of them
things that shops sell: `things.csv`. The vector of a picture is the mean of the vectors of the names of its likeliest
classes, each as likely as it is (ConSE: Norouzi et al., "Zero-shot learning by convex combination of semantic
embeddings", ICLR 2014), and so lies where titles of such things do. A space learned from drawings knows little of
photographs, but what words mean it knows (`benchmarks/photographs.py` measures what the names are worth).
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Final, Self

import numpy as np

from recsys.artifacts import mapped, write_array, write_whole
from recsys.encoders.pictures import weights
from recsys.encoders.pictures.network import HEAD
from recsys.encoders.pictures.weights import PictureModel
from recsys.encoders.unit_rows import unit_rows
from recsys.errors import ArtifactError
from recsys.schema import Floats

TABLE: Final = Path(__file__).with_name("things.csv")
LAYER: Final = "layer"  # (n, HEAD + 1) the last layer's rows of these classes, and their bias
TEXTS: Final = "texts"  # (n, d) the vectors of their names
NAMES: Final = "names.json"
LIKELIEST: Final = 10  # classes that count; 3 and 40 were no better


def table() -> tuple[tuple[int, ...], tuple[str, ...]]:
    """(the classes that shops sell, what each is called)."""
    with TABLE.open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    return tuple(int(row["class"]) for row in rows), tuple(row["name"] for row in rows)


def write(model: PictureModel, encode: Callable[[Sequence[str]], Floats], folder: Path) -> int:
    """Write what `Things` reads; returns how many there are. A network that somebody brought knows none by name."""
    classes, names = table() if model.weights is not None else ((), ())
    layer = np.zeros((0, HEAD + 1), np.float32)
    if classes:
        tensors = weights.read(model)
        kernel, bias = (tensors[f"_fc.{part}"].numpy()[list(classes)] for part in ("weight", "bias"))
        layer = np.concatenate([kernel, bias[:, None]], axis=1)
    write_array(folder / f"{LAYER}.npy", layer)
    write_array(folder / f"{TEXTS}.npy", encode(names) if names else np.zeros((0, 1), np.float32))
    write_whole(folder / NAMES, json.dumps(names).encode())
    return len(names)


@dataclass(frozen=True, slots=True, eq=False)
class Things:
    """Things that a picture may be taken for."""

    names: tuple[str, ...]
    layer: Floats  # (n, HEAD + 1)
    texts: Floats  # (n, d)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """What was written. Raises ArtifactError when a file is missing or does not fit the others."""
        try:
            names = tuple(str(each) for each in json.loads((folder / NAMES).read_text(encoding="utf-8")))
            layer, texts = mapped(folder / f"{LAYER}.npy"), mapped(folder / f"{TEXTS}.npy")
            if layer.shape != (len(names), HEAD + 1) or texts.shape[:1] != (len(names),):
                raise ValueError(f"{layer.shape} and {texts.shape} for {len(names)} names")
        except (OSError, EOFError, ValueError, TypeError) as error:
            raise ArtifactError(f"the names of things on pictures are missing or damaged: {error}") from error
        return cls(names, layer, texts)

    def __len__(self) -> int:
        return len(self.names)

    def likely(self, features: Floats) -> Floats:
        """(m, n) how likely each thing is, of the network's features (m, HEAD or more); all but the likeliest are 0."""
        logits = features[:, :HEAD] @ self.layer[:, :-1].T + self.layer[:, -1]
        if len(self) > LIKELIEST:
            least = np.partition(logits, -LIKELIEST, axis=1)[:, -LIKELIEST]
            logits = np.where(logits >= least[:, None], logits, -np.inf)
        likely = np.exp(logits - logits.max(axis=1, keepdims=True))
        found: Floats = likely / likely.sum(axis=1, keepdims=True)
        return found

    def words(self, features: Floats) -> Floats:
        """(m, d) of length 1: where the titles of what the pictures are taken for lie."""
        return unit_rows(np.asarray(self.likely(features) @ self.texts, np.float32))
