"""Fewer attention heads, or fewer layers: what an encoder does least without is left out, nothing is learned again.

Heads: Michel et al., "Are sixteen heads really better than one?", NeurIPS 2019. Each head is silenced in turn, and how
far the vectors of some texts then move (1 - cosine, the mean) is what it is worth; the least worthy go. Layers: Sajjad
et al., "On the effect of dropping layers of pre-trained transformer models", 2023, with the layer chosen the same way,
one after another.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.encoders.compressing.folders import copy_small, read_arrays, read_json, write_arrays, write_json
from recsys.encoders.weights import WEIGHTS, ModelFiles
from recsys.errors import BadRequestError
from recsys.progress import Progress, silent
from recsys.schema import Floats

Head = tuple[int, int]  # (layer, head)
LEAST_IN_A_LAYER: Final = 1  # heads; without any the operator has nothing to compute
_LAYER: Final = re.compile(r"encoder\.layer\.(\d+)\.")


def moved(before: Floats, after: Floats) -> float:
    """Mean of 1 - cosine between unit vectors of the same texts, (n, d) and (n, d)."""
    return float(1 - np.vecdot(before.astype(np.float64), after.astype(np.float64)).mean())


# --- heads --------------------------------------------------------------------------------------------------


def silenced(arrays: dict[str, Any], heads: Sequence[Head], n_heads: int) -> dict[str, Any]:
    """The weights with some heads silenced: the columns of the output that read them are 0."""
    found = dict(arrays)
    for layer, head in heads:
        name = f"encoder.layer.{layer}.attention.output.dense.weight"
        size = found[name].shape[1] // n_heads
        found[name] = found[name].copy()
        found[name][:, head * size : (head + 1) * size] = 0  # (d, d): a column per number that a head gives
    return found


def least_worthy(worth: Floats, count: int) -> list[Head]:
    """The `count` heads of least worth (l, h), least first; every layer keeps LEAST_IN_A_LAYER.

    Raises BadRequestError when that is impossible.
    """
    n_layers, n_heads = worth.shape
    most = n_layers * (n_heads - LEAST_IN_A_LAYER)
    if not 0 <= count <= most:
        raise BadRequestError(f"{count} of {n_layers * n_heads} heads to prune", allowed=f"0 to {most}")
    left = [n_heads] * n_layers
    found: list[Head] = []
    for place in np.argsort(worth, axis=None, kind="stable").tolist():
        layer, head = divmod(place, n_heads)
        if len(found) < count and left[layer] > LEAST_IN_A_LAYER:
            found.append((layer, head))
            left[layer] -= 1
    return found


def without_heads(graph: Path, out: Path, heads: Sequence[Head], n_heads: int) -> None:
    """The same graph with some heads cut out of the attention of their layers: smaller matrices, not zeros."""
    import onnx
    from onnx import numpy_helper

    model = onnx.load(graph)
    constants = {each.name: each for each in model.graph.initializer}
    for node in (node for node in model.graph.node if node.op_type == "Attention"):
        layer = int(str(_LAYER.search(f"{node.name}.")[1]))  # type: ignore[index]
        kept = [head for head in range(n_heads) if (layer, head) not in heads]
        matrix, bias = (constants[name] for name in node.input[1:3])
        out_matrix = constants[f"encoder.layer.{layer}.attention.output.dense.matrix"]
        width = numpy_helper.to_array(out_matrix).shape[0]
        size = width // n_heads
        columns = np.concatenate([np.arange(head * size, (head + 1) * size) for head in kept])
        three = np.concatenate([columns, columns + width, columns + 2 * width])  # query, key, value side by side
        _replace(matrix, numpy_helper.to_array(matrix)[:, three])  # (d, 3d) -> (d, 3k)
        _replace(bias, numpy_helper.to_array(bias)[three])
        _replace(out_matrix, numpy_helper.to_array(out_matrix)[columns])  # (d, d) -> (k, d)
        for attribute in node.attribute:
            if attribute.name == "num_heads":
                attribute.i = len(kept)
        node.attribute.append(onnx.helper.make_attribute("qkv_hidden_sizes", [len(columns)] * 3))
    onnx.save(model, out)


def _replace(constant: Any, value: Any) -> None:
    from onnx import numpy_helper

    constant.CopyFrom(numpy_helper.from_array(np.ascontiguousarray(value), constant.name))


# --- layers -------------------------------------------------------------------------------------------------


def with_layers(model: ModelFiles, kept: Sequence[int], folder: Path) -> None:
    """Write the model with these layers alone, in their order, as a folder of its own. Raises StorageError."""
    copy_small(model, folder)
    write_arrays(folder / WEIGHTS, layers_of(read_arrays(model), kept))
    config = read_json(model.folder / "config.json")
    write_json(folder / "config.json", config | {"num_hidden_layers": len(kept)})


def layers_of(arrays: dict[str, Any], kept: Sequence[int]) -> dict[str, Any]:
    """The weights of some layers, numbered anew, with all that is in no layer."""
    place = {layer: number for number, layer in enumerate(kept)}
    found = {}
    for name, value in arrays.items():
        layer = _LAYER.match(name)
        if layer is None:
            found[name] = value
        elif int(layer[1]) in place:
            found[_LAYER.sub(f"encoder.layer.{place[int(layer[1])]}.", name, count=1)] = value
    return found


def chosen_layers(n_layers: int, count: int, vectors_with: Callable[[list[int]], Floats], progress: Progress = silent) -> list[int]:  # fmt: skip  # noqa: E501
    """Which `count` layers to keep: one after another the layer goes without which the vectors move least.

    `vectors_with(kept)` are the vectors (n, d) of some texts by the layers kept. Raises BadRequestError for a count
    that is none.
    """
    if not 1 <= count <= n_layers:
        raise BadRequestError(f"{count} of {n_layers} layers to keep", allowed=f"1 to {n_layers}")
    kept, whole = list(range(n_layers)), vectors_with(list(range(n_layers)))
    while len(kept) > count:
        less = [[each for each in kept if each != gone] for gone in kept]
        kept = min(less, key=lambda layers: moved(whole, vectors_with(layers)))
        progress(n_layers - len(kept), n_layers - count)
    return kept
