"""A file or an upload as a bounded stream of bytes: regular files only, unpacked by what they are, damage in words."""

from __future__ import annotations

import bz2
import gzip
import hashlib
import io
import lzma
import os
import stat
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import IO, Final, cast

from recsys.errors import DataError
from recsys.files.bounds import MAX_MEMBERS, Bounds, Watch, too_large

CHUNK: Final = 2**18  # bytes unpacked at a time: a bomb is noticed before it fills the memory
AGAIN: Final = "fetch it again, or give another file"
_ZIP: Final = b"PK\x03\x04"
_MAGIC: Final = {b"\x1f\x8b": "gzip", b"BZh": "bzip2", b"\xfd7zXZ\x00": "xz", _ZIP: "zip"}
_NAMED: Final = {".gz": "gzip", ".bz2": "bzip2", ".xz": "xz", ".lzma": "xz", ".zip": "zip"}
_UNREADABLE: Final = (OSError, EOFError, ValueError, zlib.error, lzma.LZMAError, zipfile.BadZipFile,
                      NotImplementedError, RuntimeError, MemoryError)  # fmt: skip
_WHY: Final[tuple[tuple[type[Exception], str], ...]] = (
    (EOFError, "it ends too early: the download or the copy was cut off"),
    (zipfile.BadZipFile, "it is no zip file, or it is damaged"),
    (gzip.BadGzipFile, "it is not gzip, or it is damaged"),
    (zlib.error, "it is damaged"),
    (lzma.LZMAError, "it is damaged"),
    (NotImplementedError, "it is packed in a way that this Python cannot unpack"),
    (RuntimeError, "it is locked with a password"),
    (MemoryError, "it wants more memory than there is"),
)


class Source:
    """What a file or an upload holds, unpacked, as often as it is asked for. `name` is what errors call it.

    Everything raises DataError, in words, for what is no regular file, is damaged or goes beyond the bounds.
    """

    def __init__(
        self, name: str, start: Callable[[], IO[bytes]], size: int, bounds: Bounds, path: Path | None = None
    ) -> None:
        self.name, self.bounds, self._start, self.size = name, bounds, start, size
        self.path = path  # None for an upload

    @classmethod
    def of_path(cls, path: Path, bounds: Bounds) -> Source:
        """The source of a file on disk."""
        with opened(path) as handle:
            size = os.fstat(handle.fileno()).st_size
        return cls(readable(path), lambda: opened(path), size, bounds, path)

    @classmethod
    def of_bytes(cls, name: str, data: bytes, bounds: Bounds) -> Source:
        """The source of an upload."""
        if len(data) > bounds.bytes:
            raise too_large(readable(name), bounds)
        return cls(readable(name), lambda: io.BytesIO(data), len(data), bounds)

    def packed(self) -> IO[bytes]:
        """The file as it lies there, at its beginning."""
        return self._start()

    def first(self, count: int) -> bytes:
        """The first bytes as they lie there."""
        with self.packed() as handle:
            return handle.read(count)

    def whole(self) -> bytes:
        """All of an upload, as it came."""
        return self.first(self.bounds.bytes)

    def sha256(self) -> str:
        """SHA-256 of the file as it lies there, in hex."""
        found = hashlib.sha256()
        with self.packed() as handle:
            while part := handle.read(CHUNK):
                found.update(part)
        return found.hexdigest()

    def chunks(self, watch: Watch | None = None) -> Iterator[bytes]:
        """The content, unpacked, a piece at a time. Of an archive it is the one file in it."""
        for _, parts in self.members(lambda name: True, watch, single=True):
            yield from parts

    def members(
        self, wanted: Callable[[str], bool], watch: Watch | None = None, *, single: bool = False
    ) -> Iterator[tuple[str, Iterator[bytes]]]:
        """(name, pieces) of each file in an archive whose name is wanted; of anything else of the file itself."""
        watch = watch or Watch(self.bounds)
        kind = _kind(self.name, self.first(8))
        try:
            with self.packed() as handle:
                if kind == "zip":
                    yield from self._zipped(handle, wanted, watch, single=single)
                else:
                    with _unpacked(kind, handle) as stream:
                        yield self.name, self._pieces(stream, watch)
        except _UNREADABLE as error:
            raise unreadable(self.name, error) from error

    def _zipped(
        self, handle: IO[bytes], wanted: Callable[[str], bool], watch: Watch, *, single: bool
    ) -> Iterator[tuple[str, Iterator[bytes]]]:
        with zipfile.ZipFile(handle) as archive:
            names = [m for m in archive.infolist() if not m.is_dir() and not m.filename.startswith("__MACOSX")]
            if any(m.filename.startswith("xl/") for m in names):
                raise DataError(f"{self.name} is an Excel workbook", allowed="text", remedy="save it as CSV")
            members = [m for m in names if wanted(m.filename)]
            if single and len(members) != 1:
                raise DataError(
                    f"{self.name} holds {len(members):,} files", allowed="one", remedy="unpack it and give one of them"
                )
            for member in members[:MAX_MEMBERS]:
                with archive.open(member) as stream:
                    yield member.filename, self._pieces(stream, watch)

    def _pieces(self, stream: IO[bytes], watch: Watch) -> Iterator[bytes]:
        unpacked = 0
        try:
            while part := stream.read(CHUNK):
                unpacked += len(part)
                watch.took(self.name, len(part), unpacked, self.size)
                yield part
        except _UNREADABLE as error:
            raise unreadable(self.name, error) from error


def opened(path: Path) -> IO[bytes]:
    """A regular file, at its beginning: pipes and devices, which may never end, are refused without waiting for them.

    Raises DataError for them, for a path that cannot be one, and for a file that is not there or may not be read.
    """
    try:
        number = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
    except FileNotFoundError as error:
        raise DataError(f"there is no file {readable(path)}", remedy="check the path") from error
    except (OSError, ValueError) as error:  # ValueError: a NUL or half a character in the path
        raise unreadable(readable(path), error, "check the path") from error
    mode = os.fstat(number).st_mode
    if not stat.S_ISREG(mode):
        os.close(number)
        kind = "a folder" if stat.S_ISDIR(mode) else "a pipe" if stat.S_ISFIFO(mode) else "a device or a socket"
        raise DataError(f"{readable(path)} cannot be read: it is {kind}", allowed="files", remedy="check the path")
    return os.fdopen(number, "rb")


def unreadable(name: str, error: Exception, remedy: str = AGAIN) -> DataError:
    """The error in words, without anything of the content."""
    why = next((reason for kind, reason in _WHY if isinstance(error, kind)), "")
    if not why and isinstance(error, OSError):
        why = error.strerror or "it is damaged"  # bzip2 says nothing of its damage but words of its own
    return DataError(f"{name} cannot be read: {why or 'its path or content cannot be one'}", remedy=remedy)


def readable(path: Path | str) -> str:
    """A path or a file name as it can be printed: half characters and control characters become question marks."""
    text = str(path).encode("utf-8", "replace").decode()
    return "".join(c if c.isprintable() else "?" for c in text)


def _kind(name: str, first: bytes) -> str:
    """How a file is packed: by its first bytes, and by its name where that says more; "" for not at all."""
    found = next((kind for magic, kind in _MAGIC.items() if first.startswith(magic)), "")
    return found or (_NAMED.get(Path(name).suffix.lower(), "") if first else "")


def _unpacked(kind: str, handle: IO[bytes]) -> IO[bytes]:
    if kind == "gzip":
        return cast("IO[bytes]", gzip.GzipFile(fileobj=handle, mode="rb"))
    if kind == "bzip2":
        return cast("IO[bytes]", bz2.BZ2File(handle))
    if kind == "xz":
        return cast("IO[bytes]", lzma.LZMAFile(handle))
    return handle
