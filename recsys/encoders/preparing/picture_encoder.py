"""The step that exports the picture encoder, one for all shops."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.encoders.pictures import weights
from recsys.progress import Progress
from recsys.settings import Settings
from recsys.steps.contract import Context, Step


def _weights(settings: Settings) -> object:
    model = weights.locate(settings.picture_encoder)
    return model.name, model.fingerprint


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.pictures import export

    return export.export(weights.locate(context.settings.picture_encoder), folder, progress)


STEP: Final = Step(
    "picture_encoder",
    "Export the picture encoder",
    __name__,
    _make,
    inputs=_weights,
    shared=True,
    needed=False,
    library="torch",
)
