"""The click model of a shop comes from its own evaluation, and from nobody else's."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from recsys.evaluation.ads.kept import NEEDED, click_model
from recsys.scenarios.ads.clicks import USUAL

MODEL = {"attention": 0.7, "low": 0.1, "high": 0.5, "said": "estimated on 9 looks", "estimated": {"clicks": 9}}


def keep(folder: Path, shop: str, model: Any) -> None:
    report = {key: [1] for key in NEEDED} | {"source": {"dataset": shop}, "click_model": model}
    (folder / f"ads_{shop or 'none'}.json").write_text(json.dumps(report), encoding="utf-8")


def test_what_was_estimated_on_a_shop_is_taken(tmp_path: Path) -> None:
    keep(tmp_path, "mine", MODEL)
    found = click_model("mine", tmp_path)
    assert (found.attention, found.low, found.high, found.said) == (0.7, 0.1, 0.5, "estimated on 9 looks")
    assert click_model("another", tmp_path) is USUAL


@pytest.mark.parametrize("model", [None, {}, MODEL | {"estimated": {}}, MODEL | {"attention": "much"}, "no model"])
def test_what_says_nothing_gives_the_usual_model(model: Any, tmp_path: Path) -> None:
    keep(tmp_path, "mine", model)
    assert click_model("mine", tmp_path) is USUAL


def test_one_of_no_shop_is_nobody_s(tmp_path: Path) -> None:
    keep(tmp_path, "", MODEL)
    assert click_model("mine", tmp_path) is USUAL
