"""`python -m recsys evaluate stock` prints a whole report, or says in one line what it cannot use."""

from __future__ import annotations

import json

import pytest

from recsys.cli import main
from recsys.evaluation.stock.kept import NEEDED
from recsys.scenarios.stock.methods import METHODS
from recsys.settings import Settings
from tests.command_line import one_clear_line


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_report_is_whole(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "stock", "--series", "50", "--json", "--forget"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert set(report) >= NEEDED
    assert {line["method"] for line in report["products"]} <= {*METHODS, "combination"}
    base = next(line for line in report["products"] if line["base"])
    assert base["change"] == 0
    for kind in ("products", "categories"):
        assert {"naive", "mean-8", "combination"} <= {line["method"] for line in report[kind]}
        assert 0 <= report[f"{kind}_held"]["single"]["held"] <= 1
    assert "know" in report["protocol"]["split"]


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_a_shop_without_weeks_is_refused(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "stock", "--json", "--forget"]) != 0
    assert "--shop=NAME" in one_clear_line(capsys)


@pytest.mark.parametrize("wrong", [["--series", "0"], ["--horizon", "0"], ["--horizon", "99"]])
def test_numbers_that_cannot_be_are_refused(wrong: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "stock", *wrong]) != 0
    said = capsys.readouterr().err
    assert "cannot be used" in said or "weeks ahead cannot be foretold" in said
