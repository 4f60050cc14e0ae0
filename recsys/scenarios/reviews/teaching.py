"""The step that learns heads from sentences of other shops' reviews, one for all shops."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.errors import ModelError
from recsys.progress import Progress
from recsys.scenarios.reviews import transfer
from recsys.settings import Settings
from recsys.steps.contract import Context, Step


def _sentences(settings: Settings) -> object:
    return transfer.state()


def _teach(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    try:
        taught = transfer.learned(progress=progress)
    except ModelError as error:
        (folder / "off.json").write_text("{}", encoding="utf-8")
        return {"sentences": 0, "off": error.one_line()}
    taught.save(folder)
    return {"sentences": transfer.SAMPLE, "worded": transfer.WORDED}


STEP: Final = Step(
    "review_heads",
    "Learn from sentences of other shops' reviews",
    __name__,
    _teach,
    inputs=_sentences,
    shared=True,
    needed=False,
)
