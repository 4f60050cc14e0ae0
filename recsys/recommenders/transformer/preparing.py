"""The step that places shoppers in the space of pictures and words, where a shop has one."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys.artifacts import write_array
from recsys.datasets import storage
from recsys.errors import DataError
from recsys.progress import Progress
from recsys.recommenders import fitted_arrays
from recsys.recommenders.contract import SideInformation, Visits
from recsys.schema import Floats
from recsys.steps.contract import Basis, Context, Step

INTERESTS: Final = "interests"  # (n_shoppers, d) unit vectors, 0 for those without a history
MODEL: Final = "model"  # what was learned, but for the products' vectors: they are those of the space
VECTORS: Final = "vectors"


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    space = np.asarray(context.opened("fusion").array("fused"), np.float32)
    dataset = context.opened("dataset")
    histories = storage.load_interactions(dataset, len(storage.load_items(dataset.path)))
    if len(space) != histories.n_items:
        return _without(folder, "the shop has no space of pictures and words")
    from recsys.recommenders.transformer.in_space import InterestInSpace

    figures: list[tuple[int, float]] = []

    def heard(epoch: int, total: int, loss: float, validation_ndcg: float, seconds: float) -> None:
        figures.append((epoch, validation_ndcg))

    transformer = InterestInSpace(dimension=space.shape[1])
    try:
        transformer.fit(histories, SideInformation(vectors=space), progress, on_epoch=heard)
    except DataError as error:
        return _without(folder, error.one_line())
    latest = int(histories.days.max()) + 1
    everybody = np.arange(len(histories), dtype=np.int32)
    visits = Visits(histories, everybody, np.full(len(histories), latest, np.int32))
    write_array(folder / f"{INTERESTS}.npy", transformer.interest_vectors(visits))
    weights = {name: value for name, value in transformer.learned.items() if name != VECTORS}
    fitted_arrays.save(folder / MODEL, transformer.name, transformer.settings(), weights)
    best = max(figures, key=lambda each: (each[1], -each[0]))
    return {"shoppers": len(histories), "epoch": best[0], "validation_ndcg@10": round(best[1], 4)}


def _without(folder: Path, why: str) -> dict[str, Any]:
    write_array(folder / f"{INTERESTS}.npy", _nobody())
    return {"shoppers": 0, "off": why}


def _nobody() -> Floats:
    return np.zeros((0, 1), np.float32)


STEP: Final = Step(
    "interests",
    "Place the shoppers among pictures and words",
    __name__,
    _make,
    rests_on=(Basis("fusion"), Basis("dataset")),
    needed=False,
    library="torch",
)
