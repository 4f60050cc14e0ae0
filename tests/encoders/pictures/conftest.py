"""The picture encoder, exported once."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.encoders.pictures import export, weights


@pytest.fixture(scope="session")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("picture_encoder")
    export.export(weights.locate(weights.LITE0), folder)
    return folder
