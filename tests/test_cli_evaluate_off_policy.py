"""`python -m recsys evaluate off-policy` prints a whole report, or says in one line what it cannot use."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from recsys.cli import main
from recsys.evaluation.off_policy.kept import NEEDED, NEEDED_OF_LOGS, kept, kept_of_logs
from recsys.settings import Settings
from tests.command_line import one_clear_line
from tests.evaluation.off_policy.log_files import GOOD, drawn, write

SMALL = ["--repeats", "2", "--rounds", "100", "--people", "10", "--truth", "100"]


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_report_of_a_simulated_shop_is_whole_and_kept(
    made_shop: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "off-policy", *SMALL, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= NEEDED
    assert kept(made_shop.shop, made_shop.measured_dir)[0].report["dataset"] == made_shop.shop
    assert main(["evaluate", "off-policy", *SMALL, "--forget"]) == 0
    said = capsys.readouterr().out
    assert "of the squared" in said
    assert "the least possible, with the true click rates" in said


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_shop_in_which_nobody_answers_is_refused(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "off-policy", *SMALL]) != 0
    assert "simulated shop" in one_clear_line(capsys)


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_logs_are_judged_whatever_the_shop_and_kept(
    made_shop: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = tmp_path / "logs"
    drawn(folder / "even.csv", [0.5, 0.5], [0.1, 0.3], 300, 1)
    drawn(folder / "skewed.csv", [0.2, 0.8], [0.1, 0.3], 300, 2)
    assert main(["evaluate", "off-policy", "--logs", str(folder), "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= NEEDED_OF_LOGS
    assert str(tmp_path) not in json.dumps(report)
    assert kept_of_logs(made_shop.measured_dir)[0].report["logs"] == report["logs"]
    assert main(["evaluate", "off-policy", "--logs", str(folder / "even.csv"), "--forget"]) == 0
    assert "every product" in capsys.readouterr().out
    assert kept_of_logs(made_shop.measured_dir)[0].report["logs"] == report["logs"]


def test_a_log_that_cannot_be_used_leaves_nothing(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "log.csv", {**GOOD, "propensity_score": [0.5, 0, 0.5, 0.5]})
    assert main(["evaluate", "off-policy", "--logs", str(path)]) != 0
    said = one_clear_line(capsys)
    assert "log.csv line 3 has a propensity of 0" in said
    assert "above 0, up to 1" in said


@pytest.mark.parametrize("wrong", [["--repeats", "1"], ["--rounds", "5"], ["--people", "1"], ["--truth", "1"],
                                   ["--seed", "-1"]])  # fmt: skip
def test_numbers_that_cannot_be_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "off-policy", *wrong]) != 0
    assert "cannot be used" in capsys.readouterr().err
