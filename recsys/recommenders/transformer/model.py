"""The network: items from id and content, histories through causal self-attention, one interest vector out."""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn
from torch.nn import functional
from torch.nn.utils import skip_init

from recsys.datasets.interactions import Longs
from recsys.recommenders.transformer.batches import GAPS, KINDS, Batch, bag_weights
from recsys.recommenders.transformer.items import Content, SumOfBags, UnitRows
from recsys.recommenders.transformer.settings import TransformerSettings
from recsys.recommenders.transformer.softmax import CatalogueSoftmax, Targets
from recsys.schema import Floats

ID_DEVIATION = 0.02  # of initial values; ids start small beside content, and grow where an item is taken often
CONTENT_DEVIATION = 0.05
MAX_SCALE = 50.0  # exp of a logit stays far inside float32 and bfloat16


@dataclass(frozen=True, slots=True)
class Sizes:
    """What the data say about the network's shape."""

    items: int
    attributes: int  # 0: none are known
    text: int  # length of a text vector; 0: none are known
    dated: bool


class Dropout(nn.Module):
    """Zeroes entries by a generator of its own: the process's random state stays untouched, and a seed says it all."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share
        self.generator: torch.Generator | None = None

    def forward(self, x: Tensor) -> Tensor:
        """x with a share of its entries zeroed and the rest enlarged, while training."""
        if not self.training or self.share == 0:
            return x
        kept = torch.empty(x.shape, dtype=x.dtype, device=x.device)
        kept.bernoulli_(1 - self.share, generator=self.generator)
        return x * kept.div_(1 - self.share)


class Block(nn.Module):
    """Causal self-attention and a feed-forward layer, each added to what came in (pre-norm, as in GPT-2)."""

    def __init__(self, settings: TransformerSettings) -> None:
        super().__init__()
        d = settings.dimension
        self.heads = settings.heads
        self.attention_norm, self.feed_norm = nn.LayerNorm(d), nn.LayerNorm(d)
        # `initialise` draws their values; left to themselves they draw from the random state of the process
        self.query_key_value, self.out = skip_init(nn.Linear, d, 3 * d), skip_init(nn.Linear, d, d)
        self.widen = skip_init(nn.Linear, d, settings.feed_forward)
        self.narrow = skip_init(nn.Linear, settings.feed_forward, d)
        self.dropout = Dropout(settings.dropout)

    def forward(self, x: Tensor) -> Tensor:
        """(b, L, d) -> (b, L, d)"""
        x = x + self.dropout(self.out(self._attend(self.attention_norm(x))))
        return x + self.dropout(self.narrow(functional.gelu(self.widen(self.feed_norm(x)))))

    def _attend(self, x: Tensor) -> Tensor:
        b, length, d = x.shape
        parts = self.query_key_value(x).view(b, length, 3, self.heads, d // self.heads)
        query, key, value = parts.permute(2, 0, 3, 1, 4)  # each (b, h, L, d / h)
        logits = query @ key.transpose(-1, -2) / math.sqrt(d // self.heads)  # (b, h, L, L)
        later = torch.ones(length, length, dtype=torch.bool, device=x.device).triu_(1)
        attention = self.dropout(logits.float().masked_fill(later, -torch.inf).softmax(-1).to(value.dtype))
        return (attention @ value).transpose(1, 2).reshape(b, length, d)


class InterestNetwork(nn.Module):
    """SASRec (Kang & McAuley, ICDM 2018) with composed items and cosine logits over the whole catalogue."""

    def __init__(self, settings: TransformerSettings, sizes: Sizes) -> None:
        super().__init__()
        d = settings.dimension
        learns = settings.learns_items
        self.ids = nn.Parameter(torch.empty(sizes.items, d)) if learns else None
        self.attributes = nn.Parameter(torch.empty(sizes.attributes, d)) if learns and sizes.attributes else None
        self.text = nn.Parameter(torch.empty(sizes.text, d)) if learns and sizes.text else None
        self.kinds = nn.Parameter(torch.zeros(KINDS, d))
        self.gaps = nn.Parameter(torch.zeros(GAPS, d)) if sizes.dated else None
        self.positions = nn.Parameter(torch.zeros(settings.max_length, d))  # row 0: the latest
        self.blocks = nn.ModuleList(Block(settings) for _ in range(settings.layers))
        self.norm = nn.LayerNorm(d)
        self.log_scale = nn.Parameter(torch.tensor(math.log(settings.scale)))

    def initialise(self, generator: torch.Generator) -> None:
        """Draw all initial values from one generator, on the processor."""
        with torch.no_grad():
            for name, parameter in self.named_parameters():
                if name in DEVIATIONS:
                    parameter.normal_(0, DEVIATIONS[name], generator=generator)
                elif parameter.ndim == 2 and name.startswith("blocks"):
                    bound = parameter.shape[1] ** -0.5
                    parameter.uniform_(-bound, bound, generator=generator)
                elif name.startswith("blocks") and name.endswith("bias"):
                    parameter.zero_()

    def draw_from(self, generator: torch.Generator) -> None:
        """Let every dropout draw from this generator."""
        for module in self.modules():
            if isinstance(module, Dropout):
                module.generator = generator

    @property
    def scale(self) -> Tensor:
        """What a cosine is multiplied by to be a logit."""
        return self.log_scale.exp().clamp(max=MAX_SCALE)

    def item_vectors(self, content: Content) -> Tensor:
        """(n_items, d), each of length 1: id + sum of attributes + projected text; or the content as it is."""
        if self.ids is None:
            assert content.text is not None
            return functional.normalize(content.text.float(), dim=1)
        composed: Tensor = self.ids
        if self.attributes is not None and content.attributes is not None:
            composed = composed + SumOfBags.apply(self.attributes, *content.attributes)
        if self.text is not None and content.text is not None:
            projected = content.text @ self.text.to(content.text.dtype)  # (n, t) @ (t, d) -> (n, d)
            composed = composed + projected.float()
        vectors: Tensor = UnitRows.apply(composed)
        return vectors

    def interests(self, batch: Batch, entries: Tensor) -> Tensor:
        """(b * L, d): the interest vector after each position, of length 1. `entries` (e, d) are its items' vectors."""
        b, length = batch.shape
        x = self._baskets(batch, entries).view(b, length, -1)
        x = x + self.positions[:length].flip(0)  # counted from the latest
        for block in self.blocks:
            x = block(x)
        return functional.normalize(self.norm(x).float().flatten(0, 1), dim=-1)

    def _baskets(self, batch: Batch, entries: Tensor) -> Tensor:
        """(b * L, d): the sum of each basket's items and kinds of behaviour, and how long until the next visit."""
        put = partial(_tensor, device=entries.device)
        entries = entries * math.sqrt(entries.shape[1]) + functional.embedding(put(batch.bags.kinds), self.kinds)
        x = entries.new_zeros(len(batch.bags.sizes), entries.shape[1])
        x = x.index_add(0, put(batch.bags.bag_of_entry), entries * put(bag_weights(batch.bags))[:, None])
        if self.gaps is None or batch.gaps is None:
            return x
        return x + functional.embedding(put(batch.gaps), self.gaps)

    def backward(self, batch: Batch, content: Content, softmax: CatalogueSoftmax) -> float:
        """The mean loss of a batch's positions; adds its gradients to the parameters'.

        In three pieces, so that the gradient of all item vectors is made once and not added up from copies.
        """
        vectors = self.item_vectors(content)
        put = partial(_tensor, device=vectors.device)
        items = put(batch.bags.items)
        entries = vectors.detach()[items].requires_grad_()
        with torch.autocast(vectors.device.type, softmax.precision, enabled=softmax.precision != torch.float32):
            interests = self.interests(batch, entries) * self.scale
        targets = Targets(*map(put, next_items(batch)))
        found = softmax(interests.detach(), vectors.detach(), targets)
        interests.backward(found.of_interests)
        if vectors.requires_grad:
            if entries.grad is not None:
                found.of_vectors.index_add_(0, items, entries.grad)
            vectors.backward(found.of_vectors)
        return found.loss.item()


def next_items(batch: Batch) -> tuple[Longs, Longs, Floats]:
    """(position, item, share) of what was taken next: each item of the next basket with the same share."""
    if batch.targets is None:
        raise ValueError("a batch without targets has nothing to learn from")
    shares = np.repeat(1 / batch.targets.sizes, batch.targets.sizes).astype(np.float32)
    return batch.targets.bag_of_entry, batch.targets.items, shares


def _tensor(array: npt.NDArray[Any], device: torch.device) -> Tensor:
    return torch.from_numpy(array).to(device)


DEVIATIONS = {"ids": ID_DEVIATION, "attributes": CONTENT_DEVIATION, "text": CONTENT_DEVIATION}
