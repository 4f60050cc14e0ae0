"""Tastes that spread along the graph of who took what, learned from pairs (LightGCN)."""

from __future__ import annotations

import warnings
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar, Final

import numpy as np
from scipy import sparse

from recsys.datasets.interactions import Interactions
from recsys.errors import ModelError
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.personal_frequency import fading_history
from recsys.recommenders.personalized_pagerank import nobody
from recsys.schema import Floats

if TYPE_CHECKING:
    from torch import Generator, Tensor

MOST_WORK: Final = 2e11  # multiplications of one fit: one to three minutes of a core, however large the shop is
FIRST_SPREAD: Final = 0.1  # standard deviation of the vectors before anything is learned, as published
ONE_THREAD: Final = 1  # the products are bound by memory: on two cores that others use too, two took twice as long
STEADY: Final = 0.5  # of all steps at the full learning rate; it falls to 0 in a line after that
PAIRS_AT_ONCE: Final = 2_048  # vectors of so many pairs stay in the processor's cache: a third of the time of 50,000


@dataclass(frozen=True, eq=False)
class LightGCN(ArrayRecommender):
    """Every shopper and item has a vector; what is compared is its mean over 0 to `layers` steps along the graph.

    With A the graph of shoppers and items, 1 where somebody took something, and D its degrees, a step is
    E <- D ** -1/2 @ A @ D ** -1/2 @ E, and score = final shopper vector @ final item vector. The first vectors are
    learned by Adam from pairs of an item that was taken and one that is drawn (BPR): the mean of
    softplus(score of the drawn - score of the taken) plus `regularization` / 2 times the mean of |first vector|^2.

    A shopper's vector is a first one of their own plus what their items tell them, so a grown history tells what it
    holds at the visit, its entries counting history_fading ** (baskets ago), and somebody new has the messages of the
    items alone. Without fading and with the history of the training it is the published formula. All zero for somebody
    new without a history.

    Where it is known who is a friend of whom, friends are joined in the graph by edges of weight `friends`, and tell a
    shopper what items do.

    `steps` are as many as are taken where the graph is small enough; a large one gets fewer, so that no fit takes more
    than MOST_WORK multiplications.

    Source: He et al., "LightGCN: Simplifying and Powering Graph Convolution Network for Recommendation", SIGIR 2020;
    the pairs are those of Rendle et al., "BPR", UAI 2009.
    """

    name = "lightgcn"
    label = "Tastes spread along a graph (LightGCN)"
    parts: ClassVar[Mapping[str, Part]] = {
        "item_vectors": Part((ITEMS, "dimensions")),
        "item_messages": Part((ITEMS, "dimensions")),  # what an item tells each shopper who took it
        "shopper_vectors": Part(("shoppers", "dimensions")),  # their own share of their vector
        "friend_messages": Part(("shoppers", "dimensions")),  # what a shopper's friends tell them, together
        "friend_weights": Part(("shoppers",)),
    }

    # nDCG@10 on the validation items of Beauty: 64 dimensions .037, 128 .044; 1 layer .027 (of 64 dimensions; 2 .036, 3
    # .037), 2 .045 (of 128; 3 and 4 .044); regularization .0001 and .001 .044, .01 .041; more than 200 steps bring
    # nothing. Baskets want to be held back: on those of a shop of 1,000 people .0001 .050, .01 .084, .02 .090
    dimension: int = setting(128, 1, 1_000)
    layers: int = setting(2, 0, 10)
    learning_rate: float = setting(0.02, 1e-6, 10.0)
    regularization: float = setting(0.02, 0.0, 100.0)
    steps: int = setting(300, 1, 100_000)
    pairs_per_step: int = setting(50_000, 1, 10_000_000)
    history_fading: float = setting(0.97, 0.0, 1.0)
    friends: float = setting(0.0, 0.0, 1_000.0)
    seed: int = setting(0, 0, 2**31 - 1)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        taken = training.matrix()  # (n, n_items)
        taken.data[:] = 1.0
        n, share = len(training), np.float32(1 / (self.layers + 1))
        joined = joined_by(side, n, self.friends)
        graph, degrees = normalised_graph(taken, joined)
        with _one_thread():
            first = self._trained(graph, taken, progress)
        step, told = first, np.zeros_like(first)
        for _ in range(self.layers):
            told += step  # in the step that follows
            step = graph @ step  # (n + n_items, d)
        messages = told * share / np.sqrt(degrees)[:, None]
        return {
            "item_vectors": (told + step)[n:] * share,
            "item_messages": messages[n:],
            "shopper_vectors": first[:n] * share,
            "friend_messages": joined @ messages[:n],
            "friend_weights": np.asarray(joined.sum(axis=1), np.float32),
        }

    def _scores(self, visits: Visits) -> Floats:
        history = fading_history(visits.histories, self.history_fading)  # (b, n_items)
        told = history @ self.learned["item_messages"]  # (b, n_items) @ (n_items, d) -> (b, d)
        weight = np.asarray(history.sum(axis=1), np.float32)  # (b,)
        own = np.zeros_like(told)
        there = (visits.shoppers >= 0) & (visits.shoppers < len(self.learned["shopper_vectors"]))
        known = visits.shoppers[there]
        own[there] = self.learned["shopper_vectors"][known]
        told[there] += self.learned["friend_messages"][known]
        weight[there] += self.learned["friend_weights"][known]
        taste = own + told / np.sqrt(np.where(weight > 0, weight, np.float32(1)))[:, None]
        scores: Floats = taste @ self.learned["item_vectors"].T  # (b, d) @ (d, n_items) -> (b, n_items)
        return scores

    def _trained(self, graph: sparse.csr_array, taken: sparse.csr_array, progress: Progress) -> Floats:
        """The first vectors, (n + n_items, d), shoppers before items."""
        import torch

        along, draw = _for_torch(graph), torch.Generator().manual_seed(self.seed)
        first = torch.randn(graph.shape[0], self.dimension, generator=draw) * FIRST_SPREAD
        optimiser = torch.optim.Adam([first], lr=self.learning_rate, fused=True)
        pairs, steps = Pairs(taken, self.pairs_per_step, draw), self._steps(graph.nnz, taken.nnz)
        decay = self._decay(taken.shape)
        for step in range(steps):
            final = spread(along, first, self.layers)
            loss, pull = pairs.pull(final)
            if not np.isfinite(loss):
                raise ModelError(
                    f"the loss of {self.label} is {loss} in step {step + 1}",
                    allowed="finite numbers",
                    remedy=f"lower learning_rate, now {self.learning_rate}",
                )
            # spreading is symmetric, so a gradient spreads back along the graph as a vector spreads out
            first.grad = spread(along, pull @ final, self.layers) + decay * first
            optimiser.param_groups[0]["lr"] = self.learning_rate * min(1.0, (1 - step / steps) / (1 - STEADY))
            optimiser.step()
            progress(step + 1, steps, f"step {step + 1} of {steps}, loss {loss:.4f}")
        learned: Floats = first.numpy()
        return learned

    def _steps(self, edges: int, taken: int) -> int:
        """How many steps there are: as set, or as many as MOST_WORK allows, one at least."""
        pairs = min(self.pairs_per_step, taken)
        work = self.dimension * (2 * self.layers * edges + 8 * pairs)  # 2 to score a pair, 4 to pull, slower to fetch
        return max(1, min(self.steps, int(MOST_WORK / work)))

    def _decay(self, shape: tuple[int, ...]) -> Tensor:
        """(n + n_items, 1) what regularisation takes of each vector: of a mean over shoppers and one over items."""
        import torch

        return torch.cat([torch.full((count, 1), self.regularization / max(count, 1)) for count in shape])


@dataclass(frozen=True, eq=False)
class LightGCNWithFriends(LightGCN):
    """The same, with edges between friends: after SocialLGN (Liao et al., Information Sciences 2022), in one graph."""

    name = "lightgcn-friends"
    label = "Tastes spread along a graph with friends (LightGCN)"

    # nDCG@10 on the validation baskets of a simulated shop of 1,000: 0 .088, .1 and .5 .089, 2 .085
    friends: float = setting(0.3, 0.0, 1_000.0)


def joined_by(side: SideInformation, n: int, weight: float) -> sparse.csr_array:
    """(n, n) the edges between friends, of this weight, in both directions; none where it is not known or 0."""
    if side.friends is None or not weight:
        return nobody(n)
    return sparse.csr_array(side.friends.maximum(side.friends.T) * np.float32(weight))


def normalised_graph(taken: sparse.csr_array, joined: sparse.csr_array) -> tuple[sparse.csr_array, Floats]:
    """The graph of `taken` (n, n_items) and of `joined` shoppers (n, n), and the degrees of its nodes.

    Returns (n + n_items, n + n_items), shoppers before items, each edge divided by the root of its ends' degrees, and
    (n + n_items,), 1 for a node without an edge.
    """
    graph = sparse.csr_array(sparse.block_array([[joined, taken], [taken.T, None]], format="csr"))
    degrees = np.asarray(graph.sum(axis=1), np.float32)
    degrees[degrees == 0] = 1
    ends = np.repeat(degrees, np.diff(graph.indptr)) * degrees[graph.indices]
    graph.data = (graph.data / np.sqrt(ends)).astype(np.float32)
    return graph, degrees


def spread(graph: Tensor, first: Tensor, layers: int) -> Tensor:
    """(n + n_items, d) the mean of the vectors over 0 to `layers` steps along the graph."""
    step, total = first, first.clone()
    for _ in range(layers):
        step = graph @ step
        total += step
    return total / (layers + 1)


class Pairs:
    """Draws pairs of an item that a shopper took and one of all items, and says where they pull the vectors."""

    def __init__(self, taken: sparse.csr_array, per_step: int, draw: Generator) -> None:
        import torch

        self._n, self._n_items = taken.shape
        self._shoppers = torch.from_numpy(np.repeat(np.arange(self._n), np.diff(taken.indptr)))
        self._taken = torch.from_numpy(self._n + taken.indices.astype(np.int64))  # rows of the vectors
        self._per_step, self._draw = min(per_step, taken.nnz), draw

    def pull(self, final: Tensor) -> tuple[float, Tensor]:
        """(mean loss, (n + n_items, n + n_items) whose product with the final vectors is the gradient of that)."""
        import torch

        # in the order of the shoppers, whose vectors are then fetched once
        drawn = torch.randint(len(self._taken), (self._per_step,), generator=self._draw).sort().values
        shoppers, taken = self._shoppers[drawn], self._taken[drawn]
        others = self._n + torch.randint(self._n_items, (self._per_step,), generator=self._draw)
        lead = torch.empty(self._per_step)
        for start in range(0, self._per_step, PAIRS_AT_ONCE):
            some = slice(start, start + PAIRS_AT_ONCE)
            between = final[others[some]] - final[taken[some]]  # (p, d)
            lead[some] = torch.linalg.vecdot(between, final[shoppers[some]])
        loss = torch.nn.functional.softplus(lead).mean().item()
        weight = (torch.sigmoid(lead) / self._per_step).numpy()
        ends = (np.tile(shoppers.numpy(), 2), np.concatenate([others.numpy(), taken.numpy()]))
        one_way = sparse.coo_array((np.concatenate([weight, -weight]), ends), shape=(len(final), len(final)))
        return loss, _for_torch(sparse.csr_array((one_way + one_way.T).tocsr()))


def _for_torch(matrix: sparse.csr_array) -> Tensor:
    import torch

    rows, columns = (torch.from_numpy(each.astype(np.int64)) for each in (matrix.indptr, matrix.indices))
    values = torch.from_numpy(matrix.data)
    return torch.sparse_csr_tensor(rows, columns, values, matrix.shape, check_invariants=False)


@contextmanager
def _one_thread() -> Iterator[None]:
    """One torch thread within, as many as before afterwards; without the word that its sparse matrices are new."""
    import torch

    before = torch.get_num_threads()
    torch.set_num_threads(ONE_THREAD)
    try:
        with warnings.catch_warnings():
            warnings.filterwarnings("ignore", message="Sparse CSR tensor support")
            yield
    finally:
        torch.set_num_threads(before)
