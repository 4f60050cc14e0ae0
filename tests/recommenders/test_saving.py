"""A recommender that could not be saved leaves the one that was saved before, whole."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from scipy import sparse

from recsys.artifacts import write_array, write_whole
from recsys.errors import StorageError
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.fitted_arrays import SETTINGS, Part, load, save, written_whole
from recsys.recommenders.personal_frequency import PersonalFrequency
from recsys.recommenders.registry import RECOMMENDERS
from tests.full_disk import room_for
from tests.recommenders.recommender_contract import SEQUENCES, side_information, visits_of

PARTS = {"table": Part(("items", "items"), sparse=True), "prior": Part(("items",))}


def learned(value: float, n: int = 100) -> dict[str, object]:
    return {"prior": np.full(n, value, np.float32), "table": sparse.csr_array(np.eye(n, dtype=np.float32) * value)}


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


# an array of 100 numbers takes 128 bytes of header and 400 of content, indices as many, row starts 101
@pytest.mark.parametrize("room", [0, 127, 128, 527, 531], ids=lambda room: f"room for {room} bytes")
def test_a_save_that_finds_no_room_leaves_the_one_before_it(room: int, tmp_path: Path) -> None:
    save(tmp_path, "example", {}, learned(1))
    before = files(tmp_path)
    with room_for(room), pytest.raises(StorageError):
        save(tmp_path, "example", {}, learned(2))
    assert files(tmp_path) == before
    assert [path.name for path in tmp_path.iterdir() if path.is_dir()] == []
    assert load(tmp_path, "example", PARTS)[1]["prior"].tolist() == [1] * 100


def test_with_room_for_exactly_all_it_is_saved(tmp_path: Path) -> None:
    save(tmp_path, "example", {}, learned(1))
    largest = max(len(content) for content in files(tmp_path).values())
    with room_for(largest):
        save(tmp_path, "example", {}, learned(2))
    assert load(tmp_path, "example", PARTS)[1]["prior"].tolist() == [2] * 100


@pytest.mark.parametrize("missing", [1, 100, 5_000])
def test_the_end_of_an_array_that_finds_no_room_is_noticed(missing: int, tmp_path: Path) -> None:
    with room_for(128 + 8_000 - missing), pytest.raises(StorageError, match=r"a\.npy"):
        write_array(tmp_path / "a.npy", np.ones(2_000, np.float32))


@pytest.mark.parametrize(
    "array", [np.arange(6).reshape(2, 3), np.asfortranarray(np.ones((3, 4))), np.ones(0), np.array(3.0)], ids=str
)
def test_an_array_comes_back_as_it_was_written(array: np.ndarray, tmp_path: Path) -> None:
    write_array(tmp_path / "a.npy", array)
    found = np.load(tmp_path / "a.npy", allow_pickle=False)
    np.testing.assert_array_equal(found, array)
    assert found.dtype == array.dtype


def test_an_array_of_objects_is_not_written(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="pickle"):
        write_array(tmp_path / "a.npy", np.array([{}], object))


def test_what_is_loaded_can_be_saved_where_it_lies(tmp_path: Path) -> None:
    save(tmp_path, "example", {}, learned(1))
    _, mapped = load(tmp_path, "example", PARTS)  # memory-mapped: writing over the files would change it
    save(tmp_path, "example", {}, {name: value * 2 for name, value in mapped.items()})
    assert mapped["prior"].tolist() == [1] * 100
    assert load(tmp_path, "example", PARTS)[1]["prior"].tolist() == [2] * 100


def test_a_failure_of_any_kind_leaves_what_was_there(tmp_path: Path) -> None:
    save(tmp_path, "example", {}, learned(1))
    before = files(tmp_path)

    def interrupted(temporary: Path) -> None:
        write_whole(temporary / "prior.npy", b"half")
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt), written_whole(tmp_path, SETTINGS) as temporary:
        interrupted(temporary)
    assert files(tmp_path) == before


def test_other_files_in_the_folder_stay(tmp_path: Path) -> None:
    (tmp_path / "notes.txt").write_text("mine", encoding="utf-8")
    save(tmp_path, "example", {}, learned(1))
    save(tmp_path, "example", {}, learned(2))
    assert files(tmp_path)["notes.txt"] == b"mine"


def test_what_a_kill_left_behind_is_no_hindrance(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("recsys.recommenders.fitted_arrays.os.getpid", lambda: 7)  # in a container it is often the same
    (tmp_path / ".7.tmp").mkdir()
    (tmp_path / ".7.tmp" / "half.npy").write_bytes(b"")
    save(tmp_path, "example", {}, learned(1))
    assert sorted(files(tmp_path)) == [
        "prior.npy",
        "settings.json",
        "table.data.npy",
        "table.indices.npy",
        "table.indptr.npy",
    ]


def test_a_kill_between_old_and_new_leaves_nothing_that_is_read_as_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    save(tmp_path, "example", {}, learned(1))
    replace: Callable[[Path, Path], Path] = Path.replace

    def killed(self: Path, target: Path) -> Path:
        if "table" in target.name and target.parent == tmp_path:
            raise KeyboardInterrupt
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", killed)
    with pytest.raises(KeyboardInterrupt):
        save(tmp_path, "example", {}, learned(2))
    assert SETTINGS not in files(tmp_path)


@pytest.mark.parametrize("name", RECOMMENDERS)
def test_every_recommender_survives_a_save_that_finds_no_room(name: str, tmp_path: Path) -> None:
    kind = RECOMMENDERS[name].kind
    fitted = kind().fit(SEQUENCES, side_information(len(SEQUENCES)))
    scores = fitted.score(visits_of(SEQUENCES))
    fitted.save(tmp_path)
    before = files(tmp_path)
    with room_for(130), pytest.raises(StorageError):
        fitted.save(tmp_path)
    assert files(tmp_path) == before
    np.testing.assert_array_equal(kind.load(tmp_path).score(visits_of(SEQUENCES)), scores)


def test_a_first_save_that_finds_no_room_leaves_no_file(tmp_path: Path) -> None:
    fitted = PersonalFrequency().fit(SEQUENCES, SideInformation())
    with room_for(130), pytest.raises(StorageError):
        fitted.save(tmp_path / "new")
    assert files(tmp_path) == {}
