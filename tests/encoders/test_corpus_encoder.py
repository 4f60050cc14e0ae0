"""Which way a corpus is encoded, and that both ways compute the same."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.encoders import corpus_encoder, onnx_encoder, torch_encoder
from recsys.encoders.compressing.methods import FULL, INT8_WHOLE, METHODS, workshop
from recsys.encoders.contract import by_length
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.encoders.onnx_export import export
from recsys.encoders.serving_graph import SERVING, serving_encoder
from recsys.encoders.torch_encoder import TorchTextEncoder
from recsys.encoders.weights import ModelFiles, locate
from recsys.progress import silent
from tests.contracts import TextEncoderContract
from tests.encoders.tiny_models import save_tiny_model

TEXTS = [f"{'whole milk ' * (i % 9)}tea {i % 3}" for i in range(60)]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return locate(str(save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")))


@pytest.fixture(scope="module")
def exported(model: ModelFiles, tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("exported")
    export(model, folder)
    return folder


class TestTheGraphWithBatchesAtOnce(TextEncoderContract):
    @pytest.fixture
    def encoder(self, exported: Path) -> OnnxTextEncoder:
        return OnnxTextEncoder(exported, batches_at_once=3)


@pytest.fixture
def _small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_encoder, "TOKENS_PER_BATCH", 24)
    assert len(by_length([[0] * (i % 9) for i in range(60)], 24)) > 9


@pytest.mark.usefixtures("_small_batches")
def test_without_bfloat16_the_graph_gives_torchs_vectors(
    model: ModelFiles, exported: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(torch_encoder, "native_bfloat16", lambda: False)
    chosen = corpus_encoder.corpus_encoder(model, exported)
    assert chosen.path == "onnx fp32"
    told: list[int] = []
    vectors = chosen.encoder.encode(TEXTS, lambda done, total, note="": told.append(done))
    np.testing.assert_allclose(vectors, TorchTextEncoder(model, "fp32").encode(TEXTS), atol=1e-6)
    assert told == sorted(told)
    assert told[-1] == len(TEXTS)


def test_with_bfloat16_torch_computes_in_it(model: ModelFiles, exported: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_encoder, "native_bfloat16", lambda: True)
    chosen = corpus_encoder.corpus_encoder(model, exported)
    assert chosen.path == "torch bf16"
    assert isinstance(chosen.encoder, TorchTextEncoder)


def test_a_model_without_a_graph_is_run_by_torch(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch_encoder, "native_bfloat16", lambda: False)
    model = locate(str(save_tiny_model(tmp_path / "max", pooling="max")))
    assert corpus_encoder.corpus_encoder(model, tmp_path).path == "torch fp32"


def test_an_encoder_that_brings_a_graph_for_products_is_run_by_it(model: ModelFiles, tmp_path: Path) -> None:
    shop = workshop(model, TEXTS, tmp_path)
    for name in ("int8", INT8_WHOLE):
        METHODS[name].make(shop, tmp_path / name, silent)
    chosen = corpus_encoder.corpus_encoder(locate(str(tmp_path / INT8_WHOLE)), tmp_path / "nothing exported")
    assert chosen.path == "onnx, its own graph"
    np.testing.assert_array_equal(chosen.encoder.encode(TEXTS), serving_encoder(tmp_path / INT8_WHOLE).encode(TEXTS))
    assert corpus_encoder.corpus_encoder(locate(str(tmp_path / "int8")), tmp_path / FULL / SERVING).path != chosen.path


def test_the_facts_name_the_way_and_the_instructions_seen(
    model: ModelFiles, exported: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text("processor : 0\nflags : fpu avx2 fma avx512f\n", encoding="utf-8")
    monkeypatch.setattr(corpus_encoder, "PROCESSOR", told)
    monkeypatch.setattr(torch_encoder, "native_bfloat16", lambda: False)
    chosen = corpus_encoder.corpus_encoder(model, exported)
    assert chosen.facts == {"encoder_path": "onnx fp32", "instructions": ["avx2", "avx512f"]}
    monkeypatch.setattr(corpus_encoder, "PROCESSOR", tmp_path / "missing")
    assert corpus_encoder.instructions() == []
