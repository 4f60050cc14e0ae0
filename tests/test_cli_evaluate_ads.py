"""`python -m recsys evaluate ads` on made-up shops."""

from __future__ import annotations

import json

import pytest

from recsys.cli import main
from recsys.evaluation.ads import bidding
from recsys.evaluation.ads.kept import NEEDED, kept
from recsys.settings import Settings
from tests.command_line import one_clear_line


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
def test_it_prints_json_and_keeps_it_for_the_page(
    made_shop: Settings, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(bidding, "DAYS", 3)
    assert main(["evaluate", "ads", "--days=2", "--visits=50", "--json"]) == 0
    report = json.loads(capsys.readouterr().out)
    assert report.keys() >= NEEDED
    assert kept("outdoor", made_shop.measured_dir)[0].report["ways"] == report["ways"]


@pytest.mark.parametrize("made_shop", ["bare"], indirect=True)
def test_a_shop_without_prices_is_refused_in_words(made_shop: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["evaluate", "ads", "--days=2", "--visits=50"]) != 0
    assert "no prices" in one_clear_line(capsys)


@pytest.mark.parametrize("made_shop", ["outdoor"], indirect=True)
@pytest.mark.parametrize("wrong", ["--days=1", "--visits=0", "--floor=1.5", "--floor=nan", "--budget=-1", "--places=9"])
def test_what_cannot_be_is_refused_in_words(
    made_shop: Settings, wrong: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["evaluate", "ads", wrong]) != 0
    captured = capsys.readouterr()
    assert captured.out == ""
    assert "allowed" in captured.err
