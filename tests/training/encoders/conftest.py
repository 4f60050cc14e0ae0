"""What the tests of the model studio share: a tiny encoder in the settings, a small catalogue, a state of one's own."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.encoders.tiny_models import save_tiny_model
from tests.training.encoders.tiny_catalogue import write_catalogue


@pytest.fixture(scope="session")
def tiny_encoder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("encoder") / "tiny")


@pytest.fixture
def studio(tiny_encoder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The state folder; the settings name the tiny encoder."""
    monkeypatch.setenv("SHELFLENS_STATE_DIR", str(tmp_path / "state"))
    monkeypatch.setenv("SHELFLENS_ENCODER", str(tiny_encoder))
    return tmp_path / "state"


@pytest.fixture
def catalogue(tmp_path: Path) -> Path:
    return write_catalogue(tmp_path / "shelf")
