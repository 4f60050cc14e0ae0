"""A student comes nearer to its teacher, and what it must not touch stays."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from recsys.encoders import weights
from recsys.encoders.compressing import distilling, folders
from recsys.encoders.compressing.distilling import Distilling
from recsys.encoders.torch_encoder import TorchTextEncoder
from recsys.encoders.weights import ModelFiles
from recsys.errors import ModelError
from recsys.progress import silent
from tests.encoders.tiny_models import WORDS, save_tiny_model

TEXTS = distilling.lessons([f"{a} {b} {c}" for a in WORDS[:8] for b in WORDS[8:14] for c in "cde"])
WATCHED = [f"{a} {b}" for a in WORDS[8:14] for b in WORDS[:8]]


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    """Random, but for layers that do so much that a text without one of them is another."""
    folder = save_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny")
    arrays = folders.read_arrays(ModelFiles("tiny", folder, ""))
    loud = {name: 12 * value for name, value in arrays.items() if "encoder.layer" in name and value.ndim == 2}
    folders.write_arrays(folder / weights.WEIGHTS, arrays | loud)
    return weights.locate(str(folder))


@pytest.fixture(scope="module")
def teach(model: ModelFiles) -> Callable[..., np.ndarray]:
    return TorchTextEncoder(model, "fp32").encode


def test_every_second_layer_begins_with_the_first() -> None:
    assert distilling.every_second(6) == [0, 2, 4]
    assert distilling.every_second(5) == [0, 2, 4]
    assert distilling.every_second(1) == [0]


def test_lessons_are_the_texts_and_pieces_of_them_each_once() -> None:
    texts = ["one two three four five six seven eight", "nine", "nine", ""]
    found = distilling.lessons(texts)
    assert found[:2] == ["one two three four five six seven eight", "nine"]
    assert len(found) == len(set(found)) == 3
    assert found[2] in texts[0]
    assert 1 <= len(found[2].split()) <= 5


def test_a_student_comes_nearer_to_its_teacher(
    model: ModelFiles, teach: Callable[..., np.ndarray], tmp_path: Path
) -> None:
    told: list[tuple[int, int]] = []
    learned = distilling.distil(
        model, teach, TEXTS, WATCHED, tmp_path / "student", lambda done, total, note="": told.append((done, total)),
        Distilling(epochs=3, learning_rate=3e-3),
    )  # fmt: skip
    student = TorchTextEncoder(weights.locate(str(tmp_path / "student")), "fp32").encode(WATCHED)
    seen = float(np.vecdot(student, teach(WATCHED)).mean())
    assert learned.cosine > learned.cosine_before
    assert seen == pytest.approx(learned.cosine, abs=0.01)  # the best weights are those that were written
    assert learned.cosine == max(cosine for _, cosine in learned.curve)
    assert learned.layers == (0,)
    assert told[-1][0] == told[-1][1]
    before, after = (folders.read_arrays(ModelFiles("x", path, "")) for path in (model.folder, tmp_path / "student"))
    for name in after:
        if name.startswith("embeddings."):
            np.testing.assert_array_equal(after[name], before[name])
    assert json.loads((tmp_path / "student" / distilling.LEARNED).read_text())["texts"] == len(TEXTS)


def test_time_that_is_up_ends_it_with_what_it_has(
    model: ModelFiles, teach: Callable[..., np.ndarray], tmp_path: Path
) -> None:
    learned = distilling.distil(model, teach, TEXTS, WATCHED, tmp_path / "s", silent, Distilling(minutes=1e-9))
    assert [step for step, _ in learned.curve] == [0, 1]


def test_a_loss_that_is_no_number_is_refused(
    model: ModelFiles, teach: Callable[..., np.ndarray], tmp_path: Path
) -> None:
    with pytest.raises(ModelError, match="no number"):
        distilling.distil(
            model, lambda texts: np.full_like(teach(texts), np.nan), TEXTS, WATCHED, tmp_path / "s", silent
        )  # fmt: skip


def test_told_to_stop_it_writes_no_account_of_itself(
    model: ModelFiles, teach: Callable[..., np.ndarray], tmp_path: Path
) -> None:
    def stop(done: int, total: int, note: str = "") -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        distilling.distil(model, teach, TEXTS, WATCHED, tmp_path / "s", stop)
    assert not (tmp_path / "s" / distilling.LEARNED).exists()


def test_nothing_to_learn_from_is_said(model: ModelFiles, teach: Callable[..., np.ndarray], tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="0 texts to learn from"):
        distilling.distil(model, teach, [], WATCHED, tmp_path / "s", silent)
