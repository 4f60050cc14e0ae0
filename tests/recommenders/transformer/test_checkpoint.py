"""A checkpoint that is damaged, foreign or could not be written is said in words, and the ones before it stay."""

from __future__ import annotations

import errno
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import safe_open
from safetensors.torch import save_file

from recsys.datasets.interactions import Interactions
from recsys.errors import ModelError, StorageError
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.transformer import checkpoint
from recsys.recommenders.transformer.checkpoint import Checkpoint, latest, save
from tests.full_disk import room_for
from tests.recommenders.recommender_contract import sequence_data
from tests.recommenders.transformer.made import (
    NOTHING,
    N,
    arrays,
    circles,
    everything_known,
    files,
    outings,
    same,
    small,
)

IDENTITY = {"dimension": 2, "learning_rate": 0.5, "data": "abc"}
SHAPES = {"ids": (3, 2), "log_scale": ()}
LAST = "epoch-0003.safetensors"


def tensors(number: int) -> dict[str, torch.Tensor]:
    return {"ids": torch.full((3, 2), float(number)), "log_scale": torch.tensor(float(number))}


MADE = Checkpoint(
    3,
    tensors(1),
    tensors(2),
    tensors(3),
    tensors(4),
    best_epoch=2,
    steps=30,
    figures=[[2.5, 0.1, 9.0], [2.0, 0.3, 9.5], [1.5, float("nan"), 9.5]],
)


def test_a_checkpoint_comes_back_as_it_was_written(tmp_path: Path) -> None:
    path = save(tmp_path / "new", MADE, IDENTITY)
    assert path.name == LAST
    found = latest(tmp_path / "new", IDENTITY, SHAPES)
    assert found is not None
    assert (found.epoch, found.best_epoch, found.steps) == (3, 2, 30)
    np.testing.assert_array_equal(found.figures, MADE.figures)
    for group, value in zip(("weights", "first", "second", "best"), (1, 2, 3, 4), strict=True):
        assert found.groups()[group]["ids"].tolist() == [[value] * 2] * 3
        assert found.groups()[group]["log_scale"].item() == value


def test_the_latest_is_found_and_only_two_stay(tmp_path: Path) -> None:
    for epoch in (8, 9, 10, 11):
        save(tmp_path, replace(MADE, epoch=epoch), IDENTITY)
    assert sorted(files(tmp_path)) == ["epoch-0010.safetensors", "epoch-0011.safetensors"]
    found = latest(tmp_path, IDENTITY, SHAPES)
    assert found is not None
    assert found.epoch == 11


def test_other_files_are_neither_read_nor_removed(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    (tmp_path / f".{LAST}.1.tmp").write_bytes(b"cut off by a kill")
    assert latest(tmp_path, IDENTITY, SHAPES) is None
    save(tmp_path, MADE, IDENTITY)
    assert set(files(tmp_path)) == {LAST, "notes.txt", f".{LAST}.1.tmp"}


@pytest.mark.parametrize("folder", ["nowhere", "empty"])
def test_without_a_checkpoint_there_is_nothing_to_go_on_from(folder: str, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    assert latest(tmp_path / folder, IDENTITY, SHAPES) is None


# --- damaged or foreign -------------------------------------------------------------------------------------


def rewrite(path: Path, **facts: Any) -> None:
    """The same tensors under other facts; None takes a fact away."""
    with safe_open(path, framework="pt") as file:
        known = json.loads(file.metadata()[checkpoint.HEADER]) | facts
        held = {name: file.get_tensor(name) for name in file.keys()}  # noqa: SIM118 - it is no dictionary
    left = {name: fact for name, fact in known.items() if fact is not None}
    save_file(held, path, {checkpoint.HEADER: json.dumps(left)})


def cut(share: float) -> Callable[[Path], object]:
    return lambda path: path.write_bytes(path.read_bytes()[: int(len(path.read_bytes()) * share)])


def a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


DAMAGE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "cut off in its header": cut(0.1),
    "cut off in its tensors": cut(0.9),
    "a byte too few": lambda path: path.write_bytes(path.read_bytes()[:-1]),
    "a byte too many": lambda path: path.write_bytes(path.read_bytes() + b"x"),
    "garbage": lambda path: path.write_bytes(bytes(range(256)) * 8),
    "text": lambda path: path.write_text("{}", encoding="utf-8"),
    "a header larger than memory": lambda path: path.write_bytes(b"\xff" * 8 + path.read_bytes()[8:]),
    "a folder": a_folder,
    "of other tensors without facts": lambda path: save_file({"ids": torch.zeros(3, 2)}, path),
    "with facts that are no JSON": lambda path: save_file(tensors(0), path, {checkpoint.HEADER: "{"}),
    "with facts that are a list": lambda path: save_file(tensors(0), path, {checkpoint.HEADER: "[]"}),
    "without an epoch": lambda path: rewrite(path, epoch=None),
    "with an epoch that is no number": lambda path: rewrite(path, epoch="third"),
    "without figures": lambda path: rewrite(path, figures=None),
    "with figures that are a number": lambda path: rewrite(path, figures=3),
    "with an identity that is a list": lambda path: rewrite(path, identity=[1]),
    "without an identity": lambda path: rewrite(path, identity=None),
    "with figures too short": lambda path: rewrite(path, figures=[[1.0, 0.5]]),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_a_damaged_checkpoint_is_named_with_what_to_do(kind: str, tmp_path: Path) -> None:
    path = save(tmp_path, MADE, IDENTITY)
    DAMAGE[kind](path)
    with pytest.raises(ModelError, match=f"{LAST} cannot be read") as error:
        latest(tmp_path, IDENTITY, SHAPES)
    assert "remove it to go on from the one before" in error.value.remedy


@pytest.mark.parametrize("number", [0, 2, "1", None])
def test_another_format_is_refused(number: object, tmp_path: Path) -> None:
    rewrite(save(tmp_path, MADE, IDENTITY), format=number if number is not None else [])
    with pytest.raises(ModelError, match="has format") as error:
        latest(tmp_path, IDENTITY, SHAPES)
    assert error.value.allowed == "format 1"
    assert "empty folder" in error.value.remedy


@pytest.mark.parametrize(
    ("ours", "seen", "allowed"),
    [
        (IDENTITY | {"dimension": 4}, "dimension=2", "dimension=4"),
        (
            IDENTITY | {"learning_rate": 0.25, "data": "xyz"},
            "data=abc, learning_rate=0.5",
            "data=xyz, learning_rate=0.25",
        ),
        (IDENTITY | {"new": 1}, "new=None", "new=1"),
    ],
)
def test_a_checkpoint_of_another_training_is_refused(
    ours: dict[str, Any], seen: str, allowed: str, tmp_path: Path
) -> None:
    save(tmp_path, MADE, IDENTITY)
    with pytest.raises(ModelError, match=LAST) as error:
        latest(tmp_path, ours, SHAPES)
    assert error.value.seen.endswith(f"a training with {seen}")
    assert error.value.allowed == allowed


@pytest.mark.parametrize("group", ["weights", "first", "second", "best"])
@pytest.mark.parametrize(
    ("changed", "seen"),
    [
        ({"ids": torch.zeros(4, 2)}, r"ids .* has the shape \(4, 2\)"),
        ({"ids": torch.zeros(6)}, r"ids .* has the shape \(6,\)"),
        ({"more": torch.zeros(1)}, r"more .* has the shape \(1,\)"),
    ],
)
def test_tensors_of_other_shapes_are_refused(
    group: str, changed: dict[str, torch.Tensor], seen: str, tmp_path: Path
) -> None:
    save(tmp_path, replace(MADE, **{group: tensors(1) | changed}), IDENTITY)
    with pytest.raises(ModelError, match=f"{group} {seen}"):
        latest(tmp_path, IDENTITY, SHAPES)


def test_a_missing_tensor_is_named(tmp_path: Path) -> None:
    save(tmp_path, replace(MADE, first={"ids": torch.zeros(3, 2)}), IDENTITY)
    with pytest.raises(ModelError, match=r"first log_scale .* has the shape None") as error:
        latest(tmp_path, IDENTITY, SHAPES)
    assert error.value.allowed == "()"


@pytest.mark.parametrize("dtype", [torch.int64, torch.float16])
def test_tensors_of_another_type_are_refused(dtype: torch.dtype, tmp_path: Path) -> None:
    save(tmp_path, replace(MADE, second={name: tensor.to(dtype) for name, tensor in tensors(1).items()}), IDENTITY)
    with pytest.raises(ModelError, match=f"second ids .* {dtype}"):
        latest(tmp_path, IDENTITY, SHAPES)


# --- the same through the recommender -----------------------------------------------------------------------


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    small(epochs=2).fit(circles(), NOTHING, checkpoints=tmp_path)
    return tmp_path


OTHERS: dict[str, tuple[dict[str, Any], Interactions, SideInformation, str]] = {
    "another dimension": ({"dimension": 16}, circles(), NOTHING, "dimension=8"),
    "another seed": ({"seed": 1}, circles(), NOTHING, "seed=0"),
    "more epochs": ({"epochs": 3}, circles(), NOTHING, "epochs=2"),
    "more shoppers": ({}, circles(61), NOTHING, "data="),
    "another order": ({}, sequence_data(*[[1, 0, 2]] * 60, n_items=N), NOTHING, "data="),
    "another catalogue": ({}, outings(), everything_known(5), "attributes=0, data=.*, dated=False, items=12, text=0"),
}


@pytest.mark.parametrize("case", OTHERS)
def test_another_training_does_not_go_on_from_it(case: str, trained: Path) -> None:
    settings, data, side, seen = OTHERS[case]
    before = files(trained)
    with pytest.raises(ModelError, match=f"a training with {seen}") as error:
        small(**{"epochs": 2} | settings).fit(data, side, checkpoints=trained)
    assert "empty folder" in error.value.remedy
    assert files(trained) == before


def test_a_damaged_checkpoint_leaves_what_was_learned_and_the_one_before_it_goes_on(trained: Path) -> None:
    whole = arrays(small(epochs=2).fit(circles(), NOTHING))
    fitted = small(epochs=2).fit(circles(3), NOTHING)
    before, damaged = arrays(fitted), trained / "epoch-0002.safetensors"
    damaged.write_bytes(damaged.read_bytes()[:100])
    with pytest.raises(ModelError, match="cannot be read"):
        fitted.fit(circles(), NOTHING, checkpoints=trained)
    assert same(arrays(fitted), before)
    damaged.unlink()  # as the error says
    assert same(arrays(fitted.fit(circles(), NOTHING, checkpoints=trained)), whole)


# --- a disk that is full ------------------------------------------------------------------------------------


@pytest.mark.parametrize("room", [0, 1, 700], ids=["no room", "room for a byte", "room for the header"])
def test_a_checkpoint_that_finds_no_room_leaves_the_ones_before_it(room: int, tmp_path: Path) -> None:
    save(tmp_path, replace(MADE, epoch=2), IDENTITY)
    before = files(tmp_path)
    with room_for(room), pytest.raises(StorageError, match="cannot be used"):
        save(tmp_path, MADE, IDENTITY)
    assert files(tmp_path) == before  # no temporary is left
    found = latest(tmp_path, IDENTITY, SHAPES)
    assert found is not None
    assert found.epoch == 2


def test_a_training_on_a_full_disk_says_so_and_goes_on_when_there_is_room(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    whole = arrays(small().fit(circles(), NOTHING))
    fitted = small().fit(circles(3), NOTHING)
    before, writes = arrays(fitted), iter([True])

    def full_after_one(descriptor: int) -> None:
        if not next(writes, False):
            raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patched:
        patched.setattr("recsys.artifacts.os.fsync", full_after_one)
        with pytest.raises(StorageError, match="the disk is full") as error:
            fitted.fit(circles(), NOTHING, checkpoints=tmp_path)
    assert "free some space" in error.value.remedy
    assert list(files(tmp_path)) == ["epoch-0001.safetensors"]
    assert same(arrays(fitted), before)
    assert same(arrays(fitted.fit(circles(), NOTHING, checkpoints=tmp_path)), whole)


def test_a_folder_that_is_a_file_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(StorageError):
        small(epochs=1).fit(circles(3), NOTHING, checkpoints=tmp_path / "file")
