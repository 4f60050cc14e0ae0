"""Items that stay where they are: what comes next is found among vectors that were given."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.errors import DataError, ModelError
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.transformer.in_space import InterestInSpace
from tests.recommenders.recommender_contract import sequence_data, visits_of
from tests.recommenders.transformer.made import N, circles, small

PLACES = np.linalg.qr(np.random.default_rng(3).normal(size=(16, 16)))[0][:N].astype(np.float32)
SIDE = SideInformation(vectors=PLACES)


def in_space(**settings: int) -> InterestInSpace:
    return InterestInSpace(dimension=16, feed_forward=32, epochs=25, positions_per_step=64, threads=1, **settings)


@pytest.fixture(scope="module")
def fitted() -> InterestInSpace:
    return in_space().fit(circles(120), SIDE)


def test_products_stay_where_they_are_and_the_interest_lies_at_what_comes_next(fitted: InterestInSpace) -> None:
    assert np.allclose(fitted.learned["vectors"], PLACES, atol=2e-3)  # bfloat16, where the machine has it
    visits = visits_of(sequence_data(*[[(start + step) % N for step in range(4)] for start in range(N)], n_items=N))
    interests = fitted.interest_vectors(visits)
    assert np.allclose(np.linalg.norm(interests, axis=1), 1, atol=1e-5)
    nearest = (interests @ PLACES.T).argmax(axis=1)
    assert (nearest == (np.arange(N) + 4) % N).mean() > 0.9
    assert (fitted.score(visits).argmax(axis=1) == nearest).all()


def test_a_product_that_nobody_took_is_near_where_its_content_says() -> None:
    taken = sequence_data(*[[0, 1, 2, 3], [1, 2, 3, 0], [2, 3, 0, 1], [3, 0, 1, 2]] * 20, n_items=N)  # not 4 and on
    places = PLACES.copy()
    places[7] = places[3] + 0.1 * places[8]
    places[7] /= np.linalg.norm(places[7])
    fitted = in_space().fit(taken, SideInformation(vectors=places))
    scores = fitted.score(visits_of(sequence_data([0, 1, 2], n_items=N)))[0]
    assert scores.argmax() == 3
    nobody_took = [4, 5, 6, 7, 9, 10, 11]
    assert max(nobody_took, key=lambda item: scores[item]) == 7


def test_vectors_of_another_dimension_are_refused() -> None:
    with pytest.raises(DataError, match="content vectors of 16 numbers"):
        InterestInSpace(dimension=8, epochs=1).fit(circles(), SIDE)
    with pytest.raises(DataError, match="content vectors of 0 numbers"):
        in_space().fit(circles(), SideInformation())


def test_it_is_kept_under_its_own_name_and_shares_no_checkpoint(fitted: InterestInSpace, tmp_path: Path) -> None:
    fitted.save(tmp_path / "kept")
    again = InterestInSpace.load(tmp_path / "kept")
    visits = visits_of(sequence_data([3, 4, 5], n_items=N))
    assert (again.score(visits) == fitted.score(visits)).all()
    small(epochs=1, dimension=16).fit(circles(), SIDE, checkpoints=tmp_path / "same")
    with pytest.raises(ModelError, match="a training with learns_items=None"):
        InterestInSpace(dimension=16, feed_forward=8, epochs=1, positions_per_step=32, threads=1).fit(
            circles(), SIDE, checkpoints=tmp_path / "same"
        )
