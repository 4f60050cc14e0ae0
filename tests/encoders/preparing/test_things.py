"""The shared step that names things on photographs: what it follows from."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.artifacts import file_sha256
from recsys.encoders.pictures import things, weights
from recsys.encoders.preparing.things import STEP
from recsys.errors import ModelError
from recsys.settings import Settings


def test_it_is_shared_and_no_shelf_waits_for_it() -> None:
    assert STEP.shared
    assert not STEP.needed
    assert [basis.step for basis in STEP.rests_on] == ["encoder"]


def test_it_follows_from_the_network_and_the_table(tmp_path: Path) -> None:
    assert STEP.inputs(Settings()) == (weights.LITE0, weights.SHA256[:16], file_sha256(things.TABLE))
    with pytest.raises(ModelError, match="no folder"):
        STEP.inputs(Settings(picture_encoder=str(tmp_path / "none")))
