"""The softmax over a whole catalogue: its loss and its gradients in one go, worked out by hand.

Left to autograd, the same takes three times as long and holds (positions, items) in memory several times over.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import torch
from torch import Tensor

CELLS_AT_ONCE: Final = 8_000_000  # logits worked on at a time: 16 MB in bfloat16, which a processor's cache still holds


class Targets(NamedTuple):
    """What was really taken: t triples of a position, an item and its share; the shares of a position sum to 1."""

    positions: Tensor  # (t,) int64
    items: Tensor  # (t,) int64
    shares: Tensor  # (t,) float32


class Gradients(NamedTuple):
    """The mean loss of the positions, and what it changes by."""

    loss: Tensor  # ()
    of_interests: Tensor  # (p, d)
    of_vectors: Tensor  # (n, d)


class CatalogueSoftmax:
    """Cross entropy of positions against what was taken, over all items; the products are computed in `precision`.

    Keeps its working memory from call to call: fresh memory costs as much as the exponentials.
    """

    def __init__(self, precision: torch.dtype) -> None:
        self.precision = precision
        self._memory: Tensor | None = None

    @torch.no_grad()
    def __call__(self, interests: Tensor, vectors: Tensor, targets: Targets) -> Gradients:
        """The loss of interests (p, d), already multiplied by the scale, over vectors (n, d) of length 1.

        No logit is beyond the scale, so that exp needs no shift.
        """
        p = len(interests)
        found, partition = self._over_items(interests, vectors)
        towards = targets.shares[:, None] * vectors[targets.items] / p  # (t, d)
        pulls = targets.shares[:, None] * interests[targets.positions] / p  # (t, d)
        taken = (interests[targets.positions] * towards).sum()
        found.of_interests.index_add_(0, targets.positions, towards, alpha=-1)
        found.of_vectors.index_add_(0, targets.items, pulls, alpha=-1)
        return found._replace(loss=partition.log().mean() - taken)

    def _over_items(self, interests: Tensor, vectors: Tensor) -> tuple[Gradients, Tensor]:
        """(gradients of the mean log partition, the partitions (p, 1)), tile by tile of the catalogue.

        The first pass leaves every tile's exponentials in memory; the second needs the whole partition.
        """
        p, n = len(interests), len(vectors)
        low, low_vectors = interests.to(self.precision), vectors.to(self.precision)
        of_interests, of_vectors = torch.zeros_like(interests), torch.empty_like(vectors)
        partition = interests.new_zeros(p, 1)
        tiles = [slice(start, min(start + self._width(p, n), n)) for start in range(0, n, self._width(p, n))]
        memory = self._odds(p * n, interests)
        for tile in tiles:
            odds = memory[p * tile.start : p * tile.stop].view(p, -1)
            torch.mm(low, low_vectors[tile].t(), out=odds).exp_()  # (p, d) @ (d, w) -> (p, w)
            partition += odds.sum(1, keepdim=True)  # summed in float32 whatever the precision
            of_interests += torch.mm(odds, low_vectors[tile])  # (p, w) @ (w, d) -> (p, d)
        shares = p * partition
        of_interests /= shares
        low = (interests / shares).to(self.precision)
        for tile in tiles:
            odds = memory[p * tile.start : p * tile.stop].view(p, -1)
            of_vectors[tile] = torch.mm(odds.t(), low)  # (w, p) @ (p, d) -> (w, d)
        return Gradients(partition.new_zeros(()), of_interests, of_vectors), partition

    @staticmethod
    def _width(p: int, n: int) -> int:
        """Items per tile: as many tiles as the cache asks for, all about as wide."""
        return -(-n // max(1, round(p * n / CELLS_AT_ONCE)))

    def _odds(self, cells: int, like: Tensor) -> Tensor:
        if self._memory is None or len(self._memory) < cells:
            self._memory = torch.empty(cells, dtype=self.precision, device=like.device)
        return self._memory
