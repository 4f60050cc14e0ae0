"""The exported graph, beside torch."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.encoders import bert_graph, onnx_export
from recsys.encoders.onnx_encoder import OnnxTextEncoder
from recsys.encoders.onnx_export import CHECKED_TEXTS, export
from recsys.encoders.torch_encoder import TorchTextEncoder
from recsys.encoders.weights import locate
from recsys.errors import ModelError
from tests.encoders.tiny_models import save_tiny_model


@pytest.mark.parametrize(
    ("model_type", "pooling"),
    [("bert", "mean"), ("bert", "cls"), ("roberta", "mean"), ("mpnet", "mean"), ("distilbert", "cls")],
)
def test_each_supported_architecture_computes_what_torch_computes(
    tmp_path: Path, model_type: str, pooling: str
) -> None:
    model = locate(str(save_tiny_model(tmp_path / "model", model_type, pooling, max_tokens=64)))
    out = tmp_path / "out"
    out.mkdir()
    info = export(model, out)
    assert info["lowest_cosine"] >= 0.9999
    assert info["checked_texts"] >= 64
    texts = ["milk " * n for n in (0, 1, 5, 61, 62, 63, 500)]
    expected = TorchTextEncoder(model, "fp32").encode(texts)
    np.testing.assert_allclose(OnnxTextEncoder(out).encode(texts), expected, atol=1e-5)


def test_a_model_that_cannot_be_exported_says_which_can(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"'max'.*allowed: bert, .*roberta.* with mean or cls pooling"):
        export(locate(str(save_tiny_model(tmp_path / "model", pooling="max"))), tmp_path)
    with pytest.raises(ModelError, match=r"'modernbert'.*allowed: bert"):
        export(locate(str(save_tiny_model(tmp_path / "other", "modernbert"))), tmp_path)


def test_a_graph_that_computes_something_else_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(onnx_export, "_lowest_cosine", lambda reference, folder: 0.9998)
    with pytest.raises(ModelError, match=r"0\.999800.*at least 0\.9999"):
        export(locate(str(save_tiny_model(tmp_path / "model"))), tmp_path)


def test_the_checked_texts_are_at_least_64_and_hold_the_awkward_ones() -> None:
    assert len(CHECKED_TEXTS) >= 64
    assert "" in CHECKED_TEXTS
    assert max(len(text) for text in CHECKED_TEXTS) >= 10_000
    assert any(not text.isascii() for text in CHECKED_TEXTS)


@pytest.mark.parametrize("pooling", ["mean", "cls"])
def test_a_bert_is_written_down_without_tracing_and_equals_the_traced_graph(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, pooling: str
) -> None:
    model = locate(str(save_tiny_model(tmp_path / "model", "bert", pooling, max_tokens=64)))
    texts = ["milk " * n for n in (0, 1, 5, 61, 62, 63, 500)]
    vectors = {}
    for way, fits in (("traced", False), ("written", True)):
        folder = tmp_path / way
        folder.mkdir()
        monkeypatch.setattr(bert_graph, "fits", lambda config, fits=fits: fits)
        export(model, folder)
        vectors[way] = OnnxTextEncoder(folder).encode(texts)
    np.testing.assert_allclose(vectors["written"], vectors["traced"], atol=1e-6)
    assert (tmp_path / "written" / "model.onnx").read_bytes() != (tmp_path / "traced" / "model.onnx").read_bytes()


@pytest.mark.parametrize(
    ("changed", "written"), [({}, True), ({"hidden_act": "relu"}, False), ({"is_decoder": True}, False)]
)
def test_only_an_encoder_with_exact_gelu_is_written_down(changed: dict[str, object], written: bool) -> None:
    from transformers import BertConfig, RobertaConfig

    assert bert_graph.fits(BertConfig(**changed)) is written
    assert not bert_graph.fits(RobertaConfig())
