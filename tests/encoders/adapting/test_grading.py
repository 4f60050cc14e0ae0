"""An encoder learns grades: a random BERT of two layers, texts whose first word says it all."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import torch

from recsys.encoders import weights
from recsys.encoders.adapting.grading import HEAD, Above, Grader, Grades, at_most, dealt, learn_grades
from recsys.encoders.adapting.settings import Adapting
from recsys.encoders.weights import ModelFiles
from recsys.errors import ModelError
from tests.encoders.tiny_models import save_tiny_model

GRADED = {"shampoo": 0, "tea": 1, "milk": 2}
OTHERS = ("whole", "dry", "frozen", "laundry", "detergent", "pasta", "waffles", "a", "b")
TEXTS = [f"{word} {x} {y}" for x in OTHERS for y in OTHERS for word in GRADED]
ABOVE: Above = np.array([[GRADED[text.split()[0]] > 0, GRADED[text.split()[0]] > 1] for text in TEXTS])
FEW = Adapting(steps=60, pairs_per_step=16, max_tokens=8, learning_rate=0.1, rank=4)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return weights.locate(str(save_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny")))


def test_it_grades_texts_that_it_has_not_read_and_is_the_same_once_it_was_kept(
    model: ModelFiles, tmp_path: Path
) -> None:
    learned = np.array([place % 4 != 0 for place in range(len(TEXTS))])
    grades = Grades(model, "full", FEW, ABOVE[learned])
    course = learn_grades(grades, [t for t, use in zip(TEXTS, learned, strict=True) if use], ABOVE[learned])
    assert course.steps == FEW.steps
    grades.save(tmp_path / "kept")
    grader = Grader.load(tmp_path / "kept")
    others = [text for text, use in zip(TEXTS, learned, strict=True) if not use]
    scores = grader.scores(others)
    assert scores.shape == (len(others), 2)
    assert ((scores > 0) == ABOVE[~learned]).mean() > 0.9
    grades.network.network.train(False)
    odds = grades.odds(others[:5]).detach().float().numpy()
    np.testing.assert_allclose(scores[:5], odds, atol=0.3)  # one reads in bfloat16, where the processor does


def test_a_step_follows_from_the_seed_and_draws_rare_grades_oftener() -> None:
    grade = np.array([0] * 20 + [1] * 1980)
    above = (grade > 0)[:, None]
    texts = [f"text {n}" for n in range(len(grade))]
    settings = Adapting(pairs_per_step=20)
    rows = np.concatenate([dealt(texts, above, settings, number) for number in range(32)])
    assert (dealt(texts, above, settings, 7) == dealt(texts, above, settings, 7)).all()
    assert (grade[rows] == 0).mean() > 3 * (grade == 0).mean()


def test_a_head_that_does_not_fit_is_refused(model: ModelFiles, tmp_path: Path) -> None:
    Grades(model, "lora", FEW, ABOVE).save(tmp_path / "kept")
    np.save(tmp_path / "kept" / HEAD, np.zeros((3, 2), np.float32))
    with pytest.raises(ModelError, match="does not fit"):
        Grader.load(tmp_path / "kept")


def test_the_threads_are_given_back_whatever_happens() -> None:
    before = torch.get_num_threads()
    with at_most(1):
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
    with pytest.raises(ZeroDivisionError), at_most(1):
        _ = 1 / 0
    assert torch.get_num_threads() == before
    with at_most(None):
        assert torch.get_num_threads() == before
