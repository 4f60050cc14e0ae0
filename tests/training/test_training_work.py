"""The work of a training: judged, stopped, resumed; whatever goes wrong is one error and touches nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from recsys.datasets.interactions import Interactions
from recsys.errors import BadRequestError, DataError, ModelError, StorageError
from recsys.jobs import locks
from recsys.progress import Progress, silent
from recsys.recommenders.most_popular import MostPopular
from recsys.recommenders.transformer.recommender import TransformerRecommender
from recsys.recommenders.transitions import Transitions
from recsys.training import fitting, records
from recsys.training.records import FAILED, FINISHED, RUNNING, STOPPED, Data
from tests.training.tiny_training import SMALL, STEPS, USERS, content, full, new, stopped_after, work


def test_on_a_ring_what_follows_is_certain_and_the_model_can_be_opened(root: Path, data: Data) -> None:
    training = work(new(root, "pctm", data))
    assert training.state == FINISHED
    assert training.metrics == {"ndcg@10": 1.0, "recall@10": 1.0, "hit@10": 1.0}
    assert Transitions.load(training.path / records.MODEL).n_items == 12
    values = fitting.values(training.path)
    assert values is not None
    assert values["ndcg@10"].tolist() == [1.0] * USERS


def test_neither_the_validation_nor_the_test_is_learned_from(
    root: Path, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[Interactions] = []
    learn = MostPopular._learn

    def spying(self: MostPopular, training: Interactions, *rest: Any) -> Any:
        seen.append(training)
        return learn(self, training, *rest)

    monkeypatch.setattr(MostPopular, "_learn", spying)
    training = work(new(root, "most-popular", data))
    assert [each.lengths.tolist() for each in seen] == [[STEPS - 2] * USERS]  # of six steps the first four
    assert training.protocol["not touched"].startswith("each shopper's last item")


def test_the_transformer_tells_of_every_epoch_and_leaves_no_checkpoints(root: Path, data: Data) -> None:
    told: list[int] = []

    def progress_of(label: str) -> Progress:
        told.append(len(records.listed(root)[0].epochs))
        return silent

    training = work(new(root, "transformer", data, **SMALL), progress_of)
    assert [(epoch.number, epoch.planned) for epoch in training.epochs] == [(1, 3), (2, 3), (3, 3)]
    assert told == [0, 3]  # before it learns, and before it is judged
    assert all(epoch.loss is not None and epoch.ndcg is not None for epoch in training.epochs)
    assert not (training.path / records.CHECKPOINTS).exists()
    assert TransformerRecommender.load(training.path / records.MODEL).settings()["dimension"] == 8


def test_a_stopped_training_goes_on_to_the_same_figures_as_one_that_was_not(root: Path, data: Data) -> None:
    whole = work(new(root, "transformer", data, **SMALL))
    stopped = stopped_after(1, new(root / "other", "transformer", data, **SMALL))
    assert (stopped.state, len(stopped.epochs), stopped.error) == (STOPPED, 1, "")
    resumed = work(stopped)
    assert [epoch.loss for epoch in resumed.epochs] == [epoch.loss for epoch in whole.epochs]
    assert resumed.metrics == whole.metrics
    assert resumed.worked > stopped.worked


def test_a_training_without_its_checkpoints_begins_again_and_tells_no_epoch_twice(root: Path, data: Data) -> None:
    training = stopped_after(2, new(root, "transformer", data, **SMALL))
    for file in (training.path / records.CHECKPOINTS).iterdir():
        file.unlink()
    assert [epoch.number for epoch in work(training).epochs] == [1, 2, 3]


def test_a_finished_training_is_not_done_again(root: Path, data: Data) -> None:
    training = work(new(root, "pctm", data))
    before = content(training.path)
    with pytest.raises(BadRequestError, match="finished already"):
        work(training)
    assert {name: value for name, value in content(training.path).items() if name != locks.PROCESS} == {
        name: value for name, value in before.items() if name != locks.PROCESS
    }


# --- trouble ------------------------------------------------------------------------------------------------------


@pytest.fixture
def earlier(root: Path, data: Data) -> dict[str, str]:
    """An earlier training that was kept, file by file."""
    kept = records.keep(root, work(new(root, "pctm", data)).id)
    return {f"{kept.id}/{name}": value for name, value in content(kept.path).items()}


def untouched(earlier: dict[str, str], root: Path) -> bool:
    return earlier.items() <= content(root).items()


def test_a_loss_that_is_no_number_is_one_clear_error(
    root: Path, data: Data, earlier: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    from recsys.recommenders.transformer.model import InterestNetwork

    monkeypatch.setattr(InterestNetwork, "backward", lambda *_: float("nan"))
    training = new(root, "transformer", data, **SMALL)
    with pytest.raises(ModelError, match="the loss of training is nan"):
        work(training)
    failed = records.find(root, training.id)
    assert (failed.state, failed.can_go_on) == (FAILED, True)
    assert "lower learning_rate, now 0.0045" in failed.error
    assert untouched(earlier, root)


def test_a_checkpoint_of_another_shape_is_one_clear_error(root: Path, data: Data, earlier: dict[str, str]) -> None:
    small, large = (new(root, "transformer", data, **SMALL | {"dimension": d}) for d in (8, 16))
    stopped_after(1, small)
    (small.path / records.CHECKPOINTS).rename(large.path / records.CHECKPOINTS)
    with pytest.raises(ModelError, match="is of a training with dimension=8"):
        work(large)
    assert records.find(root, large.id).state == FAILED
    assert untouched(earlier, root)


@pytest.mark.parametrize("change", [{"format": 99}, None])
def test_a_checkpoint_of_another_version_or_damaged_is_one_clear_error(
    change: dict[str, int] | None, root: Path, data: Data, earlier: dict[str, str]
) -> None:
    training = stopped_after(1, new(root, "transformer", data, **SMALL))
    latest = max((training.path / records.CHECKPOINTS).iterdir())
    latest.write_bytes(
        latest.read_bytes().replace(b'\\"format\\": 1', b'\\"format\\": 9') if change else b"no checkpoint"
    )
    with pytest.raises(ModelError, match="format 9" if change else "cannot be read"):
        work(training)
    assert untouched(earlier, root)


def test_a_full_disk_while_the_model_is_saved_leaves_the_checkpoints_and_the_others(
    root: Path, data: Data, earlier: dict[str, str], monkeypatch: pytest.MonkeyPatch
) -> None:
    training = new(root, "transformer", data, **SMALL)

    def half(self: TransformerRecommender, folder: Path) -> None:
        folder.mkdir()
        (folder / "vectors.npy").write_bytes(b"half")
        full()

    monkeypatch.setattr(TransformerRecommender, "save", half)
    with pytest.raises(StorageError, match="the disk is full"):
        work(training)
    monkeypatch.undo()
    failed = records.find(root, training.id)
    assert (failed.state, len(failed.epochs)) == (FAILED, 3)
    assert "free some space" in failed.error
    names = {path.name for path in training.path.iterdir()}
    assert records.MODEL not in names
    assert f".{records.MODEL}.tmp" not in names
    assert untouched(earlier, root)
    assert work(failed).state == FINISHED  # with room again, from the last epoch


def test_where_not_even_the_record_can_be_written_nobody_is_taken_for_at_work(
    root: Path, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    training = new(root, "pctm", data)
    writes = records.write

    def full_from_now(changed: records.Training) -> None:
        if changed.state != RUNNING:
            raise StorageError("the disk is full")
        writes(changed)

    monkeypatch.setattr(records, "write", full_from_now)
    with pytest.raises(StorageError):
        work(training)
    assert records.find(root, training.id).state == STOPPED


def test_what_a_recommender_needs_and_the_data_have_not_is_said(root: Path, data: Data) -> None:
    training = new(root, "content-attributes", data)
    with pytest.raises(DataError, match="ring has no attributes"):
        work(training)
    assert "has no attributes" in records.find(root, training.id).error
