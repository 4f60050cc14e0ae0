"""`python -m recsys evaluate cold-start` prints a whole report, or says in one line what it cannot use."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recsys.cli import main
from recsys.evaluation.cold_start.kept import NEEDED
from tests.command_line import one_clear_line


@pytest.fixture
def files(tmp_path: Path) -> list[str]:
    """Histories in four themes, and the theme of each item."""
    rng = np.random.default_rng(0)
    lines = []
    for shopper in range(60):
        own = rng.permutation(30)[:15] + 30 * (shopper % 4) + 1
        lines.append(" ".join(map(str, [shopper, *own.tolist()])))
    (tmp_path / "shop.txt").write_text("\n".join(lines) + "\n", encoding="utf-8")
    themes = {str(item): [(item - 1) // 30] for item in range(1, 121)}
    (tmp_path / "themes.json").write_text(json.dumps(themes), encoding="utf-8")
    return ["--interactions", str(tmp_path / "shop.txt"), "--attributes", str(tmp_path / "themes.json")]


def test_the_report_of_a_file_is_whole(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "cold-start", *files, "--answering", "10", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= NEEDED
    assert {line["known"] for line in report["shoppers"]} == {0, 1, 3, 5, 10}
    assert "no dates" in report["protocol"]["items"]


def test_the_figures_are_printed_for_people(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "cold-start", *files, "--answering", "10"]) == 0
    said = capsys.readouterr().out
    assert "Cold items" in said
    assert "goal" in said


@pytest.mark.parametrize("wrong", [["--visits", "1"], ["--days", "-3"], ["--answering", "0"]])
def test_numbers_that_cannot_be_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "cold-start", *wrong]) != 0
    assert "cannot be used" in capsys.readouterr().err


def test_histories_without_attributes_are_refused(files: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "cold-start", *files[:2]]) != 0
    assert "belong together" in one_clear_line(capsys)
