"""A preparation of small steps that note when they ran, over the sample shop's folder."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from recsys.preparation.graph import ordered
from recsys.progress import Progress
from recsys.steps.contract import Basis, Context, Step

Make = Callable[[Context, Progress, Path], dict[str, Any]]


@pytest.fixture
def source(tmp_path: Path) -> Path:
    """What the steps are made of: a JSON file of numbers and texts."""
    file = tmp_path / "source.json"
    file.write_text(json.dumps({"prices": [1], "texts": ["milk"]}), encoding="utf-8")
    return file


@pytest.fixture
def steps(source: Path) -> dict[str, Step]:
    """`data` reads the source, `vectors` rests on its texts alone, `words` on all of it, `maps` on the vectors."""

    def read(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
        content = json.loads(source.read_text(encoding="utf-8"))
        (folder / "content.json").write_text(json.dumps(content), encoding="utf-8")
        return {"texts": content["texts"]}

    def copied(*names: str) -> Make:
        def make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
            read = {name: context.opened(name).manifest["version"] for name in names}
            (folder / "read.json").write_text(json.dumps(read), encoding="utf-8")
            progress(1, 2)
            time.sleep(0.05)
            return {}

        return make

    def content(settings: object) -> object:
        return source.read_text(encoding="utf-8")

    data, maps = "recsys.shops.preparing", "recsys.encoders.preparing.maps"
    given = [
        Step("data", "Read", data, read, inputs=content),
        Step("vectors", "Encode", data, copied("data"), (Basis("data", fact="texts"),)),
        Step("words", "Index", data, copied("data"), (Basis("data"),)),
        Step("model", "Export", data, copied(), shared=True),
        Step("maps", "Draw", maps, copied("vectors"), (Basis("vectors"),), needed=False),
    ]
    return ordered(given)
