"""Features of what goes with what, of alike shoppers, of prices and of the visit."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.datasets.interactions import from_sequences
from recsys.ranking.blend.family import Family
from recsys.ranking.blend.links import PRIOR, TAU, CooccurrenceVectors, Links, NearestShoppers
from recsys.ranking.blend.visit import Prices, TheVisit
from recsys.recommenders.contract import SideInformation, Visits
from tests.ranking.blend.made import all_items, on_day, shopping


def sequences(*rows: list[int], n_items: int = 5) -> Visits:
    histories = from_sequences([np.array(row, np.int32) for row in rows], n_items)
    days = histories.lengths.astype(np.int32)
    return Visits(histories, np.arange(len(rows), dtype=np.int32), days)


def known(family: Family, visits: Visits, entry: int) -> dict[str, float]:
    values = family.values(visits, all_items(visits))[entry].tolist()
    return dict(zip([column.name for column in family.columns], values, strict=True))


TRAINING = sequences([0, 1, 2], [0, 1])


def test_links_count_what_follows_and_what_comes_before() -> None:
    links = Links().fit(TRAINING.histories, SideInformation())
    one = known(links, sequences([0]), 1)  # after 0 comes 1, twice, one step on
    assert one["follows the last"] == pytest.approx(np.log1p(2 / TAU))
    assert one["strongest link"] == pytest.approx(np.log1p(2 / TAU), rel=1e-5)
    assert one["how many of the history it follows"] == 1
    assert one["chance to come next"] == pytest.approx(2 / (2 + PRIOR))
    assert one["times it came right after the last"] == 2
    assert one["comes before what was taken"] == 0
    assert known(links, sequences([1]), 0)["comes before what was taken"] == pytest.approx(np.log1p(2 / TAU))


def test_items_seen_together_have_near_vectors() -> None:
    training = sequences(*[[0, 1]] * 5, *[[2, 3]] * 5)
    vectors = CooccurrenceVectors().fit(training.histories, SideInformation())
    name = "vector: cosine to the history"
    near, far = (known(vectors, sequences([0, 1]), item)[name] for item in (0, 3))
    assert near > 0.5 > far


def test_alike_shoppers_speak_and_the_shopper_does_not() -> None:
    # shoppers 0 and 1 share item 0, the others share nothing with them; 0 asks, and 1 is the only one alike
    training = sequences([0, 1], [0, 2], [3, 4], [3, 4])
    alike = NearestShoppers().fit(training.histories, SideInformation())
    asking = training.take(np.array([0], np.int32))
    taken = [known(alike, asking, item)["taken by alike shoppers"] for item in range(5)]
    assert taken == pytest.approx([1, 0, 1, 0, 0])
    assert known(alike, asking, 2)["alike shoppers who took it"] == 1


def test_a_price_is_compared_with_the_usual_one() -> None:
    side = SideInformation(prices=np.array([1, np.e, np.nan], np.float32))
    visits = on_day(shopping([(0, [0, 0])], n_items=3), 1)
    prices = Prices().fit(visits.histories, side)
    assert known(prices, visits, 1)["log price against the shopper's usual"] == pytest.approx(1)
    assert known(prices, visits, 2)["log price"] == pytest.approx(np.log((1 + np.e) / 2))  # the middle of the known


def test_the_visit_is_the_same_for_all_its_candidates() -> None:
    visits = on_day(shopping([(0, [0]), (6, [1, 2, 3])], [], n_items=4), 8, 8)
    values = TheVisit().values(visits, all_items(visits))
    assert values[0].tolist() == values[3].tolist() == [4, 2, 2, 3, 8 - 6, 6 - 0]
    assert values[4].tolist() == [0, 0, 0, 0, 0, 0]


@pytest.mark.parametrize("family", [Links, CooccurrenceVectors, NearestShoppers])
def test_an_empty_history_has_finite_features(family: type[Family]) -> None:
    values = family().fit(TRAINING.histories, SideInformation()).values(sequences([]), all_items(sequences([])))
    assert np.isfinite(values).all()
    assert (values == 0).all()
