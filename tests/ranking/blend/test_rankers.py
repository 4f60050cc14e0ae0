"""Trees and network: both learn an obvious rule, say exactly what made a score, and come back from disk the same."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from recsys.errors import ArtifactError
from recsys.ranking.blend.choosing import Both, Choosing, Plain, choose, learned
from recsys.ranking.blend.examples import Examples, folds_by_shopper, ndcg
from recsys.ranking.blend.network import Network, NetworkSettings, one_cycle, share_above_zero, train
from recsys.ranking.blend.table import Choices, FeatureTable
from recsys.ranking.blend.trees import Trees, TreeSettings, grow
from tests.ranking.blend.made import marked_examples

SMALL_TREES = TreeSettings(rounds=(5, 10), smallest_leaf=5, threads=1)
SMALL_NETWORK = NetworkSettings(epochs=(5, 10), hidden=8, visits_per_step=16, learning_rate=0.02)
SMALL = Choosing(trees=SMALL_TREES, network=SMALL_NETWORK)
EXAMPLES = marked_examples()
RANKERS: dict[str, Callable[[], Trees | Network]] = {
    "trees": lambda: grow(EXAMPLES, SMALL_TREES, 10),
    "network": lambda: train(EXAMPLES, SMALL_NETWORK, 10),
}
EACH = pytest.mark.parametrize("make", RANKERS.values(), ids=RANKERS)


@EACH
def test_a_ranker_learns_that_the_marked_item_is_always_taken(make: Callable[[], Trees | Network]) -> None:
    new = marked_examples(seed=1)
    assert ndcg(new, make().score(new.table.values)) == 1
    assert ndcg(new, new.table.values[:, 0]) < 0.8


@EACH
def test_contributions_add_up_to_the_score(make: Callable[[], Trees | Network]) -> None:
    ranker, values = make(), EXAMPLES.table.values[:40]
    shares = ranker.contributions(values)
    assert shares.shape == (40, 2 + 1)
    np.testing.assert_allclose(shares.sum(axis=1), ranker.score(values), atol=1e-5)
    taken = EXAMPLES.taken[:40]
    assert shares[taken, 1].min() > np.abs(shares[taken, 0]).max()  # the mark speaks louder than the noise


@EACH
def test_learning_twice_gives_the_same_ranker(make: Callable[[], Trees | Network]) -> None:
    values = EXAMPLES.table.values
    assert np.array_equal(make().score(values), make().score(values))


@EACH
def test_scores_are_in_standard_deviations(make: Callable[[], Trees | Network]) -> None:
    scores = make().score(EXAMPLES.table.values)
    assert (scores.mean(), scores.std()) == pytest.approx((0, 1), abs=1e-4)


@EACH
def test_a_ranker_comes_back_from_disk_the_same(make: Callable[[], Trees | Network], tmp_path: Path) -> None:
    ranker, values = make(), EXAMPLES.table.values
    ranker.save(tmp_path / "ranker")
    again = type(ranker).load(tmp_path / "ranker")
    assert np.array_equal(again.score(values), ranker.score(values))


@EACH
def test_no_candidates_get_no_scores(make: Callable[[], Trees | Network]) -> None:
    nothing = np.empty((0, 2), np.float32)
    assert make().score(nothing).shape == (0,)
    assert make().contributions(nothing).shape == (0, 3)


@pytest.mark.parametrize("damage", ["changed", "cut", "gone"])
def test_trees_that_are_not_what_was_written_are_refused(damage: str, tmp_path: Path) -> None:
    grow(EXAMPLES, SMALL_TREES, 2).save(tmp_path)
    file = tmp_path / "trees.txt"
    text = file.read_text()
    if damage == "gone":
        file.unlink()
    else:
        file.write_text(text[:-100] if damage == "cut" else text.replace("num_leaves", "num_trees", 1))
    with pytest.raises(ArtifactError, match="learn the blend again"):
        Trees.load(tmp_path)


def test_the_share_of_the_way_above_zero_is_where_the_line_crosses() -> None:
    bias = np.array([1.0, -1.0, 1.0, -1.0, 0.0])
    change = np.array([[1.0, -1.0, -4.0, 4.0, 0.0]])
    # always, never, until a quarter, from a quarter on, never
    assert share_above_zero(bias, change).tolist() == [[1, 0, 0.25, 0.75, 0]]


def test_the_learning_rate_climbs_and_falls() -> None:
    assert [one_cycle(done) for done in (0, 0.05, 0.1, 0.55, 1)] == pytest.approx([0, 0.5, 1, 0.5, 0])


def test_ndcg_counts_what_is_no_candidate_as_not_found() -> None:
    choices = Choices(np.array([0, 2]), np.array([0, 1], np.int32))
    table = FeatureTable(choices, np.zeros((2, 1), np.float32))
    one = Examples(table, np.array([False, True]), np.array([2], np.int32), np.array([0], np.int32), np.array([True]))
    # two were taken, one is a candidate and stands second
    assert ndcg(one, np.array([2, 1], np.float32)) == pytest.approx((1 / np.log2(3)) / (1 + 1 / np.log2(3)))


def test_all_visits_of_a_shopper_lie_in_one_fold() -> None:
    shoppers = np.array([3, 1, 3, 2, 1, 0], np.int32)
    fold = folds_by_shopper(shoppers, 2, seed=0)
    assert fold[0] == fold[2]
    assert fold[1] == fold[4]
    assert np.bincount(fold[[5, 1, 3, 0]]).tolist() == [2, 2]


def test_a_sample_keeps_all_that_was_taken_and_drops_visits_without() -> None:
    taken = EXAMPLES.taken.copy()
    taken[:8] = False  # nothing of the first visit is among its candidates
    some = replace(EXAMPLES, taken=taken).to_learn_from(3, seed=0)
    assert len(some.shoppers) == 119
    assert some.taken.sum() == 119
    assert 2 < some.table.choices.sizes.mean() < 6  # 3 of 8, or 3 and what was taken


def test_the_best_of_all_is_chosen_and_the_figures_are_kept() -> None:
    choice = choose(EXAMPLES, {"noise": 0}, SMALL)
    assert choice.kind in ("trees", "network", "both")
    assert choice.ndcg["network of 10 epochs"] == 1
    assert choice.ndcg["noise alone"] < 0.8
    assert {"trees of 5 rounds", "trees of 10 rounds", "both"} <= set(choice.ndcg)


def test_a_recommender_that_nothing_beats_is_used_as_it_is() -> None:
    choice = choose(EXAMPLES, {"noise": 0, "mark": 1}, SMALL)
    assert choice.kind == "mark alone"
    ranker = learned(EXAMPLES, choice, {"noise": 0, "mark": 1}, SMALL)
    assert isinstance(ranker, Plain)
    marks = EXAMPLES.table.values[:, 1]  # one of 8 is marked: the spread is sqrt(1/8 * 7/8)
    np.testing.assert_allclose(ranker.score(EXAMPLES.table.values), marks / np.sqrt(7 / 64), rtol=1e-5)
    assert ranker.contributions(EXAMPLES.table.values)[marks == 1][0] == pytest.approx([0, np.sqrt(64 / 7), 0])


def test_both_is_the_mean_of_trees_and_network() -> None:
    trees, network, values = RANKERS["trees"](), RANKERS["network"](), EXAMPLES.table.values
    assert isinstance(trees, Trees)
    assert isinstance(network, Network)
    both = Both(trees, network)
    np.testing.assert_allclose(both.score(values), (trees.score(values) + network.score(values)) / 2)
    np.testing.assert_allclose(both.contributions(values).sum(axis=1), both.score(values), atol=1e-5)
