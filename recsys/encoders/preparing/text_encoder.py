"""The step that exports the text encoder, one for all shops."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.encoders import weights
from recsys.encoders.serving_graph import reads_products
from recsys.progress import Progress
from recsys.settings import Settings
from recsys.steps.contract import Context, Step


def _weights(settings: Settings) -> object:
    model = weights.locate(settings.encoder)
    return model.name, model.fingerprint


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders import onnx_export

    model = weights.locate(context.settings.encoder)
    if reads_products(model.folder):  # then nothing is read by its weights, if it has any
        return {"name": model.name, "served_by": "a graph of its own"}
    if obstacle := weights.recipe(model).obstacle:  # a model of another build is served by torch, slower but right
        return {"name": model.name, "served_by": "torch", "why": obstacle}
    return onnx_export.export(model, folder, progress)


STEP: Final = Step("encoder", "Export the text encoder", __name__, _make, inputs=_weights, shared=True, library="torch")
