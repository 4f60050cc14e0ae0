"""No network at all: a vector for each token, and the mean of them for a text (model2vec's way).

Each token of the vocabulary is encoded on its own by the full model; the vectors are centred, turned to their principal
axes (Raunak et al., "Effective dimensionality reduction for word embeddings", 2019) and weighted by rarity, a / (a + p)
(Arora et al., "A simple but tough-to-beat baseline for sentence embeddings", ICLR 2017). How rare a token is the shop's
texts tell, and beneath them Zipf's law by its rank in the vocabulary (Tulkens & van Dongen, "Model2Vec", 2024).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Final

import numpy as np
from tokenizers import Tokenizer

from recsys.artifacts import storage_errors
from recsys.encoders.bert_graph import IR, OPSET
from recsys.encoders.compressing.folders import PREFIX, write_arrays, write_json
from recsys.encoders.onnx_encoder import INPUT, OUTPUT, TOKENIZER
from recsys.encoders.weights import WEIGHTS, ModelFiles
from recsys.errors import BadRequestError
from recsys.schema import Floats

RARITY: Final = 1e-3  # a; between 1e-4 and 1e-2 it makes little difference (ICLR 2017, fig. 1)
SMOOTHED: Final = 1.0  # sightings that every token has beforehand, dealt out by Zipf's law
# Of a text without any token: a direction, so that it has a length; too small to move any other text.
NOTHING: Final = 1e-9
MODULES: Final = (("", "StaticEmbedding"), ("1_Normalize", "Normalize"))


def frequencies(texts: Sequence[str], tokenizer: Tokenizer) -> Floats:
    """(v,) the share of each token among those of the texts, smoothed by Zipf's law over its rank in the vocabulary."""
    size = tokenizer.get_vocab_size()
    seen = Counter(token for text in texts for token in tokenizer.encode(text, add_special_tokens=False).ids)
    zipf = 1 / np.arange(1, size + 1)
    counts = SMOOTHED * size * zipf / zipf.sum()
    counts[list(seen.keys())] += list(seen.values())
    found: Floats = (counts / counts.sum()).astype(np.float32)
    return found


def table(vectors: Floats, shares: Floats, k: int, silent: Sequence[int]) -> Floats:
    """(v, k) a vector for each token: `vectors` (v, d) centred, on their k principal axes, times a / (a + share).

    `silent` tokens (the marks at both ends of a text) say nothing. Raises BadRequestError for a k that is not 1 to d.
    """
    d = vectors.shape[1]
    if not 1 <= k <= d:
        raise BadRequestError(f"static vectors of {k} numbers", allowed=f"1 to {d}")
    centred = vectors.astype(np.float64) - vectors.mean(axis=0, dtype=np.float64)
    _, axes = np.linalg.eigh(centred.T @ centred)
    turned = centred @ axes[:, ::-1][:, :k]  # (v, d) @ (d, k) -> (v, k)
    weighted = turned * (RARITY / (RARITY + shares.astype(np.float64)))[:, None]
    weighted[list(silent)] = 0
    weighted[list(silent), 0] = NOTHING
    found: Floats = weighted.astype(np.float32)
    return found


def write_graph(rows: Floats, path: Path) -> None:
    """Token ids of equally long texts (b, t) to unit vectors (b, k): the mean of the tokens' rows (v, k)."""
    import onnx
    from onnx import helper, numpy_helper

    nodes = [
        helper.make_node("Gather", ["rows", INPUT], ["each"]),
        helper.make_node("ReduceMean", ["each", "along_tokens"], ["pooled"], keepdims=0),
        helper.make_node("LpNormalization", ["pooled"], [OUTPUT], axis=-1, p=2),
    ]
    ends = (
        [helper.make_tensor_value_info(INPUT, onnx.TensorProto.INT64, ["texts", "tokens"])],
        [helper.make_tensor_value_info(OUTPUT, onnx.TensorProto.FLOAT, ["texts", rows.shape[1]])],
    )
    constants = [numpy_helper.from_array(rows, "rows"), numpy_helper.from_array(np.array([1]), "along_tokens")]
    graph = helper.make_graph(nodes, "static", *ends, constants)
    opset = [helper.make_opsetid("", OPSET)]
    with storage_errors(path):
        path.parent.mkdir(parents=True, exist_ok=True)
        onnx.save(helper.make_model(graph, opset_imports=opset, ir_version=IR), path)


def write_folder(model: ModelFiles, rows: Floats, folder: Path) -> None:
    """The table as sentence-transformers writes one. Raises StorageError."""
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        (folder / TOKENIZER).write_bytes((model.folder / TOKENIZER).read_bytes())
    write_arrays(folder / WEIGHTS, {"embedding.weight": rows})
    write_json(folder / "config.json", {"model_type": "static", "hidden_size": rows.shape[1]})
    write_json(
        folder / "modules.json",
        [
            {"idx": place, "name": str(place), "path": path, "type": f"{PREFIX}.{kind}"}
            for place, (path, kind) in enumerate(MODULES)
        ],
    )
