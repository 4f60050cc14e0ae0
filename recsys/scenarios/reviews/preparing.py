"""The step that reads a shop's reviews, where it has any."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys import schema as s
from recsys.datasets import storage
from recsys.progress import Progress
from recsys.scenarios.reviews import judging
from recsys.scenarios.reviews.kept import SAID, keep
from recsys.scenarios.reviews.texts import plain_text
from recsys.scenarios.reviews.transfer import Transferred
from recsys.schema.capabilities import Capability
from recsys.steps.contract import Basis, Context, Step


def _read(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    dataset, taught = context.opened("dataset"), context.opened("review_heads")
    why = "" if storage.capabilities(dataset).has(Capability.REVIEWS) else Capability.REVIEWS.missing
    if why := why or str(taught.info.get("off", "")):
        (folder / SAID).write_text("{}", encoding="utf-8")
        return {"reviews": 0, "off": why}
    table = storage.load_table(dataset.path, "reviews")
    texts = [plain_text(text) for text in table[s.REVIEW].tolist()]
    read, own = judging.judged(
        texts,
        table[s.STARS].to_numpy(np.float64),
        table[s.ITEM].tolist(),
        table[s.TIME].to_numpy("datetime64[ns]"),
        Transferred.load(taught.path),
        progress,
        authors=table[s.SHOPPER].tolist(),
    )
    keep(read, folder)
    return {"reviews": len(texts), "own_head": own}


STEP: Final = Step(
    "reviews",
    "Read the reviews",
    __name__,
    _read,
    rests_on=(Basis("dataset"), Basis("review_heads")),
    needed=False,
)
