"""The picture encoder: the graph computes what the network does, and colours are those of the thing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.pictures import PictureEncoder, graph, network, weights
from recsys.encoders.pictures.card import CARD, GRAPH
from recsys.encoders.pictures.colours import bins, colours, dimension, lab
from recsys.encoders.preparing import picture_encoder
from recsys.errors import ArtifactError, ModelError
from recsys.files.pictures import squared
from recsys.settings import Settings
from recsys.steps.contract import Context


@pytest.fixture(scope="session")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The step's own files, made once."""
    made = tmp_path_factory.mktemp("picture_encoder")
    context = Context(Settings(), lambda name: pytest.fail(name), lambda: made)
    info = picture_encoder.STEP.make(context, lambda *done: None, made)
    assert info == {"name": "efficientnet-lite0", "dimension": 1280, "size": 224}
    return made


def thing(colour: tuple[int, int, int], side: int = 120, ground: int = 245) -> np.ndarray:
    """A square thing in the middle of a light ground."""
    picture = np.full((side, side, 3), ground, np.uint8)
    picture[side // 4 : 3 * side // 4, side // 4 : 3 * side // 4] = colour
    return picture


def test_the_graph_computes_what_the_network_does(folder: Path) -> None:
    torch = pytest.importorskip("torch")
    encoder = PictureEncoder.load(folder)
    noise = np.random.default_rng(0).integers(0, 256, (3, 224, 224, 3)).astype(np.uint8)
    ours = encoder._seen(list(noise))
    standard = torch.from_numpy((noise.astype(np.float32) / 255 - 0.5) / 0.5).permute(0, 3, 1, 2)
    with torch.inference_mode():
        theirs = network.made(weights.read(weights.locate("efficientnet-lite0")))(standard).numpy()
    assert ours.shape == (3, 1280)
    assert ours == pytest.approx(theirs, abs=1e-3)
    assert theirs.std() > 0.1


def test_a_picture_has_one_vector_whatever_is_beside_it_and_however_large_it_is(folder: Path) -> None:
    encoder = PictureEncoder.load(folder)
    pictures = [thing((200, 30, 40)), thing((20, 60, 200), side=300), thing((20, 20, 20), side=64)] * 7
    together = encoder.encode(pictures)
    assert together.shape == (21, encoder.dimension) == (21, 1280 + dimension())
    assert together.dtype == np.float32
    alone = np.concatenate([encoder.encode([each]) for each in pictures[:3]])
    assert together[:3] == pytest.approx(alone, abs=1e-4)
    assert np.linalg.norm(together[:, :1280], axis=1) == pytest.approx(1.0, abs=1e-5)
    assert encoder.encode([]).shape == (0, encoder.dimension)


WHITE, BLACK, RED, BLUE = (255, 255, 255), (0, 0, 0), (255, 0, 0), (0, 0, 255)


@pytest.mark.parametrize(
    ("rgb", "expected"),
    [(WHITE, (100, 0, 0)), (BLACK, (0, 0, 0)), (RED, (53.2, 80.1, 67.2)), (BLUE, (32.3, 79.2, -107.9))],
)
def test_lab_is_that_of_the_standard(rgb: tuple[int, int, int], expected: tuple[float, float, float]) -> None:
    assert lab(np.array(rgb, np.uint8)) == pytest.approx(np.array(expected), abs=0.2)


def test_colours_are_those_of_the_thing_and_not_of_its_ground() -> None:
    red, dark_red, blue = (thing(each) for each in ((200, 30, 40), (170, 30, 45), (30, 60, 190)))
    on_grey = thing((200, 30, 40), ground=190)
    found = {
        name: colours(each) for name, each in (("red", red), ("dark", dark_red), ("blue", blue), ("grey", on_grey))
    }
    assert all(len(each) == dimension() == 2 * len(bins()) for each in found.values())
    half = dimension() // 2
    assert all(np.linalg.norm(each[:half]) == pytest.approx(1.0, abs=1e-3) for each in found.values())
    assert found["red"] @ found["grey"] > 1.6  # of 2: another ground changes little
    assert found["red"] @ found["dark"] > found["red"] @ found["blue"] + 0.5


def test_what_is_narrow_is_seen_as_in_a_square() -> None:
    tall = thing((200, 30, 40))[:, 30:90]
    assert colours(tall) == pytest.approx(colours(squared(tall, 120)), abs=0.05)


def test_weights_of_another_hash_are_not_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = weights.locate("efficientnet-lite0")
    assert model.weights is not None
    damaged = tmp_path / "weights.pth"
    damaged.write_bytes(model.weights.read_bytes()[:-1] + b"x")
    with pytest.raises(ModelError, match="SHA-256"):
        weights.read(weights.PictureModel("efficientnet-lite0", tmp_path, "", damaged))


def test_another_backbone_is_a_folder(folder: Path, tmp_path: Path) -> None:
    card = json.loads((folder / CARD).read_text(encoding="utf-8")) | {"name": "mine"}
    (tmp_path / CARD).write_text(json.dumps(card), encoding="utf-8")
    (tmp_path / GRAPH).write_bytes((folder / GRAPH).read_bytes())
    model = weights.locate(str(tmp_path))
    assert (model.name, weights.card_of(model).size) == ("mine", 224)
    (tmp_path / CARD).write_text(json.dumps(card | {"size": 7}), encoding="utf-8")
    assert weights.locate(str(folder)).name == "efficientnet-lite0"
    with pytest.raises(ModelError, match="a size of 16"):
        weights.locate(str(tmp_path))
    with pytest.raises(ModelError, match="no folder"):
        weights.locate("resnet50")


def test_a_damaged_graph_is_said_with_the_remedy(folder: Path, tmp_path: Path) -> None:
    (tmp_path / CARD).write_bytes((folder / CARD).read_bytes())
    (tmp_path / GRAPH).write_bytes((folder / GRAPH).read_bytes()[:5000])
    with pytest.raises(ArtifactError, match="prepare"):
        PictureEncoder.load(tmp_path)


def test_a_normalisation_is_folded_into_its_convolution() -> None:
    chance = np.random.default_rng(0)
    kernel = chance.normal(size=(2, 3, 1, 1)).astype(np.float32)
    scale, shift, mean, variance = (chance.uniform(0.5, 2, 2).astype(np.float32) for _ in range(4))
    folded, bias = graph.folded(kernel, scale, shift, mean, variance)
    x = chance.normal(size=3).astype(np.float32)
    plain = scale * (kernel[:, :, 0, 0] @ x - mean) / np.sqrt(variance + network.EPSILON) + shift
    assert folded[:, :, 0, 0] @ x + bias == pytest.approx(plain, abs=1e-5)
