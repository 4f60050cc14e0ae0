"""What would never end, or fill the memory, is refused by every reader at once and in words."""

from __future__ import annotations

import bz2
import gzip
import lzma
import os
import time
import tracemalloc
from collections.abc import Callable
from pathlib import Path

import pytest

from recsys.datasets import sequences
from recsys.errors import DataError
from recsys.files.bounds import Bounds, Watch
from recsys.files.source import Source
from recsys.files.tables import rows
from recsys.files.text import text_of
from tests.files.readers import HISTORIES, READERS

OF_PATHS = ["interactions", "attributes", "judgments", "catalogue"]
MB = 2**20


def refused(name: str, path: Path) -> str:
    """What the reader says of a file; it takes a few seconds at most and says the remedy."""
    began = time.process_time()
    with pytest.raises(DataError) as caught:
        READERS[name][0](path)
    assert time.process_time() - began < 20
    assert caught.value.remedy
    return caught.value.seen


@pytest.mark.parametrize("name", OF_PATHS)
def test_a_pipe_is_refused_without_waiting_for_a_writer(name: str, tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.json")
    assert "it is a pipe" in refused(name, tmp_path / "pipe.json")


@pytest.mark.parametrize("name", OF_PATHS)
@pytest.mark.parametrize("device", ["/dev/zero", "/dev/random", "/dev/tty"])
def test_a_device_is_refused(name: str, device: str) -> None:
    if name == "attributes":
        pytest.skip("the histories beside it cannot be written there")
    assert "cannot be read" in refused(name, Path(device))


@pytest.mark.parametrize("name", OF_PATHS)
@pytest.mark.parametrize("path", ["a\0b", "half \ud800 a character", "x" * 5_000, "nowhere/at/all"])
def test_a_path_that_is_none_is_one_printable_line(name: str, path: str, tmp_path: Path) -> None:
    if name != "attributes":
        assert refused(name, Path(path)).isprintable()
        return
    (tmp_path / "histories.txt").write_bytes(HISTORIES)
    with pytest.raises(DataError) as caught:
        sequences.load(tmp_path / "histories.txt", Path(path))
    assert caught.value.one_line().isprintable()


@pytest.mark.parametrize("name", OF_PATHS)
@pytest.mark.parametrize("byte", [b"\0", b"\n"])
def test_megabytes_of_one_byte_fill_no_memory(name: str, byte: bytes, tmp_path: Path) -> None:
    path = tmp_path / "same.json.gz"
    path.write_bytes(gzip.compress(byte * (4 * MB), 1))
    tracemalloc.start()
    refused(name, path)
    peak = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert peak < 60 * MB


@pytest.mark.parametrize("pack", [gzip.compress, lzma.compress])
def test_a_bomb_is_noticed_by_what_it_unpacks_to(pack: Callable[[bytes], bytes], tmp_path: Path) -> None:
    path = tmp_path / "log.txt"
    path.write_bytes(pack((b"7 " + b"1 " * 50_000 + b"\n") * 180))  # 18 MB of the same
    assert "unpacks to more than 200 times its size" in refused("interactions", path)


@pytest.mark.parametrize("damage", [lambda data: data[:-8], lambda data: data[:40] + b"\x5a" * 20 + data[60:]])
@pytest.mark.parametrize("pack", [gzip.compress, bz2.compress, lzma.compress])
@pytest.mark.parametrize("name", OF_PATHS)
def test_a_damaged_archive_is_said(
    name: str, pack: Callable[[bytes], bytes], damage: Callable[[bytes], bytes], tmp_path: Path
) -> None:
    path = tmp_path / "packed.json"
    path.write_bytes(damage(pack(os.urandom(2_000).hex().encode())))
    assert "cannot be read: it " in refused(name, path)


def source(content: bytes, **bounds: int) -> Source:
    return Source.of_bytes("mine.csv", content, Bounds(**({"bytes": 10_000} | bounds), remedy="give less"))


@pytest.mark.parametrize(
    ("content", "bounds", "said"),
    [
        (b"a\n" * 6, {"lines": 5}, "mine.csv has more than 5 lines"),
        (b"a\n" + b" \n" * 8, {"blank_lines": 5}, "mine.csv has more than 5 blank lines"),
        (b"a\n" + b"b" * 11, {"line_chars": 10}, "mine.csv line 2 is longer than 10 characters"),
        (b"a,b,c,d\n", {"cells": 3}, "mine.csv line 1 has 4 cells"),
    ],
)
def test_every_bound_is_kept_and_said(content: bytes, bounds: dict[str, int], said: str) -> None:
    held = source(content, **bounds)
    with pytest.raises(DataError, match=said):
        list(rows(text_of(held), ",", held.bounds.cells))


def test_an_upload_beyond_its_bytes_is_refused_before_it_is_looked_at() -> None:
    with pytest.raises(DataError, match=r"mine\.csv is larger than"):
        source(b"a" * 10_001)


def test_a_reader_that_takes_too_long_stops() -> None:
    watch = Watch(Bounds(bytes=100, remedy="give less", seconds=0.0))
    with pytest.raises(DataError, match="takes longer than 0 s"):
        watch.took("mine.csv", 1, 1, 1)
