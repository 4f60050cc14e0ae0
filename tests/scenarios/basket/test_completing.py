"""Every part of a score on baskets whose right answer is known, and the weights that are learned of them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.artifacts import ArtifactStore
from recsys.scenarios.basket import storing
from recsys.scenarios.basket.completing import (
    CONTENT,
    NEEDED,
    PARTS,
    POPULAR,
    TOGETHER,
    USUAL,
    VECTORS,
    VISITS,
    Setting,
    counted,
    led_by,
    of_nobody,
    parts,
    stand_ins,
    total,
)
from recsys.scenarios.basket.usual import usual
from recsys.scenarios.basket.weighing import (
    Case,
    Choice,
    asked,
    fitted,
    hidden_of,
    learned_weights,
    out_of,
    place_of,
    ranking_best,
)
from recsys.schema import Floats, Rows
from tests.scenarios.basket.made_up import GROUPS, OTHER_SAUCE, PASTA, SAUCE, SHOPPERS, SOAP, SPONGE, N, table

TABLE = table()
KNOWN = counted(TABLE, GROUPS)


class Alike:
    """The sauces read the same, all else differently."""

    vectors = np.eye(N, dtype=np.float32)
    vectors[OTHER_SAUCE] = vectors[SAUCE]

    def scores(self, query: Floats) -> Floats:
        return np.asarray(self.vectors @ query)

    def vectors_at(self, items: Rows) -> Floats:
        return np.asarray(self.vectors[items])


def of(*rows: int, shopper: int | None = None) -> Setting:
    held = np.array(rows, np.int32)
    if shopper is None:
        return Setting(held)
    lines = TABLE.take(np.array([shopper], np.int32))
    return Setting(held, usual(lines, 100), lines)


def test_pasta_asks_for_a_sauce_in_every_part_that_looks_at_baskets() -> None:
    found = parts(KNOWN, of(PASTA), Alike())
    for name in (TOGETHER, NEEDED):
        assert set(np.argsort(-found[name])[:2].tolist()) == {SAUCE, OTHER_SAUCE}, name
    assert found[VECTORS][SAUCE] > found[VECTORS][SPONGE]
    assert not found[CONTENT][SAUCE]


def test_a_shopper_has_their_own_sauce() -> None:
    found = parts(KNOWN, of(PASTA, shopper=1), None)  # the odd ones take SAUCE
    assert found[USUAL][SAUCE] > 0 == found[USUAL][OTHER_SAUCE]
    assert found[VISITS][SAUCE] > 0 == found[VISITS][OTHER_SAUCE]


def test_an_empty_basket_of_nobody_leaves_what_is_popular() -> None:
    found = parts(KNOWN, of(), Alike())
    assert set(found) == set(PARTS)
    assert found[POPULAR].max() > 0
    assert not any(found[name].any() for name in PARTS if name != POPULAR)


def test_of_nobody_the_parts_are_as_if_nobody_had_ever_been_known() -> None:
    for rows in ((PASTA,), (PASTA, SOAP), ()):
        somebody = of(*rows, shopper=1)
        made = of_nobody(KNOWN, somebody, parts(KNOWN, somebody, Alike()))
        for name, values in parts(KNOWN, of(*rows), Alike()).items():
            assert np.array_equal(made[name], values), name


def test_what_somebody_took_is_out_only_where_something_new_is_asked_for() -> None:
    setting = of(PASTA, shopper=1)
    assert setting.took(SAUCE)
    assert not setting.took(OTHER_SAUCE)
    assert not of(PASTA).took(SAUCE)
    assert SAUCE in out_of(setting, Case.NEW)
    assert OTHER_SAUCE not in out_of(setting, Case.NEW)
    assert out_of(setting, Case.SOMEBODY).tolist() == out_of(of(PASTA), Case.NEW).tolist() == [PASTA]


def test_what_follows_names_what_it_follows_most() -> None:
    setting = of(PASTA, SOAP, shopper=1)
    follows = parts(KNOWN, setting, None)["sequence"]
    for row in range(N):
        leader = led_by(KNOWN, setting, row)
        assert (leader is not None) == (follows[row] > 0)
        assert leader is None or KNOWN.following[[leader], [row]][0] > 0
    assert led_by(KNOWN, of(), PASTA) is None


def test_every_part_is_finite_and_never_below_nothing_even_for_a_basket_of_everything() -> None:
    for setting in (of(*range(N)), of(PASTA, shopper=0), of(N - 1)):
        for name, values in parts(KNOWN, setting, Alike()).items():
            assert values.shape == (N,)
            assert np.isfinite(values).all(), name
            assert values.min() >= 0, name


def test_the_total_is_the_sum_of_the_weighted_parts() -> None:
    found = parts(KNOWN, of(PASTA), None)
    weights = dict.fromkeys(PARTS, 0.0) | {TOGETHER: 2.0, POPULAR: 0.5}
    assert np.allclose(total(found, weights), 2 * found[TOGETHER] + 0.5 * found[POPULAR])
    assert not total(found, {}).any()


def test_another_sauce_would_replace_and_not_complete_unless_the_shopper_takes_it_anyway() -> None:
    assert np.flatnonzero(stand_ins(KNOWN, of(SAUCE), Alike())).tolist()[-1] == OTHER_SAUCE
    assert not stand_ins(KNOWN, of(PASTA), Alike())[[SAUCE, OTHER_SAUCE]].any()
    assert not stand_ins(KNOWN, of(SAUCE, shopper=0), Alike())[OTHER_SAUCE]  # the even ones take it
    assert not stand_ins(KNOWN, of(SAUCE), None).any()


def test_questions_hide_one_product_of_a_basket_and_look_at_nothing_later() -> None:
    questions = hidden_of(TABLE, 40, 60, 1_000, seed=0)
    assert len(questions) == SHOPPERS == len({each.shopper for each in questions})
    assert len(hidden_of(TABLE, 40, 60, 1_000, seed=0, of_one=2)) == 2 * SHOPPERS
    for each, setting, _ in asked(TABLE, KNOWN, None, questions[:10]):
        assert 40 <= each.day < 60
        assert each.hidden not in each.rows
        assert setting.earlier is not None
        assert setting.earlier.days.max() < each.day


def test_the_weights_bring_the_hidden_product_to_the_top() -> None:
    cut = 7 * 9
    before = counted(TABLE.where(TABLE.days < cut), GROUPS)
    questions = hidden_of(TABLE, cut, 84, 1_000, seed=0, of_one=3)
    weights = learned_weights(TABLE, before, Alike(), questions)[Case.SOMEBODY]
    assert min(weights.values()) >= 0
    places: dict[str, list[int]] = {"mine": [], "popular": []}
    for each, setting, found in asked(TABLE, before, Alike(), hidden_of(TABLE, cut, 84, 1_000, seed=1)):
        if each.hidden <= OTHER_SAUCE:  # what was planted
            places["mine"].append(place_of(total(found, weights), each.hidden, setting.rows))
            places["popular"].append(place_of(found[POPULAR], each.hidden, setting.rows))
    assert np.mean(np.array(places["mine"]) == 1) > 0.9
    assert np.mean(places["mine"]) < np.mean(places["popular"])


def test_too_few_questions_weigh_all_parts_alike() -> None:
    for weights in learned_weights(TABLE, KNOWN, None, []).values():
        assert set(weights.values()) == {1.0}
    with pytest.raises(ValueError, match="no question"):
        fitted([])


def test_a_part_that_tells_gets_the_weight_and_equals_do_not_count_as_found() -> None:
    rng = np.random.default_rng(0)
    choices = []
    for _ in range(50):
        told = np.zeros(20)
        told[0] = 1.0
        values = np.column_stack([told, rng.random(20)])
        choices.append(Choice(values[0], values, np.zeros(20)))
    likely = fitted(choices)
    assert likely[0] > likely[1]
    best = ranking_best(choices)
    assert best[0] > 0  # with no weight at all every product would be the first, if equals were not counted


def test_places_count_equals_by_row_and_leave_out_what_is_in_sight() -> None:
    scores = np.array([1, 3, 2, 2, 2], np.float32)
    assert place_of(scores, 3, np.array([], np.int32)) == 3
    assert place_of(scores, 3, np.array([1, 2], np.int32)) == 1


def test_what_was_counted_is_the_same_after_it_was_stored(tmp_path: Path) -> None:
    def make(folder: Path) -> dict[str, object]:
        storing.save(KNOWN, folder)
        return {}

    store = ArtifactStore(tmp_path)
    store.build("baskets", "one", make)
    again = storing.load(store.open("baskets", "one"))
    for setting in (of(PASTA), of(SOAP, shopper=3)):
        before, after = parts(KNOWN, setting, None), parts(again, setting, None)
        assert all(np.array_equal(before[name], after[name]) for name in PARTS)
