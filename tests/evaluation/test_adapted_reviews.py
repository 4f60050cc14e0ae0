"""What an adapted encoder adds is said as it was measured: better, worse, or nothing that is sure."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.evaluation.reviews.adapted import kept_in, verdict, write_card
from recsys.evaluation.reviews.lines import added, change
from recsys.scenarios.reviews.readers import CARD


def task(better: str, value: float, low: float, high: float) -> dict[str, object]:
    adds = {"value": value, "ci95": [low, high]}
    return {"task": "stars", "metric": "error", "better": better, "methods": [{"method": "head"}, {"adds": adds}]}


@pytest.mark.parametrize(
    ("better", "ends", "says"),
    [
        ("higher", (0.01, 0.03), "betters the head by 0.0200 (0.0100 to 0.0300)"),
        ("lower", (-0.03, -0.01), "betters the head by 0.0200 (0.0100 to 0.0300)"),
        ("lower", (0.01, 0.03), "worsens the head by"),
        ("higher", (-0.03, -0.01), "worsens the head by"),
        ("higher", (-0.01, 0.03), "adds nothing that is sure"),
        ("lower", (0.0, 0.0), "adds nothing that is sure"),
    ],
)
def test_the_verdict_follows_the_interval(better: str, ends: tuple[float, float], says: str) -> None:
    (said,) = verdict([task(better, sum(ends) / 2, *ends)])
    assert says in said


def test_what_is_added_is_paired() -> None:
    true = np.arange(500) % 2 == 0
    before = np.where(np.arange(500) % 5 == 0, ~true, true)
    found = added(lambda a, b: float((a == b).mean()), true, before, true)
    assert found["value"] == pytest.approx(0.2)
    assert 0.15 < found["ci95"][0] < 0.2 < found["ci95"][1] < 0.25


def test_an_encoder_is_kept_whole_or_not_at_all(tmp_path: Path) -> None:
    with kept_in(tmp_path, "My reviews.csv.gz") as folder:
        write_card(folder, {"steps": 1})
    assert (tmp_path / "my_reviews" / CARD).is_file()
    with pytest.raises(TypeError), kept_in(tmp_path, "My reviews.csv.gz") as folder:
        write_card(folder, {"steps": object()})
    assert "1" in (tmp_path / "my_reviews" / CARD).read_text()
    assert [each.name for each in tmp_path.iterdir()] == ["my_reviews"]


def test_a_change_is_a_share_of_what_it_is_held_against_and_sure_where_every_resample_says_so() -> None:
    true = np.tile([True, False], 200)
    half = np.ones(400, np.bool_)
    found = change(lambda t, told: float((t == told).mean()), true, half, true, "always")
    assert found["value"] == 1.0  # twice as often right
    assert found["ci95"][0] > 0.7
    assert found["against"] == "always"
