"""The same weights as one ONNX graph, so that a query needs neither torch nor transformers. Used at preparation.

A BERT's graph is written down (bert_graph.py, 1 s); any other model's is traced by torch, which takes 13 s.
"""

from __future__ import annotations

import contextlib
import io
import json
import logging
import warnings
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import write_whole
from recsys.encoders import bert_graph
from recsys.encoders.onnx_encoder import CARD, GRAPH, INPUT, OUTPUT, TOKENIZER, OnnxTextEncoder
from recsys.encoders.torch_encoder import TorchTextEncoder, load_transformer, pooled
from recsys.encoders.weights import POOLINGS, SUPPORTED, ModelFiles, Recipe, recipe, verify
from recsys.errors import ModelError
from recsys.progress import Progress, silent

LOWEST_COSINE: Final = 0.9999
_WORDS: Final = ("quick", "dinner", "for", "kids", "gluten", "free", "pasta", "frozen", "waffles", "2%", "milk", "oz")
# What the graph is checked on: every length a shopper may type, and what nobody should type.
CHECKED_TEXTS: Final[tuple[str, ...]] = (
    "",
    " ",
    "a",
    "?",
    "🍕🥦🍼",
    "حليب خالي الدسم",
    "牛奶和面包",
    "ЙОГУРТ",
    "naïve café crème brûlée",
    "'; DROP TABLE items; --",
    "AAAA" * 100,
    "pasta " * 2000,
    "supercalifragilisticexpialidocious" * 5,
    "Ben & Jerry's 16 oz\tpint\n",
    *(
        " ".join(_WORDS[(start + i) % len(_WORDS)] for i in range(length))
        for start in range(5)
        for length in (1, 2, 3, 4, 5, 6, 8, 10, 12, 17, 24)
    ),
    # Long ones once: the work grows with the length, and what could go wrong does not.
    *(" ".join(_WORDS[i % len(_WORDS)] for i in range(length)) for length in (40, 90, 300)),
)


def export(model: ModelFiles, folder: Path, progress: Progress = silent) -> dict[str, Any]:
    """Write model.onnx (pooling and normalisation inside), tokenizer.json and encoder.json into `folder`.

    Returns what was made: name, dimension, max_tokens, texts checked and the lowest cosine to torch in float32 among
    them. Raises ModelError when the architecture is not one that can be exported, or the graph computes other vectors.
    """
    verify(model)
    how = recipe(model)
    if how.obstacle:
        raise ModelError(
            f"the model {model.name} cannot be exported to ONNX: {how.obstacle}",
            allowed=f"{', '.join(SUPPORTED)} with {' or '.join(POOLINGS)} pooling",
            remedy="choose such a model in SHELFLENS_ENCODER, or unset it to use minilm",
        )
    progress(0, 3, "reading the weights")
    tokenizer, network = load_transformer(model)
    progress(1, 3, "writing the ONNX graph")
    if bert_graph.fits(network.config):
        weights = {name: weight.numpy() for name, weight in network.state_dict().items()}
        bert_graph.write(weights, network.config, how.pooling, folder / GRAPH)
    else:
        trace(network, how, folder / GRAPH)
    card = {
        "name": model.name,
        "fingerprint": model.fingerprint,
        "dimension": how.dimension,
        "max_tokens": how.reading.max_tokens,
        "lowercase": how.reading.lowercase,
        "prefix": how.reading.prefix,
    }
    write_whole(folder / TOKENIZER, tokenizer.to_str().encode())
    write_whole(folder / CARD, json.dumps(card, indent=1).encode())
    progress(2, 3, "checking it against torch")
    lowest = _lowest_cosine(TorchTextEncoder(model, "fp32", (tokenizer, network)), folder)
    if not lowest >= LOWEST_COSINE:  # `not >=` also catches a NaN
        raise ModelError(
            f"the ONNX graph of {model.name} has cosine {lowest:.6f} to torch",
            allowed=f"at least {LOWEST_COSINE}",
            remedy="use another encoder, and report this one",
        )
    progress(3, 3)
    return {**card, "checked_texts": len(CHECKED_TEXTS), "lowest_cosine": lowest}


def trace(network: Any, how: Recipe, path: Path) -> None:
    """Write the graph of any supported network as torch traces it, pooled as its recipe says."""
    import torch

    class Sentence(torch.nn.Module):
        """Token ids of equally long texts to unit vectors."""

        def __init__(self) -> None:
            super().__init__()
            self.network = network

        def forward(self, tokens: Any) -> Any:
            # Texts of one batch are equally long, so that no attention mask is needed.
            return pooled(self.network(input_ids=tokens).last_hidden_state, how.pooling)  # (b, t) -> (b, d)

    sample = torch.full((2, 5), 5, dtype=torch.int64)
    sizes = {0: torch.export.Dim("texts"), 1: torch.export.Dim("tokens", max=how.reading.max_tokens)}
    with torch.no_grad(), _quiet():
        torch.onnx.export(
            Sentence().eval(),
            (sample,),
            str(path),
            input_names=[INPUT],
            output_names=[OUTPUT],
            dynamo=True,
            dynamic_shapes=(sizes,),
            external_data=False,
            verbose=False,
        )


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporter's own reports, which a reader of ours cannot act on, off the screen."""
    before = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(before)


def _lowest_cosine(reference: TorchTextEncoder, folder: Path) -> float:
    expected = reference.encode(CHECKED_TEXTS)  # (n, d)
    seen = OnnxTextEncoder(folder).encode(CHECKED_TEXTS)  # (n, d)
    return float(np.vecdot(expected, seen).min())
