"""The page of models as one person has it open, and trainings as if they had been."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from recsys.training import choices, fitting, records
from recsys.training.records import FINISHED, Data, Epoch, Training
from tests.pages.lab_page import LabPage

OURS = Data("complete_journey_sample")
SOURCE = {"dataset": "complete_journey_sample", "version": "1"}
METRICS = {"ndcg@10": 0.1234, "recall@10": 0.05}
EPOCHS = (Epoch(1, 3, 9.5, 0.05, 10.0), Epoch(2, 3, 9.0, 0.08, 10.0), Epoch(3, 3, 8.5, 0.07, 10.0))


class Page(LabPage):
    """The page of models as one person has it open."""

    page = "pages/lab/models/page.py"
    also_said = ("toast",)

    @property
    def buttons(self) -> set[str]:
        return {str(button.key) for button in self.at.button}

    def table(self, column: str) -> Any:
        """The table that has such a column."""
        return next(each.value for each in self.at.dataframe if column in each.value)


def made(root: Path, model: str = "transformer", **changes: Any) -> Training:
    """A training as if it had been: with its record, and figures per visit where it is finished."""
    given = changes.pop("given", {"epochs": 3} if model == "transformer" else {})
    training = records.create(root, model, OURS, choices.checked(model, given, 0), 0)
    plain = {
        "state": FINISHED,
        "began": 1_485_864_000.0,
        "worked": 42.0,
        "source": SOURCE,
        "metrics": METRICS,
        "epochs": EPOCHS if model == "transformer" else (),
    }
    training = replace(training, **plain | changes)  # type: ignore[arg-type]
    records.write(training)
    values = np.full((40, 3), training.metrics.get("ndcg@10", 0.0), np.float32)
    np.save(training.path / fitting.VALUES, values, allow_pickle=False)
    return training
