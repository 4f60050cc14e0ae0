"""The modality gap of clouds whose gap is known by construction."""

from __future__ import annotations

import numpy as np
import pytest

from recsys.encoders.modality_gap import AMONG, MOST, SHOWN, both, gap, kept, side_by_side
from recsys.schema import Floats
from tests.encoders.clusters import unit


def cloud(n: int, width: int = 24, seed: int = 0) -> Floats:
    return unit(np.random.default_rng(seed).normal(size=(n, width)).astype(np.float32))


def along(axis: int, share: float, cloud: Floats) -> Floats:
    """The cloud with `share` of each unit vector along an axis of its own, the rest as it was."""
    found = np.hstack([cloud * np.sqrt(1 - share**2), np.zeros((len(cloud), 2), np.float32)])
    found[:, cloud.shape[1] + axis] = share
    return found


def test_of_the_same_vectors_there_is_no_gap() -> None:
    same = cloud(200)
    found = gap(same, same)
    assert found.distance == 0
    assert found.own == pytest.approx(1, abs=1e-4)
    assert found.found == found.agreed == 1


def test_two_clouds_that_were_moved_apart_are_as_far_apart_as_they_were_moved() -> None:
    same = cloud(200)
    found = gap(along(0, 0.6, same), along(1, 0.6, same))
    assert found.distance == pytest.approx(0.6 * np.sqrt(2), abs=1e-4)
    assert found.own == pytest.approx(1 - 0.6**2, abs=1e-4)  # of the rest all is shared, of the move nothing
    assert found.found == found.agreed == 1  # moved as a whole, each is still nearest to its own


def test_the_cosine_with_others_is_the_mean_over_all_pairs_that_are_none() -> None:
    texts, pictures = cloud(30, seed=1), cloud(30, seed=2)
    cosines = texts @ pictures.T
    others = cosines[~np.eye(30, dtype=bool)].mean()
    assert gap(texts, pictures).other == pytest.approx(float(others), abs=1e-4)


def test_encoders_with_no_axis_in_common_leave_every_pair_at_right_angles_and_the_rest_to_chance() -> None:
    texts, pictures = cloud(400, 7, seed=1) + 1, cloud(400, 33, seed=2) + 1
    here, there = side_by_side(texts, pictures)
    assert here.shape == there.shape == (400, 40)
    found = gap(here, there)
    assert found.own == found.other == 0
    assert found.found == pytest.approx(AMONG / 400)  # all are equally near: each has its share of the places
    centres = np.linalg.norm(unit(texts).mean(axis=0)), np.linalg.norm(unit(pictures).mean(axis=0))
    assert found.distance == pytest.approx(float(np.hypot(*centres)), abs=1e-3)


def test_what_is_drawn_keeps_the_distance_of_the_centres() -> None:
    same = cloud(SHOWN)
    found = gap(along(0, 0.5, same), along(1, 0.5, same))
    texts, pictures = np.array(found.texts), np.array(found.pictures)
    assert len(texts) == len(pictures) == SHOWN
    assert np.linalg.norm(texts.mean(axis=0) - pictures.mean(axis=0)) == pytest.approx(found.distance, abs=2e-3)


def test_neighbours_agree_where_crowds_are_the_same_and_axes_are_not() -> None:
    crowds = np.repeat(np.eye(30, dtype=np.float32), AMONG + 1, axis=0)
    turned = crowds[:, ::-1]
    rng = np.random.default_rng(0)
    noise = rng.normal(scale=0.01, size=crowds.shape).astype(np.float32)
    assert gap(unit(crowds + noise), unit(turned + noise[::-1])).agreed == 1


def test_before_and_after_are_measured_on_some_of_many() -> None:
    after = cloud(MOST + 5, 16)
    found = both((cloud(MOST + 5, 8, 1), cloud(MOST + 5, 12, 2)), (after, after), after)
    assert found["products"] == MOST
    assert found["chance"] == AMONG / MOST
    assert found["before"]["own"] == 0
    assert found["after"]["distance"] == 0


def test_of_a_single_product_there_is_nothing_to_say() -> None:
    assert both((cloud(1), cloud(1)), (cloud(1), cloud(1)), cloud(1)) == {}


def test_what_is_missing_costs_nothing_where_the_rest_says_the_same_and_all_where_it_is_noise() -> None:
    products = cloud(300)
    assert kept(products, products, products) == 1
    assert kept(products, products, cloud(300, seed=9)) < 0.15  # by chance .03
    half = unit(products + 0.5 * cloud(300, seed=9))
    assert 0.2 < kept(products, products, half) < 0.95
    assert kept(products[:1], products[:1], products[:1]) == 1
