"""The step that writes down by which names the picture network knows things, one for all shops."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.artifacts import file_sha256
from recsys.encoders.pictures import things, weights
from recsys.progress import Progress
from recsys.settings import Settings
from recsys.steps.contract import Basis, Context, Step


def _inputs(settings: Settings) -> object:
    model = weights.locate(settings.picture_encoder)
    return model.name, model.fingerprint, file_sha256(things.TABLE)


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders import weights as text_weights
    from recsys.encoders.corpus_encoder import corpus_encoder

    text = corpus_encoder(text_weights.locate(context.settings.encoder), context.opened("encoder").path).encoder
    model = weights.locate(context.settings.picture_encoder)
    return {"names": things.write(model, lambda names: text.encode(names, progress), folder), "encoder": model.name}


STEP: Final = Step(
    "things",
    "Name things on photographs",
    __name__,
    _make,
    rests_on=(Basis("encoder"),),
    inputs=_inputs,
    shared=True,
    needed=False,
    library="torch",
)
