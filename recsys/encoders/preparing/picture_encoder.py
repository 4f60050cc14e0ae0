"""The step that writes the picture network down for serving, one for all shops."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import write_whole
from recsys.encoders.pictures import weights
from recsys.encoders.pictures.card import CARD, GRAPH
from recsys.progress import Progress
from recsys.settings import Settings
from recsys.steps.contract import Context, Step


def _weights(settings: Settings) -> object:
    model = weights.locate(settings.picture_encoder)
    return model.name, model.fingerprint


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.pictures import graph

    model = weights.locate(context.settings.picture_encoder)
    card = weights.card_of(model)
    if model.weights is None:
        shutil.copyfile(model.folder / GRAPH, folder / GRAPH)
    else:
        graph.write({name: each.numpy() for name, each in weights.read(model).items()}, card.size, folder / GRAPH)
    write_whole(folder / CARD, json.dumps(card.as_json(), indent=1).encode())
    progress(1, 1)
    return {"name": model.name, "dimension": card.dimension, "size": card.size}


STEP: Final = Step(
    "picture_encoder",
    "Write down the picture encoder",
    __name__,
    _make,
    inputs=_weights,
    shared=True,
    needed=False,
    library="torch",
)
