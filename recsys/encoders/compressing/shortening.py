"""Shorter vectors: the same encoder with its output turned to principal axes, of which the first are kept.

The axes are those of the uncentred second moment of the shop's own vectors: of all projections to k numbers this one
 changes the inner products of these vectors least (Eckart & Young, 1936). What is left is made of length
1 again. A model that was trained for it (Kusupati et al., "Matryoshka representation learning", 2022) needs no turning;
this one was not, so its first numbers are no better than its last.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.compressing.folders import PREFIX, copy_whole, read_json, write_arrays, write_json
from recsys.encoders.onnx_encoder import OUTPUT
from recsys.encoders.weights import WEIGHTS, ModelFiles
from recsys.errors import BadRequestError
from recsys.schema import Floats

DENSE: Final = "2_Dense"


def axes(vectors: Floats, k: int) -> Floats:
    """(d, k) the k axes of most second moment of the rows of `vectors` (n, d), by columns, most first.

    Raises BadRequestError for a k that is not from 1 to d.
    """
    d = vectors.shape[1]
    if not 1 <= k <= d:
        raise BadRequestError(f"vectors of {k} numbers", allowed=f"1 to {d}")
    moment = vectors.T.astype(np.float64) @ vectors.astype(np.float64)  # (d, n) @ (n, d) -> (d, d)
    _, found = np.linalg.eigh(moment)  # the least first
    return np.ascontiguousarray(found[:, ::-1][:, :k]).astype(np.float32)


def first(d: int, k: int) -> Floats:
    """(d, k) that keeps the first k numbers as they are."""
    return np.eye(d, k, dtype=np.float32)


def turn_of(folder: Path) -> Floats:
    """(d, k) that a folder written by `write_folder` turns its vectors by."""
    from safetensors.numpy import load_file

    return np.asarray(load_file(folder / DENSE / WEIGHTS)["linear.weight"].T, np.float32)


def shortened(graph: Path, out: Path, turn: npt.NDArray[Any]) -> None:
    """The same graph with `turn` (d, k) between pooling and the last normalisation."""
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load(graph)
    last = next(node for node in model.graph.node if OUTPUT in node.output)
    model.graph.initializer.append(numpy_helper.from_array(turn, "turn"))
    node = helper.make_node("MatMul", [last.input[0], "turn"], ["turned"], name="turned")
    last.input[0] = "turned"
    model.graph.node.insert(list(model.graph.node).index(last), node)
    model.graph.output[0].type.tensor_type.shape.dim[1].dim_value = turn.shape[1]
    onnx.save(model, out)


def write_folder(model: ModelFiles, turn: npt.NDArray[Any], folder: Path) -> None:
    """The model with a linear layer behind its pooling, as sentence-transformers writes one. Raises StorageError."""
    copy_whole(model, folder)
    d, k = turn.shape
    dense = folder / DENSE
    dense.mkdir(exist_ok=True)
    activation = "torch.nn.modules.linear.Identity"
    facts = {"in_features": d, "out_features": k, "bias": False, "activation_function": activation}
    write_json(dense / "config.json", facts)
    write_arrays(dense / WEIGHTS, {"linear.weight": turn.T})
    kinds = [("", "Transformer"), ("1_Pooling", "Pooling"), (dense.name, "Dense"), ("3_Normalize", "Normalize")]
    modules = [
        {"idx": place, "name": str(place), "path": path, "type": f"{PREFIX}.{kind}"}
        for place, (path, kind) in enumerate(kinds)
    ]
    write_json(folder / "modules.json", modules)
    write_json(folder / "config.json", read_json(model.folder / "config.json"))
