"""Trainings that came with a shop's pack: records of real ones, without their weights, for where nobody has trained."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from recsys.shops.contract import Shop
from recsys.training import records
from recsys.training.records import Training

FOLDER: Final = "trainings"


def committed_trainings(shop: Shop) -> list[Training]:
    """The trainings in the pack of a shop, those with a curve to look at first; none where it has none."""
    found = records.listed(shop.built_in / FOLDER) if shop.built_in else []
    return sorted(found, key=lambda training: not training.epochs)


def is_built_in(training: Training, own: Path) -> bool:
    """Whether a training came with the project: it does not lie among those made here, in `own`."""
    return training.path.parent != own
