"""What trainings say beside each other: one table of all, curves by epoch, and two of them side by side."""

from __future__ import annotations

import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys.evaluation.significance import compare
from recsys.training import fitting, records
from recsys.training.records import Data, Epoch, Training

CHOSEN_BY: Final = "ndcg@10"
# Seconds of one epoch per basket, item and dimension: 60 s on one core for the 134,000 baskets, 67,599 items and 128
# dimensions of basket data, most of them in the softmax over all items.
PER_PRODUCT: Final = 5e-11


@dataclass(frozen=True, slots=True)
class Lead:
    """How far the first training is ahead of the second on the same visits, and whether that may be luck."""

    difference: float
    low: float
    high: float
    p: float
    visits: int


def table(trainings: Sequence[Training]) -> pd.DataFrame:
    """A row per training: id, model, data, state, when (UTC), seconds, epochs, planned, loss, metrics, bytes."""
    rows = [
        {
            "id": t.id,
            "model": t.model,
            "data": t.data.words,
            "state": t.state,
            "when": pd.Timestamp(t.began or t.created, unit="s"),
            "seconds": t.worked,
            "epochs": len(t.epochs),
            "planned": int(t.settings.get("epochs", 0)),
            "loss": t.epochs[-1].loss if t.epochs else None,
            **{metric: t.metrics.get(metric) for metric in fitting.METRICS},
            "bytes": records.size(t),
        }
        for t in trainings
    ]
    found = pd.DataFrame(rows)
    return found.astype({"loss": float, **dict.fromkeys(fitting.METRICS, float)}) if rows else found


def curves(training: Training) -> pd.DataFrame:
    """(epochs, 4): epoch, loss, ndcg, seconds; NaN where there is no figure."""
    rows = [(e.number, e.loss, e.ndcg, e.seconds) for e in training.epochs]
    return pd.DataFrame(rows, columns=["epoch", "loss", "ndcg", "seconds"]).astype(
        {"epoch": int, "loss": float, "ndcg": float, "seconds": float}
    )


def masked_curves(training: Training) -> pd.DataFrame:
    """(looks, 4) of a first stage that guesses hidden words: epoch, loss, others, seconds; `others` learned nothing."""
    rows = [(number, *look) for number, look in enumerate(training.masked, start=1)]
    return pd.DataFrame(rows, columns=["epoch", "loss", "others", "seconds"]).astype({"epoch": int})


def best_epoch(training: Training) -> Epoch | None:
    """The epoch whose weights are kept: the first with the highest nDCG@10, the last one where nobody is watched."""
    judged = [epoch for epoch in training.epochs if epoch.ndcg is not None]
    if judged:
        return max(judged, key=lambda epoch: (epoch.ndcg or 0.0, -epoch.number))
    return training.epochs[-1] if training.epochs else None


def different_settings(first: Training, second: Training) -> list[tuple[str, Any, Any]]:
    """(name, of the first, of the second) of all that differs; None where one has no such setting."""
    ours, theirs = _choices(first), _choices(second)
    names = [*ours, *(name for name in theirs if name not in ours)]
    return [(name, ours.get(name), theirs.get(name)) for name in names if ours.get(name) != theirs.get(name)]


def _choices(training: Training) -> dict[str, Any]:
    settings = {name: value for name, value in training.settings.items() if name != "seed"}
    return {"model": training.model, "data": training.data.words, **settings, "seed": training.seed}


def figures(training: Training) -> dict[str, float | None]:
    """What it reached and what it cost, by name; None where there is no figure yet."""
    best, last = best_epoch(training), training.epochs[-1] if training.epochs else None
    per_epoch = [epoch.seconds for epoch in training.epochs]
    return {
        **{metric: training.metrics.get(metric) for metric in fitting.METRICS},
        "watched ndcg": best.ndcg if best else None,
        "loss": last.loss if last else None,
        "epochs": len(training.epochs) or None,
        "best epoch": best.number if best else None,
        "seconds": training.worked or None,
        "seconds an epoch": statistics.median(per_epoch) if per_epoch else None,
        "bytes": records.size(training),
    }


def same_question(first: Training, second: Training) -> bool:
    """Whether both were judged on the same visits: only then may their figures be compared."""
    return bool(first.source) and _question(first) == _question(second)


def _question(training: Training) -> dict[str, Any]:
    """The data without their attributes: what may be learned from does not change what is asked."""
    return {name: value for name, value in training.source.items() if name != "attributes"}


def lead(first: Training, second: Training) -> Lead | None:
    """The difference in nDCG@10 visit by visit; None unless both are finished and answered the same question."""
    if not (first.done and second.done and same_question(first, second)):
        return None
    ours, theirs = fitting.values(first.path), fitting.values(second.path)
    if ours is None or theirs is None or len(ours) != len(theirs):
        return None
    both = pd.DataFrame({"first": ours[CHOSEN_BY], "second": theirs[CHOSEN_BY]}).astype(np.float64)
    row = compare(both).iloc[0]
    return Lead(float(row["difference"]), float(row["low"]), float(row["high"]), float(row["p"]), int(row["count"]))


# --- how long it will take ----------------------------------------------------------------------------------


def seconds_of(
    model: str, data: Data, settings: dict[str, Any], earlier: Sequence[Training], sizes: tuple[int, int] | None = None
) -> float | None:
    """How long such a training will about take; None where there is nothing to go by.

    From epochs of the same model on the same data where there were some, else from `sizes`, (baskets, items).
    Without epochs, from how long the same model took on the same data.
    """
    alike = [training for training in earlier if (training.model, training.data) == (model, data)]
    if "epochs" not in settings:
        finished = [training.worked for training in alike if training.done]
        return statistics.median(finished) if finished else None
    an_epoch = _an_epoch(settings, alike)
    if an_epoch is None and sizes is not None:
        an_epoch = PER_PRODUCT * sizes[0] * sizes[1] * settings["dimension"]
    return None if an_epoch is None else an_epoch * settings["epochs"]


def _an_epoch(settings: dict[str, Any], alike: Sequence[Training]) -> float | None:
    """Median seconds of an epoch in earlier trainings, in proportion to the dimension."""
    seen = [
        epoch.seconds * settings["dimension"] / training.settings["dimension"]
        for training in alike
        for epoch in training.epochs
    ]
    return statistics.median(seen) if seen else None
