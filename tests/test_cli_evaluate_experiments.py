"""`python -m recsys evaluate experiments` prints a whole report, or says in one line what it cannot use."""

from __future__ import annotations

import json

import pytest

from recsys.cli import main
from recsys.evaluation.experiments.kept import NEEDED, is_sound, kept
from recsys.settings import Settings
from tests.command_line import one_clear_line

FEW = ("--splits", "100", "--pages", "100", "--runs", "10")


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_report_of_a_simulated_shop_is_whole_and_kept(
    made_shop: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("recsys.evaluation.experiments.crowd.MOST", {"interleaving": 500, "groups": 2_000})
    assert main(["evaluate", "experiments", *FEW, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= NEEDED
    assert is_sound(report)
    assert [metric["name"] for metric in report["metrics"]] == ["conversion", "buyers", "spend"]
    assert len(report["interleaving"]) == 4
    assert kept(made_shop.shop, made_shop.measured_dir)[0].report == report


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_shop_whose_people_cannot_be_asked_has_no_interleaving(
    made_shop: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "experiments", *FEW, "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report["interleaving"] == []
    assert is_sound(report)


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_a_shop_without_dates_is_refused(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "experiments", *FEW]) != 0
    assert "have no" in one_clear_line(capsys)


@pytest.mark.parametrize("wrong", [["--splits", "1"], ["--pages", "0"], ["--runs", "-1"], ["--seed", "-1"]])
def test_numbers_that_cannot_be_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "experiments", *wrong]) != 0
    assert "cannot be used" in capsys.readouterr().err


def test_a_shop_without_figures_is_shown_those_of_a_simulated_one() -> None:
    assert kept("outdoor")[0].report["dataset"] == "demo_store"
    assert kept("complete_journey_sample")[0].report["dataset"] == "complete_journey_sample"
