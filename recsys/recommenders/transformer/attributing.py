"""What gradients and attention say of the visits that a Transformer reads; where torch is asked for explanations."""

from __future__ import annotations

import warnings
from collections.abc import Mapping
from dataclasses import fields
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from recsys.recommenders.transformer import serving
from recsys.recommenders.transformer.batches import Bags, Batch
from recsys.recommenders.transformer.in_space import InterestInSpace
from recsys.recommenders.transformer.model import InterestNetwork, Sizes
from recsys.recommenders.transformer.settings import TransformerSettings
from recsys.schema import Floats

STEPS: Final = 64  # on the way from nothing to the visits; the sum is then right to about a thousandth
AT_ONCE: Final = 2**22  # numbers of a batch of these steps, 16 MB

Doubles = npt.NDArray[np.float64]


def network_of(learned: Mapping[str, Any], settings: TransformerSettings) -> InterestNetwork:
    """The network of these weights, in evaluation mode: items stay where their learned vectors are."""
    chosen = {each.name: getattr(settings, each.name) for each in fields(TransformerSettings)}
    network = InterestNetwork(InterestInSpace(**chosen), Sizes(items=0, attributes=0, text=0, dated=True))
    state = {name: learned[name] for name in ("kinds", "gaps", "positions", "norm.weight", "norm.bias")}
    for name in serving.BLOCK_PARTS:
        for layer in range(settings.layers):
            state[f"blocks.{layer}.{name}"] = learned[name][layer]
    tensors = {name: torch.tensor(np.array(value, np.float32)) for name, value in state.items()}
    tensors["log_scale"] = torch.tensor(np.log(np.asarray(learned["scale"], np.float32))).reshape(())
    network.load_state_dict(tensors)
    return network.eval().requires_grad_(False)


def _repeated(batch: Batch, times: int) -> Batch:
    """A batch of one history as so many."""
    bags = batch.bags
    starts = np.concatenate([bags.starts[:-1] + copy * bags.starts[-1] for copy in range(times)])
    repeated = Bags(np.tile(bags.items, times), np.tile(bags.kinds, times), np.append(starts, times * bags.starts[-1]))
    gaps = None if batch.gaps is None else np.tile(batch.gaps, times)
    return Batch((times, batch.shape[1]), repeated, gaps, None)


def integrated_gradients(network: InterestNetwork, batch: Batch, vectors: Floats, row: int) -> tuple[Doubles, float]:
    """((L,) integrated gradients of the visits, the score where nothing is known of any)."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # of what captum imports
        from captum.attr import IntegratedGradients

    entries = torch.tensor(vectors[batch.bags.items])[None]  # (1, e, d)
    product = torch.tensor(np.array(vectors[row]))
    length = batch.shape[1]

    def score(some: Tensor) -> Tensor:
        """(n, e, d) -> (n,)"""
        asked = _repeated(batch, len(some))
        interests = network.interests(asked, some.reshape(-1, some.shape[2]))
        return interests.view(len(some), length, -1)[:, -1] @ product

    baseline = torch.zeros_like(entries)
    at_once = max(1, AT_ONCE // (entries.numel() + length * entries.shape[2]))
    found = IntegratedGradients(score).attribute(
        entries, baselines=baseline, n_steps=STEPS, internal_batch_size=min(at_once, STEPS)
    )
    of_entry = found[0].sum(-1).double().numpy()  # (e,)
    of_visit = np.zeros(length)
    np.add.at(of_visit, batch.bags.bag_of_entry, of_entry)
    with torch.no_grad():
        return of_visit, float(score(baseline)[0])


def attention(network: InterestNetwork, batch: Batch, vectors: Floats) -> Doubles:
    """(L,) how much the last layer looks at each visit where it foresees the next one, the mean over its heads."""
    seen: list[torch.Tensor] = []
    block: Any = network.blocks[-1]
    hook = block.query_key_value.register_forward_hook(lambda module, given, made: seen.append(made))
    try:
        with torch.no_grad():
            network.interests(batch, torch.tensor(vectors[batch.bags.items]))
    finally:
        hook.remove()
    parts = seen[0][0].view(batch.shape[1], 3, block.heads, -1)  # (L, 3, h, d / h)
    query, key = parts[-1, 0], parts[:, 1]  # (h, d / h), (L, h, d / h)
    logits = torch.einsum("hd,lhd->hl", query, key) / query.shape[1] ** 0.5
    return np.asarray(logits.softmax(-1).mean(0).double().numpy())
