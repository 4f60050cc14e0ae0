"""Fingerprinted folders of prepared files, written whole or not at all.

An artefact is a folder `<name>-<fingerprint>/` with its files and a `manifest.json` that lists each file's size and
SHA-256. It is made in a temporary folder beside it and renamed, so that it is there completely or not at all.
"""

from __future__ import annotations

import errno
import hashlib
import json
import os
import re
import shutil
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
import numpy.typing as npt
from filelock import FileLock, Timeout

from recsys.errors import ArtifactError, StorageError

MANIFEST: Final = "manifest.json"
LEFT_AFTER: Final = 3_600.0  # seconds; the largest file of a job is written in a few
KEPT_VERSIONS: Final = 2  # of one artefact in one folder, so that going back to the code or encoder before is free
SETTLED: Final = 2.0  # seconds; the coarsest clock of a file system in use, FAT's
MOST_READ: Final = 10_000  # files whose hash is remembered: two megabytes
PREPARE: Final = "run `python -m recsys prepare`; it rebuilds what is missing or damaged"

_READ: Final = dict[tuple[int, ...], str]()  # state of a file -> SHA-256 of its content


def fingerprint(*parts: object) -> str:
    """A short, stable name for the combination of parts (anything JSON can hold, or paths' texts)."""
    text = json.dumps(parts, sort_keys=True, default=str, ensure_ascii=False)
    return hashlib.sha256(text.encode()).hexdigest()[:16]


def file_sha256(path: Path) -> str:
    """SHA-256 of a file's content, in hex.

    What was read once in this process is not read again while the file system says that nobody wrote to it: every
    opening of a shop asks for the same hundreds of megabytes. A file changed within the last SETTLED seconds is not
    remembered, as a second change within one tick of the clock would not show.
    """
    with path.open("rb") as handle:
        state = _state(handle)
        if (known := _READ.get(state)) is not None:
            return known
        found = hashlib.file_digest(handle, "sha256").hexdigest()
        settled = time.time_ns() - max(state[-2:]) > SETTLED * 1e9
        if settled and _state(handle) == state:
            if len(_READ) >= MOST_READ:
                _READ.clear()
            _READ[state] = found
    return found


def _state(handle: BinaryIO) -> tuple[int, ...]:
    """What changes when a file does: which it is, its size, and when its content and its entry were last written."""
    now = os.fstat(handle.fileno())
    return now.st_dev, now.st_ino, now.st_size, now.st_mtime_ns, now.st_ctime_ns


def code_version(*files: str | Path) -> str:
    """A fingerprint of source files, so that changed code rebuilds what it made."""
    return fingerprint(*(file_sha256(Path(f)) for f in files))


_FULL: Final = "free some space (1 GB is plenty) and run it again; nothing was lost"
_ELSEWHERE: Final = "set SHELFLENS_CACHE_DIR and SHELFLENS_STATE_DIR to folders that can be written"
_STORAGE_TROUBLE: Final = {
    errno.ENOSPC: ("the disk is full", _FULL),
    errno.EDQUOT: ("the disk quota is used up", _FULL),
    errno.EROFS: ("the disk is read-only", _ELSEWHERE),
    errno.EACCES: ("no permission to write", f"make the folder writable, or {_ELSEWHERE}"),
    errno.EPERM: ("no permission to write", f"make the folder writable, or {_ELSEWHERE}"),
}


@contextmanager
def storage_errors(path: Path) -> Iterator[None]:
    """Turn a disk that is full, read-only or unusable in any other way into a StorageError that says what to do."""
    try:
        yield
    except OSError as error:
        unusable = f"the folder cannot be used ({error.strerror or error})", _ELSEWHERE
        seen, remedy = _STORAGE_TROUBLE.get(error.errno or 0, unusable)
        raise StorageError(f"{seen}: {str(error.filename or path)[:200]}", remedy=remedy) from error


def write_whole(path: Path, data: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, never half."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}.tmp")
    with storage_errors(path):
        try:
            with temporary.open("wb") as handle:
                handle.write(data)
                handle.flush()
                os.fsync(handle.fileno())
            temporary.replace(path)
        finally:
            temporary.unlink(missing_ok=True)


def remove_leftovers(folder: Path) -> None:
    """Remove what killed processes left half-written in a folder: `.<name>.tmp`, files and folders.

    Only what nobody has touched for LEFT_AFTER seconds and whose process, where the name says it, is gone: a living one
    may be writing. Locks need no such care: they are the kernel's, and go with their process.
    """
    with suppress(OSError):
        for path in folder.glob(".*.tmp"):
            if untouched(path) and not _writer_lives(path.name):
                shutil.rmtree(path, ignore_errors=True) if path.is_dir() else path.unlink(missing_ok=True)


def untouched(path: Path) -> bool:
    """Whether nothing of a file or folder was written in the last LEFT_AFTER seconds."""
    try:
        latest: float = max(each.lstat().st_mtime for each in (path, *(path.rglob("*") if path.is_dir() else ())))
    except OSError:  # it is being written, or removed
        return False
    return time.time() - latest > LEFT_AFTER


def _writer_lives(name: str) -> bool:
    import psutil

    number = re.search(r"\.([0-9]{1,9})(\.[0-9a-f]+)?\.tmp$", name)
    return number is not None and int(number[1]) in psutil.pids()


def mapped(file: Path) -> npt.NDArray[Any]:
    """The array of a .npy file, memory-mapped, read only; a plain array, for slices of `np.memmap` are slow.

    Raises OSError or ValueError where it is missing or damaged.
    """
    return np.asarray(np.load(file, mmap_mode="r", allow_pickle=False))


def write_array(path: Path, array: npt.NDArray[Any]) -> None:
    """Write an array as .npy. Raises StorageError when there is no room for all of it.

    Given a real file, np.save writes through C and does not hear that the last few kilobytes found no room.
    """
    with storage_errors(path), path.open("wb") as handle:
        np.save(_Bytes(handle.write), array, allow_pickle=False)
        handle.flush()
        os.fsync(handle.fileno())


@dataclass(frozen=True, slots=True)
class _Bytes:
    """What np.save takes for something else than a real file."""

    write: Callable[[bytes], int]


@dataclass(frozen=True, slots=True)
class Artifact:
    """A complete, verified folder of prepared files."""

    name: str
    path: Path
    manifest: dict[str, Any]

    @property
    def info(self) -> dict[str, Any]:
        """What the builder noted about what it made."""
        return dict(self.manifest["info"])

    def file(self, name: str) -> Path:
        """The path of one of its files. Raises ArtifactError when the artefact has none of that name."""
        if name not in self.manifest["files"]:
            raise ArtifactError(
                f"artefact {self.name} has no file {name}", allowed=", ".join(self.manifest["files"]), remedy=PREPARE
            )
        return self.path / name

    def array(self, name: str) -> npt.NDArray[Any]:
        """A memory-mapped array, read-only. `name` is the file's name without `.npy`."""
        return mapped(self.file(f"{name}.npy"))

    def json(self, name: str) -> Any:
        """The content of a JSON file of the artefact."""
        return json.loads(self.file(name).read_text(encoding="utf-8"))


class ArtifactStore:
    """A folder in which prepared files live: those of one shop, say. `kept` versions of each artefact stay."""

    def __init__(self, root: Path, kept: int = KEPT_VERSIONS) -> None:
        self.root, self.kept = Path(root), kept

    def path(self, name: str, version: str) -> Path:
        """Where the artefact of that name and fingerprint lies, whether it is there or not."""
        return self.root / f"{name}-{version}"

    def open(self, name: str, version: str) -> Artifact:
        """The artefact, every byte checked against its manifest, once a process while no file changes.

        Raises ArtifactError when it is missing, truncated or damaged.
        """
        path = self.path(name, version)
        with storage_errors(path):
            if not path.is_dir():
                raise ArtifactError(f"the prepared files '{name}' are missing or out of date", remedy=PREPARE)
        manifest = self._manifest(name, path)
        for file, facts in manifest["files"].items():
            self._check(name, path / file, facts)
        return Artifact(name, path, manifest)

    @staticmethod
    def _manifest(name: str, path: Path) -> dict[str, Any]:
        """The manifest as it was written: its seal is the fingerprint of all the rest of it."""
        try:
            manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
            seal = manifest.pop("seal")
        except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArtifactError(f"the prepared files '{name}' have no readable manifest", remedy=PREPARE) from error
        if seal != fingerprint(manifest):
            raise ArtifactError(f"the manifest of the prepared files '{name}' was changed", remedy=PREPARE)
        return dict(manifest)

    @staticmethod
    def _check(name: str, file: Path, facts: dict[str, Any]) -> None:
        try:
            size = file.stat().st_size
            if size != facts["bytes"]:
                raise ArtifactError(
                    f"{file.name} of '{name}' has {size:,} bytes", allowed=f"{facts['bytes']:,} bytes", remedy=PREPARE
                )
            if file_sha256(file) != facts["sha256"]:
                raise ArtifactError(
                    f"{file.name} of '{name}' is damaged: its SHA-256 is not what was written", remedy=PREPARE
                )
        except OSError as error:
            raise ArtifactError(f"{file.name} of '{name}' cannot be read: {error.strerror}", remedy=PREPARE) from error

    def find(self, name: str, version: str) -> Artifact | None:
        """The artefact if it is there, whole and undamaged; needs no permission to write."""
        try:
            found = self.open(name, version)
        except ArtifactError:
            return None
        with suppress(OSError):
            os.utime(found.path)  # in use: the last to be cleared away
        return found

    def ready(self, name: str, version: str) -> bool:
        """Whether the artefact is there, whole and undamaged."""
        return self.find(name, version) is not None

    def scratch(self, name: str, version: str) -> Path:
        """A folder for work that is resumed after an interruption; removed once the artefact is built."""
        path = self.root / f".{name}-{version}.partial"
        with storage_errors(path):
            path.mkdir(parents=True, exist_ok=True)
        return path

    def build(
        self,
        name: str,
        version: str,
        make: Callable[[Path], dict[str, Any]],
        waiting: Callable[[str], None] = lambda message: None,
    ) -> tuple[Artifact, bool]:
        """The artefact, made by `make(folder) -> info` if it is missing or damaged.

        Returns (artefact, whether it was made now). Only one process makes it; another waits (`waiting` is told) and
        then finds it done. Raises StorageError when the disk is full or cannot be written.
        """
        with storage_errors(self.root):
            self.root.mkdir(parents=True, exist_ok=True)
            with self._only_me(name, version, waiting):
                if (found := self.find(name, version)) is not None:
                    return found, False
                self._make(name, version, make)
        return self.open(name, version), True

    @contextmanager
    def _only_me(self, name: str, version: str, waiting: Callable[[str], None]) -> Iterator[None]:
        lock = FileLock(self.root / f".{name}-{version}.lock")
        try:
            lock.acquire(timeout=0)
        except Timeout:
            waiting(f"another preparation is making '{name}'; waiting for it")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _make(self, name: str, version: str, make: Callable[[Path], dict[str, Any]]) -> None:
        remove_leftovers(self.root)  # of other versions
        for left_by_a_kill in self.root.glob(f".{name}-{version}.*.tmp"):  # nobody else is at it: we hold the lock
            shutil.rmtree(left_by_a_kill, ignore_errors=True)
        temporary = self.root / f".{name}-{version}.{os.getpid()}.tmp"
        started = time.time()
        try:
            temporary.mkdir(parents=True)
            info = make(temporary)
            listed = {
                f.relative_to(temporary).as_posix(): {"bytes": f.stat().st_size, "sha256": file_sha256(f)}
                for f in sorted(temporary.rglob("*"))
                if f.is_file()
            }
            manifest = {
                "name": name,
                "version": version,
                "made_at": started,
                "seconds": time.time() - started,
                "info": info,
                "files": listed,
            }
            sealed = manifest | {"seal": fingerprint(manifest)}
            write_whole(temporary / MANIFEST, json.dumps(sealed, indent=1, ensure_ascii=False).encode())
            target = self.path(name, version)
            shutil.rmtree(target, ignore_errors=True)  # only ever a damaged one: `ready` said no
            temporary.replace(target)
        finally:
            shutil.rmtree(temporary, ignore_errors=True)
        shutil.rmtree(self.root / f".{name}-{version}.partial", ignore_errors=True)
        self._prune(name)

    def _prune(self, name: str) -> None:
        versions = [p for p in self.root.glob(f"{name}-" + "[0-9a-f]" * 16) if p.is_dir()]
        versions.sort(key=lambda p: p.stat().st_mtime, reverse=True)
        for old in versions[self.kept :]:
            shutil.rmtree(old, ignore_errors=True)
