"""What the feedback tests share: a log, and the database it writes to."""

from __future__ import annotations

from pathlib import Path

import pytest

from recsys.feedback import FeedbackLog
from tests.feedback.logs import log_in


@pytest.fixture
def database(tmp_path: Path) -> Path:
    return tmp_path / "state" / "feedback.sqlite3"


@pytest.fixture
def log(database: Path) -> FeedbackLog:
    return log_in(database)
