"""The step that reads a shop's reviews, where it has any."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any, Final

import numpy as np

from recsys import schema as s
from recsys.artifacts import write_array
from recsys.datasets import storage
from recsys.progress import Progress
from recsys.scenarios.reviews import judging
from recsys.scenarios.reviews.heads import Head
from recsys.scenarios.reviews.teaching import HEAD
from recsys.scenarios.reviews.texts import plain_text
from recsys.schema.capabilities import Capability
from recsys.steps.contract import Basis, Context, Step

SAID: Final = "said.json"  # sentences and names of aspects
ARRAYS: Final = ("mood", "owner", "sentence_mood", "aspect", "verdict", "sure", "typical", "copied", "burst")


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
        Head.load(taught.path, HEAD),
        progress,
        table[s.SHOPPER].tolist(),
    )
    for name in ARRAYS:
        write_array(folder / f"{name}.npy", getattr(read, name))
    said = {"sentences": list(read.sentences), "aspects": list(read.names)}
    (folder / SAID).write_text(json.dumps(said, ensure_ascii=False), encoding="utf-8")
    return {"reviews": len(texts), "own_head": own}


STEP: Final = Step(
    "reviews",
    "Read the reviews",
    __name__,
    _read,
    rests_on=(Basis("dataset"), Basis("review_heads")),
    needed=False,
)
