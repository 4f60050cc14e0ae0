"""An encoder learns which texts speak of one product: random BERT of two layers, a shop of twelve things."""

from __future__ import annotations

import copy
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from recsys.encoders import weights
from recsys.encoders.adapting.learning import State, contrastive, learn, matryoshka, pairs_loss, pairs_ndcg
from recsys.encoders.adapting.network import Network
from recsys.encoders.adapting.pairs import Dealer, Products
from recsys.encoders.adapting.settings import WAYS, Adapting, lengths, way_of
from recsys.encoders.weights import ModelFiles
from recsys.errors import BadRequestError, ModelError, SettingsError
from tests.encoders.tiny_models import save_tiny_model

# A name and what is said of it share no word, but the same letter always stands for the same word.
MEANS = {"milk": "c", "tea": "d", "pasta": "e", "shampoo": "f", "waffles": "g", "detergent": "h"}
KINDS = ("whole", "dry", "frozen", "laundry")
SAID = {"whole": "i", "dry": "j", "frozen": "k", "laundry": "l"}
ALL = [(f"{kind} {thing}", f"{SAID[kind]} {MEANS[thing]}") for kind in KINDS for thing in MEANS]
WATCHED, LEARNED = ALL[::4], [pair for place, pair in enumerate(ALL) if place % 4]
SHOP = Products([name for name, _ in LEARNED], [[other] for _, other in LEARNED], [n.split()[1] for n, _ in LEARNED])
FEW = Adapting(steps=12, every=4, pairs_per_step=8, max_tokens=8, learning_rate=0.02, rank=2, misspelt=0.0)


@pytest.fixture(scope="module")
def model(tmp_path_factory: pytest.TempPathFactory) -> ModelFiles:
    return weights.locate(str(save_tiny_model(tmp_path_factory.mktemp("tiny") / "tiny")))


def learned(
    network: Network, settings: Adapting, kept: list[State] | None = None, resumed: State | None = None
) -> State:
    def keep(state: State) -> None:
        if kept is not None:
            kept.append(copy.deepcopy(state))

    return learn(network, SHOP, WATCHED, settings, keep, resumed)


@pytest.mark.parametrize("way", list(WAYS))
def test_it_finds_what_was_kept_apart_better_than_before(way: str, model: ModelFiles) -> None:
    settings = Adapting(
        steps=150, every=30, pairs_per_step=16, max_tokens=8, rank=8, misspelt=0.0,
        learning_rate=0.03 if way != "full" else 0.1,
    )  # fmt: skip
    network = Network(model, way, settings)
    before = pairs_loss(network.encode, WATCHED, settings.scale)
    learned(network, settings)
    assert pairs_loss(network.encode, WATCHED, settings.scale) < before - 0.1


@pytest.mark.parametrize("way", list(WAYS))
def test_one_that_was_stopped_goes_on_to_the_same_end(way: str, model: ModelFiles) -> None:
    kept: list[State] = []
    whole = Network(model, way, FEW)
    learned(whole, FEW, kept)
    again = Network(model, way, FEW)
    end = learned(again, FEW, resumed=kept[0])
    assert [figures[:2] for figures in end.figures] == [pytest.approx(f[:2], abs=1e-6) for f in kept[-1].figures]
    np.testing.assert_allclose(again.encode(["whole milk"]), whole.encode(["whole milk"]), atol=1e-5)


@pytest.mark.parametrize("way", list(WAYS))
def test_the_merged_weights_encode_as_the_network_that_learned(way: str, model: ModelFiles, tmp_path: Path) -> None:
    from recsys.encoders.compressing.folders import copy_small, write_arrays
    from recsys.encoders.torch_encoder import TorchTextEncoder

    network = Network(model, way, FEW)
    untouched = network.encode(["whole milk", "dry tea"])
    learned(network, FEW)
    unmerged = network.encode(["whole milk", "dry tea"])
    copy_small(model, tmp_path / "merged")
    write_arrays(tmp_path / "merged" / weights.WEIGHTS, network.merged())
    merged = TorchTextEncoder(weights.locate(str(tmp_path / "merged")), "fp32").encode(["whole milk", "dry tea"])
    np.testing.assert_allclose(merged, unmerged, atol=1e-5)
    assert not np.array_equal(untouched, unmerged)


def test_adalora_begins_at_right_angles_changes_nothing_yet_and_then_moves(model: ModelFiles) -> None:
    network = Network(model, "adalora", FEW)
    for name, each in network.moving.items():
        if "lora_A" in name:
            torch.testing.assert_close(each @ each.T, torch.eye(len(each)), atol=1e-5, rtol=0)
    assert float(network.regular().detach()) == pytest.approx(0.0, abs=1e-5)
    before = network.encode(["whole milk"])
    np.testing.assert_allclose(before, Network(model, "lora", FEW).encode(["whole milk"]), atol=1e-6)
    slow = {group["height"] for group in network.groups(0.01)}
    assert slow == {0.01, 0.2}  # the singular values move faster
    learned(network, FEW)
    assert np.abs(network.encode(["whole milk"]) - before).max() > 0.01


def test_padding_moves_no_vector(model: ModelFiles) -> None:
    network = Network(model, "lora", FEW)
    alone, beside = network.encode(["milk"]), network.encode(["milk", "whole frozen waffles a b"])
    np.testing.assert_allclose(beside[:1], alone, atol=1e-5)


def test_a_pair_that_is_told_apart_costs_nothing_and_twins_are_no_negatives() -> None:
    rows = torch.eye(3)
    assert float(contrastive(rows, rows, ["a", "b", "c"], 50.0)) == pytest.approx(0.0, abs=1e-6)
    same = torch.ones(2, 3) / 3**0.5  # two texts that cannot be told apart: log 2 each way, unless they are one product
    assert float(contrastive(same, same, ["a", "b"], 20.0)) == pytest.approx(np.log(2))
    assert float(contrastive(same, same, ["a", "a"], 20.0)) == pytest.approx(0.0)


def test_ranks_count_equals_against_themselves() -> None:
    vectors: dict[str, Any] = {"a": [1, 0], "b": [0, 1], "x": [1, 0], "y": [1, 0]}
    assert pairs_ndcg(lambda texts: np.array([vectors[t] for t in texts], np.float32), [("a", "x"), ("b", "y")]) == (
        pytest.approx(1 / np.log2(3))  # both rank second: x and y are alike
    )


def test_a_step_follows_from_its_number_alone() -> None:
    dealer = Dealer(SHOP, 8, 0.5, 0.5, seed=3)
    assert dealer.step(5) == Dealer(SHOP, 8, 0.5, 0.5, seed=3).step(5)
    assert dealer.step(5) != dealer.step(6)
    assert len(set(dealer.step(5).names)) == 8


def test_half_of_a_step_comes_from_few_categories() -> None:
    hard = Dealer(SHOP, 6, 1.0, 0.0, seed=0).step(0)
    assert len({name.split()[1] for name in hard.names}) <= 3  # three of each kind are learned from at least


def test_lengths_double_from_the_shortest_to_all() -> None:
    assert lengths(384, 64) == (64, 128, 256, 384)
    assert lengths(384, 0) == lengths(384, 384) == (384,)


def test_the_loss_of_shorter_vectors_is_the_mean_over_lengths_by_hand() -> None:
    left = torch.nn.functional.normalize(torch.tensor([[1.0, 0.0, 2.0, 0.0], [1.0, 0.0, 0.0, 2.0]]), dim=1)
    names = ["a", "b"]
    whole = float(contrastive(left, left, names, 20.0))
    assert float(matryoshka(left, left, names, 20.0, (4,))) == pytest.approx(whole)
    # the first two numbers of both are alike, so that they tell nothing: log 2
    assert float(matryoshka(left, left, names, 20.0, (2, 4))) == pytest.approx((np.log(2) + whole) / 2, abs=1e-5)


def test_first_numbers_learn_to_do_alone(model: ModelFiles) -> None:
    losses = []
    for shortest in (0, 4):
        settings = Adapting(
            steps=120, every=40, pairs_per_step=16, max_tokens=8, rank=8, misspelt=0.0, learning_rate=0.03,
            matryoshka=shortest,
        )  # fmt: skip
        network = Network(model, "lora", settings)
        learned(network, settings)
        short = network.encode([text for pair in LEARNED for text in pair])[:, :4]
        rows = torch.nn.functional.normalize(torch.from_numpy(short), dim=1)
        losses.append(float(contrastive(rows[::2], rows[1::2], [name for name, _ in LEARNED], 20.0)))
    assert losses[1] < losses[0]


def test_a_loss_that_is_no_number_ends_it_in_words(model: ModelFiles) -> None:
    network = Network(model, "full", FEW)
    with torch.no_grad():
        next(iter(network.moving.values())).fill_(float("nan"))
    with pytest.raises(ModelError, match="the loss of step 1 is nan"):
        learned(network, FEW)


def test_time_ends_it_too(model: ModelFiles) -> None:
    short = Adapting(steps=100_000, every=2, minutes=0.01, pairs_per_step=4, max_tokens=8, rank=1)
    assert learned(Network(model, "lora", short), short).steps < 100_000


@pytest.mark.parametrize(
    "wrong",
    [
        {"steps": 0},
        {"steps": 2.5},
        {"learning_rate": float("nan")},
        {"rank": True},
        {"mlm": -1},
        {"matryoshka": 0.5},
        {"misspelt": 0.6, "respelt": 0.6},
    ],
)
def test_a_setting_out_of_range_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(SettingsError, match="an adaptation got"):
        Adapting(**wrong)


def test_an_unknown_way_names_those_there_are() -> None:
    with pytest.raises(BadRequestError, match="lora, adalora, full"):
        way_of("magic")
