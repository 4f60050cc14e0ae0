"""The Transformer as a recommender: what it learns on data whose rule is known, and what it leaves untouched."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError, SettingsError
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.transformer.recommender import TransformerRecommender
from tests.recommenders.recommender_contract import (
    BASKETS,
    SEQUENCES,
    RecommenderContract,
    basket_data,
    sequence_data,
    side_information,
    visits_of,
)
from tests.recommenders.transformer.made import NOTHING, N, arrays, circles, everything_known, outings, same, small

RULE = {"dimension": 16, "feed_forward": 16, "epochs": 30, "learning_rate": 0.02, "dropout": 0.0, "watched": 0}


class TestPromises(RecommenderContract):
    def recommender(self) -> Recommender:
        return small(epochs=1, heads=2)


def test_it_learns_that_item_i_is_followed_by_item_i_plus_1() -> None:
    fitted, visits = small(**RULE).fit(circles(), NOTHING), visits_of(circles(N, 4))
    following = [(shopper + 4) % N for shopper in range(N)]
    right = fitted.score(visits).argmax(axis=1) == following
    assert right.mean() >= 0.9


def test_the_best_cosine_with_the_interest_vector_is_the_best_score() -> None:
    fitted, visits = small(**RULE).fit(circles(), NOTHING), visits_of(circles(N, 4))
    cosines = fitted.interest_vectors(visits) @ fitted.learned["vectors"].T
    np.testing.assert_allclose(cosines * fitted.learned["scale"], fitted.score(visits), rtol=1e-4, atol=1e-5)
    assert np.abs(cosines).max() <= 1 + 1e-5


def colours() -> tuple[Interactions, SideInformation]:
    """Items 0-4 and 10 are red, 5-9 and 11 blue; nobody has taken 10 and 11, and everybody keeps to one colour."""
    rng = np.random.default_rng(0)
    sequences = [(rng.permutation(5) + 5 * (shopper % 2)).tolist() for shopper in range(60)]
    is_red = np.array([1] * 5 + [0] * 5 + [1, 0], np.float32)
    return sequence_data(*sequences, n_items=N), SideInformation(sparse.csr_array(np.stack([is_red, 1 - is_red], 1)))


def test_an_item_nobody_has_taken_is_found_through_its_attributes() -> None:
    data, side = colours()
    fitted = small(**RULE | {"watched": 60}).fit(data, side)  # beyond the colour all is chance: watched, it stops early
    scores = fitted.score(visits_of(sequence_data([0, 1, 2], [5, 6, 7], n_items=N)))
    assert scores[0, 10] > scores[0, [5, 6, 7, 8, 9, 11]].max()  # the red one above all that is blue
    assert scores[1, 11] > scores[1, [0, 1, 2, 3, 4, 10]].max()


def test_baskets_are_learned_as_sets() -> None:
    weekly = [
        {7 * week: [(shopper + week) % 8, (shopper + week + 4) % 8] for week in range(4)} for shopper in range(40)
    ]
    fitted = small(**RULE).fit(basket_data(*weekly), NOTHING)
    best = np.argsort(-fitted.score(visits_of(basket_data({0: [0, 4], 7: [1, 5]}), day=14))[0])[:2]
    assert sorted(best.tolist()) == [2, 6]
    one, other = (fitted.score(visits_of(basket_data({0: basket}), day=7)) for basket in ([0, 4], [4, 0]))
    np.testing.assert_allclose(one, other, atol=1e-5)


@pytest.mark.parametrize("side", [NOTHING, side_information(5), everything_known(5)], ids=["nothing", "some", "all"])
@pytest.mark.parametrize("data", [outings(), SEQUENCES], ids=["dated baskets", "undated sequences"])
def test_it_trains_with_dates_or_without_and_with_whatever_is_known(data: Interactions, side: SideInformation) -> None:
    fitted = small(epochs=1).fit(data, side)
    assert np.isfinite(fitted.score(visits_of(data))).all()
    assert (fitted.learned["gaps"] != 0).any() == data.dated


def test_one_shopper_who_came_twice_is_enough() -> None:
    alone = sequence_data([3, 4])
    assert np.isfinite(small().fit(alone, NOTHING).score(visits_of(alone))).all()


@pytest.mark.parametrize(
    "data",
    [sequence_data([3]), sequence_data([3], [4], []), basket_data({5: [1, 2, 3]})],
    ids=["one shopper", "three shoppers", "one basket"],
)
def test_shoppers_who_came_once_teach_no_order(data: Interactions) -> None:
    with pytest.raises(DataError, match="shoppers came twice") as error:
        small().fit(data, NOTHING)
    assert error.value.seen.startswith(f"none of {len(data)}")
    assert "2 baskets and more" in error.value.allowed


def test_a_refused_fit_leaves_what_was_learned() -> None:
    fitted = small().fit(circles(4), NOTHING)
    before = arrays(fitted)
    for useless in (sequence_data([], n_items=N), sequence_data([3], n_items=N)):
        with pytest.raises(DataError):
            fitted.fit(useless, NOTHING)
    assert same(arrays(fitted), before)


def test_somebody_who_came_once_gets_an_interest_all_the_same() -> None:
    lengths = np.linalg.norm(small().fit(circles(), NOTHING).interest_vectors(visits_of(sequence_data([3], n_items=N))))
    assert lengths == pytest.approx(1, abs=1e-5)


@pytest.mark.parametrize("data", [BASKETS, circles()], ids=["baskets", "sequences"])
def test_the_same_seed_gives_the_same_arrays_bit_for_bit_and_another_seed_others(data: Interactions) -> None:
    first, again, other = (arrays(small(seed=seed).fit(data, NOTHING)) for seed in (5, 5, 6))
    assert same(first, again)
    assert not any(np.array_equal(first[name], other[name]) for name in ("vectors", "out.weight", "positions"))


def test_the_random_state_and_the_threads_of_the_process_stay_as_they_were() -> None:
    torch.manual_seed(7)
    np.random.seed(7)
    threads, state, legacy = torch.get_num_threads(), torch.get_rng_state(), np.random.get_state()[1].tolist()
    small(threads=threads + 1).fit(circles(4), NOTHING)
    assert torch.get_num_threads() == threads
    assert torch.equal(torch.get_rng_state(), state)
    assert np.random.get_state()[1].tolist() == legacy
    assert not torch.is_inference_mode_enabled()
    assert torch.is_grad_enabled()


def test_the_random_state_of_the_process_does_not_change_what_is_learned() -> None:
    torch.manual_seed(1)
    first = arrays(small().fit(circles(4), NOTHING))
    torch.manual_seed(2)
    assert same(arrays(small().fit(circles(4), NOTHING)), first)


@pytest.mark.parametrize(
    ("settings", "seen"),
    [
        ({"dimension": 3}, "dimension=3"),
        ({"heads": 3}, "3 heads"),
        ({"dropout": 1.0}, "dropout=1.0"),
        ({"epochs": True}, "epochs=True"),
        ({"layers": 1.0}, "layers=1.0"),
        ({"learning_rate": float("nan")}, "nan"),
    ],
)
def test_settings_that_cannot_be_are_refused(settings: dict[str, float], seen: str) -> None:
    with pytest.raises(SettingsError, match=seen):
        TransformerRecommender(**settings)  # type: ignore[arg-type]


def other_catalogue() -> dict[str, SideInformation]:
    side = everything_known(5)  # of 8 items, where the histories know 12
    return {
        "attributes": SideInformation(side.attributes),
        "vectors": SideInformation(vectors=side.vectors),
        "kinds": SideInformation(kinds=side.kinds),
    }


@pytest.mark.parametrize("name", other_catalogue())
def test_what_is_known_of_another_catalogue_is_refused(name: str) -> None:
    with pytest.raises(DataError, match=f"{name} of 8 items") as error:
        small().fit(circles(4), other_catalogue()[name])
    assert error.value.allowed == "12 items"


def test_a_text_vector_that_is_not_finite_is_named() -> None:
    vectors = np.ones((N, 3), np.float32)
    vectors[7, 1] = np.nan
    with pytest.raises(DataError, match="item 7"):
        small().fit(circles(4), SideInformation(vectors=vectors))
