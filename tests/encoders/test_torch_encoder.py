"""The torch encoder, beside sentence-transformers itself."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.torch_encoder import TorchTextEncoder
from recsys.encoders.weights import locate
from recsys.errors import ModelError
from tests.contracts import TextEncoderContract
from tests.encoders.tiny_models import save_tiny_model

TEXTS = ["", "milk", "whole milk", "frozen waffles and dry pasta", "Tea? " * 30, "🍕", "shampoo 1 2"]


@pytest.fixture(scope="module")
def minilm() -> TorchTextEncoder:
    return TorchTextEncoder(locate("minilm"))


@pytest.fixture(scope="module")
def max_pooled(tmp_path_factory: pytest.TempPathFactory) -> TorchTextEncoder:
    return TorchTextEncoder(locate(str(save_tiny_model(tmp_path_factory.mktemp("models") / "max", pooling="max"))))


class TestTorchEncoderOnMinilm(TextEncoderContract):
    @pytest.fixture
    def encoder(self, minilm: TorchTextEncoder) -> TorchTextEncoder:
        return minilm


class TestTorchEncoderThroughSentenceTransformers(TextEncoderContract):
    @pytest.fixture
    def encoder(self, max_pooled: TorchTextEncoder) -> TorchTextEncoder:
        return max_pooled


def by_sentence_transformers(folder: Path) -> np.ndarray:
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(folder), device="cpu", local_files_only=True)
    return np.asarray(model.encode(TEXTS, normalize_embeddings=True, show_progress_bar=False))


@pytest.mark.parametrize(
    ("model_type", "pooling"),
    [
        ("bert", "mean"),
        ("bert", "cls"),
        ("bert", "max"),
        ("roberta", "mean"),
        ("mpnet", "mean"),
        ("distilbert", "cls"),
        ("modernbert", "mean"),
    ],
)
def test_a_folder_gives_the_vectors_of_sentence_transformers(tmp_path: Path, model_type: str, pooling: str) -> None:
    folder = save_tiny_model(tmp_path / "model", model_type, pooling)
    seen = TorchTextEncoder(locate(str(folder)), "fp32").encode(TEXTS)
    np.testing.assert_allclose(seen, by_sentence_transformers(folder), atol=1e-5)


def test_minilm_gives_the_vectors_of_sentence_transformers(minilm: TorchTextEncoder) -> None:
    model = locate("minilm")
    expected = by_sentence_transformers(model.folder)
    np.testing.assert_allclose(TorchTextEncoder(model, "fp32").encode(TEXTS), expected, atol=1e-5)
    assert np.vecdot(minilm.encode(TEXTS), expected).min() > 0.9998  # bfloat16 where it is native


def test_a_folder_that_is_no_model_is_a_model_error(tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path / "model")
    (folder / "tokenizer.json").write_text("{", encoding="utf-8")
    with pytest.raises(ModelError, match="cannot be loaded"):
        TorchTextEncoder(locate(str(folder)))


def test_weights_that_compute_nan_are_a_model_error(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = save_tiny_model(tmp_path / "model")
    weights = load_file(folder / "model.safetensors")
    weights["embeddings.word_embeddings.weight"][:] = np.nan
    save_file(weights, folder / "model.safetensors", metadata={"format": "pt"})
    with pytest.raises(ModelError, match="not finite"):
        TorchTextEncoder(locate(str(folder))).encode(["milk"])


def test_weights_that_lack_a_part_are_a_model_error_but_for_the_head_that_nothing_uses(tmp_path: Path) -> None:
    from safetensors.numpy import load_file, save_file

    folder = save_tiny_model(tmp_path / "model")
    expected = TorchTextEncoder(locate(str(folder))).encode(TEXTS)
    weights = load_file(folder / "model.safetensors")
    bare = {name: each for name, each in weights.items() if not name.startswith("pooler.")}
    assert len(bare) < len(weights)
    save_file(bare, folder / "model.safetensors", metadata={"format": "pt"})
    assert (TorchTextEncoder(locate(str(folder))).encode(TEXTS) == expected).all()
    for left in ({}, {f"other.{name}": each for name, each in bare.items()}, dict(list(bare.items())[1:])):
        save_file(left, folder / "model.safetensors", metadata={"format": "pt"})
        with pytest.raises(ModelError, match=r"no weights for .* of its parts"):
            TorchTextEncoder(locate(str(folder)))
