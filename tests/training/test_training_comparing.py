"""Trainings beside each other: what differs, what each reached, and how long another one would take."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recsys.training import comparing, fitting
from recsys.training.records import FINISHED, KEPT, Data, Epoch, Training

SETTINGS: dict[str, Any] = {"dimension": 128, "epochs": 5, "dropout": 0.3, "patience": 2}
SOURCE = {"interactions": "ring.txt", "sha256": "ab", "attributes": None}
RING = Data(interactions="/somewhere/ring.txt")


def training(path: Path, **changes: Any) -> Training:
    path.mkdir(parents=True, exist_ok=True)
    plain = Training(path.name, path, "transformer", RING, dict(SETTINGS), 0, source=dict(SOURCE))
    return replace(plain, **changes)


def judged(path: Path, ndcg: list[float], **changes: Any) -> Training:
    """A finished training with these figures per visit."""
    found = training(path, state=FINISHED, metrics={"ndcg@10": float(np.mean(ndcg))}, **changes)
    values = np.array([[value, value, value] for value in ndcg], np.float32)
    np.save(path / fitting.VALUES, values, allow_pickle=False)
    return found


def epoch(number: int, loss: float | None, ndcg: float | None, seconds: float = 10.0) -> Epoch:
    return Epoch(number, 5, loss, ndcg, seconds)


def test_only_what_differs_is_told(tmp_path: Path) -> None:
    first = training(tmp_path / "a")
    second = training(tmp_path / "b", settings=SETTINGS | {"epochs": 9}, seed=3)
    assert comparing.different_settings(first, second) == [("epochs", 5, 9), ("seed", 0, 3)]
    assert comparing.different_settings(first, first) == []


def test_a_setting_that_one_model_has_not_is_none_there(tmp_path: Path) -> None:
    first = training(tmp_path / "a")
    second = training(tmp_path / "b", model="pctm", settings={"dropout": 0.3, "tau": 1.0})
    assert comparing.different_settings(first, second) == [
        ("model", "transformer", "pctm"),
        ("dimension", 128, None),
        ("epochs", 5, None),
        ("patience", 2, None),
        ("tau", None, 1.0),
    ]


def test_the_best_epoch_is_the_first_with_the_highest_figure(tmp_path: Path) -> None:
    found = training(tmp_path / "a", epochs=(epoch(1, 9.0, 0.1), epoch(2, 8.0, 0.3), epoch(3, 7.0, 0.3)))
    assert comparing.best_epoch(found) == found.epochs[1]
    unwatched = training(tmp_path / "b", epochs=(epoch(1, 9.0, None), epoch(2, 8.0, None)))
    assert comparing.best_epoch(unwatched) == unwatched.epochs[1]  # nobody is watched: the last one is taken
    assert comparing.best_epoch(training(tmp_path / "c")) is None


def test_figures_say_what_was_reached_and_what_it_cost(tmp_path: Path) -> None:
    epochs = (epoch(1, 9.0, 0.3, 10.0), epoch(2, 8.0, 0.1, 20.0), epoch(3, 7.0, 0.2, 60.0))
    (tmp_path / "a").mkdir()
    (tmp_path / "a" / "model.npy").write_bytes(b"x" * 500)
    found = comparing.figures(training(tmp_path / "a", epochs=epochs, worked=95.0, metrics={"ndcg@10": 0.25}))
    assert found == {
        "ndcg@10": 0.25, "recall@10": None, "hit@10": None, "watched ndcg": 0.3, "loss": 7.0, "epochs": 3,
        "best epoch": 1, "seconds": 95.0, "seconds an epoch": 20.0, "bytes": 500,
    }  # fmt: skip


def test_the_lead_is_the_mean_difference_over_the_same_visits(tmp_path: Path) -> None:
    first, second = judged(tmp_path / "a", [1.0, 0.5] * 20), judged(tmp_path / "b", [0.5, 0.5] * 20)
    lead = comparing.lead(first, second)
    assert lead is not None
    assert (lead.difference, lead.visits) == (0.25, 40)  # (.5 + 0) / 2
    assert lead.low > 0
    assert lead.p < 0.01


@pytest.mark.parametrize(
    "changes", [{"source": {**SOURCE, "sha256": "cd"}}, {"source": {}}, {"state": "running"}, {"state": "failed"}]
)
def test_figures_of_different_questions_are_not_compared(changes: dict[str, Any], tmp_path: Path) -> None:
    first, second = judged(tmp_path / "a", [1.0, 0.5]), judged(tmp_path / "b", [0.5, 0.5])
    assert comparing.lead(first, replace(second, **changes)) is None


def test_attributes_change_what_is_learned_from_and_not_what_is_asked(tmp_path: Path) -> None:
    first = judged(tmp_path / "a", [1.0, 0.5], source={**SOURCE, "attributes": "a.json"})
    second = judged(tmp_path / "b", [0.5, 0.5])
    assert comparing.lead(first, replace(second, state=KEPT)) is not None


@pytest.mark.parametrize("content", [b"", b"no array"])
def test_figures_per_visit_that_cannot_be_read_are_no_lead(content: bytes, tmp_path: Path) -> None:
    first, second = judged(tmp_path / "a", [1.0, 0.5]), judged(tmp_path / "b", [0.5, 0.5])
    (second.path / fitting.VALUES).write_bytes(content)
    assert comparing.lead(first, second) is None


def test_curves_have_a_row_per_epoch_and_no_figure_where_there_is_none(tmp_path: Path) -> None:
    curve = comparing.curves(training(tmp_path / "a", epochs=(epoch(1, 9.0, None), epoch(2, 8.0, 0.2))))
    assert curve["loss"].tolist() == [9.0, 8.0]
    assert curve["ndcg"].isna().tolist() == [True, False]
    assert len(comparing.curves(training(tmp_path / "b"))) == 0


def test_the_table_has_a_row_per_training(tmp_path: Path) -> None:
    found = comparing.table([training(tmp_path / "a", epochs=(epoch(1, 9.0, 0.1),)), training(tmp_path / "b")])
    assert found["data"].tolist() == ["ring", "ring"]
    assert found[["epochs", "planned"]].to_numpy().tolist() == [[1, 5], [0, 5]]
    assert found["loss"].isna().tolist() == [False, True]
    assert comparing.table([]).empty


# --- how long it will take ----------------------------------------------------------------------------------------


def test_an_epoch_takes_as_long_as_earlier_ones_in_proportion_to_the_dimension(tmp_path: Path) -> None:
    earlier = [training(tmp_path / "a", epochs=(epoch(1, 9.0, 0.1, 8.0), epoch(2, 9.0, 0.1, 12.0)))]
    asked = SETTINGS | {"dimension": 64, "epochs": 3}
    assert comparing.seconds_of("transformer", RING, asked, earlier) == 15.0  # (8 + 12) / 2 * 64 / 128 * 3


def test_without_earlier_ones_the_sizes_tell(tmp_path: Path) -> None:
    expected = comparing.seconds_of("transformer", Data("complete_journey"), SETTINGS, [], (140_549, 67_599))
    assert expected == pytest.approx(300, rel=0.1)  # five epochs of about 60 s were measured
    assert comparing.seconds_of("transformer", RING, SETTINGS, []) is None


def test_without_epochs_earlier_ones_on_the_same_data_tell(tmp_path: Path) -> None:
    earlier = [
        training(tmp_path / name, model="pctm", settings={}, state=FINISHED, worked=worked)
        for name, worked in (("a", 3.0), ("b", 5.0))
    ]
    assert comparing.seconds_of("pctm", RING, {}, earlier) == 4.0
    assert comparing.seconds_of("pctm", Data("complete_journey"), {}, earlier) is None
