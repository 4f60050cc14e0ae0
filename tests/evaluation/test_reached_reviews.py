"""What the page says that reading reaches is what was measured."""

from __future__ import annotations

import json

import pytest

from recsys.evaluation.built_in import COMMITTED
from recsys.evaluation.reviews import reached


@pytest.mark.parametrize(
    ("file", "method", "said"),
    [
        (reached.ENGLISH_FILE, "transfer", reached.ENGLISH_QUICK),
        (reached.ENGLISH_FILE, "transfer_careful", reached.ENGLISH_CAREFUL),
        (reached.CHINESE_FILE, "transfer_unseen", reached.CHINESE),
    ],
)
def test_what_is_said_of_quick_and_careful_reading_was_measured(file: str, method: str, said: float) -> None:
    report = json.loads((COMMITTED / file).read_text(encoding="utf-8"))
    (task,) = (task for task in report["tasks"] if task["task"] == "transfer")
    assert {line["method"]: line["value"] for line in task["methods"]}[method] == said
