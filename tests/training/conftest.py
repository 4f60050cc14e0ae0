"""What the tests of trainings share: a file on which the next item is certain, and where trainings are kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.training.records import Data
from tests.training.tiny_training import ring


@pytest.fixture
def data(tmp_path: Path) -> Data:
    """The ring of twelve items."""
    return ring(tmp_path)


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """The folder of trainings of a state folder that nobody has used."""
    return tmp_path / "state" / "trainings"
