"""A BERT written down as one ONNX graph of fused operators, straight from its weights.

Tracing a network takes 13 s and yields small operators, of which ONNX Runtime puts only some together again. Here each
layer is six operators: attention with the three products of query, key and value in one, two residual sums inside their
normalisations, and the feed-forward pair around a biased GELU. Model: Devlin et al., "BERT", 2019; the operators of
the domain com.microsoft are ONNX Runtime's own and part of every build of it.

Used at preparation only; onnx is loaded when a graph is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.onnx_encoder import INPUT, OUTPUT

Weights = Mapping[str, npt.NDArray[np.float32]]
FUSED: Final = "com.microsoft"
OPSET: Final = 18
IR: Final = 10


def fits(config: Any) -> bool:
    """Whether a transformers configuration is of the BERT that `write` knows: absolute positions, exact GELU."""
    return (
        config.model_type == "bert"
        and config.hidden_act == "gelu"
        and getattr(config, "position_embedding_type", "absolute") == "absolute"
        and not config.is_decoder
    )


def write(weights: Weights, config: Any, pooling: str, path: Path) -> None:
    """Write the graph: token ids of equally long texts (b, t) to unit vectors (b, d).

    `weights` are those of transformers' BertModel by its names, `pooling` is "mean" or "cls".
    """
    import onnx

    graph = _Graph(weights)
    hidden = _embeddings(graph, config)
    for number in range(config.num_hidden_layers):
        hidden = _layer(graph, f"encoder.layer.{number}", hidden, config)
    _pool(graph, hidden, pooling)
    ends = (
        [onnx.helper.make_tensor_value_info(INPUT, onnx.TensorProto.INT64, ["texts", "tokens"])],
        [onnx.helper.make_tensor_value_info(OUTPUT, onnx.TensorProto.FLOAT, ["texts", config.hidden_size])],
    )
    model = onnx.helper.make_model(
        onnx.helper.make_graph(graph.nodes, "bert", *ends, graph.constants),
        opset_imports=[onnx.helper.make_opsetid("", OPSET), onnx.helper.make_opsetid(FUSED, 1)],
        ir_version=IR,
    )
    onnx.save(model, path)


class _Graph:
    """Nodes and constants as they gather; every operator's first output is named after it."""

    def __init__(self, weights: Weights) -> None:
        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = []

    def add(self, operator: str, name: str, inputs: list[str], domain: str = "", **attributes: Any) -> str:
        """One more node; returns the name of its output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, domain=domain, **attributes))
        return name

    def constant(self, name: str, value: npt.NDArray[Any]) -> str:
        """One more constant; returns its name."""
        from onnx import numpy_helper

        self.constants.append(numpy_helper.from_array(value, name))
        return name

    def weight(self, name: str) -> str:
        """A weight as it is."""
        return self.constant(name, self.weights[name])

    def linear(self, name: str, x: str) -> str:
        """x times the matrix of a linear layer, without its bias."""
        return self.add(
            "MatMul", f"{name}.product", [x, self.constant(f"{name}.matrix", self.weights[f"{name}.weight"].T)]
        )

    def normalised_sum(self, name: str, x: str, residual: str, epsilon: float, bias: str = "") -> str:
        """The layer normalisation of x + residual + bias."""
        inputs = [x, residual, self.weight(f"{name}.weight"), self.weight(f"{name}.bias")]
        inputs += [self.weight(bias)] if bias else []
        return self.add("SkipLayerNormalization", name, inputs, FUSED, epsilon=epsilon)


def _embeddings(graph: _Graph, config: Any) -> str:
    """Words, positions and the one segment there is, added and normalised: (b, t) -> (b, t, d)."""
    weights, of = graph.weights, "embeddings"
    words = graph.add("Gather", f"{of}.words", [graph.weight(f"{of}.word_embeddings.weight"), INPUT])
    places = weights[f"{of}.position_embeddings.weight"] + weights[f"{of}.token_type_embeddings.weight"][0]
    graph.constant("first", np.array([0], np.int64))
    graph.constant("along_tokens", np.array([1], np.int64))
    length = graph.add("Shape", f"{of}.length", [INPUT], start=1, end=2)
    positions = graph.add(
        "Slice", f"{of}.positions", [graph.constant(f"{of}.places", places[None]), "first", length, "along_tokens"]
    )  # (1, t, d)
    return graph.normalised_sum(f"{of}.LayerNorm", words, positions, config.layer_norm_eps)


def _layer(graph: _Graph, of: str, hidden: str, config: Any) -> str:
    """One transformer layer: (b, t, d) -> (b, t, d)."""
    parts = [f"{of}.attention.self.{part}" for part in ("query", "key", "value")]
    together = np.concatenate([graph.weights[f"{part}.weight"].T for part in parts], axis=1)  # (d, 3d)
    bias = np.concatenate([graph.weights[f"{part}.bias"] for part in parts])
    inputs = [hidden, graph.constant(f"{of}.qkv.matrix", together), graph.constant(f"{of}.qkv.bias", bias)]
    seen = graph.add("Attention", f"{of}.attention", inputs, FUSED, num_heads=config.num_attention_heads)
    out = f"{of}.attention.output"
    hidden = graph.normalised_sum(
        f"{out}.LayerNorm", graph.linear(f"{out}.dense", seen), hidden, config.layer_norm_eps, f"{out}.dense.bias"
    )
    wide = graph.linear(f"{of}.intermediate.dense", hidden)
    wide = graph.add("BiasGelu", f"{of}.gelu", [wide, graph.weight(f"{of}.intermediate.dense.bias")], FUSED)
    narrow = graph.linear(f"{of}.output.dense", wide)
    return graph.normalised_sum(
        f"{of}.output.LayerNorm", narrow, hidden, config.layer_norm_eps, f"{of}.output.dense.bias"
    )


def _pool(graph: _Graph, hidden: str, pooling: str) -> None:
    """The mean over tokens or the first token, of length 1: (b, t, d) -> (b, d)."""
    if pooling == "cls":
        vector = graph.add("Gather", "pooled", [hidden, graph.constant("cls", np.array(0, np.int64))], axis=1)
    else:
        vector = graph.add("ReduceMean", "pooled", [hidden, "along_tokens"], keepdims=0)
    graph.add("LpNormalization", OUTPUT, [vector], axis=-1, p=2)
