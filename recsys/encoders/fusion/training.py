"""Learning the space: what belongs to one product comes together, what products have in common brings them nearer.

Four losses, all cross-entropies over cosines (InfoNCE, van den Oord et al. 2018; between kinds as CLIP does, Radford et
al. 2021): a picture finds its own text and the reverse; a picture and a text find the products that share their
attributes; pictures find pictures of like products (supervised contrastive, Khosla et al. 2020, weighed by how much the
attributes in common say); and a random mix of what is known of a product finds each kind alone, so that any subset
works. Sharing a rare value says more than sharing a common one: an attribute counts by -log of the chance that two
products agree on it.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.encoders.fusion.modalities import KINDS, Modalities
from recsys.encoders.fusion.space import DIMENSION, Fusion
from recsys.errors import DataError
from recsys.progress import Progress, silent
from recsys.schema import Floats

LEAST: Final = 60  # products: fewer teach nothing
HIDDEN: Final = {"text": 512, "picture": 512, "attributes": 256, "price": 16}
DROPPED: Final = {"text": 0.2, "picture": 0.3, "attributes": 0.1, "price": 0.0}


@dataclass(frozen=True, slots=True)
class Training:
    """Settings, chosen on a validation part of 6,000 real products with pictures; the curve is flat around them."""

    epochs: int = 30
    batch: int = 512
    rate: float = 1e-3
    decay: float = 0.02
    temperature: float = 0.07
    shared_temperature: float = 0.1
    softened: float = 0.3  # of the target, for products that have all attributes in common
    validation: float = 0.1  # of the products, for the figures on the card
    seed: int = 0


def train(known: Modalities, how: Training | None = None, progress: Progress = silent) -> Fusion:
    """Learn a space from products of which at least two kinds are known. Raises DataError for fewer than LEAST."""
    import torch

    how = how or Training()
    given = known.given
    rows = _usable(given)
    if len(rows) < LEAST:
        raise DataError(
            f"{len(rows)} products with a text and a picture teach no space",
            allowed=f"{LEAST} or more",
            remedy="bring more products",
        )
    shuffled = np.random.default_rng(how.seed).permutation(rows)
    held = shuffled[: max(1, int(how.validation * len(rows)))]
    torch.manual_seed(how.seed)
    learner = _Learner(dict(given), known.labels, shuffled[len(held) :], how)
    learner.run(progress)
    fusion = learner.fusion({"products": len(rows), "held_out": len(held), "settings": asdict(how)})
    return Fusion(fusion.tensors, {**fusion.card, "validation": figures(fusion, known.take(held))})


def figures(fusion: Fusion, known: Modalities) -> dict[str, float]:
    """How often a text finds its own picture among the best ten of these products, and the reverse."""
    pictures, texts = (fusion.encode(known.only(kind)) for kind in ("picture", "text"))
    cosines = texts @ pictures.T
    own = np.diag(cosines)
    return {
        "products": len(own),
        "text_finds_picture@10": round(float(((cosines > own[:, None]).sum(axis=1) < 10).mean()), 4),
        "picture_finds_text@10": round(float(((cosines > own[None]).sum(axis=0) < 10).mean()), 4),
    }


def _usable(given: Any) -> npt.NDArray[np.int64]:
    """The rows of products with a text and a picture."""
    both = [~np.isnan(given[kind]).any(axis=1) for kind in ("text", "picture") if kind in given]
    return np.flatnonzero(np.logical_and.reduce(both)) if len(both) == 2 else np.empty(0, np.int64)


def information(labels: npt.NDArray[np.int32]) -> Floats:
    """(a,) what it says, in nats, that two products agree on an attribute: -log of the chance; 0 for what all share."""
    found = []
    for column in labels.T:
        counts = np.bincount(column[column >= 0]).astype(np.float64)
        chance = ((counts / max(counts.sum(), 1)) ** 2).sum()
        found.append(-np.log(chance) if chance > 0 else 0.0)
    return np.asarray(found, np.float32)


class _Learner:
    """The networks while they learn, and one step of it."""

    def __init__(
        self, given: dict[str, Floats], labels: npt.NDArray[np.int32] | None, rows: npt.NDArray[np.int64], how: Training
    ) -> None:
        import torch
        from torch import nn

        self.how, self.rows = how, rows
        self.scaling: dict[str, tuple[Floats, Floats]] = {}
        self.inputs, self.there = {}, {}
        networks = {}
        for kind, values in given.items():
            known = values[rows][~np.isnan(values[rows]).any(axis=1)].astype(np.float32)
            if not len(known):
                continue
            spread = known.std(axis=0)
            self.scaling[kind] = known.mean(axis=0), 1.0 / (spread + 0.05 * spread.mean() + 1e-6)
            mean, scale = self.scaling[kind]
            self.there[kind] = torch.tensor(~np.isnan(values).any(axis=1))
            self.inputs[kind] = torch.tensor(np.nan_to_num((values.astype(np.float32) - mean) * scale))
            networks[kind] = nn.Sequential(
                nn.Dropout(DROPPED[kind]),
                nn.Linear(values.shape[1], HIDDEN[kind]),
                nn.GELU(approximate="tanh"),
                nn.Dropout(DROPPED[kind]),
                nn.Linear(HIDDEN[kind], DIMENSION),
            )
        self.networks = nn.ModuleDict(networks)
        self.weights = nn.Parameter(torch.tensor([1.0, 1.0, 1.0, 0.2]))
        self.labels = None if labels is None else torch.tensor(labels.astype(np.int64))
        self.counts = torch.zeros(0) if labels is None else torch.tensor(information(labels[rows]))

    def run(self, progress: Progress) -> None:
        """All epochs."""
        import torch

        how, parameters = self.how, [*self.networks.parameters(), self.weights]
        optimizer = torch.optim.AdamW(parameters, lr=how.rate, weight_decay=how.decay)
        size = min(how.batch, len(self.rows))
        steps = how.epochs * (len(self.rows) // size)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimizer, how.rate, total_steps=steps, pct_start=0.1)
        chance, done = np.random.default_rng(how.seed), 0
        self.networks.train()
        for _ in range(how.epochs):
            order = chance.permutation(self.rows)
            for start in range(0, len(order) - size + 1, size):
                optimizer.zero_grad()
                self._loss(torch.tensor(order[start : start + size])).backward()
                optimizer.step()
                schedule.step()
                done += 1
                progress(done, steps, "steps of learning")
        self.networks.eval()

    def _loss(self, batch: Any) -> Any:
        import torch
        from torch.nn.functional import normalize

        z = {kind: normalize(network(self.inputs[kind][batch]), dim=1) for kind, network in self.networks.items()}
        own = torch.eye(len(batch))
        shared, same = self._in_common(batch)
        alike = same / same.sum(1, keepdim=True)
        target = (1 - self.how.softened) * own + self.how.softened * alike
        loss = self._both_ways(z["picture"], z["text"], target, self.how.temperature)
        if self.labels is not None and "attributes" in z:
            there = self.there["attributes"][batch]
            for kind in ("picture", "text"):
                found = self._both_ways(z[kind][there], z["attributes"][there], _rows(same, there), 0.1)
                loss = loss + 0.5 * found
        if self.labels is not None:
            loss = loss + self._alike(z["picture"], shared) + 0.5 * self._alike(z["text"], shared)
        mixed = self._mixed(z, batch)
        for kind in ("picture", "text"):
            loss = loss + 0.5 * _cross_entropy(mixed @ z[kind].T / self.how.temperature, target)
        return loss + (0.5 * self._alike(mixed, shared) if self.labels is not None else 0.0)

    def _in_common(self, batch: Any) -> tuple[Any, Any]:
        """((b, b) how much of what attributes can say two products share, 0..1; whether that is all of it)."""
        import torch

        if self.labels is None:
            own = torch.eye(len(batch))
            return own, own
        mine = self.labels[batch]
        agree = (mine[:, None] == mine[None]) & (mine[:, None] >= 0)  # (b, b, a)
        shared = (agree * self.counts).sum(-1) / self.counts.sum().clamp(min=1e-6)
        same = (shared >= 0.98 * shared.diagonal()[:, None]).float()
        same.fill_diagonal_(1.0)
        return shared, same

    def _alike(self, z: Any, shared: Any) -> Any:
        """Products find those that share much with them, and not themselves."""
        import torch

        own = torch.eye(len(z))
        weight = (shared**3) * (1 - own)
        known = weight.sum(1) > 0
        if not known.any():
            return z.sum() * 0.0
        weight = weight / weight.sum(1, keepdim=True).clamp(min=1e-9)
        scores = torch.log_softmax(z @ z.T / self.how.shared_temperature - 1e9 * own, 1)
        return -(weight * scores * (1 - own)).sum(1)[known].mean()

    def _mixed(self, z: dict[str, Any], batch: Any) -> Any:
        """Unit vectors of a random subset of the kinds, at least one of each product."""
        import torch
        from torch.nn.functional import normalize

        kinds = list(z)
        kept = torch.rand(len(batch), len(kinds)) < 0.6
        kept[torch.arange(len(batch)), torch.randint(0, 2, (len(batch),))] = True  # a text or a picture is always there
        total = torch.zeros_like(z["text"])
        for place, kind in enumerate(kinds):
            there = kept[:, place] & self.there[kind][batch]
            total = total + there[:, None] * self.weights[KINDS.index(kind)] * z[kind]
        return normalize(total, dim=1)

    @staticmethod
    def _both_ways(a: Any, b: Any, target: Any, temperature: float) -> Any:
        target = target / target.sum(1, keepdim=True)
        scores = a @ b.T / temperature
        return 0.5 * (
            _cross_entropy(scores, target) + _cross_entropy(scores.T, target.T / target.T.sum(1, keepdim=True))
        )

    def fusion(self, card: dict[str, Any]) -> Fusion:
        """What was learned, as arrays."""
        tensors: dict[str, Floats] = {"weights": self.weights.detach().numpy().astype(np.float32)}
        for kind, network in self.networks.items():
            mean, scale = self.scaling[kind]
            state = {name: each.detach().numpy() for name, each in network.state_dict().items()}
            tensors |= {f"{kind}.mean": mean, f"{kind}.scale": scale}
            for name, place in (("in", 1), ("out", 4)):
                tensors |= {f"{kind}.{name}.{each}": state[f"{place}.{each}"] for each in ("weight", "bias")}
        return Fusion(tensors, {"kinds": list(self.networks), "dimension": DIMENSION, **card})


def _rows(same: Any, there: Any) -> Any:
    return same[there][:, there]


def _cross_entropy(scores: Any, target: Any) -> Any:
    from torch.nn.functional import log_softmax

    return -(target * log_softmax(scores, 1)).sum(1).mean()
