"""By which way of knowing products shoppers are served: a made-up shop whose truth is in one of them alone."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recsys.cli import main
from recsys.evaluation.multimodal import spaces
from recsys.evaluation.multimodal.spaces import SPACES, TEXT, Known, evaluated
from recsys.evaluation.problems import Problem
from recsys.evaluation.protocol import Protocol
from recsys.evaluation.splits import cut_in_time
from recsys.recommenders.contract import SideInformation
from tests.recommenders.recommender_contract import basket_data

N, SHOPPERS, STYLES, COLD = 60, 24, 3, 12


def shop() -> Known:
    """Shoppers love one style each and take it alone; pictures show the style, texts nothing. The last are new."""
    rng = np.random.default_rng(0)
    style = np.arange(N) % STYLES
    histories = []
    for shopper in range(SHOPPERS):
        liked = np.flatnonzero(style[: N - COLD] == shopper % STYLES)
        days = {int(day): rng.choice(liked, 2, replace=False).tolist() for day in (1, 8, 22, 30, 45)}
        days[50] = [int(rng.choice(np.flatnonzero(style == shopper % STYLES)[-COLD // STYLES :]))]
        histories.append(days)
    split = cut_in_time(basket_data(*histories, n_items=N), days=12)
    shown = (np.eye(8)[style] + 0.05 * rng.normal(size=(N, 8))).astype(np.float32)
    shown[:, -1] = 0
    shown /= np.linalg.norm(shown, axis=1, keepdims=True)
    noise = rng.normal(size=(N, 8)).astype(np.float32)
    noise /= np.linalg.norm(noise, axis=1, keepdims=True)
    protocol = Protocol(name="temporal", variant="refit", keep_seen=False, cutoffs=(10,), days=12)
    problem = Problem("made-up", {}, protocol, split, SideInformation(vectors=noise), [str(n) for n in range(SHOPPERS)])
    worth = (style[None] == np.arange(SHOPPERS)[:, None] % STYLES).astype(np.float32)
    by = {"picture alone": shown, "text, attributes and price": noise, "everything": shown}
    assert by.keys() == SPACES.keys()
    return Known(problem, by, worth)


@pytest.fixture(scope="module")
def report() -> dict[str, Any]:
    return evaluated(shop())


def of(report: dict[str, Any], group: str, system: str) -> dict[str, Any]:
    return next(row for row in report["rows"] if (row["group"], row["system"]) == (group, system))


def test_what_shows_the_truth_captures_it_and_noise_what_chance_does(report: dict[str, Any]) -> None:
    for group in spaces.GROUPS:
        assert of(report, group, "picture alone")["utility"] > 0.95
        assert of(report, group, TEXT)["utility"] < 0.6
        assert of(report, group, "chance")["utility"] < 0.55
    assert of(report, "cold", "popular")["utility"] < 0.6
    assert report["products"]["cold"] >= COLD
    assert report["products"]["all"] == N
    assert report["shoppers"] == SHOPPERS


def test_differences_are_from_text_and_say_whether_they_are_luck(report: dict[str, Any]) -> None:
    row = next(r for r in report["differences"] if (r["group"], r["system"]) == ("cold", "picture alone"))
    text, picture = of(report, "cold", TEXT)["utility"], of(report, "cold", "picture alone")["utility"]
    assert row["difference"] == pytest.approx(picture - text, abs=2e-4)
    assert row["low"] <= row["difference"] <= row["high"]
    assert row["p_corrected"] < 0.05


def test_a_shop_without_a_truth_is_refused_in_words(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setenv("SHELFLENS_SHOP", "complete_journey_sample")
    assert main(["evaluate", "spaces", "--json"]) != 0
    said = capsys.readouterr()
    assert "truly worth" in said.err + said.out
    assert "demo_store" in said.err + said.out
