"""The step that draws the maps."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.progress import Progress
from recsys.steps.contract import Basis, Context, Step


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.encoders.projection import build_maps

    return build_maps(context.opened("vectors").array("vectors"), folder, progress)


STEP: Final = Step("maps", "Draw the maps", __name__, _make, rests_on=(Basis("vectors"),), needed=False)
