"""The step that counts baskets, where a shop knows which purchases belong to one visit."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.datasets import storage
from recsys.index.shared_rows import SharedRowsIndex
from recsys.progress import Progress
from recsys.scenarios.basket.completing import counted
from recsys.scenarios.basket.storing import OFF, save
from recsys.scenarios.basket.weighing import hidden_of, learned_weights
from recsys.schema import Rows
from recsys.schema.capabilities import Capability
from recsys.steps.contract import Basis, Context, Step

NAME: Final = "baskets"
# Baskets by which the weights are learned, here and where they are judged: a minute of one core on 67,000 products.
ASKED: Final = 1_500
OF_ONE: Final = 3  # of one shopper among them
LATEST: Final = 5  # these are of the last fifth of the days


def categories(items: pd.DataFrame) -> Rows:
    """(n_items,) code of each product's category, -1 where it has none."""
    names = items[s.CATEGORY].astype(object).where(items[s.CATEGORY] != "", None)
    return np.asarray(pd.factorize(names)[0], np.int32)


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    dataset = context.opened("dataset")
    if not storage.capabilities(dataset).has(Capability.VISITS):
        return {OFF: Capability.VISITS.missing}
    items = storage.load_items(dataset.path)
    table = storage.load_interactions(dataset, len(items))
    groups = categories(items)
    content = SharedRowsIndex.load(context.opened("vectors").path)
    end = int(table.days.max(initial=-1)) + 1
    start = end - max(1, end // LATEST)
    questions = hidden_of(table, start, end, ASKED, 0, OF_ONE)
    before = counted(table.where(table.days < start), groups)
    weights = learned_weights(table, before, content, questions, progress=progress)
    known = counted(table, groups)
    save(known, folder)
    found = {"baskets": known.together.baskets, "pairs": known.together.both.nnz // 2, "asked": len(questions)}
    return {**found, **{str(case): mine for case, mine in weights.items()}}


STEP: Final = Step(
    NAME,
    "Count what is bought together",
    __name__,
    _make,
    rests_on=(Basis("dataset"), Basis("vectors")),
    needed=False,
)
