"""`python -m recsys evaluate offers`: the report on the sample, and the refusal on a shop without campaigns."""

from __future__ import annotations

import json

import pytest

from recsys.cli import main
from recsys.settings import Settings


def test_the_sample_is_measured_or_refused_in_words(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    code = main(["evaluate", "offers", "--draws", "20", "--json"])
    said = capsys.readouterr()
    assert code == 0, said.err
    report = json.loads(said.out)
    ours = report["pairs"]["methods"][0]
    assert ours["method"] == "model"
    assert ours["lift_ci95"][0] <= ours["lift"] <= ours["lift_ci95"][1]
    assert {goal["what"] for goal in report["goals"]} == {"lift at 10 %", "calibration error"}
    assert all(each["addressed"] >= each["redeemed"] for each in report["campaigns"])
    assert (prepared.measured_dir / f"offers_{prepared.shop}.json").is_file()


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_a_shop_without_campaigns_is_refused_in_words(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "offers"]) != 0
    assert "has no campaigns" in capsys.readouterr().err


def test_impossible_draws_are_refused(prepared: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "offers", "--draws", "1"]) != 0
    assert "draws" in capsys.readouterr().err
