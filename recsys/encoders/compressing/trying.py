"""Vectors of a few texts by weights that are being tried: which heads or layers does the model miss least?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from recsys.encoders import weights
from recsys.encoders.torch_encoder import TorchTextEncoder, load_transformer
from recsys.encoders.weights import ModelFiles
from recsys.schema import Floats


class Vectors(Protocol):
    """Weights to vectors."""

    def __call__(self, arrays: dict[str, Any], layers: int | None = None) -> Floats:
        """(n, d) of the texts by these weights; `layers` where they are fewer than the model's."""


def vectors_by(model: ModelFiles, texts: Sequence[str]) -> Vectors:
    """A network of the model's shape that takes any weights of it and encodes the texts. Raises ModelError."""
    import torch
    from transformers import BertModel

    weights.verify(model)
    tokenizer, network = load_transformer(model)

    def encode(arrays: dict[str, Any], layers: int | None = None) -> Floats:
        used = network
        if layers is not None:
            config = type(network.config)(**{**network.config.to_dict(), "num_hidden_layers": layers})
            used = BertModel(config)
        used.train(False)
        used.load_state_dict({name: torch.from_numpy(value) for name, value in arrays.items()}, strict=False)
        return TorchTextEncoder(model, "fp32", (tokenizer, used)).encode(texts)

    return encode
