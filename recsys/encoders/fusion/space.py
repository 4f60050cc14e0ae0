"""The learned space while people wait: a few small layers in NumPy, read from a safetensors file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np

from recsys.artifacts import PREPARE, write_whole
from recsys.encoders.fusion.modalities import KINDS, Modalities
from recsys.errors import ArtifactError
from recsys.schema import Floats

DIMENSION: Final = 128
WEIGHTS: Final = "fusion.safetensors"
CARD: Final = "fusion.json"
LAYERS: Final = ("mean", "scale", "in.weight", "in.bias", "out.weight", "out.bias")


def gelu(x: Floats) -> Floats:
    """x times the normal distribution function, by tanh (Hendrycks & Gimpel 2016), as in training."""
    inner = np.tanh(np.float32(0.7978845608) * (x + np.float32(0.044715) * x**3))
    return np.asarray(0.5 * x * (1.0 + inner), np.float32)


def unit(x: Floats) -> Floats:
    """Rows of length 1; rows of nothing stay nothing."""
    return np.asarray(x / np.maximum(np.linalg.norm(x, axis=-1, keepdims=True), 1e-9), np.float32)


@dataclass(frozen=True, slots=True, eq=False)
class Fusion:
    """From any of the kinds of knowledge to one unit vector of DIMENSION.

    Each kind has a network of its own (standardised, one hidden layer); what is there is added up by learned weights.
    """

    tensors: Mapping[str, Floats]  # "<kind>.<layer>" for each kind and LAYERS, and "weights" (4,) by KINDS
    card: Mapping[str, Any]

    @property
    def kinds(self) -> tuple[str, ...]:
        """What it was trained on."""
        return tuple(kind for kind in KINDS if f"{kind}.mean" in self.tensors)

    def encode(self, known: Modalities) -> Floats:
        """(n, DIMENSION) float32 of length 1 from all that is known; 0 for a product of which nothing is.

        Raises ValueError for vectors of another width than those it was trained on.
        """
        given = {kind: values for kind, values in known.given.items() if kind in self.kinds}
        if not given:
            n = next((len(each) for each in known.given.values()), 0)
            return np.zeros((n, DIMENSION), np.float32)
        return unit(np.sum([self._weighed(kind, values) for kind, values in given.items()], axis=0, dtype=np.float32))

    def _weighed(self, kind: str, values: Floats) -> Floats:
        """(n, DIMENSION) of one kind times its weight, 0 for the rows that lack it."""
        t = {layer: self.tensors[f"{kind}.{layer}"] for layer in LAYERS}
        if values.shape[1] != len(t["mean"]):
            raise ValueError(f"{kind} vectors of {values.shape[1]} numbers where {len(t['mean'])} were learned")
        there = ~np.isnan(values).any(axis=1)
        found = np.zeros((len(values), DIMENSION), np.float32)
        x = (values[there].astype(np.float32) - t["mean"]) * t["scale"]
        hidden = gelu(np.asarray(x @ t["in.weight"].T + t["in.bias"], np.float32))
        z = np.asarray(hidden @ t["out.weight"].T + t["out.bias"], np.float32)
        found[there] = self.tensors["weights"][KINDS.index(kind)] * unit(z)
        return found

    def save(self, folder: Path) -> None:
        """Write both files into an existing folder. Raises StorageError."""
        from safetensors.numpy import save

        arrays = {name: np.ascontiguousarray(each, np.float32) for name, each in self.tensors.items()}
        write_whole(folder / WEIGHTS, save(arrays))
        write_whole(folder / CARD, json.dumps(dict(self.card), indent=1).encode())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Read what `save` wrote. Raises ArtifactError when it is missing, damaged or of another shape."""
        from safetensors import SafetensorError
        from safetensors.numpy import load_file

        try:
            tensors = load_file(folder / WEIGHTS)
            card = json.loads((folder / CARD).read_text(encoding="utf-8"))
            kinds = [kind for kind in KINDS if f"{kind}.mean" in tensors]
            whole = all(f"{kind}.{layer}" in tensors for kind in kinds for layer in LAYERS)
            right = kinds and whole and all(len(tensors[f"{kind}.out.bias"]) == DIMENSION for kind in kinds)
            if not right or tensors["weights"].shape != (len(KINDS),):
                raise ValueError("tensors are missing or of another shape")
        except (OSError, ValueError, KeyError, SafetensorError) as error:
            raise ArtifactError(f"{WEIGHTS} of the prepared space is missing or damaged", remedy=PREPARE) from error
        return cls(tensors, card)
