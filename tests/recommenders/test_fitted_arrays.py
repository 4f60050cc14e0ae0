"""Fitted arrays come back as they were saved, and files that are not what they should be are refused in words."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from scipy import sparse

from recsys.errors import ArtifactError, ModelError, StorageError
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.fitted_arrays import Part, load, save
from recsys.recommenders.personal_frequency import PersonalFrequency
from tests.recommenders.recommender_contract import sequence_data

PARTS = {
    "table": Part(("items", "items"), sparse=True),
    "prior": Part(("items",)),
    "codes": Part(("shoppers",), "int32"),
}
LEARNED = {
    "table": sparse.csr_array(np.array([[0, 1], [2, 0]], np.float32)),
    "prior": np.array([0.5, 0.25], np.float32),
    "codes": np.array([7, 8, 9], np.int32),
}


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    save(tmp_path / "fitted", "example", {"steps": 3}, LEARNED)
    return tmp_path / "fitted"


def test_what_is_saved_comes_back(saved: Path) -> None:
    settings, learned = load(saved, "example", PARTS)
    assert settings == {"steps": 3}
    assert learned["table"].toarray().tolist() == [[0, 1], [2, 0]]
    assert learned["prior"].tolist() == [0.5, 0.25]
    assert learned["codes"].tolist() == [7, 8, 9]


def test_only_arrays_and_json_are_written(saved: Path) -> None:
    assert sorted(file.name for file in saved.iterdir()) == [
        "codes.npy", "prior.npy", "settings.json", "table.data.npy", "table.indices.npy", "table.indptr.npy",
    ]  # fmt: skip


def edit(**facts: Any) -> Callable[[Path], object]:
    def change(folder: Path) -> None:
        known = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
        (folder / "settings.json").write_text(json.dumps(known | facts), encoding="utf-8")

    return change


def write(name: str, array: Any, *, pickled: bool = False) -> Callable[[Path], object]:
    return lambda folder: np.save(folder / name, array, allow_pickle=pickled)


DAMAGE: dict[str, tuple[Callable[[Path], object], str]] = {
    "no settings": (lambda f: (f / "settings.json").unlink(), "no readable settings.json"),
    "settings that are no JSON": (lambda f: (f / "settings.json").write_text("{"), "no readable settings.json"),
    "settings that are a list": (lambda f: (f / "settings.json").write_text("[]"), "no readable settings.json"),
    "another recommender": (edit(recommender="other"), "recommender 'other'"),
    "another format": (edit(format=99), "in format 99"),
    "other parts": (edit(shapes={"prior": [2]}), "the parts"),
    "another shape": (edit(shapes={"table": [2, 2], "prior": [3], "codes": [3]}), "prior of shape"),
    "a missing array": (lambda f: (f / "prior.npy").unlink(), "no readable prior.npy"),
    "an array cut off": (lambda f: (f / "prior.npy").write_bytes((f / "prior.npy").read_bytes()[:-4]), "prior.npy"),
    "an empty array file": (lambda f: (f / "prior.npy").write_bytes(b""), "prior.npy"),
    "another type": (write("prior.npy", np.zeros(2)), "prior.npy of float64"),
    "pickled objects": (write("prior.npy", np.array([{}, {}], object), pickled=True), "prior.npy"),
    "an index beyond the end": (write("table.indices.npy", np.array([1, 99], np.int32)), "a damaged table"),
    "rows that run backwards": (write("table.indptr.npy", np.array([0, 5, 2], np.int32)), "a damaged table"),
    "indices that are fractions": (write("table.indices.npy", np.array([1.0, 0.0])), "table.indices.npy of float64"),
}


@pytest.mark.parametrize("kind", DAMAGE)
def test_damaged_files_are_refused_with_what_to_do(kind: str, saved: Path) -> None:
    damage, seen = DAMAGE[kind]
    damage(saved)
    with pytest.raises(ArtifactError) as error:
        load(saved, "example", PARTS)
    assert seen in error.value.seen
    assert "fit the recommender again" in error.value.remedy


def test_parts_that_disagree_about_a_dimension_are_refused(tmp_path: Path) -> None:
    save(tmp_path, "example", {}, LEARNED | {"prior": np.zeros(3, np.float32)})
    with pytest.raises(ArtifactError, match="3 items in prior"):
        load(tmp_path, "example", PARTS)


def test_a_folder_that_is_a_file_is_a_storage_error(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(StorageError):
        save(tmp_path / "file", "example", {}, LEARNED)


@pytest.mark.parametrize("settings", [{"half_life_days": -1.0}, {"half_life_days": "long"}, {"colour": 1}])
def test_settings_that_cannot_be_are_refused(settings: dict[str, Any], tmp_path: Path) -> None:
    PersonalFrequency().fit(sequence_data([0, 1]), SideInformation()).save(tmp_path)
    edit(settings=settings)(tmp_path)
    with pytest.raises(ArtifactError, match="settings that cannot be"):
        PersonalFrequency.load(tmp_path)


def test_what_has_learned_nothing_is_not_saved(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="learned nothing"):
        PersonalFrequency().save(tmp_path / "fitted")
    assert not (tmp_path / "fitted").exists()
