"""Artefacts are there whole or not at all, whatever happens in between."""

from __future__ import annotations

import errno
import hashlib
import json
import multiprocessing
import os
import signal
import time
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from recsys import artifacts
from recsys.artifacts import MANIFEST, ArtifactStore, file_sha256, fingerprint, storage_errors, write_whole
from recsys.errors import ArtifactError, StorageError

V = "0123456789abcdef"


def make(folder: Path) -> dict[str, Any]:
    np.save(folder / "numbers.npy", np.arange(5))
    (folder / "facts.json").write_text(json.dumps({"n": 5}))
    return {"rows": 5}


@pytest.fixture
def store(tmp_path: Path) -> ArtifactStore:
    return ArtifactStore(tmp_path / "cache")


@pytest.fixture
def hashed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The names of the files that were read to be hashed, while even what was just written may be remembered."""
    read: list[str] = []
    digest = hashlib.file_digest

    def noted(handle: Any, kind: str) -> Any:
        read.append(Path(handle.name).name)
        return digest(handle, kind)

    monkeypatch.setattr(artifacts, "SETTLED", -10.0)
    monkeypatch.setattr(hashlib, "file_digest", noted)
    return read


def test_a_file_that_nobody_wrote_to_is_hashed_once(tmp_path: Path, hashed: list[str]) -> None:
    file, other = tmp_path / "one", tmp_path / "other"
    file.write_bytes(b"left")
    other.write_bytes(b"left")
    wanted = hashlib.sha256(b"left").hexdigest()
    assert [file_sha256(each) for each in (file, file, other, file)] == [wanted] * 4
    assert hashed == ["one", "other"]


def test_a_file_is_hashed_anew_when_a_byte_changed_though_its_date_says_nothing(
    tmp_path: Path, hashed: list[str]
) -> None:
    file = tmp_path / "one"
    file.write_bytes(b"left")
    before = file.stat()
    file_sha256(file)
    time.sleep(0.05)  # a tick of the file system's clock
    with file.open("r+b") as handle:
        handle.write(b"r")
    os.utime(file, ns=(before.st_atime_ns, before.st_mtime_ns))
    assert file_sha256(file) == hashlib.sha256(b"reft").hexdigest()
    assert hashed == ["one", "one"]


def test_a_file_put_in_the_place_of_another_is_hashed_anew(tmp_path: Path, hashed: list[str]) -> None:
    file, other = tmp_path / "one", tmp_path / "other"
    file.write_bytes(b"left")
    file_sha256(file)
    other.write_bytes(b"rite")
    other.replace(file)
    assert file_sha256(file) == hashlib.sha256(b"rite").hexdigest()


def test_what_was_just_written_is_not_remembered(
    tmp_path: Path, hashed: list[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.undo()
    file = tmp_path / "one"
    for content in (b"left", b"rite"):  # within one tick of the clock, perhaps
        file.write_bytes(content)
        assert file_sha256(file) == hashlib.sha256(content).hexdigest()


def test_what_was_built_is_read_back(store: ArtifactStore) -> None:
    artifact, made = store.build("things", V, make)
    assert made
    assert artifact.array("numbers").tolist() == [0, 1, 2, 3, 4]
    assert artifact.json("facts.json") == {"n": 5}
    assert artifact.info == {"rows": 5}


def test_a_second_build_makes_nothing(store: ArtifactStore) -> None:
    store.build("things", V, make)
    _, made = store.build("things", V, lambda folder: pytest.fail("made twice"))
    assert not made


def test_a_missing_artefact_says_what_to_run(store: ArtifactStore) -> None:
    with pytest.raises(ArtifactError, match="python -m recsys prepare"):
        store.open("things", V)


@pytest.mark.parametrize("damage", ["truncate", "flip", "remove", "manifest", "no manifest"])
def test_damage_is_found_and_the_next_build_heals_it(store: ArtifactStore, damage: str) -> None:
    artifact, _ = store.build("things", V, make)
    file = artifact.path / "numbers.npy"
    content = file.read_bytes()
    if damage == "truncate":
        file.write_bytes(content[:-3])
    elif damage == "flip":
        file.write_bytes(content[:-1] + bytes([content[-1] ^ 1]))
    elif damage == "remove":
        file.unlink()
    elif damage == "manifest":
        (artifact.path / MANIFEST).write_text("{half")
    else:
        (artifact.path / MANIFEST).unlink()
    with pytest.raises(ArtifactError):
        store.open("things", V)
    _, made = store.build("things", V, make)
    assert made
    assert store.ready("things", V)


def test_a_failing_build_leaves_nothing_behind(store: ArtifactStore) -> None:
    def fail(folder: Path) -> dict[str, Any]:
        make(folder)
        raise RuntimeError("half-way")

    with pytest.raises(RuntimeError):
        store.build("things", V, fail)
    assert not store.ready("things", V)
    assert [p.name for p in store.root.iterdir() if not p.name.endswith(".lock")] == []


@pytest.mark.parametrize("code", [errno.ENOSPC, errno.EROFS, errno.EACCES])
def test_a_full_or_read_only_disk_is_a_storage_error_with_a_remedy(store: ArtifactStore, code: int) -> None:
    def fail(folder: Path) -> dict[str, Any]:
        raise OSError(code, os.strerror(code), str(folder))

    with pytest.raises(StorageError) as caught:
        store.build("things", V, fail)
    assert caught.value.remedy


def test_any_other_trouble_of_the_disk_is_said_with_a_remedy_too(tmp_path: Path) -> None:
    with pytest.raises(StorageError, match="cannot be used") as caught, storage_errors(tmp_path):
        (tmp_path / "no" / "such").read_bytes()
    assert "SHELFLENS_CACHE_DIR" in caught.value.remedy


@pytest.mark.parametrize("root", ["/proc/x", "/etc/passwd", "/etc/passwd/x", "/tmp/" + "x" * 300])
def test_a_root_that_can_be_no_folder_is_a_storage_error(root: str) -> None:
    with pytest.raises((StorageError, ArtifactError)):
        ArtifactStore(Path(root)).open("things", V)
    with pytest.raises(StorageError):
        ArtifactStore(Path(root)).build("things", V, make)


@pytest.mark.parametrize("change", ['{"files": []}', '{"files": {}}', "[]", "null", '{"files": {"a": null}}'])
def test_a_manifest_of_another_shape_is_damage(store: ArtifactStore, change: str) -> None:
    artifact, _ = store.build("things", V, make)
    body = json.loads((artifact.path / MANIFEST).read_text())
    changed = json.loads(change)
    (artifact.path / MANIFEST).write_text(json.dumps(body | changed if isinstance(changed, dict) else changed))
    with pytest.raises(ArtifactError, match="manifest"):
        store.open("things", V)


def test_what_a_killed_build_left_is_cleared_away_by_the_next(store: ArtifactStore) -> None:
    litter = store.root / f".things-{V}.99999.tmp"
    litter.mkdir(parents=True)
    store.build("things", V, make)
    assert not litter.exists()


def test_what_is_there_is_found_without_writing(store: ArtifactStore, monkeypatch: pytest.MonkeyPatch) -> None:
    store.build("things", V, make)
    monkeypatch.setattr("recsys.artifacts.os.utime", lambda path: (_ for _ in ()).throw(OSError(errno.EROFS, "ro")))
    assert store.find("things", V) is not None


def _slow(folder: Path) -> dict[str, Any]:
    (folder / "started").touch()
    time.sleep(60)
    return {}


def _build(root: Path, slow: bool, counter: Path) -> None:
    def counted(folder: Path) -> dict[str, Any]:
        with counter.open("a") as handle:
            handle.write("x")
        return make(folder)

    ArtifactStore(root).build("things", V, _slow if slow else counted)


def test_a_killed_build_leaves_no_artefact_and_the_next_one_succeeds(store: ArtifactStore, tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    process = context.Process(target=_build, args=(store.root, True, tmp_path / "count"))
    process.start()
    deadline = time.monotonic() + 30
    while not list(store.root.glob(".things-*.tmp/started")) and time.monotonic() < deadline:
        process.join(0.05)
    assert process.pid is not None
    os.kill(process.pid, signal.SIGKILL)
    process.join()
    assert not store.ready("things", V)
    _, made = store.build("things", V, make)
    assert made


def test_two_builds_at_once_make_it_once(store: ArtifactStore, tmp_path: Path) -> None:
    counter = tmp_path / "count"
    context = multiprocessing.get_context("spawn")
    both = [context.Process(target=_build, args=(store.root, False, counter)) for _ in range(2)]
    for process in both:
        process.start()
    for process in both:
        process.join(60)
    assert [p.exitcode for p in both] == [0, 0]
    assert counter.read_text() == "x"
    assert store.ready("things", V)


def test_old_versions_are_cleared_away_but_the_last_two_stay(store: ArtifactStore) -> None:
    for i in range(5):
        store.build("things", f"{i:016x}", make)
    assert len([p for p in store.root.iterdir() if p.is_dir()]) == 2


def test_clearing_away_leaves_what_has_another_name_or_lies_elsewhere(store: ArtifactStore, tmp_path: Path) -> None:
    other = ArtifactStore(tmp_path / "other")
    for i in range(3):
        other.build("things", f"{i:016x}", make)
        store.build("more_things", f"{i:016x}", make)
    for i in range(5):
        store.build("things", f"{i:016x}", make)
    assert len(list(other.root.glob("things-*"))) == 2
    assert len(list(store.root.glob("more_things-*"))) == 2


def test_a_fingerprint_changes_with_any_part() -> None:
    prints = {fingerprint("a", 1), fingerprint("a", 2), fingerprint("b", 1), fingerprint(["a", 1])}
    assert len(prints) == 4
    assert fingerprint("a", {"x": 1, "y": 2}) == fingerprint("a", {"y": 2, "x": 1})


def test_writing_whole_replaces_and_leaves_no_temporary_file(tmp_path: Path) -> None:
    file = tmp_path / "f.json"
    write_whole(file, b"old")
    write_whole(file, b"new")
    assert file.read_bytes() == b"new"
    assert list(tmp_path.iterdir()) == [file]
