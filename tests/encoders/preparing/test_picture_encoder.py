"""The shared step of the picture encoder: what it follows from, and what it writes."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recsys.encoders.pictures import weights
from recsys.encoders.pictures.card import CARD, GRAPH
from recsys.encoders.preparing.picture_encoder import STEP
from recsys.errors import ModelError
from recsys.progress import silent
from recsys.settings import Settings
from recsys.steps.contract import Context


def test_it_is_shared_and_comes_last() -> None:
    assert STEP.shared
    assert not STEP.needed
    assert STEP.name == "picture_encoder"


def test_it_follows_from_the_weights_and_the_setting(tmp_path: Path) -> None:
    assert STEP.inputs(Settings()) == (weights.LITE0, weights.SHA256[:16])
    with pytest.raises(ModelError, match="no folder"):
        STEP.inputs(Settings(picture_encoder=str(tmp_path / "none")))


def test_it_writes_what_is_served(tmp_path: Path) -> None:
    def unused(*_: Any) -> Any:
        raise AssertionError("it rests on no other step")

    made = STEP.make(Context(Settings(), unused, unused), silent, tmp_path)
    assert {file.name for file in tmp_path.iterdir()} == {GRAPH, CARD}
    assert made["name"] == weights.LITE0
    assert made["largest_difference"] < 1e-3
