"""Policies judged from logs of made-up ones, whose click rates are known by construction."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recsys.evaluation.off_policy.of_logs import OWN, UNIFORM, of_logs
from tests.evaluation.off_policy.log_files import GOOD, drawn, write

EVEN, SKEWED, RATES = [0.25] * 4, [0.1, 0.2, 0.3, 0.4], [0.05, 0.1, 0.2, 0.4]
TRUE = {"even": float(np.dot(EVEN, RATES)), "skewed": float(np.dot(SKEWED, RATES))}


def line(report: dict[str, Any], log: str, estimator: str, **more: str) -> dict[str, Any]:
    found = [
        each for each in report["lines"]
        if each["log"] == log and each["estimator"] == estimator and more.items() <= each.items()
    ]  # fmt: skip
    assert len(found) == 1
    return dict(found[0])


@pytest.fixture(scope="module")
def two(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    folder = tmp_path_factory.mktemp("logs")
    drawn(folder / "even" / "shop" / "shop.csv", EVEN, RATES, 8_000, 1)
    drawn(folder / "skewed" / "shop" / "shop.csv", SKEWED, RATES, 8_000, 2)
    return of_logs(folder, 0)


@pytest.mark.parametrize(("log", "target"), [("even", "skewed"), ("skewed", "even")])
@pytest.mark.parametrize("estimator", ["dm", "iips", "sniips", "dr", "switch"])
def test_each_log_tells_what_the_other_policy_earns(two: dict[str, Any], log: str, target: str, estimator: str) -> None:
    found = line(two, log, estimator)
    assert (found["place"], found["target"]) == ("shop", target)
    assert found["estimate"] == pytest.approx(TRUE[target], abs=0.03)
    assert found["agrees"]
    low, high = found["estimate_ci95"]
    assert low < found["estimate"] < high
    assert found["had"] == pytest.approx(TRUE[target], abs=0.02)


def test_what_was_logged_is_told_apart_from_what_the_other_policy_had(two: dict[str, Any]) -> None:
    assert not line(two, "even", "logged")["agrees"]
    assert {each["known"] for each in two["health"]} == {"its propensities, which never change"}
    assert len(two["logs"]) == 2


def test_a_policy_that_learned_on_the_way_is_known_by_what_it_showed(tmp_path: Path) -> None:
    """It went from one order to its opposite at half time: the mean of logged propensities would sum to 1.36."""
    rng = np.random.default_rng(4)
    n, first, then = 8_000, np.array([0.8, 0.2]), np.array([0.2, 0.8])
    chances = np.where((np.arange(n) < n / 2)[:, None], first, then)
    items = (rng.random(n) < chances[:, 1]).astype(int)
    clicks = rng.random(n) < np.array([0.1, 0.5])[items]
    write(tmp_path / "learned.csv", {
        "item_id": [f"p{item}" for item in items], "position": [1] * n, "click": clicks.astype(int).tolist(),
        "propensity_score": chances[np.arange(n), items].tolist(),
    })  # fmt: skip
    drawn(tmp_path / "even.csv", [0.5, 0.5], [0.1, 0.5], n, 5)
    text = (tmp_path / "even.csv").read_text(encoding="utf-8").splitlines()
    one = [text[0], *(row.replace(",2,", ",1,", 1) for row in text[1:])]
    (tmp_path / "even.csv").write_text("\n".join(one) + "\n", encoding="utf-8")
    report = of_logs(tmp_path, 0)
    found = line(report, "even", "iips")
    assert found["estimate"] == pytest.approx(0.3, abs=0.02)  # half the time each: 0.5 * 0.1 + 0.5 * 0.5
    assert [each["known"] for each in report["health"] if each["log"] == "even"] == [
        "how often it showed each product at each position"
    ]


def test_a_log_alone_is_asked_what_showing_all_alike_earns(tmp_path: Path) -> None:
    report = of_logs(drawn(tmp_path / "mine.csv", SKEWED, RATES, 8_000, 3), 0)
    found = line(report, "mine", "dr", target=UNIFORM)
    assert found["estimate"] == pytest.approx(TRUE["even"], abs=0.03)
    assert "had" not in found


def test_its_own_column_of_target_propensities_is_judged_by_weights(tmp_path: Path) -> None:
    columns = {**GOOD, "target_propensity": [0.25, 0.5, 0.25, 0.25]}
    columns = {name: list(values) * 3 for name, values in columns.items()}  # of a few rows nothing is said
    report = of_logs(write(tmp_path / "mine.csv", columns), 0)
    assert line(report, "mine", "iips", target=OWN)["estimate"] == pytest.approx(0.5 / 0.25 / 4)
    assert line(report, "mine", "sniips", target=OWN)["estimate"] == pytest.approx(2 / (0.5 + 2 + 0.5 + 2))


def test_what_the_log_never_showed_is_said(tmp_path: Path) -> None:
    drawn(tmp_path / "few.csv", [0.5, 0.5], [0.1, 0.1], 500, 6)
    drawn(tmp_path / "more.csv", EVEN, [0.1] * 4, 500, 7)
    report = of_logs(tmp_path, 0)
    unseen = {each["log"]: each["unseen"] for each in report["health"]}
    assert unseen["few"] == pytest.approx(0.5, abs=0.1)
    assert unseen["more"] == 0.0


def test_the_same_logs_give_the_same_figures(tmp_path: Path) -> None:
    path = drawn(tmp_path / "mine.csv", SKEWED, RATES, 300, 3)
    assert of_logs(path, 1) == of_logs(path, 1)
