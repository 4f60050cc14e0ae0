"""What a picture is taken for by name: the mean of the names' vectors, each as likely as it is."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders.pictures import things, weights
from recsys.encoders.pictures.network import HEAD
from recsys.encoders.pictures.things import LIKELIEST, Things
from recsys.errors import ArtifactError
from recsys.schema import Floats


def known(n: int, favourite: float = 0.0) -> Things:
    """n things with vectors of their own: of features 1, 0, 0 ... the first is likelier by `favourite`."""
    layer = np.zeros((n, HEAD + 1), np.float32)
    layer[0, 0] = favourite
    return Things(tuple(f"thing {i}" for i in range(n)), layer, np.eye(n, dtype=np.float32))


def of(value: float) -> Floats:
    features = np.zeros((1, HEAD + 7), np.float32)
    features[0, 0] = value
    return features


def test_what_it_is_is_the_softmax_of_the_layer() -> None:
    assert known(3, np.log(2)).likely(of(1.0)) == pytest.approx(np.array([[0.5, 0.25, 0.25]]))
    assert known(3, np.log(2)).likely(of(-1.0)) == pytest.approx(np.array([[0.2, 0.4, 0.4]]))


def test_its_words_are_the_mean_of_the_names() -> None:
    mean = np.array([0.5, 0.25, 0.25])
    assert known(3, np.log(2)).words(of(1.0))[0] == pytest.approx(mean / np.linalg.norm(mean))


def test_only_the_likeliest_count() -> None:
    some = known(LIKELIEST + 5)
    some.layer[:, -1] = np.arange(len(some))  # the bias: the last one is the likeliest
    found = some.likely(of(0.0))[0]
    assert np.flatnonzero(found).tolist() == list(range(5, LIKELIEST + 5))
    assert found.sum() == pytest.approx(1)
    assert found.argmax() == len(some) - 1


def test_far_logits_do_not_overflow() -> None:
    assert known(3, 1e4).likely(of(1.0))[0] == pytest.approx([1, 0, 0])


def test_the_table_names_each_class_once() -> None:
    classes, names = things.table()
    assert len(set(classes)) == len(classes) == len(names) > 200
    assert all(0 <= each < 1000 for each in classes)
    assert all(name == name.strip() != "" for name in names)


def names_as_numbers(names: Sequence[str]) -> Floats:
    return np.arange(2 * len(names), dtype=np.float32).reshape(-1, 2)


def test_it_is_written_and_read(tmp_path: Path) -> None:
    assert things.write(weights.locate(weights.LITE0), names_as_numbers, tmp_path) == len(things.table()[0])
    read = Things.load(tmp_path)
    assert read.names == things.table()[1]
    assert read.texts.tolist() == names_as_numbers(read.names).tolist()
    assert np.abs(read.layer).max() > 0


def test_a_network_that_somebody_brought_names_nothing(tmp_path: Path) -> None:
    model = weights.PictureModel("theirs", tmp_path, "0")
    assert things.write(model, names_as_numbers, tmp_path) == 0
    assert not Things.load(tmp_path)


@pytest.mark.parametrize(
    ("file", "content"), [("names.json", b'["one"]'), ("names.json", b"{"), ("layer.npy", b""), ("texts.npy", b"no")]
)
def test_damaged_files_are_an_error(tmp_path: Path, file: str, content: bytes) -> None:
    things.write(weights.locate(weights.LITE0), names_as_numbers, tmp_path)
    (tmp_path / file).write_bytes(content)
    with pytest.raises(ArtifactError, match="things on pictures"):
        Things.load(tmp_path)


def test_the_real_layer_knows_what_is_drawn_plainly(exported: Path) -> None:
    """A round dial with hands is told as something that shows the time or a direction, and not as clothing."""
    from PIL import Image, ImageDraw

    from recsys.encoders.pictures.encoder import PictureEncoder

    image = Image.new("RGB", (224, 224), "white")
    draw = ImageDraw.Draw(image)
    draw.ellipse((22, 22, 202, 202), fill="white", outline="black", width=10)
    for number in range(12):
        angle = np.pi * number / 6
        x, y = 112 + 74 * np.sin(angle), 112 - 74 * np.cos(angle)
        draw.text((x, y), str(number or 12), fill="black", anchor="mm", font_size=20)
    draw.line((112, 112, 112, 55), fill="black", width=7)
    draw.line((112, 112, 150, 130), fill="black", width=9)
    classes, names = things.table()
    tensors = weights.read(weights.locate(weights.LITE0))
    kernel, bias = tensors["_fc.weight"].numpy()[list(classes)], tensors["_fc.bias"].numpy()[list(classes)]
    told = Things(names, np.concatenate([kernel, bias[:, None]], axis=1), np.eye(len(names), dtype=np.float32))
    likely = told.likely(PictureEncoder.load(exported).encode([np.asarray(image)]))[0]
    assert names[int(likely.argmax())] in {"wall clock", "analog clock", "stopwatch", "compass", "barometer"}
