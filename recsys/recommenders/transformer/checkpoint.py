"""Checkpoints of a training: one safetensors file per epoch, weights and optimiser state, the facts in its header."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from safetensors import SafetensorError, safe_open
from safetensors.torch import save as to_bytes
from torch import Tensor, float32

from recsys.artifacts import storage_errors, write_whole
from recsys.errors import ModelError

FORMAT: Final = 1
KEPT: Final = 2  # the latest, and the one before it
SUFFIX: Final = ".safetensors"
HEADER: Final = "shelflens"
START_OVER: Final = "give an empty folder to train from the start"

Tensors = dict[str, Tensor]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A training after so many finished epochs: all that is needed to go on as if nothing had happened."""

    epoch: int
    weights: Tensors
    first: Tensors  # Adam's running means of gradients
    second: Tensors  # and of their squares
    best: Tensors  # the weights of the best epoch so far
    best_epoch: int
    steps: int
    figures: list[list[float]]  # per epoch: loss, validation nDCG@10, seconds

    def groups(self) -> dict[str, Tensors]:
        """The tensors by what they are for."""
        return {"weights": self.weights, "first": self.first, "second": self.second, "best": self.best}


def save(folder: Path, checkpoint: Checkpoint, identity: Mapping[str, Any]) -> Path:
    """Write the checkpoint whole or not at all, and remove all but the two latest.

    `identity` is what a training must share to be continued from it: settings, sizes, data. Raises StorageError.
    """
    tensors = {
        f"{group}/{name}": tensor.detach().cpu().contiguous()
        for group, named in checkpoint.groups().items()
        for name, tensor in named.items()
    }
    facts = {
        "format": FORMAT,
        "identity": dict(identity),
        "epoch": checkpoint.epoch,
        "steps": checkpoint.steps,
        "best_epoch": checkpoint.best_epoch,
        "figures": checkpoint.figures,
    }
    path = folder / f"epoch-{checkpoint.epoch:04d}{SUFFIX}"
    with storage_errors(folder):
        folder.mkdir(parents=True, exist_ok=True)
        write_whole(path, to_bytes(tensors, {HEADER: json.dumps(facts)}))
        for old in _found(folder)[:-KEPT]:
            old.unlink(missing_ok=True)
    return path


def latest(folder: Path, identity: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> Checkpoint | None:
    """The latest checkpoint in a folder; None where there is none.

    Raises ModelError when it is damaged, of another format or of another training, or its tensors are no float32 of
    these `shapes`.
    """
    found = _found(folder)
    return _read(found[-1], identity, shapes) if found else None


def _found(folder: Path) -> list[Path]:
    return sorted(folder.glob(f"epoch-*{SUFFIX}"))


def _read(path: Path, identity: Mapping[str, Any], shapes: Mapping[str, tuple[int, ...]]) -> Checkpoint:
    try:
        with safe_open(path, framework="pt") as file:
            facts = json.loads((file.metadata() or {})[HEADER])
            _check_identity(path, facts, identity)
            tensors = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
        groups = {group: _group(path, group, tensors, shapes) for group in ("weights", "first", "second", "best")}
        figures = [[float(loss), float(ndcg), float(seconds)] for loss, ndcg, seconds in facts["figures"]]
        return Checkpoint(
            int(facts["epoch"]),
            **groups,
            best_epoch=int(facts["best_epoch"]),
            steps=int(facts["steps"]),
            figures=figures,
        )
    except (SafetensorError, OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise ModelError(
            f"the checkpoint {path} cannot be read: {str(error)[:160] or type(error).__name__}",
            remedy=f"remove it to go on from the one before it, or {START_OVER}",
        ) from error


def _check_identity(path: Path, facts: dict[str, Any], identity: Mapping[str, Any]) -> None:
    if facts["format"] != FORMAT:
        raise ModelError(
            f"the checkpoint {path} has format {facts['format']!r}", allowed=f"format {FORMAT}", remedy=START_OVER
        )
    theirs, ours = facts["identity"], json.loads(json.dumps(dict(identity)))
    different = sorted(name for name in {*theirs, *ours} if theirs.get(name) != ours.get(name))
    if different:
        seen = ", ".join(f"{name}={str(theirs.get(name))[:40]}" for name in different)
        allowed = ", ".join(f"{name}={str(ours.get(name))[:40]}" for name in different)
        raise ModelError(f"the checkpoint {path} is of a training with {seen}", allowed=allowed, remedy=START_OVER)


def _group(path: Path, group: str, tensors: Tensors, shapes: Mapping[str, tuple[int, ...]]) -> Tensors:
    named = {name.removeprefix(f"{group}/"): tensor for name, tensor in tensors.items() if name.startswith(f"{group}/")}
    seen = {name: tuple(tensor.shape) for name, tensor in named.items()}
    for name in sorted({*seen, *shapes}):
        if seen.get(name) != shapes.get(name):
            raise ModelError(
                f"{group} {name} of the checkpoint {path} has the shape {seen.get(name)}",
                allowed=str(shapes.get(name)),
                remedy=START_OVER,
            )
        if named[name].dtype != float32:
            raise ModelError(
                f"{group} {name} of the checkpoint {path} has the type {named[name].dtype}",
                allowed=str(float32),
                remedy=START_OVER,
            )
    return named
