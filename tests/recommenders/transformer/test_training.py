"""A training can be watched, stopped, resumed and cut short, and one that fails leaves what there was."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError, ModelError
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.transformer import training, watching
from recsys.recommenders.transformer.batches import Baskets, Batch, training_batches
from recsys.recommenders.transformer.items import Content
from recsys.recommenders.transformer.model import InterestNetwork
from recsys.recommenders.transformer.recommender import TransformerRecommender
from recsys.recommenders.transformer.softmax import CatalogueSoftmax
from recsys.recommenders.transformer.training import TrainingStoppedError, one_cycle
from recsys.recommenders.transformer.watching import Watched, keep_back
from recsys.schema import Floats
from tests.recommenders.recommender_contract import sequence_data, visits_of
from tests.recommenders.transformer.made import (
    NOTHING,
    N,
    arrays,
    circles,
    everything_known,
    files,
    outings,
    same,
    small,
)


def fit(data: Interactions, side: SideInformation = NOTHING, **asked: Any) -> TransformerRecommender:
    return small(epochs=3).fit(data, side, **asked)


def after(times: int) -> Callable[[], bool]:
    """A `should_stop` that is true from the question after so many on."""
    left = iter([False] * times)
    return lambda: next(left, True)


CASES: dict[str, tuple[Interactions, SideInformation]] = {
    "watched sequences": (circles(), NOTHING),
    "baskets, all known": (outings(), everything_known(5)),
    "nobody watched": (circles(20), NOTHING),
}


@cache
def uninterrupted(case: str = "watched sequences") -> tuple[dict[str, Floats], int]:
    """(what three epochs learn, in how many steps): a training asks before each step whether to stop."""
    asked: list[None] = []
    fitted = fit(*CASES[case], should_stop=lambda: asked.append(None) is not None)
    assert len(asked) % 3 == 0
    return arrays(fitted), len(asked)


# --- being told ---------------------------------------------------------------------------------------------


def test_every_finished_epoch_is_told_in_order() -> None:
    told: list[tuple[int, int, float, float, float]] = []
    fit(circles(), on_epoch=lambda *figures: told.append(figures))
    assert [(epoch, total) for epoch, total, *_ in told] == [(1, 3), (2, 3), (3, 3)]
    assert [loss for _, _, loss, _, _ in told] == sorted([loss for _, _, loss, _, _ in told], reverse=True)
    assert all(0 <= ndcg <= 1 and seconds > 0 for *_, ndcg, seconds in told)


def test_progress_goes_up_to_its_total() -> None:
    told: list[tuple[int, int, str]] = []
    fit(circles(), progress=lambda done, total, note="": told.append((done, total, note)))
    done = [each[0] for each in told]
    assert done == sorted(done)
    assert told[-1][0] == told[-1][1]
    assert {note for *_, note in told} >= {"epoch 1 of 3", "epoch 3 is done"}


def test_with_too_few_shoppers_nobody_is_watched_and_the_figure_is_no_number() -> None:
    told: list[float] = []
    fit(circles(39), on_epoch=lambda *figures: told.append(figures[3]))  # 19 could be
    assert len(told) == 3
    assert np.isnan(told).all()


def test_at_most_half_of_the_shoppers_are_watched_and_their_last_basket_is_not_learned_from() -> None:
    data = circles(60)
    rest, watched = keep_back(data, 2000, np.random.default_rng(0))
    assert len(watched.visits) == 30
    chosen = watched.visits.shoppers
    assert rest.lengths[chosen].tolist() == [5] * 30
    assert np.delete(rest.lengths, chosen).tolist() == [6] * 30
    assert watched.relevant.indices.tolist() == [data.of(shopper)[-1] for shopper in chosen]
    assert watched.visits.days.tolist() == [5] * 30
    assert not watched.keep_seen  # nothing is taken twice


def test_the_watched_figure_is_ndcg_of_the_items_not_seen(monkeypatch: pytest.MonkeyPatch) -> None:
    # of five items the first visit has seen 0 and took 1, the best of the rest; the second took 1 and 3, at 2 and 1
    monkeypatch.setattr(watching, "interest_vectors", lambda learned, heads, visits: visits.shoppers)
    table = np.array([[9, 5, 4, 3, 2], [1, 5, 9, 6, 0]], np.float32)
    monkeypatch.setattr(watching, "scores", lambda learned, shoppers: table[shoppers].copy())
    visits = visits_of(sequence_data([0], [2], n_items=5))
    watched = Watched(visits, sequence_data([1], [0, 3], n_items=5).matrix(), keep_seen=False)
    second = (1 + 1 / math.log2(4)) / (1 + 1 / math.log2(3))  # 3, 1, 0, 4: hits in places 1 and 3
    assert watched.ndcg({}, 1) == pytest.approx((1 + second) / 2)


def test_every_epoch_draws_an_order_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    drawn: list[int] = []

    def noted(baskets: Baskets, max_length: int, positions: int, random: np.random.Generator) -> Any:
        drawn.append(random.bit_generator.state["state"]["state"])
        return training_batches(baskets, max_length, positions, random)

    monkeypatch.setattr(training, "training_batches", noted)
    fit(circles(3))
    assert len(set(drawn)) == 3


# --- stopping and resuming ----------------------------------------------------------------------------------


def test_a_stopped_training_says_so_and_leaves_what_was_learned_before() -> None:
    fitted = fit(circles())
    before = arrays(fitted)
    with pytest.raises(TrainingStoppedError, match="stopped in epoch 1 of 3") as error:
        fitted.fit(outings(), NOTHING, should_stop=lambda: True)
    assert "start it again" in error.value.remedy
    assert same(arrays(fitted), before)


@pytest.mark.parametrize("case", CASES)
@pytest.mark.parametrize("share", [0.0, 0.34, 0.5, 0.67, 0.99])
def test_a_stopped_training_goes_on_to_the_very_same_arrays(case: str, share: float, tmp_path: Path) -> None:
    whole, steps = uninterrupted(case)
    told: list[int] = []
    with pytest.raises(TrainingStoppedError):
        fit(*CASES[case], should_stop=after(int(share * steps)), checkpoints=tmp_path)
    resumed = fit(*CASES[case], checkpoints=tmp_path, on_epoch=lambda epoch, *_: told.append(epoch))
    assert same(arrays(resumed), whole)
    assert told == [1, 2, 3][int(share * 3) :]  # finished epochs are not done again


def test_stopped_after_every_epoch_it_still_comes_to_the_same(tmp_path: Path) -> None:
    whole, steps = uninterrupted()
    for _ in range(2):
        with pytest.raises(TrainingStoppedError):
            fit(circles(), should_stop=after(steps // 3), checkpoints=tmp_path)
    assert same(arrays(fit(circles(), checkpoints=tmp_path)), whole)


def test_a_finished_training_is_not_done_again(tmp_path: Path) -> None:
    first = arrays(fit(circles(), checkpoints=tmp_path))
    before = files(tmp_path)
    again = fit(circles(), checkpoints=tmp_path, should_stop=lambda: True)  # never gets to ask
    assert same(arrays(again), first)
    assert files(tmp_path) == before


def test_checkpoints_do_not_change_what_is_learned_and_only_two_stay(tmp_path: Path) -> None:
    assert same(arrays(fit(circles(), checkpoints=tmp_path / "new")), uninterrupted()[0])
    assert sorted(files(tmp_path / "new")) == ["epoch-0002.safetensors", "epoch-0003.safetensors"]


def test_other_threads_may_go_on_with_a_training(tmp_path: Path) -> None:
    with pytest.raises(TrainingStoppedError):
        fit(circles(), should_stop=after(uninterrupted()[1] // 2), checkpoints=tmp_path)
    small(epochs=3, threads=0).fit(circles(), NOTHING, checkpoints=tmp_path)
    assert "epoch-0003.safetensors" in files(tmp_path)


# --- the best epoch -----------------------------------------------------------------------------------------


def figures(monkeypatch: pytest.MonkeyPatch, *ndcg: float) -> list[dict[str, Any]]:
    """The validation says these figures, whatever was learned; what was learned by then is noted."""
    left, noted = iter(ndcg), []

    def say(self: Watched, learned: dict[str, Any], heads: int) -> float:
        noted.append(learned)
        return next(left)

    monkeypatch.setattr(Watched, "ndcg", say)
    return noted


@pytest.mark.parametrize(
    ("ndcg", "best"), [((0.3, 0.2, 0.1), 1), ((0.1, 0.3, 0.3), 2), ((0.1, 0.2, 0.3), 3), ((0.0, 0.0, 0.0), 1)]
)
def test_the_best_epoch_is_kept(ndcg: tuple[float, ...], best: int, monkeypatch: pytest.MonkeyPatch) -> None:
    noted = figures(monkeypatch, *ndcg)
    assert same(arrays(small(epochs=3, patience=9).fit(circles(), NOTHING)), noted[best - 1])


def test_the_best_epoch_is_kept_over_a_resumption(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    steps = uninterrupted()[1]
    noted = figures(monkeypatch, 0.3, 0.2, 0.1)
    with pytest.raises(TrainingStoppedError):
        small(epochs=3, patience=9).fit(circles(), NOTHING, should_stop=after(2 * steps // 3), checkpoints=tmp_path)
    resumed = small(epochs=3, patience=9).fit(circles(), NOTHING, checkpoints=tmp_path)
    assert len(noted) == 3
    assert same(arrays(resumed), noted[0])


def test_training_ends_when_patience_does(monkeypatch: pytest.MonkeyPatch) -> None:
    noted = figures(monkeypatch, 0.1, 0.3, 0.2, 0.25, 0.9)
    fitted = small(epochs=5, patience=2).fit(circles(), NOTHING)
    assert len(noted) == 4  # two epochs without a better one than the second
    assert same(arrays(fitted), noted[1])


def test_where_nobody_is_watched_the_last_epoch_is_the_best(tmp_path: Path) -> None:
    assert not same(
        arrays(small(epochs=2, watched=0).fit(circles(), NOTHING)),
        arrays(small(epochs=3, watched=0).fit(circles(), NOTHING)),
    )
    told: list[int] = []
    small(epochs=5, watched=0, patience=1).fit(circles(), NOTHING, on_epoch=lambda epoch, *_: told.append(epoch))
    assert told == [1, 2, 3, 4, 5]


# --- a loss that is no number -------------------------------------------------------------------------------


@pytest.fixture
def backward(monkeypatch: pytest.MonkeyPatch) -> list[Callable[[InterestNetwork, float], float]]:
    """What happens to the loss after a step of training: the first of the list for the first step, and so on."""
    turns: list[Callable[[InterestNetwork, float], float]] = []
    original = InterestNetwork.backward

    def turned(self: InterestNetwork, batch: Batch, content: Content, softmax: CatalogueSoftmax) -> float:
        loss = original(self, batch, content, softmax)
        return turns.pop(0)(self, loss) if turns else loss

    monkeypatch.setattr(InterestNetwork, "backward", turned)
    return turns


def sound(network: InterestNetwork, loss: float) -> float:
    return loss


def poisoned(network: InterestNetwork, loss: float) -> float:
    """The loss is a number, its gradient is not: seen in the weights only after the step."""
    assert network.ids.grad is not None
    network.ids.grad.fill_(torch.nan)
    return loss


@pytest.mark.parametrize("bad", [float("nan"), float("inf"), float("-inf")])
def test_a_loss_that_is_not_finite_ends_training_and_leaves_all_that_was(
    bad: float, backward: list[Any], tmp_path: Path
) -> None:
    steps = uninterrupted()[1]
    fitted = fit(sequence_data([0, 1, 2], n_items=N))
    before = arrays(fitted)
    with pytest.raises(TrainingStoppedError):
        fitted.fit(circles(), NOTHING, should_stop=after(steps // 2), checkpoints=tmp_path)
    kept = files(tmp_path)
    backward[:] = [sound, lambda network, loss: bad]
    with pytest.raises(ModelError, match=f"{bad} in epoch 2, step {steps // 3 + 2}") as error:
        fitted.fit(circles(), NOTHING, checkpoints=tmp_path)
    assert "lower learning_rate, now 0.0045" in error.value.remedy
    assert files(tmp_path) == kept
    assert list(kept) == ["epoch-0001.safetensors"]
    assert same(arrays(fitted), before)


@pytest.mark.parametrize("step", ["first", "last"])
def test_weights_that_are_not_finite_are_never_kept(step: str, backward: list[Any], tmp_path: Path) -> None:
    last = uninterrupted()[1] // 3
    backward[:] = [sound] * (last - 1 if step == "last" else 0) + [poisoned]
    seen = f"what was learned is not finite in epoch 1, step {last}" if step == "last" else "nan in epoch 1, step 2"
    with pytest.raises(ModelError, match=seen):
        fit(circles(), checkpoints=tmp_path)
    assert files(tmp_path) == {}


def test_even_the_highest_learning_rate_and_scale_stay_finite() -> None:
    wild = small(learning_rate=1.0, scale=50.0, dropout=0.0).fit(circles(), NOTHING)
    assert np.isfinite(wild.score(visits_of(circles()))).all()


def test_a_refused_training_writes_no_checkpoint(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        fit(sequence_data([1], n_items=N), checkpoints=tmp_path / "new")
    assert not (tmp_path / "new").exists()


@pytest.mark.parametrize(("share", "rate"), [(0.0, 0.01), (0.05, 0.5), (0.1, 1.0), (0.55, 0.5), (1.0, 0.0)])
def test_the_learning_rate_goes_up_in_a_line_and_down_in_a_cosine(share: float, rate: float) -> None:
    assert one_cycle(share) == pytest.approx(rate, abs=1e-9)
