"""The picture network as one ONNX graph and its card. Used at preparation."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import write_whole
from recsys.encoders.pictures import graph, network, weights
from recsys.encoders.pictures.card import CARD, GRAPH
from recsys.encoders.pictures.encoder import PictureEncoder
from recsys.encoders.pictures.weights import PictureModel
from recsys.errors import ModelError
from recsys.progress import Progress, silent

LARGEST_DIFFERENCE: Final = 1e-3  # between torch and the graph, of features between 0 and 6; 1e-5 is usual
CHECKED: Final = 4  # pictures


def export(model: PictureModel, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Write picture_encoder.onnx and picture_encoder.json; returns what was made.

    A graph that somebody brings is copied and tried once. Raises ModelError when the weights have the wrong hash or the
    graph computes something else than it should.
    """
    card = weights.card_of(model)
    write_whole(folder / CARD, json.dumps(card.as_json(), indent=1).encode())
    made: dict[str, Any] = {"name": model.name, "dimension": card.dimension, "size": card.size}
    if model.weights is None:
        write_whole(folder / GRAPH, (model.folder / GRAPH).read_bytes())
        PictureEncoder.load(folder).encode([_noise(card.size)])
        progress(1, 1)
        return made
    progress(0, 3, "reading the weights")
    tensors = weights.read(model)
    progress(1, 3, "writing the ONNX graph")
    graph.write({name: tensor.numpy() for name, tensor in tensors.items()}, card.size, folder / GRAPH)
    progress(2, 3, "checking it against torch")
    difference = _difference(tensors, folder)
    if not difference <= LARGEST_DIFFERENCE:  # `not <=` also catches a NaN
        raise ModelError(
            f"the ONNX graph of {model.name} differs from torch by {difference:.6f}",
            allowed=f"at most {LARGEST_DIFFERENCE}",
            remedy="report it with the versions of torch and onnxruntime",
        )
    progress(3, 3)
    return {**made, "largest_difference": difference}


def _difference(tensors: dict[str, Any], folder: Path) -> float:
    """The largest difference between torch and the graph on pictures of noise, coarse and fine."""
    import torch

    encoder = PictureEncoder.load(folder)
    planes = np.stack([encoder.planes(_noise(8 * 4**number, number)) for number in range(CHECKED)])
    with torch.inference_mode():
        expected = network.made(tensors)(torch.from_numpy(planes)).numpy()
    return float(np.abs(expected - encoder.seen(planes)).max())


def _noise(side: int, seed: int = 0) -> Any:
    return np.random.default_rng(seed).integers(0, 256, (side, side, 3)).astype(np.uint8)
