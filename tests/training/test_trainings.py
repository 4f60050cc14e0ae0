"""Trainings on disk: whole or not at all, stopped and resumed, and no failure touches an earlier one."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from recsys.errors import ArtifactError, BadRequestError, DataError, SettingsError, StorageError
from recsys.training import choices, records
from recsys.training.records import KEPT, RUNNING, STOPPED, Data
from tests.training.tiny_training import RING, SMALL, content, full, new, work

# --- records ------------------------------------------------------------------------------------------------------


def test_a_training_comes_back_as_it_was_written(root: Path, data: Data) -> None:
    training = new(root, "transformer", data, **SMALL)
    found = records.find(root, training.id)
    assert found == training
    assert (found.state, found.began, found.settings["dimension"], found.settings["heads"]) == (STOPPED, None, 8, 1)
    assert "--set dimension=8" in found.command
    assert str(root.parent) not in found.command


def test_data_are_called_by_the_name_of_the_set_or_the_file() -> None:
    assert Data("complete_journey").words == "complete journey"
    assert Data(interactions="/a/Beauty.txt.gz", attributes="/a/b.json.gz").words == "Beauty, with attributes"


def test_what_there_is_to_see_changes_with_every_epoch_and_state(root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    assert records.changes(root) == ((training.id, STOPPED, 0),)
    records.write(replace(training, state=KEPT, epochs=(records.Epoch(1, 1, 2.0, None, 1.0),)))
    assert records.changes(root) == ((training.id, KEPT, 1),)


def test_the_newest_training_comes_first_also_of_one_second(root: Path, data: Data) -> None:
    ids = [new(root, "pctm", data).id for _ in range(4)]
    assert [training.id for training in records.listed(root)] == ids[::-1]


def test_a_folder_whose_record_is_of_another_training_is_passed_over(root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    training.path.rename(root / "20170101-120000-00000000")
    assert records.listed(root) == []


@pytest.mark.parametrize("text", ["", "{", "[]", "null", '{"format": 99}', '{"format": 1}', '{"format": 1, "data": 3}'])
def test_a_damaged_record_is_said_when_asked_for(text: str, root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    (training.path / records.RECORD).write_text(text, encoding="utf-8")
    assert records.listed(root) == []
    with pytest.raises(ArtifactError, match="train it again"):
        records.find(root, training.id)


@pytest.mark.parametrize(
    "training_id", ["", "..", "../etc", "20170131-120000-0A1B2C3D", "20170131-120000-0a1b2c3d", "x" * 500]
)
def test_what_is_no_training_is_refused(training_id: str, root: Path) -> None:
    for ask in (records.find, records.keep, records.discard):
        with pytest.raises(BadRequestError, match="there is no training"):
            ask(root, training_id)


def test_a_training_whose_process_is_gone_is_stopped_and_can_be_resumed(root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    records.write(replace(training, state=RUNNING, began=1.0))
    found = records.find(root, training.id)
    assert (found.state, found.can_go_on) == (STOPPED, True)
    assert "killed" in found.error


def test_while_one_holds_a_training_nobody_else_works_on_it_or_discards_it(root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    records.write(replace(training, state=RUNNING))
    with records.only_me(training.path):
        assert records.find(root, training.id).at_work
        with pytest.raises(BadRequestError, match="cancel it first"):
            records.discard(root, training.id)
    assert not records.at_work(training.path)


def test_only_a_finished_training_can_be_kept(root: Path, data: Data) -> None:
    training = new(root, "pctm", data)
    with pytest.raises(BadRequestError, match="is stopped"):
        records.keep(root, training.id)
    work(training)
    assert records.keep(root, training.id).state == records.find(root, training.id).state == KEPT


def test_a_discarded_training_is_gone_whole_and_the_others_stay(root: Path, data: Data) -> None:
    kept, gone = work(new(root, "pctm", data)), work(new(root, "pctm", data))
    before = content(kept.path)
    records.discard(root, gone.id)
    assert [path.name for path in root.iterdir()] == [kept.id]
    assert content(kept.path) == before


def test_a_full_disk_leaves_nothing_of_a_training_that_was_not_begun(
    root: Path, data: Data, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(StorageError, match="the disk is full"):
        new(root, "pctm", data)
    assert list(root.iterdir()) == []


# --- choices ------------------------------------------------------------------------------------------------------


def test_all_settings_are_noted_those_at_their_defaults_too() -> None:
    assert choices.checked("tifu-knn", {"alpha": 0.5}, 0) == {
        "neighbours": 300,
        "groups": 7,
        "within_decay": 0.9,
        "group_decay": 0.7,
        "alpha": 0.5,
    }
    assert choices.checked("bpr", {}, 7)["seed"] == 7


@pytest.mark.parametrize(
    ("model", "given", "said"),
    [
        ("transformer", {"dropout": 2.0}, r"dropout=2.0. allowed: 0 to 0.9. what to do: the default is 0.3"),
        ("transformer", {"epochs": 1.5}, r"epochs=1.5. allowed: a whole number from 1 to 1,000"),
        ("transformer", {"heads": 3}, "heads that divide the dimension"),
        ("tifu-knn", {"alpha": float("nan")}, "alpha=nan. allowed: 0 to 1"),
    ],
)
def test_a_setting_out_of_range_is_said_with_its_range_and_default(
    model: str, given: dict[str, float], said: str
) -> None:
    with pytest.raises(SettingsError, match=said):
        choices.checked(model, given, 0)


@pytest.mark.parametrize("seed", [-1, 2**31])
def test_a_seed_out_of_range_is_refused(seed: int) -> None:
    with pytest.raises(SettingsError, match="seed="):
        choices.checked("pctm", {}, seed)


def test_numbers_are_read_as_a_person_types_them() -> None:
    read = choices.read_settings("transformer", ["epochs=2", "learning_rate = 1e-3", "dropout=.5"])
    assert read == {"epochs": 2, "learning_rate": 0.001, "dropout": 0.5}


@pytest.mark.parametrize(
    "text", ["epochs", "epochs=", "epochs=two", "epochs=1_0", "speed=3", "=3", "epochs=0x10", "epochs=nan"]
)
def test_what_is_no_setting_is_refused(text: str) -> None:
    with pytest.raises(BadRequestError):
        choices.read_settings("transformer", [text])


@pytest.mark.parametrize("model", ["blend", "magic", ""])
def test_what_cannot_be_trained_is_said_with_what_can(model: str) -> None:
    with pytest.raises(BadRequestError, match=r"tifu-knn, .*transformer"):
        choices.model_of(model)


def test_files_are_looked_for_before_anything_begins(tmp_path: Path, data: Data) -> None:
    with pytest.raises(DataError, match="there is no file"):
        choices.checked_data(Data(interactions=str(tmp_path / "nowhere.txt")))
    with pytest.raises(BadRequestError, match="attributes without interactions"):
        choices.checked_data(Data("complete_journey", attributes="a.json"))
    assert choices.checked_data(data) == data
    assert Path(data.interactions).read_text() == RING
