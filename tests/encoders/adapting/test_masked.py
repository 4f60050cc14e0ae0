"""The first stage: what is hidden, what is guessed, and that it goes on where it was stopped."""

from __future__ import annotations

import copy
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import torch

from recsys.encoders import weights
from recsys.encoders.adapting.learning import State
from recsys.encoders.adapting.masked import Guesser, hide, learn_masked
from recsys.encoders.adapting.network import Network
from recsys.encoders.adapting.settings import WAYS, Adapting
from recsys.encoders.weights import ModelFiles
from recsys.errors import ModelError
from tests.encoders.tiny_models import save_tiny_model

PAD, MASK = 0, 4
SPECIAL = np.arange(5)
TEXTS = ["whole milk c", "dry tea d", "frozen pasta e", "laundry shampoo f", "whole waffles g", "dry detergent h"]
FEW = Adapting(steps=4, mlm=12, every=4, pairs_per_step=4, max_tokens=8, learning_rate=0.02, rank=2)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return weights.locate(str(save_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny")))


def test_fifteen_of_a_hundred_words_are_guessed_and_nothing_else_is_touched() -> None:
    ids = np.full((400, 52), 9, np.int64)
    ids[:, 0], ids[:, 40], ids[:, 41:] = 2, 3, PAD
    mask = (ids != PAD).astype(np.int64)
    shown, guessed = hide(ids, mask, SPECIAL, MASK, np.arange(20, 40), np.random.default_rng(0))
    words = (ids == 9).sum()
    assert guessed.sum() / words == pytest.approx(0.15, abs=0.01)
    assert not guessed[ids != 9].any()
    assert (shown[~guessed] == ids[~guessed]).all()
    of = shown[guessed]
    shares = [(of == MASK).mean(), ((of >= 20) & (of < 40)).mean(), (of == 9).mean()]
    assert shares == pytest.approx([0.8, 0.1, 0.1], abs=0.03)


def test_at_least_one_word_is_guessed_and_none_where_there_is_none() -> None:
    one = np.array([[2, 9, 3]])
    for seed in range(20):
        _, guessed = hide(one, np.ones_like(one), SPECIAL, MASK, np.arange(5, 40), np.random.default_rng(seed))
        assert guessed.tolist() == [[False, True, False]]
    with pytest.raises(ModelError, match="no word of the texts"):
        hide(
            np.array([[2, 1, 3]]), np.ones((1, 3), np.int64), SPECIAL, MASK, np.arange(5, 40), np.random.default_rng(0)
        )


def learned(
    guesser: Guesser, settings: Adapting, kept: list[State] | None = None, resumed: State | None = None
) -> State:
    def keep(state: State) -> None:
        if kept is not None:
            kept.append(copy.deepcopy(state))

    return learn_masked(guesser, TEXTS * 4, TEXTS, settings, keep, resumed)


@pytest.mark.parametrize("way", list(WAYS))
def test_it_guesses_better_and_the_encoder_below_moves(way: str, model: ModelFiles) -> None:
    settings = replace(FEW, mlm=200, every=50, pairs_per_step=12)
    network = Network(model, way, settings)
    vector, guesser = network.encode(["whole milk"]), Guesser(network, settings)
    before = guesser.watched(TEXTS, settings.pairs_per_step)
    end = learned(guesser, settings)
    assert guesser.watched(TEXTS, settings.pairs_per_step) < before - 0.1
    assert guesser.watched(TEXTS, settings.pairs_per_step) == pytest.approx(
        min(look[1] for look in end.figures), abs=1e-5
    )  # the best look
    assert not np.allclose(network.encode(["whole milk"]), vector, atol=1e-5)


def test_the_head_learns_alone_at_first(model: ModelFiles) -> None:
    settings = replace(FEW, mlm=16)
    network = Network(model, "full", settings)
    kept: list[State] = []
    learned(Guesser(network, settings), settings, kept)
    own = [name for name in kept[0].weights if not name.startswith("mlm_head.")]
    start = Network(model, "full", settings).state()
    assert all(torch.equal(kept[0].weights[name], start[name]) for name in own)  # a quarter of sixteen steps
    assert any(not torch.equal(kept[1].weights[name], start[name]) for name in own)


@pytest.mark.parametrize("way", list(WAYS))
@pytest.mark.parametrize("look", [0, 1])
def test_one_that_was_stopped_goes_on_to_the_same_end(way: str, look: int, model: ModelFiles) -> None:
    settings = replace(FEW, mlm=16)  # the first look is at the end of the head's own steps
    kept: list[State] = []
    learned(Guesser(Network(model, way, settings), settings), settings, kept)
    network = Network(model, way, settings)
    end = learned(Guesser(network, settings), settings, resumed=kept[look])
    assert [figures[:2] for figures in end.figures] == [pytest.approx(f[:2], abs=1e-6) for f in kept[-1].figures]


def test_a_tokenizer_without_a_mask_is_refused(model: ModelFiles, tmp_path: Path) -> None:
    folder = save_tiny_model(tmp_path / "maskless")
    text = (folder / "tokenizer.json").read_text(encoding="utf-8").replace("[MASK]", "[HIDE]")
    (folder / "tokenizer.json").write_text(text, encoding="utf-8")
    config = (folder / "tokenizer_config.json").read_text(encoding="utf-8").replace("[MASK]", "[HIDE]")
    (folder / "tokenizer_config.json").write_text(config, encoding="utf-8")
    with pytest.raises(ModelError, match=r"no \[MASK\]"):
        Guesser(Network(weights.locate(str(folder)), "lora", FEW), FEW)


def test_a_loss_that_is_no_number_ends_it_in_words(model: ModelFiles) -> None:
    network = Network(model, "full", FEW)
    guesser = Guesser(network, FEW)
    with torch.no_grad():
        next(iter(guesser.own.values())).fill_(float("nan"))
    with pytest.raises(ModelError, match="the loss of step 1 is nan"):
        learned(guesser, FEW)
