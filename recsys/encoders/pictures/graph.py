"""EfficientNet-Lite0 written down as one ONNX graph, straight from its weights, its batch normalisations folded in.

Used at preparation only; onnx is loaded when a graph is made.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.pictures.card import INPUT, OUTPUT
from recsys.encoders.pictures.network import (
    BLOCKS,
    DIMENSION,
    EPSILON,
    GRIDDED,
    LOOKED_AT,
    grid_of,
    same_padding,
)
from recsys.schema import Floats

Weights = Mapping[str, npt.NDArray[np.float32]]
OPSET: Final = 18
IR: Final = 10


def write(weights: Weights, side: int, path: Path) -> None:
    """Write the graph for squares of `side` pixels: (b, 3, side, side) normalised -> (b, DIMENSION) as network.py says.

    `weights` are those of network.py's module by their names.
    """
    import onnx
    from onnx import TensorProto, helper

    graph = _Graph(weights)
    x, side_now = graph.convolution("_conv_stem", "_bn0", INPUT, side, 2), -(-side // 2)
    x, seen = graph.capped(x), []
    for number, block in enumerate(BLOCKS):
        of, start = f"_blocks.{number}", x
        if block.widened > 1:
            x = graph.capped(graph.convolution(f"{of}._expand_conv", f"{of}._bn0", x, side_now))
        wide = block.taken * block.widened
        x = graph.convolution(f"{of}._depthwise_conv", f"{of}._bn1", x, side_now, block.stride, wide)
        side_now = -(-side_now // block.stride)
        x = graph.convolution(f"{of}._project_conv", f"{of}._bn2", graph.capped(x), side_now)
        if block.residual:
            x = graph.add("Add", f"{of}.sum", [start, x])
        if number in LOOKED_AT:
            seen.append(graph.add("GlobalAveragePool", f"{of}.mean", [x]))
        if number == GRIDDED:
            kernel, step = grid_of(side_now)
            grid = graph.add("AveragePool", f"{of}.cells", [x], kernel_shape=[kernel] * 2, strides=[step] * 2)
            seen.append(graph.add("Flatten", f"{of}.grid", [grid]))
    x = graph.capped(graph.convolution("_conv_head", "_bn1", x, side_now))
    seen = [graph.add("GlobalAveragePool", "mean", [x]), *seen]
    graph.add("Concat", OUTPUT, [graph.add("Flatten", f"{each}.flat", [each]) for each in seen], axis=1)
    ends = (
        [helper.make_tensor_value_info(INPUT, TensorProto.FLOAT, ["b", 3, side, side])],
        [helper.make_tensor_value_info(OUTPUT, TensorProto.FLOAT, ["b", DIMENSION])],
    )
    made = helper.make_graph(graph.nodes, "efficientnet-lite0", *ends, graph.constants)
    model = helper.make_model(made, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR)
    onnx.save(model, path)


def folded(kernel: Floats, scale: Floats, shift: Floats, mean: Floats, variance: Floats) -> tuple[Floats, Floats]:
    """A kernel (out, in, k, k) and bias (out,) that do what a convolution and the normalisation behind it do."""
    factor = scale.astype(np.float64) / np.sqrt(variance.astype(np.float64) + EPSILON)
    narrow = (kernel * factor[:, None, None, None]).astype(np.float32)
    return narrow, (shift - mean * factor).astype(np.float32)


class _Graph:
    """Nodes and constants as they gather; every operator's output is named after it."""

    def __init__(self, weights: Weights) -> None:
        from onnx import numpy_helper

        self.weights = weights
        self.nodes: list[Any] = []
        self.constants: list[Any] = [
            numpy_helper.from_array(np.array(value, np.float32), name) for name, value in (("none", 0), ("six", 6))
        ]

    def add(self, operator: str, name: str, inputs: list[str], **attributes: Any) -> str:
        """One more node; returns the name of its output."""
        from onnx import helper

        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def capped(self, x: str) -> str:
        """ReLU6."""
        return self.add("Clip", f"{x}.capped", [x, "none", "six"])

    def convolution(self, name: str, norm: str, x: str, side: int, stride: int = 1, group: int = 1) -> str:
        """A convolution of a square of `side`, padded as TensorFlow does, with its normalisation in it."""
        from onnx import numpy_helper

        parts = (self.weights[f"{norm}.{part}"] for part in ("weight", "bias", "running_mean", "running_var"))
        kernel, bias = folded(self.weights[f"{name}.weight"], *parts)
        self.constants += [
            numpy_helper.from_array(kernel, f"{name}.kernel"),
            numpy_helper.from_array(bias, f"{name}.bias"),
        ]
        before, after = same_padding(side, kernel.shape[-1], stride)
        return self.add(
            "Conv",
            name,
            [x, f"{name}.kernel", f"{name}.bias"],
            strides=[stride, stride],
            pads=[before, before, after, after],
            group=group,
        )
