"""Encoding a corpus once, and going on after a kill."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders import corpus
from recsys.encoders.corpus import encode_corpus
from recsys.errors import StorageError
from recsys.progress import Progress, silent
from recsys.schema import Floats
from recsys.settings import PROJECT


class CountingEncoder:
    """Vectors that spell out the text: (length, first letter, last letter), and a list of all it was asked."""

    name = "counting"
    dimension = 3

    def __init__(self) -> None:
        self.asked: list[str] = []

    def encode(self, texts: Sequence[str], progress: Progress = silent) -> Floats:
        self.asked.extend(texts)
        progress(len(texts), len(texts))
        return np.array([[len(t), ord(t[0]), ord(t[-1])] for t in texts], np.float32).reshape(-1, 3)


TEXTS = [f"product {i}" for i in range(95)] + ["product 3", "product 3", "product 94"]


@pytest.fixture(autouse=True)
def _chunks_of_ten(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(corpus, "CHUNK", 10)


def test_each_distinct_text_is_encoded_once_and_rows_follow_the_texts(tmp_path: Path) -> None:
    encoder = CountingEncoder()
    vectors = encode_corpus(TEXTS, encoder, tmp_path)
    assert sorted(encoder.asked) == sorted(set(TEXTS))
    np.testing.assert_array_equal(vectors, CountingEncoder().encode(TEXTS))


def test_no_texts_give_no_rows(tmp_path: Path) -> None:
    assert encode_corpus([], CountingEncoder(), tmp_path).shape == (0, 3)


def test_a_second_run_encodes_nothing(tmp_path: Path) -> None:
    first = encode_corpus(TEXTS, CountingEncoder(), tmp_path)
    again = CountingEncoder()
    np.testing.assert_array_equal(encode_corpus(TEXTS, again, tmp_path), first)
    assert again.asked == []


@pytest.mark.parametrize("damage", [b"", b"garbage", None, "other shape", "nan"])
def test_a_damaged_chunk_is_encoded_again_and_only_that_one(tmp_path: Path, damage: object) -> None:
    first = encode_corpus(TEXTS, CountingEncoder(), tmp_path)
    chunk = sorted(tmp_path.glob("*.npy"))[0]
    if isinstance(damage, bytes):
        chunk.write_bytes(damage)
    elif damage is None:
        chunk.write_bytes(chunk.read_bytes()[:-5])
    else:
        np.save(chunk, np.full((9, 3) if damage == "other shape" else (10, 3), np.nan, np.float32))
    again = CountingEncoder()
    np.testing.assert_array_equal(encode_corpus(TEXTS, again, tmp_path), first)
    assert len(again.asked) in (5, 10)  # 95 distinct texts: nine chunks of ten and one of five


def test_another_encoder_does_not_use_the_chunks_of_the_first(tmp_path: Path) -> None:
    encode_corpus(TEXTS, CountingEncoder(), tmp_path)
    other = CountingEncoder()
    other.name = "other"
    encode_corpus(TEXTS, other, tmp_path)
    assert len(other.asked) == 95


def test_progress_never_goes_back_and_ends_at_the_number_of_distinct_texts(tmp_path: Path) -> None:
    told: list[int] = []
    encode_corpus(TEXTS, CountingEncoder(), tmp_path, lambda done, total, note="": told.append(done))
    assert told == sorted(told)
    assert told[-1] == 95


def test_a_folder_that_cannot_be_written_is_a_storage_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def read_only(*args: object, **kwargs: object) -> None:
        raise OSError(30, "Read-only file system", str(tmp_path))

    monkeypatch.setattr(Path, "mkdir", read_only)
    with pytest.raises(StorageError, match="read-only"):
        encode_corpus(TEXTS, CountingEncoder(), tmp_path / "scratch")


KILLED = """
import sys
from pathlib import Path
from recsys.encoders import corpus
from tests.encoders.test_corpus import TEXTS, CountingEncoder

class StuckEncoder(CountingEncoder):
    def encode(self, texts, progress=None):
        if len(self.asked) == 40:
            print("stuck", flush=True)
            sys.stdin.read()  # until killed
        return super().encode(texts)

corpus.CHUNK = 10
corpus.encode_corpus(TEXTS, StuckEncoder(), Path(sys.argv[1]))
"""


def test_a_killed_run_goes_on_where_it_was(tmp_path: Path) -> None:
    process = subprocess.Popen(
        [sys.executable, "-c", KILLED, str(tmp_path)],
        cwd=PROJECT,
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    with process:
        assert process.stdout is not None
        assert process.stdout.readline() == "stuck\n"  # four chunks are finished, the fifth is being encoded
        process.send_signal(signal.SIGKILL)
    assert process.returncode == -signal.SIGKILL
    again = CountingEncoder()
    vectors = encode_corpus(TEXTS, again, tmp_path)
    assert len(again.asked) == 95 - 40
    np.testing.assert_array_equal(vectors, CountingEncoder().encode(TEXTS))
