"""The graph computes what torch computes, and a picture's vector is its own."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from recsys.encoders.pictures import export, network, weights
from recsys.encoders.pictures.card import CARD, GRAPH
from recsys.encoders.pictures.colours import DIMENSION
from recsys.encoders.pictures.encoder import PictureEncoder
from recsys.errors import ArtifactError, ModelError
from recsys.files.pictures import RGB


def drawn(height: int, width: int, seed: int = 0) -> RGB:
    """Coarse noise: areas of colour, as pictures have."""
    blocks = np.random.default_rng(seed).integers(0, 256, (height // 4 + 1, width // 4 + 1, 3)).astype(np.uint8)
    return np.repeat(np.repeat(blocks, 4, axis=0), 4, axis=1)[:height, :width]


def test_the_graph_computes_what_torch_computes(exported: Path) -> None:
    import torch

    encoder = PictureEncoder.load(exported)
    planes = np.stack([encoder.planes(drawn(80, 60, seed)) for seed in range(3)])
    net = network.made(weights.read(weights.locate(weights.LITE0)))
    with torch.inference_mode():
        expected = net(torch.from_numpy(planes)).numpy()
    seen = encoder.seen(planes)
    assert seen.shape == expected.shape == (3, network.DIMENSION)
    assert np.abs(seen - expected).max() < 1e-4
    assert expected.std() > 0.1  # there is something to agree on


def test_pixels_are_put_between_minus_one_and_one(exported: Path) -> None:
    encoder = PictureEncoder.load(exported)
    for value, wanted in ((0, -1.0), (255, 1.0)):
        planes = encoder.planes(np.full((30, 40, 3), value, np.uint8))
        assert planes.shape == (3, 224, 224)
        assert np.allclose(planes, wanted, atol=1e-6)


def test_a_vector_does_not_depend_on_the_batch(exported: Path) -> None:
    encoder = PictureEncoder.load(exported)
    pictures = [drawn(80, 60, seed) for seed in range(17)] + [drawn(50, 90)]  # more than a batch, of two sizes
    told: list[tuple[int, int]] = []
    together = encoder.encode(pictures, lambda done, total, note="": told.append((done, total)))
    assert together.shape == (18, encoder.dimension) == (18, network.DIMENSION + DIMENSION)
    for row in (0, 16, 17):
        assert np.allclose(encoder.encode([pictures[row]])[0], together[row], atol=1e-4)
    assert told == [(16, 18), (18, 18)]
    same = np.stack(pictures[:3])
    assert np.allclose(encoder.encode(same), together[:3], atol=1e-4)
    assert encoder.encode([]).shape == (0, encoder.dimension)


def test_a_large_picture_is_seen_as_its_small_one(exported: Path) -> None:
    encoder = PictureEncoder.load(exported)
    small = drawn(96, 128)
    large = np.asarray(Image.fromarray(small).resize((1024, 768), Image.Resampling.BICUBIC))
    one, other, unlike = encoder.encode([small, large, drawn(96, 128, 5)])
    assert np.linalg.norm(one - other) < 0.5 * np.linalg.norm(one - unlike)


def test_what_is_no_picture_is_refused(exported: Path) -> None:
    encoder = PictureEncoder.load(exported)
    with pytest.raises(ValueError, match="uint8"):
        encoder.encode([np.zeros((20, 20), np.uint8)])


def test_another_graph_in_a_folder_is_served(tmp_path: Path) -> None:
    """A network that gives the mean of each channel: 0.2, 0.4 and 0.6 of 255, less the mean, over the deviation."""
    from onnx import TensorProto, helper, save

    brought = tmp_path / "brought"
    brought.mkdir()
    nodes = [
        helper.make_node("GlobalAveragePool", ["x"], ["m"]),
        helper.make_node("Flatten", ["m"], ["y"]),
    ]
    graph = helper.make_graph(
        nodes,
        "means",
        [helper.make_tensor_value_info("x", TensorProto.FLOAT, ["b", 3, 32, 32])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, ["b", 3])],
    )
    save(helper.make_model(graph, opset_imports=[helper.make_opsetid("", 18)], ir_version=10), brought / GRAPH)
    card = {"name": "means", "size": 32, "mean": [0.1, 0.1, 0.1], "std": [0.5, 0.5, 0.5], "dimension": 3}
    (brought / CARD).write_text(json.dumps(card), encoding="utf-8")
    made = tmp_path / "made"
    made.mkdir()
    assert export.export(weights.locate(str(brought)), made)["name"] == "means"
    picture = np.broadcast_to(np.array([51, 102, 153], np.uint8), (20, 30, 3)).copy()
    seen = PictureEncoder.load(made).encode([picture])[0, :3]
    assert np.allclose(seen, [0.2, 0.6, 1.0], atol=1e-5)
    (brought / CARD).write_text(json.dumps(card | {"dimension": 4}), encoding="utf-8")
    with pytest.raises(ModelError, match="means gives"):
        export.export(weights.locate(str(brought)), made)


def test_missing_and_damaged_files_are_said(exported: Path, tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="no folder"):
        weights.locate(str(tmp_path / "nothing"))
    with pytest.raises(ModelError, match=r"picture_encoder\.json"):
        weights.locate(str(tmp_path))
    (tmp_path / CARD).write_bytes((exported / CARD).read_bytes())
    with pytest.raises(ModelError, match=r"picture_encoder\.onnx"):
        weights.locate(str(tmp_path))
    (tmp_path / GRAPH).write_bytes(b"no graph")
    with pytest.raises(ArtifactError, match=r"picture_encoder\.onnx"):
        PictureEncoder.load(tmp_path)


@pytest.mark.parametrize("wrong", [{"size": 4}, {"std": [0, 1, 1]}, {"mean": [1]}, {"dimension": 0}, {"size": "large"}])
def test_a_card_that_cannot_be_is_refused(wrong: dict[str, object], tmp_path: Path) -> None:
    card = {"name": "x", "size": 32, "mean": [0, 0, 0], "std": [1, 1, 1], "dimension": 3}
    (tmp_path / CARD).write_text(json.dumps(card | wrong), encoding="utf-8")
    with pytest.raises(ModelError, match="missing or damaged"):
        weights.locate(str(tmp_path))


def test_weights_with_another_hash_are_never_read(tmp_path: Path) -> None:
    file = tmp_path / "weights.pth"
    file.write_bytes(b"something else")
    model = weights.PictureModel(weights.LITE0, tmp_path, "x", file)
    with pytest.raises(ModelError, match="SHA-256"):
        weights.read(model)
    with pytest.raises(ModelError, match="cannot be read"):
        weights.read(weights.PictureModel(weights.LITE0, tmp_path, "x", tmp_path / "missing.pth"))


def test_weights_of_another_network_are_refused() -> None:
    with pytest.raises(ModelError, match="not those of"):
        network.made({})


@pytest.mark.parametrize(
    ("side", "kernel", "stride", "wanted"),
    [(224, 3, 2, (0, 1)), (112, 3, 1, (1, 1)), (56, 5, 2, (1, 2)), (7, 5, 1, (2, 2)), (7, 1, 1, (0, 0))],
)
def test_padding_is_tensorflows(side: int, kernel: int, stride: int, wanted: tuple[int, int]) -> None:
    assert network.same_padding(side, kernel, stride) == wanted


def test_the_grid_covers_the_square() -> None:
    for side in (14, 8, 20):
        kernel, step = network.grid_of(side)
        assert (network.GRID - 1) * step + kernel == side
        assert kernel >= step  # no place is left out
