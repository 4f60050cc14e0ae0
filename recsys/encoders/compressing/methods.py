"""The ways to make an encoder smaller that are measured beside each other, each a folder the app can start with."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Final

import numpy as np

from recsys.encoders import weights
from recsys.encoders.compressing import distilling, graphs, int8, pruning, shortening, static
from recsys.encoders.compressing.folders import (
    copy_small,
    copy_whole,
    graph_alone,
    read_arrays,
    read_json,
    write_arrays,
)
from recsys.encoders.onnx_encoder import GRAPH, TOKENIZER
from recsys.encoders.serving_graph import SERVING
from recsys.encoders.unit_rows import unit_rows
from recsys.encoders.weights import WEIGHTS, ModelFiles
from recsys.errors import BadRequestError
from recsys.progress import Progress, silent
from recsys.schema import Floats

CALIBRATION: Final = 64  # texts that static scales are found on: more moves no scale by a tenth
PRUNED_ON: Final = 48  # texts by which heads and layers are told apart
MARKS: Final = ("[PAD]", "[CLS]", "[SEP]", "[MASK]")
FULL: Final = "full"
DISTILLED, DISTILLED_INT8, INT8_WHOLE = "distilled", "distilled-int8", "int8-whole"
OWN, TURNED = "own", "turned"


@dataclass(frozen=True, slots=True, eq=False)
class Workshop:
    """The model that is made smaller, the shop's texts to do it by, and where."""

    model: ModelFiles
    texts: Sequence[str]  # of products to learn from
    folder: Path  # with the full model's graph in FULL/serving
    vectors: Floats  # (len(texts), d) by the full model
    lessons: Sequence[str] = ()  # what a student learns from: more texts, and pieces of them
    watched: Sequence[str] = ()  # what it is looked at by meanwhile: of other products

    @property
    def graph(self) -> Path:
        """The full model's graph."""
        return self.folder / FULL / SERVING / GRAPH

    def spread(self, most: int) -> list[str]:
        """So many of the texts, evenly spread."""
        rows = np.linspace(0, len(self.texts) - 1, min(most, len(self.texts))).astype(int)
        return [self.texts[row] for row in rows.tolist()]


@dataclass(frozen=True, slots=True)
class Method:
    """One way: `make(workshop, folder, progress)` writes a folder with weights for products and a graph for queries."""

    name: str
    label: str
    about: str
    make: Callable[[Workshop, Path, Progress], None]
    products: str = OWN  # how products get their vectors: OWN, by the full model (FULL), or its TURNED and cut


def _serving(folder: Path) -> Path:
    path = folder / SERVING
    path.mkdir(parents=True, exist_ok=True)
    return path / GRAPH


def _full(shop: Workshop, folder: Path, progress: Progress) -> None:
    copy_whole(shop.model, folder)  # its graph lies there already


def _int8(shop: Workshop, folder: Path, progress: Progress, *, fixed: bool) -> None:
    copy_whole(shop.model, folder)
    if fixed:
        from tokenizers import Tokenizer

        tokenizer = Tokenizer.from_file(str(shop.model.folder / TOKENIZER))
        tokenizer.no_padding()
        tokenizer.enable_truncation(weights.recipe(shop.model).reading.max_tokens)
        int8.static(shop.graph, _serving(folder), shop.spread(CALIBRATION), tokenizer)
    else:
        int8.dynamic(shop.graph, _serving(folder))
    graphs.serve(shop.model, folder.name, folder)


def _int8_whole(shop: Workshop, folder: Path, progress: Progress) -> None:
    graph_alone(shop.model, folder)
    int8.dynamic(shop.graph, _serving(folder))
    graphs.serve(shop.model, folder.name, folder, products=True)


def _distilled(shop: Workshop, folder: Path, progress: Progress) -> None:
    teach = graphs.opened(shop.folder / FULL / SERVING).encode
    distilling.distil(shop.model, teach, shop.lessons, shop.watched, folder, progress)
    student = ModelFiles(folder.name, folder, "")
    graphs.write_graph(student, folder / SERVING / GRAPH)
    graphs.serve(student, folder.name, folder)


def _distilled_int8(shop: Workshop, folder: Path, progress: Progress) -> None:
    student = shop.folder / DISTILLED
    if not (student / SERVING / GRAPH).is_file():
        _distilled(shop, student, progress)
    model = ModelFiles(student.name, student, "")
    graph_alone(model, folder)
    int8.dynamic(student / SERVING / GRAPH, _serving(folder))
    graphs.serve(model, folder.name, folder, products=True)


def _heads(shop: Workshop, folder: Path, progress: Progress, *, share: float) -> None:
    from recsys.encoders.compressing.trying import vectors_by

    arrays, config = read_arrays(shop.model), read_json(shop.model.folder / "config.json")
    n_layers, n_heads = int(config["num_hidden_layers"]), int(config["num_attention_heads"])
    encode = vectors_by(shop.model, shop.spread(PRUNED_ON))
    whole = encode(arrays)
    worth = np.zeros((n_layers, n_heads), np.float32)
    for place in range(worth.size):
        head = divmod(place, n_heads)
        worth[head] = pruning.moved(whole, encode(pruning.silenced(arrays, [head], n_heads)))
        progress(place + 1, worth.size, "heads tried")
    gone = pruning.least_worthy(worth, round(share * worth.size))
    copy_small(shop.model, folder)
    write_arrays(folder / WEIGHTS, pruning.silenced(arrays, gone, n_heads))
    pruning.without_heads(shop.graph, _serving(folder), gone, n_heads)
    graphs.serve(shop.model, folder.name, folder)


def _layers(shop: Workshop, folder: Path, progress: Progress, *, count: int) -> None:
    from recsys.encoders.compressing.trying import vectors_by

    arrays, config = read_arrays(shop.model), read_json(shop.model.folder / "config.json")
    n_layers = int(config["num_hidden_layers"])
    encode = vectors_by(shop.model, shop.spread(PRUNED_ON))
    kept = pruning.chosen_layers(
        n_layers, min(count, n_layers), lambda kept: encode(pruning.layers_of(arrays, kept), len(kept)), progress
    )
    pruning.with_layers(shop.model, kept, folder)
    small = ModelFiles(folder.name, folder, "")
    graphs.write_graph(small, folder / SERVING / GRAPH)
    graphs.serve(small, folder.name, folder)


def _short(shop: Workshop, folder: Path, progress: Progress, *, k: int, turned: bool) -> None:
    d = shop.vectors.shape[1]
    k = min(k, d)
    turn = shortening.axes(shop.vectors, k) if turned else shortening.first(d, k)
    shortening.write_folder(shop.model, turn, folder)
    shortening.shortened(shop.graph, _serving(folder), turn)
    graphs.serve(shop.model, folder.name, folder, k)


def _static(shop: Workshop, folder: Path, progress: Progress, *, k: int) -> None:
    from tokenizers import Tokenizer

    from recsys.encoders.torch_encoder import TorchTextEncoder

    tokenizer = Tokenizer.from_file(str(shop.model.folder / TOKENIZER))
    words = [tokenizer.id_to_token(number) or "" for number in range(tokenizer.get_vocab_size())]
    vectors = TorchTextEncoder(shop.model).encode([word.removeprefix("##") for word in words], progress)
    marks = [number for mark in MARKS if (number := tokenizer.token_to_id(mark)) is not None]
    shares = static.frequencies(shop.texts, tokenizer)
    rows = static.table(vectors, shares, min(k, vectors.shape[1]), marks)
    static.write_folder(shop.model, rows, folder)
    static.write_graph(rows, folder / SERVING / GRAPH)
    graphs.serve(shop.model, folder.name, folder, rows.shape[1], products=True)


_HEADS, _4, _3 = partial(_heads, share=1 / 3), partial(_layers, count=4), partial(_layers, count=3)
_192, _96, _CUT = (partial(_short, k=k, turned=turned) for k, turned in ((192, True), (96, True), (96, False)))
_CUT_OFF: Final = "simply cut off: what a model can spare that was trained for it (Matryoshka), and this one was not"
_READ: Final = "products keep the full model's vectors"

_ALL: Final = (
    Method(FULL, "The full model", "float32, as it is served today", _full, FULL),
    Method("int8", "8 bits, dynamic", f"scales found text by text; {_READ}", partial(_int8, fixed=False), FULL),
    Method(
        "int8-static",
        "8 bits, static",
        f"per channel, scales found on the shop's texts, attention in float32; {_READ}",
        partial(_int8, fixed=True),
        FULL,
    ),
    Method(INT8_WHOLE, "8 bits, products too", "dynamic; one graph for both, nothing else is kept", _int8_whole),
    Method("heads", "A third of the heads pruned", "those that are missed least left out", _HEADS),
    Method("layers-4", "4 of 6 layers", "the two that are missed least left out", _4),
    Method("layers-3", "3 of 6 layers", "the three that are missed least left out", _3),
    Method(
        DISTILLED,
        "3 layers, distilled",
        "every second layer, taught the full model's vectors on the shop's texts",
        _distilled,
    ),
    Method(
        DISTILLED_INT8, "3 layers, distilled, 8 bits", "the same in 8 bits, products by the same graph", _distilled_int8
    ),
    Method("short-192", "192 numbers a vector", "half of the principal axes", _192, TURNED),
    Method("short-96", "96 numbers a vector", "a quarter of the principal axes", _96, TURNED),
    Method("cut-96", "The first 96 numbers", _CUT_OFF, _CUT, TURNED),
    Method("static", "Static vectors", "a vector for each token and their mean: no network", partial(_static, k=256)),
)
METHODS: Final[dict[str, Method]] = {method.name: method for method in _ALL}


def method_of(name: str) -> Method:
    """The way of that name. Raises BadRequestError naming those there are."""
    if name not in METHODS:
        raise BadRequestError(
            f"there is no way to compress called {name[:40]!r}", allowed=", ".join(METHODS), remedy="pick one of them"
        )
    return METHODS[name]


def product_vectors(method: Method, folder: Path, texts: Sequence[str], full: Floats) -> Floats:
    """(n, d) of texts of products as the method's folder makes them; `full` (n, d) are those by the full model."""
    if method.products == FULL:
        return full
    if method.products == TURNED:
        return unit_rows(full @ shortening.turn_of(folder))  # (n, d) @ (d, k) -> (n, k)
    return graphs.opened(folder / SERVING).encode(texts)


def workshop(
    model: ModelFiles,
    texts: Sequence[str],
    folder: Path,
    progress: Progress = silent,
    lessons: Sequence[str] = (),
    watched: Sequence[str] = (),
) -> Workshop:
    """The model's graph written, and the texts encoded by it. Raises ModelError, StorageError."""
    serving = graphs.full(model, folder / FULL)
    return Workshop(model, texts, folder, graphs.opened(serving).encode(texts, progress), lessons, watched)
