"""A measurement is the same whether it was stopped or not; its figures are those of its pieces; it says what pays."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recsys.errors import BadRequestError
from recsys.evaluation.reinforcement import running
from recsys.evaluation.reinforcement.kept import is_sound
from recsys.evaluation.reinforcement.methods import METHODS
from recsys.evaluation.reinforcement.reporting import compared, over_seeds, verdict
from recsys.evaluation.reinforcement.running import Effort, evaluated, folds_of
from tests.evaluation.reinforcement.small_worlds import data

EFFORT = Effort(episodes=8, seeds=2)
TITLES = [f"Product {row}" for row in range(200)]


class Killed(BaseException):
    """As by a signal."""


def test_after_a_kill_it_goes_on_and_gives_the_same_report(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    whole = evaluated(data(), TITLES, EFFORT, tmp_path / "one")
    assert is_sound(whole | {"command": "x"})
    assert not list((tmp_path / "one" / "reinforcement").glob("*/*"))  # nothing is left of one that is done
    tested, left = running._tested, [9]

    def killed_on_the_way(*given: Any) -> Any:
        left[0] -= 1
        if left[0] < 0:
            raise Killed
        return tested(*given)

    monkeypatch.setattr(running, "_tested", killed_on_the_way)
    with pytest.raises(Killed):
        evaluated(data(), TITLES, EFFORT, tmp_path / "two")
    done = list((tmp_path / "two" / "reinforcement").glob("*/*_seed_*.json"))
    assert len(done) == 9
    next(iter(done)).write_text('{"half', encoding="utf-8")  # what a full disk left
    monkeypatch.setattr(running, "_tested", tested)
    assert evaluated(data(), TITLES, EFFORT, tmp_path / "two") == whole


def test_nobody_is_tested_who_was_learned_from_or_chose() -> None:
    folds = list(folds_of(data(), Effort(seeds=10)))
    tested = np.concatenate([fold.tested for fold in folds])
    assert len(set(tested.tolist())) == len(tested) == 48  # of 60 people a fifth chooses
    for fold in folds:
        parts = (fold.choosing, fold.learning, fold.tested)
        assert sum(map(len, parts)) == len(set(np.concatenate(parts).tolist()))


def test_too_few_products_are_refused() -> None:
    with pytest.raises(BadRequestError, match="60 people and 100 products are too few"):
        evaluated(data(items=100), TITLES, EFFORT, Path("nowhere"))


def _found(values: dict[str, float]) -> dict[str, Any]:
    """Ten seeds of each method about a value; seeds that are rich are so for all."""
    rich = np.linspace(-1, 1, 10)
    return {
        method.name: {
            "chosen_by": values.get(method.name, 1.0),
            "seeds": [{"value": values.get(method.name, 1.0) + r + 0.01 * i} for i, r in enumerate(rich)],
        }
        for method in METHODS
    }


def test_planning_pays_only_where_it_beats_all_that_does_not_plan() -> None:
    pays = verdict(_found({"slateq": 5.0, "greedy": 4.0, "varied": 4.5}))
    assert pays == {"planner": "slateq", "rival": "varied", "beats_greedy": True, "pays": True, "loses": False}
    rule = verdict(_found({"slateq": 5.0, "greedy": 4.0, "varied": 5.0}))
    assert (rule["beats_greedy"], rule["pays"], rule["loses"]) == (True, False, False)
    less = verdict(_found({"slateq": 4.0, "greedy": 4.5, "varied": 3.0}))
    assert (less["beats_greedy"], less["pays"], less["loses"]) == (False, False, True)


def test_differences_are_paired_by_seed() -> None:
    lines = list(compared("w", _found({"slateq": 5.0, "greedy": 4.0})))
    greedy = next(line for line in lines if line["method"] == "slateq" and line["against"] == "greedy")
    assert greedy["difference"] == pytest.approx(1.0)
    assert greedy["difference_ci95"] == pytest.approx([1.0, 1.0])  # the same in each, however rich the seed
    assert greedy["p"] < 0.01


def test_the_interval_is_students() -> None:
    mean, (low, high) = over_seeds(np.array([1.0, 3.0]))
    assert mean == 2.0
    assert high - low == pytest.approx(2 * 12.706205 * np.sqrt(2) / np.sqrt(2), rel=1e-4)  # t(.975, 1) * sd / sqrt(2)
