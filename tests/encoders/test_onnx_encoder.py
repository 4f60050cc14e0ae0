"""The query encoder: its contract on MiniLM, what it loads, and damaged files."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from recsys.encoders.onnx_encoder import CARD, GRAPH, TOKENIZER, OnnxTextEncoder
from recsys.encoders.onnx_export import export
from recsys.encoders.weights import locate
from recsys.errors import ArtifactError
from recsys.settings import PROJECT
from tests.contracts import TextEncoderContract
from tests.encoders.tiny_models import save_tiny_model


@pytest.fixture(scope="module")
def exported(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("minilm")
    assert export(locate("minilm"), folder)["lowest_cosine"] >= 0.9999
    return folder


@pytest.fixture(scope="module")
def minilm(exported: Path) -> OnnxTextEncoder:
    return OnnxTextEncoder(exported, threads=2)


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("tiny")
    export(locate(str(save_tiny_model(folder / "model"))), folder)
    return folder


class TestOnnxEncoderOnMinilm(TextEncoderContract):
    @pytest.fixture
    def encoder(self, minilm: OnnxTextEncoder) -> OnnxTextEncoder:
        return minilm


def test_like_means_like(minilm: OnnxTextEncoder) -> None:
    query, like, unlike = minilm.encode(["dinner for kids", "family meals for children", "motor oil"])
    assert query @ like > query @ unlike + 0.2


def test_neither_torch_nor_transformers_is_loaded(tiny: Path) -> None:
    program = (
        "import sys; from pathlib import Path; from recsys.encoders.onnx_encoder import OnnxTextEncoder\n"
        f"assert OnnxTextEncoder(Path({str(tiny)!r})).encode(['milk']).shape == (1, 16)\n"
        "print([m for m in ('torch', 'transformers', 'sentence_transformers', 'onnx') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, cwd=PROJECT, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("name", [GRAPH, TOKENIZER, CARD])
@pytest.mark.parametrize("damage", ["missing", "empty", "truncated", "garbage"])
def test_a_damaged_file_is_an_artifact_error_that_says_what_to_do(
    tiny: Path, tmp_path: Path, name: str, damage: str
) -> None:
    for file in (GRAPH, TOKENIZER, CARD):
        shutil.copy(tiny / file, tmp_path)
    path = tmp_path / name
    whole = path.read_bytes()
    content = {"empty": b"", "truncated": whole[: len(whole) // 2], "garbage": b"not what it was" * 20}
    path.unlink()
    if damage != "missing":
        path.write_bytes(content[damage])
    with pytest.raises(ArtifactError, match="recsys prepare"):
        OnnxTextEncoder(tmp_path)


def test_a_card_with_a_value_of_the_wrong_kind_is_an_artifact_error(tiny: Path, tmp_path: Path) -> None:
    for file in (GRAPH, TOKENIZER, CARD):
        shutil.copy(tiny / file, tmp_path)
    card = json.loads((tmp_path / CARD).read_text(encoding="utf-8"))
    (tmp_path / CARD).write_text(json.dumps({**card, "dimension": "sixteen"}), encoding="utf-8")
    with pytest.raises(ArtifactError, match="damaged"):
        OnnxTextEncoder(tmp_path)
