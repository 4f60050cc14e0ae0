"""An adapted encoder against the one it came from: on judged queries, and on artificial ones of products kept apart."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from recsys.encoders.compressing import graphs
from recsys.encoders.compressing.folders import checked
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.encoders.weights import ModelFiles
from recsys.progress import Progress
from recsys.training.encoders import judging
from recsys.training.encoders.compressing import Ground


def compared(
    before: ModelFiles, after: ModelFiles, ground: Ground, folder: Path, progress_of: Callable[[str], Progress]
) -> dict[str, Any]:
    """Figures of both with intervals, and the paired differences, as plain data; graphs are written into `folder`.

    Raises ModelError for an encoder whose graph cannot be written, StorageError.
    """
    values = []
    for name, model in (("before", before), ("after", after)):
        encoder = graphs.opened(graphs.full(checked(model), folder / name))
        values.append(_values(encoder, ground, progress_of(f"Encoding by {model.name}")))
    base, own = values
    return {
        "before": before.name,
        "after": after.name,
        "products": len(ground.rows),
        "figures": {
            name: {"before": judging.figure(base[name], None), "after": judging.figure(own[name], base[name])}
            for name in base
        },
        "protocol": {name: rule for name, rule in judging.RULES.items() if name in base or name == "interval"},
    }


def _values(encoder: OnnxTextEncoder, ground: Ground, progress: Progress) -> dict[str, Any]:
    """Metric -> (b,) values of its queries."""
    names, rests = [name for name, _ in ground.pairs], [rest for _, rest in ground.pairs]
    found = {judging.PAIRS: judging.pair_values(encoder.encode(names), encoder.encode(rests))}
    if ground.judgments is not None:
        ids = [ground.ids[row] for row in ground.rows.tolist()]
        vectors = encoder.encode(ground.products, progress)
        table = judging.judged_values(encoder.encode, vectors, ids, ground.judgments)
        found |= {str(name): table[name].to_numpy() for name in table}
    return found
