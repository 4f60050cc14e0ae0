"""What each visit does for a product, by models whose right answer is known."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions
from recsys.explanation.sequence_attributions import COMPLETE, Attributions, attributions
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.transformer import serving
from recsys.recommenders.transformer.batches import visit_batches
from recsys.recommenders.transformer.in_space import InterestInSpace
from tests.recommenders.recommender_contract import sequence_data
from tests.recommenders.transformer.made import N, circles, outings

PLACES = np.linalg.qr(np.random.default_rng(3).normal(size=(16, 16)))[0][:N].astype(np.float32)
TODAY = 10_000


@pytest.fixture(scope="module")
def fitted() -> InterestInSpace:
    """Knows that item i + 1 follows item i."""
    made = InterestInSpace(dimension=16, feed_forward=32, epochs=25, positions_per_step=64, threads=1)
    return made.fit(circles(120), SideInformation(vectors=PLACES))


@pytest.fixture(scope="module")
def drawn() -> InterestInSpace:
    """Two layers of two heads, all weights drawn at random, over eight items."""
    made = InterestInSpace(dimension=8, feed_forward=8, layers=2, heads=2, epochs=1, threads=1)
    random = np.random.default_rng(0)
    places = random.normal(size=(8, 8)).astype(np.float32)
    places /= np.linalg.norm(places, axis=1, keepdims=True)
    made.fit(outings(), SideInformation(vectors=places))
    for name, value in made.learned.items():
        if name not in ("vectors", "scale"):
            made.learned[name] = (value + 0.3 * random.normal(size=value.shape)).astype(np.float32)
    return made


def explained(model: InterestInSpace, history: Interactions, row: int, **learned: Any) -> Attributions:
    found = attributions({**model.learned, **learned}, model, history, TODAY, row)
    assert found is not None
    return found


def one(history: Interactions, shopper: int = 0) -> Interactions:
    return history.take(np.array([shopper], np.int32))


def test_the_network_that_is_asked_is_the_one_that_answers(drawn: InterestInSpace) -> None:
    import torch

    from recsys.recommenders.transformer.attributing import network_of

    network = network_of(drawn.learned, drawn)
    histories = outings()
    visits = Visits(histories, np.arange(len(histories), dtype=np.int32), np.full(len(histories), TODAY, np.int32))
    served = drawn.interest_vectors(visits)
    for rows, batch in visit_batches(visits, drawn.max_length):
        entries = torch.tensor(drawn.learned["vectors"][batch.bags.items])
        found = network.interests(batch, entries).view(*batch.shape, -1)[:, -1].numpy()
        assert np.allclose(found, served[rows], atol=1e-4)


def test_the_latest_visit_speaks_for_what_follows_it(fitted: InterestInSpace) -> None:
    history = sequence_data([3, 4, 5, 6, 7], n_items=N)
    found = explained(fitted, history, 8)
    assert found.rank == 1
    assert [rows.tolist() for rows in found.items] == [[3], [4], [5], [6], [7]]
    assert int(found.left_out.argmax()) == int(found.integrated.argmax()) == 4
    assert found.ranks[4] > 1


@pytest.mark.parametrize("shopper", [0, 1, 4])
@pytest.mark.parametrize("row", [0, 5])
def test_leaving_out_is_asking_the_model_again_and_the_gradients_add_up(
    drawn: InterestInSpace, shopper: int, row: int
) -> None:
    history = one(outings(), shopper)
    found = explained(drawn, history, row)
    assert abs(found.missed) < COMPLETE
    assert found.attention.sum() == pytest.approx(1, abs=1e-6)
    assert (found.attention > 0).all()
    for place, day in enumerate(found.days):
        keep = history.days != day
        fewer = replace(
            history,
            indptr=np.array([0, keep.sum()], np.int64),
            items=history.items[keep],
            baskets=history.baskets[keep],
            days=history.days[keep],
        )
        visits = Visits(fewer, np.zeros(1, np.int32), np.full(1, TODAY, np.int32))
        cosines = drawn.learned["vectors"] @ serving.interest_vectors(drawn.learned, 2, visits)[0]
        assert found.left_out[place] == pytest.approx(found.score - cosines[row], abs=1e-6)
        assert found.ranks[place] == (cosines > cosines[row]).sum() + 1
        assert set(history.items[history.days == day]) == set(found.items[place])


def test_a_model_that_looks_at_the_latest_alone_owes_nothing_to_the_others(fitted: InterestInSpace) -> None:
    blind = {name: np.zeros_like(fitted.learned[name]) for name in ("out.weight", "out.bias")}
    found = explained(fitted, sequence_data([3, 4, 5, 6, 7], n_items=N), 8, **blind)
    assert found.left_out[:4] == pytest.approx([0, 0, 0, 0], abs=1e-6)
    assert found.integrated[:4] == pytest.approx([0, 0, 0, 0], abs=1e-6)
    assert found.integrated[4] == pytest.approx(found.score - found.baseline, abs=COMPLETE)


def test_attention_without_a_preference_looks_everywhere_alike(fitted: InterestInSpace) -> None:
    even = {name: np.zeros_like(fitted.learned[name]) for name in ("query_key_value.weight", "query_key_value.bias")}
    found = explained(fitted, sequence_data([3, 4, 5, 6], n_items=N), 7, **even)
    assert found.attention == pytest.approx([0.25] * 4)
    assert found.attention_agrees is None  # all the same: there is no order


def test_agreement_is_that_of_the_orders() -> None:
    drawn = {"days": np.zeros(4, np.int32), "items": (), "score": 0.5, "rank": 1, "ranks": np.ones(4, np.int64)}
    same = Attributions(
        left_out=np.array([-0.4, 0.1, 0.2, 0.3]),
        integrated=np.array([-4.0, 1.0, 2.0, 3.0]),
        attention=np.array([0.4, 0.1, 0.2, 0.3]),
        baseline=-1.5,
        **drawn,
    )
    assert same.integrated_agrees == pytest.approx(1)
    assert same.attention_agrees == pytest.approx(1)  # of how much it moves, up or down
    assert same.missed == pytest.approx(0)
    turned = replace(same, integrated=-same.integrated)
    assert turned.integrated_agrees == pytest.approx(-1)
    few = replace(same, left_out=same.left_out[:3], integrated=same.integrated[:3])
    assert few.integrated_agrees is None


def test_a_single_visit_and_none(fitted: InterestInSpace) -> None:
    found = explained(fitted, sequence_data([3], n_items=N), 4)
    assert found.left_out.tolist() == [found.score]
    assert found.ranks.tolist() == [0]
    assert attributions(fitted.learned, fitted, sequence_data([], n_items=N), TODAY, 4) is None


def test_no_more_visits_than_the_model_looks_at(fitted: InterestInSpace) -> None:
    history = sequence_data([each % N for each in range(70)], n_items=N)
    found = explained(fitted, history, 70 % N)
    assert len(found.days) == fitted.max_length == 50
    assert [rows.tolist() for rows in found.items][-1] == [69 % N]
