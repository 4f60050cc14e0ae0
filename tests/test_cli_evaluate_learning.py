"""`python -m recsys evaluate learning` prints a whole report, or says in one line what it cannot use."""

from __future__ import annotations

import json

import pytest

from recsys.cli import main
from recsys.evaluation.learning.kept import NEEDED, REPLAY_NEEDED, kept, replays
from recsys.settings import Settings
from tests.command_line import one_clear_line


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_report_of_a_simulated_shop_is_whole_and_kept(
    made_shop: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "learning", "--interactions", "1000", "--seeds", "1", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= NEEDED
    assert {line["learner"] for line in report["each"]} == {
        "frozen", "feedback", "pairwise", "moving", "epsilon", "linucb", "thompson", "neural", "vowpal"
    }  # fmt: skip
    assert kept(made_shop.shop, made_shop.measured_dir)[0].report["dataset"] == made_shop.shop


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_last_month_of_a_shop_is_gone_through_once_more(
    made_shop: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "learning", "--replay", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= REPLAY_NEEDED
    assert {line["way"] for line in report["replay"]} == {"frozen", "counts", "taste", "both"}
    assert replays(made_shop.shop, made_shop.measured_dir)[0].report["dataset"] == made_shop.shop


@pytest.mark.parametrize("made_shop", ["catalogue"], indirect=True)
def test_a_shop_in_which_nobody_did_anything_is_refused(
    made_shop: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "learning"]) != 0
    assert "allowed" in one_clear_line(capsys)


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_a_learner_that_does_not_exist_is_refused(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "learning", "--learners", "magic"]) != 0
    assert "magic" in capsys.readouterr().err


@pytest.mark.parametrize("wrong", [["--interactions", "1"], ["--seeds", "0"], ["--seed", "-1"]])
def test_numbers_that_cannot_be_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "learning", *wrong]) != 0
    assert "cannot be used" in capsys.readouterr().err


def test_a_real_shop_is_shown_the_figures_of_a_simulated_one() -> None:
    assert kept("complete_journey_sample")[0].report["dataset"] == "demo_store"


def test_learners_of_a_replay_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "learning", "--replay", "--learners", "linucb"]) != 0
    assert "--learners" in capsys.readouterr().err
