"""LightGCN against the dense formula, its gradient against torch's own, and two groups that share no item."""

from __future__ import annotations

import numpy as np
import pytest
import torch
from scipy import sparse

from recsys.errors import ModelError
from recsys.recommenders import light_gcn
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.light_gcn import LightGCN, LightGCNWithFriends, Pairs, joined_by, normalised_graph, spread
from recsys.recommenders.personalized_pagerank import nobody
from tests.recommenders.recommender_contract import RecommenderContract, sequence_data, visits_of

# shoppers 0, 2, 4 ... take three of items 0 to 3, shoppers 1, 3, 5 ... three of items 4 to 7
GROUPS = sequence_data(*[[4 * (s % 2) + (s // 2 + step) % 4 for step in range(3)] for s in range(40)])
TOY = sequence_data([0, 1], [1, 2, 3], [3], n_items=4)


def small(**settings: float) -> LightGCN:
    return LightGCN(**{"dimension": 4, "steps": 40, "learning_rate": 0.1} | settings)


def dense_steps(first: np.ndarray, taken: np.ndarray, layers: int) -> list[np.ndarray]:
    """E, then D ** -1/2 @ A @ D ** -1/2 @ E and so on, with A = [[0, R], [R.T, 0]] and D its row sums."""
    n, n_items = taken.shape
    graph = np.block([[np.zeros((n, n)), taken], [taken.T, np.zeros((n_items, n_items))]])
    root = np.diag(graph.sum(axis=1) ** -0.5)
    steps = [first]
    for _ in range(layers):
        steps.append(root @ graph @ root @ steps[-1])
    return steps


@pytest.mark.parametrize("layers", [0, 1, 3])
def test_what_spreads_is_the_mean_of_the_dense_steps(layers: int) -> None:
    taken = TOY.matrix()
    first = np.random.default_rng(0).normal(size=(3 + 4, 2)).astype(np.float32)
    graph = torch.from_numpy(normalised_graph(taken, nobody(3))[0].toarray())
    expected = np.mean(dense_steps(first, taken.toarray(), layers), axis=0)
    np.testing.assert_allclose(spread(graph, torch.from_numpy(first), layers).numpy(), expected, rtol=1e-5, atol=1e-6)


def test_an_edge_weighs_one_over_the_root_of_the_degrees_of_its_ends() -> None:
    # item 3 was taken by two, shopper 1 took three and shopper 2 that alone
    graph = normalised_graph(TOY.matrix(), nobody(3))[0].toarray()
    assert graph[1, 3 + 3] == graph[3 + 3, 1] == pytest.approx(1 / np.sqrt(3 * 2))
    assert graph[2, 3 + 3] == pytest.approx(1 / np.sqrt(1 * 2))
    assert graph[0, 3 + 3] == 0


@pytest.mark.filterwarnings("ignore:Sparse CSR tensor support")  # a fit says so to nobody
def test_the_pull_is_the_gradient_of_the_loss_of_the_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(light_gcn, "PAIRS_AT_ONCE", 2)
    final = torch.randn(7, 3, generator=torch.Generator().manual_seed(1)).requires_grad_()
    loss, pull = Pairs(TOY.matrix(), 5, torch.Generator().manual_seed(0)).pull(final.detach())
    again = torch.Generator().manual_seed(0)
    drawn = torch.randint(6, (5,), generator=again).sort().values
    others = 3 + torch.randint(4, (5,), generator=again)
    shoppers, taken = torch.tensor([0, 0, 1, 1, 1, 2])[drawn], 3 + torch.tensor([0, 1, 1, 2, 3, 3])[drawn]
    expected = torch.nn.functional.softplus((final[shoppers] * (final[others] - final[taken])).sum(1)).mean()
    expected.backward()
    assert loss == pytest.approx(expected.item(), rel=1e-5)
    np.testing.assert_allclose((pull @ final.detach()).numpy(), final.grad, rtol=1e-4, atol=1e-6)


@pytest.mark.parametrize("shopper", [0, -1], ids=["training shopper", "new shopper"])
def test_the_items_of_the_own_group_come_first(shopper: int) -> None:
    visits = visits_of(GROUPS.take(np.array([0], np.int32)), shoppers=[shopper])
    scores = small().fit(GROUPS, SideInformation()).score(visits)[0]
    assert scores[:4].min() > scores[4:].max()


class TestLightGCN(RecommenderContract):
    def recommender(self) -> Recommender:
        return small()

    @pytest.mark.parametrize("layers", [1, 2])
    def test_with_the_history_of_the_training_it_scores_by_the_published_formula(self, layers: int) -> None:
        fitted = small(layers=layers, history_fading=1.0).fit(TOY, SideInformation())
        learned = fitted.learned
        found = fitted.score(visits_of(TOY))
        # the first vectors: of shoppers their own share, of items what is left of their mean, solved step by step
        own = learned["shopper_vectors"] * (layers + 1)
        taken = TOY.matrix().toarray()
        basis = np.eye(7)  # the spread is linear: its matrix, column by column
        matrix = np.mean(dense_steps(basis, taken, layers), axis=0)
        items = np.linalg.lstsq(matrix[3:, 3:], learned["item_vectors"] - matrix[3:, :3] @ own, rcond=None)[0]
        final = matrix @ np.vstack([own, items])
        np.testing.assert_allclose(found, final[:3] @ final[3:].T, rtol=1e-3, atol=1e-4)

    def test_somebody_new_has_the_messages_of_the_items_over_the_root_of_their_weights(self) -> None:
        fitted = small(history_fading=0.5).fit(GROUPS, SideInformation())
        messages = fitted.learned["item_messages"]
        taste = (0.5 * messages[1] + messages[2]) / np.sqrt(1.5)
        found = fitted.score(visits_of(sequence_data([1, 2]), shoppers=[-1]))[0]
        np.testing.assert_allclose(found, fitted.learned["item_vectors"] @ taste, rtol=1e-4, atol=1e-6)

    def test_somebody_new_without_a_history_gets_no_opinion(self) -> None:
        found = small().fit(GROUPS, SideInformation()).score(visits_of(sequence_data([]), shoppers=[-1]))
        assert found.tolist() == [[0.0] * 8]

    def test_another_seed_learns_other_vectors(self) -> None:
        first, other = (small(seed=seed).fit(GROUPS, SideInformation()).learned["item_vectors"] for seed in (0, 1))
        assert not np.allclose(first, other)

    def test_a_graph_too_large_for_all_steps_gets_fewer_and_one_at_least(self, monkeypatch: pytest.MonkeyPatch) -> None:
        told: list[tuple[int, int]] = []
        # of GROUPS: 4 dimensions times 2 * 2 layers * 240 edges and 8 * 120 pairs
        for work, steps in ((3.5 * 4 * (960 + 960), 3), (1.0, 1), (1e9, 40)):
            monkeypatch.setattr(light_gcn, "MOST_WORK", work)
            told.clear()
            small().fit(GROUPS, SideInformation(), lambda done, total, note="": told.append((done, total)))
            assert told == [(done, steps) for done in range(1, steps + 1)]

    def test_a_loss_that_is_no_number_is_refused(self, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(light_gcn, "FIRST_SPREAD", 1e30)
        with pytest.raises(ModelError, match="lower learning_rate"):
            small().fit(GROUPS, SideInformation())

    def test_torch_has_its_threads_back_after_a_fit(self) -> None:
        before = torch.get_num_threads()
        small(steps=1).fit(GROUPS, SideInformation())
        assert torch.get_num_threads() == before


def test_nobody_and_nothing_without_a_neighbour_divides_by_zero() -> None:
    graph, degrees = normalised_graph(sparse.csr_array(np.array([[1, 0], [0, 0]], np.float32)), nobody(2))
    assert graph.toarray().tolist() == [[0, 0, 1, 0], [0, 0, 0, 0], [1, 0, 0, 0], [0, 0, 0, 0]]
    assert degrees.tolist() == [1, 1, 1, 1]


def friends_of(*pairs: tuple[int, int], n: int) -> SideInformation:
    graph = np.zeros((n, n), np.float32)
    for one, other in pairs:
        graph[one, other] = graph[other, one] = 1
    return SideInformation(friends=sparse.csr_array(graph))


class TestLightGCNWithFriends(RecommenderContract):
    def recommender(self) -> Recommender:
        return LightGCNWithFriends(dimension=4, steps=40, learning_rate=0.1)

    def test_friends_are_edges_of_their_weight_in_both_directions(self) -> None:
        one_way = SideInformation(friends=sparse.csr_array(np.array([[0, 1], [0, 0]], np.float32)))
        assert joined_by(one_way, 2, 0.5).toarray().tolist() == [[0, 0.5], [0.5, 0]]
        graph, degrees = normalised_graph(sparse.csr_array(np.eye(2, dtype=np.float32)), joined_by(one_way, 2, 0.5))
        assert degrees.tolist() == [1.5, 1.5, 1, 1]
        np.testing.assert_allclose(graph.toarray()[0], [0, 0.5 / 1.5, 1 / np.sqrt(1.5), 0], rtol=1e-6)

    def test_who_bought_nothing_has_the_taste_of_the_friends(self) -> None:
        silent = sequence_data(*[GROUPS.of(shopper).tolist() for shopper in range(40)], [])
        fitted = self.recommender().fit(silent, friends_of((40, 0), (40, 2), n=41))
        scores = fitted.score(visits_of(sequence_data([]), shoppers=[40]))[0]
        assert scores[:4].min() > scores[4:].max()

    def test_without_friends_it_is_the_same_as_without_the_setting(self) -> None:
        plain, social = small(), LightGCNWithFriends(dimension=4, steps=40, learning_rate=0.1)
        scores = [each.fit(GROUPS, SideInformation()).score(visits_of(GROUPS)) for each in (plain, social)]
        np.testing.assert_array_equal(*scores)
