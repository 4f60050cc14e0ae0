"""A damaged encoder is said as what it is, before anything is called missing that was made with it."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from recsys.encoders import soundness
from recsys.encoders.compressing.methods import INT8_WHOLE, METHODS, workshop
from recsys.encoders.weights import MINILM, locate
from recsys.errors import ModelError
from recsys.preparation import Plan
from recsys.progress import silent
from recsys.settings import Settings
from tests.encoders.tiny_models import save_tiny_model

Damage = Callable[[Path], object]


def cut(folder: Path) -> None:
    weights = folder / "model.safetensors"
    weights.write_bytes(weights.read_bytes()[:-100])


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_tiny_model(tmp_path_factory.mktemp("sound") / "tiny")


@pytest.fixture(scope="module")
def graph_alone(sound: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    shop = workshop(locate(str(sound)), ["whole milk", "tea"], tmp_path_factory.mktemp("made"))
    METHODS[INT8_WHOLE].make(shop, shop.folder / INT8_WHOLE, silent)
    return shop.folder / INT8_WHOLE


@pytest.fixture
def state(tmp_path: Path, sound: Path, graph_alone: Path) -> Path:
    """A state folder with two kept encoders."""
    for name, folder in (("tiny", sound), ("whole", graph_alone)):
        shutil.copytree(folder, tmp_path / "encoders" / name)
    return tmp_path


def planned(state: Path, encoder: str) -> Plan:
    return Plan.of(Settings(state_dir=state, cache_dir=state / "cache", shop="complete_journey", encoder=encoder))


@pytest.mark.parametrize("name", ["tiny", "whole", MINILM])
def test_a_sound_one_is_passed(name: str, state: Path) -> None:
    assert planned(state, name).versions


def half_the_graph(folder: Path) -> None:
    graph = folder / "serving" / "model.onnx"
    graph.write_bytes(graph.read_bytes()[: graph.stat().st_size // 2])


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "config.json").write_text("{}"), "config.json is empty"),
        (lambda folder: (folder / "config.json").write_text('{"a": 1}'), "names no model_type"),
        (lambda folder: (folder / "config.json").write_text("{"), "config.json cannot be read as JSON"),
        (lambda folder: (folder / "config.json").unlink(), "it has no config.json"),
        (cut, "it is cut off"),
        (lambda folder: (folder / "model.safetensors").write_bytes(b""), "no safetensors file"),
        (lambda folder: (folder / "model.safetensors").unlink(), "it has no model.safetensors"),
        (lambda folder: (folder / "tokenizer.json").unlink(), "it has no tokenizer.json"),
        (lambda folder: (folder / "tokenizer.json").write_text(""), "tokenizer.json cannot be read as JSON"),
        (lambda folder: (folder / "tokenizer.json").write_text('{"a": 1}'), "tokenizer.json holds no tokenizer"),
        (
            lambda folder: (folder / "config.json").write_text('{"model_type": "bert", "hidden_size": "abc"}'),
            "is no size",
        ),
    ],
)
def test_damage_is_named(damage: Damage, said: str, state: Path) -> None:
    damage(state / "encoders" / "tiny")
    with pytest.raises(ModelError) as found:
        planned(state, "tiny")
    assert "the encoder tiny is damaged" in found.value.seen
    assert said in found.value.seen
    assert found.value.allowed
    assert "SHELFLENS_ENCODER" in found.value.remedy


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        (lambda folder: (folder / "serving" / "model.onnx").unlink(), "no serving/model.onnx"),
        (lambda folder: (folder / "serving" / "encoder.json").write_text("[]"), "serving/encoder.json is empty"),
        (lambda folder: (folder / "serving" / "tokenizer.json").write_text('{"a": 1}'), "holds no tokenizer"),
        (lambda folder: (folder / "serving" / "encoder.json").write_text('{"dimension": "many"}'), "is no size"),
        (half_the_graph, "is not the one that was sealed"),
        (lambda folder: shutil.rmtree(folder / "serving"), "neither weights nor serving/model.onnx"),
    ],
)
def test_damage_to_a_graph_is_named(damage: Damage, said: str, state: Path) -> None:
    damage(state / "encoders" / "whole")
    with pytest.raises(ModelError, match=said):
        planned(state, "whole")


def test_a_repaired_one_is_passed_again(state: Path) -> None:
    path = state / "encoders" / "tiny" / "config.json"
    whole = path.read_text()
    path.write_text("{}")
    with pytest.raises(ModelError):
        planned(state, "tiny")
    path.write_text(whole)
    assert planned(state, "tiny").versions


def test_a_name_that_nobody_has_lists_those_that_are_kept(state: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def nowhere(name: str) -> Path:
        raise ModelError("not there")

    monkeypatch.setattr("recsys.encoders.weights._from_hub", nowhere)
    with pytest.raises(ModelError, match="neither kept here") as found:
        planned(state, "gone-int8")
    assert "kept here: tiny, whole" in found.value.allowed


def test_a_folder_that_is_not_there_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="its folder is not there"):
        soundness.check(str(tmp_path / "gone"), tmp_path)
