"""How the fusion learns: to tell attributes from any modality, and which text and picture are of one product.

The contrastive loss is the symmetric InfoNCE of CLIP (Radford et al., "Learning transferable visual models from natural
language supervision", ICML 2021), between modalities and between random subsets of them (modality dropout). Products
that share the values of all told attributes are not pushed apart in full: a part of the target is spread over them, as
in supervised contrastive learning (Khosla et al., NeurIPS 2020). Torch is loaded when training begins.
"""

from __future__ import annotations

import copy
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from itertools import combinations
from typing import Any, Final

import numpy as np

from recsys.encoders.fusion.fusion import OWN, TOLD, Fusion, Head, as_query, price_features, weighted
from recsys.encoders.fusion.modalities import ATTRIBUTES, NAMES, PICTURE, PRICE, TEXT, Attributes, Ints, Modalities
from recsys.errors import DataError
from recsys.progress import Progress, silent
from recsys.schema import Floats

LEAST_PRODUCTS: Final = 32
KNOTS: Final = 16  # of prices
MOST_VALUES: Final = 400  # of an attribute that is told; one of more is a name, and tells products apart by itself
THREADS: Final = 1  # a second waits more than it works on layers of this size, and another count gives another network
# What an attribute weighs in the product of two vectors, by what its name speaks of; any other attribute OTHER.
SPOKEN_OF: Final = {"type": 1.0, "category": 0.3, "colour": 0.9, "color": 0.9}
OTHER: Final = 0.03


@dataclass(frozen=True, slots=True)
class FusionSettings:
    """How it learns. Chosen on a validation part of fashion products."""

    hidden: int = 512
    own_weight: float = 0.08  # of the contrastive part in the product of two vectors
    own_share: float = 0.12  # the same while it is learned: enough to learn from
    batch: int = 256
    epochs: int = 25
    least_steps: int = 500  # fewer products are seen more often
    most_steps: int = 800  # many products are seen less often: about 90 s on one thread
    patience: int = 6  # epochs without a better validation
    rate: float = 2e-3
    decay: float = 0.05
    dropout: float = 0.6  # of what is seen, and of what is made of it
    smoothing: float = 0.05
    telling: float = 15.0  # what telling attributes counts in the loss, beside finding one's own
    temperature: float = 0.07
    spread: float = 0.2  # of the contrastive target, over products that share what is told
    validation: float = 0.04
    threads: int = THREADS
    weights: Mapping[str, float] = field(default_factory=dict)  # of attributes by name, before SPOKEN_OF


def train(
    modalities: Modalities, seed: int = 0, progress: Progress = silent, settings: FusionSettings | None = None
) -> Fusion:
    """A fusion of these products. The same seed gives the same, on one machine and one count of threads.

    Raises DataError where there are fewer than 32 products or there is nothing to learn from.
    """
    import torch

    how = settings or FusionSettings()
    names = [name for name in NAMES if modalities.there(name).any()]
    if len(modalities) < LEAST_PRODUCTS or not names:
        raise DataError(
            f"{len(modalities)} products with {', '.join(names) or 'nothing'}",
            allowed=f"at least {LEAST_PRODUCTS} with text, a picture, attributes or a price",
            remedy="give more products",
        )
    before = torch.get_num_threads()
    torch.set_num_threads(how.threads)
    try:
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(seed)
            return _Training(modalities, names, how, seed).run(progress)
    finally:
        torch.set_num_threads(before)


class _Training:
    """The state of one training."""

    def __init__(self, given: Modalities, names: list[str], how: FusionSettings, seed: int) -> None:
        import torch

        self.given, self.names, self.how, self.seed = given, names, how, seed
        self.rng = np.random.default_rng(seed)
        order = self.rng.permutation(len(given))
        held = min(max(round(how.validation * len(given)), 8), 500)
        self.held, self.learned = np.sort(order[:held]), np.sort(order[held:])
        self.heads, targets = _targets(given, self.learned, how)
        self.targets = torch.from_numpy(targets)  # (n, heads), -1 where unknown
        if not self.heads and len(names) < 2:
            raise DataError(
                f"{names[0]} alone, and no attribute with two values or more",
                allowed="two modalities, or attributes to tell",
                remedy="give attributes or another modality",
            )
        self.values = self.heads[-1].end if self.heads else 0
        self.there = torch.from_numpy(np.stack([given.there(name) for name in NAMES], axis=1))  # (n, 4)
        self.knots = _knots(given, self.learned)
        self.seen: dict[str, Any] = {}
        self.scales: dict[str, tuple[Floats, Floats]] = {}
        for name in names:
            x = _seen(name, given, self.knots)
            self.scales[name] = _scale(x[np.intersect1d(self.learned, np.flatnonzero(given.there(name)))])
            scaled = (x - self.scales[name][0]) / self.scales[name][1]
            self.seen[name] = torch.from_numpy(np.nan_to_num(scaled).astype(np.float32))
        self.net = _network({name: x.shape[1] for name, x in self.seen.items()}, self.values, how)

    def run(self, progress: Progress) -> Fusion:
        """Learn, stopping early, and bring the best to numpy."""
        import torch

        how, started = self.how, time.perf_counter()
        batch = min(how.batch, max(len(self.learned) // 8, 16), len(self.learned) // 2)
        per_epoch = len(self.learned) // batch
        epochs = max(min(how.epochs, how.most_steps // per_epoch), -(-how.least_steps // per_epoch), 2)
        optimiser = torch.optim.AdamW(self.net.parameters(), lr=how.rate, weight_decay=how.decay)
        schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, how.rate, total_steps=epochs * per_epoch)
        best, kept, best_epoch, curve = np.inf, None, 0, []
        for epoch in range(epochs):
            self.net.train()
            order = self.rng.permutation(self.learned)
            for start in range(0, per_epoch * batch, batch):
                loss = self._loss(torch.from_numpy(order[start : start + batch]), drop=True)
                optimiser.zero_grad()
                if loss.requires_grad:  # products of a batch may have nothing in common
                    loss.backward()
                torch.nn.utils.clip_grad_norm_(self.net.parameters(), 5.0)
                optimiser.step()
                schedule.step()
            self.net.eval()
            with torch.inference_mode():
                curve.append(float(self._loss(torch.from_numpy(self.held), drop=False)))
            progress(epoch + 1, epochs, f"validation loss {curve[-1]:.3f}")
            if curve[-1] < best:
                best, best_epoch, kept = curve[-1], epoch + 1, copy.deepcopy(self.net.state_dict())
            elif epoch + 1 - best_epoch >= max(how.patience, epochs // 4):
                break
        if kept is None:
            raise DataError("the training does not come to finite numbers", remedy="look for products without content")
        self.net.load_state_dict(kept)
        return self._made(best_epoch, curve, time.perf_counter() - started)

    def _loss(self, rows: Any, drop: bool) -> Any:
        """Of a batch: telling attributes by each modality and by mixtures, and finding one's own across modalities."""
        import torch

        there = self.there[rows]  # (b, 4)
        answers = {name: self.net(name, self._input(name, rows, drop)) for name in self.names}
        loss = torch.zeros(())
        kept: list[Any] = [_only(name, there) for name in self.names]
        kept += [there & (torch.rand(there.shape) < 0.6) for _ in range(2)] if drop else [there]
        vectors = []
        for mask in kept:
            logits, own = self.net.mixed(answers, mask)
            loss = loss + self.how.telling * self._telling(logits, rows, mask.any(1)) / len(kept)
            vectors.append(self.net.vector(logits, own, self.heads, self.how))
        pairs = list(combinations(range(len(kept)), 2))
        same = self._same(rows)
        for one, other in pairs:
            usable = kept[one].any(1) & kept[other].any(1) & (kept[one] != kept[other]).any(1)
            if int(usable.sum()) > 1:
                shared = same[usable][:, usable]
                loss = loss + self._matching(vectors[one][usable], vectors[other][usable], shared) / len(pairs)
        return loss

    def _input(self, name: str, rows: Any, drop: bool) -> Any:
        """What is seen; of attributes, while learning, a random part of each product's."""
        import torch

        if name != ATTRIBUTES or not drop:
            return self.seen[name][rows]
        assert self.given.attributes is not None
        some = self.given.attributes.take(rows.numpy())
        pooled = some.pooled(self.rng.random(some.codes.shape) < 0.7)
        centre, spread = self.scales[name]
        return torch.from_numpy(((pooled - centre) / spread).astype(np.float32))

    def _telling(self, logits: Any, rows: Any, usable: Any) -> Any:
        """Cross-entropy of the attributes, each by the root of its weight."""
        import torch
        from torch.nn.functional import cross_entropy

        loss = torch.zeros(())
        for number, head in enumerate(self.heads):
            target = self.targets[rows, number]
            known = usable & (target >= 0)
            if known.any():
                part = logits[known, head.start : head.end]
                share = head.weight**0.5
                loss = loss + share * cross_entropy(part, target[known], label_smoothing=self.how.smoothing)
        return loss

    def _same(self, rows: Any) -> Any:
        """(b, b) which products share the values of all attributes that weigh most."""
        import torch

        most = [n for n, head in enumerate(self.heads) if head.weight > OTHER] or list(range(len(self.heads)))
        if not most:
            return torch.eye(len(rows), dtype=torch.bool)
        codes = self.targets[rows][:, most]  # (b, some)
        same = (codes[:, None] == codes[None]).all(-1) & (codes >= 0).all(-1)[:, None]
        return same | torch.eye(len(rows), dtype=torch.bool)

    def _matching(self, left: Any, right: Any, shared: Any) -> Any:
        """InfoNCE both ways between vectors (b, d) and (b, d) of the same products; `shared` as `_same` says."""
        from torch.nn.functional import log_softmax

        spread = self.how.spread
        target = spread * shared.float() / shared.sum(1, keepdim=True)
        target.diagonal().add_(1 - spread)
        scores = left @ right.T / self.how.temperature
        return (
            -((target * log_softmax(scores, 1)).sum(1).mean() + (target * log_softmax(scores.T, 1)).sum(1).mean()) / 2
        )

    def _made(self, best_epoch: int, curve: list[float], seconds: float) -> Fusion:
        tensors: dict[str, Floats] = {"trust": self.net.trust.detach().numpy().astype(np.float32)}
        for name in self.names:
            first, second = self.net.branches[name].first, self.net.branches[name].second
            tensors |= {
                f"{name}.centre": self.scales[name][0],
                f"{name}.spread": self.scales[name][1],
                f"{name}.first": first.weight.detach().numpy().copy(),
                f"{name}.first_bias": first.bias.detach().numpy().copy(),
                f"{name}.second": second.weight.detach().numpy().copy(),
                f"{name}.second_bias": second.bias.detach().numpy().copy(),
            }
        if PRICE in self.names:
            tensors["price.knots"] = self.knots
        tensors["project"] = self._projection()
        card = {
            "made": datetime.now(UTC).isoformat(timespec="seconds"),
            "seed": self.seed,
            "products": len(self.given),
            "learned_from": len(self.learned),
            "validated_on": len(self.held),
            "modalities": {name: int(self.given.there(name).sum()) for name in self.names},
            "attributes": {head.name: head.end - head.start for head in self.heads},
            "settings": asdict(self.how),
            "best_epoch": best_epoch,
            "validation_loss": [round(each, 4) for each in curve],
            "seconds": round(seconds, 1),
        }
        fusion = Fusion(tensors, self.heads, self.how.own_weight, card)
        return replace(fusion, card={**card, "validation": figures(fusion, self.given.take(self.held))})

    def _projection(self) -> Floats:
        """(values, TOLD) the directions along which what products are taken for is largest (of the Gram matrix)."""
        import torch

        gram = np.zeros((self.values, self.values))
        with torch.inference_mode():
            for name in self.names:
                rows = torch.from_numpy(self.learned)
                rows = rows[self.there[rows, NAMES.index(name)]]
                logits = self.net(name, self.seen[name][rows])[:, : self.values].numpy()
                told = weighted(logits, self.heads).astype(np.float64)
                gram += told.T @ told / max(len(told), 1)
        _, directions = np.linalg.eigh(gram)
        found = directions[:, ::-1][:, :TOLD]
        if found.size:  # eigenvectors have no sign
            found = found * np.sign(found[np.abs(found).argmax(axis=0), np.arange(found.shape[1])])
        out = np.zeros((self.values, TOLD), np.float32)
        out[:, : found.shape[1]] = found
        return out


def figures(fusion: Fusion, known: Modalities) -> dict[str, float]:
    """How often a text finds its own picture among the best ten of those products that have both, and the reverse."""
    both = known.take(np.flatnonzero(known.there(TEXT) & known.there(PICTURE)))
    if len(both) < 2:
        return {}
    texts, pictures = fusion.encode(text=both.text), fusion.encode(picture=both.picture)
    found = {"text_finds_picture@10": (texts, pictures), "picture_finds_text@10": (pictures, texts)}
    return {"products": len(both)} | {
        name: round(_own_among_ten(as_query(asking) @ asked.T), 4) for name, (asking, asked) in found.items()
    }


def _own_among_ten(cosines: Floats) -> float:
    return float(((cosines > np.diag(cosines)[:, None]).sum(axis=1) < 10).mean())


def _only(name: str, there: Any) -> Any:
    import torch

    mask = torch.zeros_like(there)
    mask[:, NAMES.index(name)] = there[:, NAMES.index(name)]
    return mask


def _network(inputs: Mapping[str, int], values: int, how: FusionSettings) -> Any:
    """The torch module: a branch for each modality, and how far each is trusted in a mixture."""
    import torch
    from torch import nn
    from torch.nn.functional import normalize, relu

    class Branch(nn.Module):
        """One hidden layer."""

        def __init__(self, seen: int, drop: float) -> None:
            super().__init__()
            self.first, self.second = nn.Linear(seen, how.hidden), nn.Linear(how.hidden, values + OWN)
            self.drop = nn.Dropout(drop)

        def forward(self, x: Any) -> Any:
            return self.second(self.drop(relu(self.first(self.drop(x)))))

    class Net(nn.Module):
        """All branches."""

        def __init__(self) -> None:
            super().__init__()
            dropped = {PICTURE: how.dropout, TEXT: how.dropout / 2, ATTRIBUTES: 0.1, PRICE: 0.1}
            self.branches = nn.ModuleDict({name: Branch(seen, dropped[name]) for name, seen in inputs.items()})
            self.trust = nn.Parameter(torch.zeros(len(NAMES)))

        def forward(self, name: str, x: Any) -> Any:
            answer = self.branches[name](x)
            return torch.cat([answer[:, :values], normalize(answer[:, values:], dim=1)], 1)

        def mixed(self, answers: Mapping[str, Any], mask: Any) -> tuple[Any, Any]:
            """(logits, own) the mean of the modalities that `mask` (b, 4) keeps."""
            total, weights = torch.zeros(()), torch.full((len(mask), 1), 1e-9)
            for name, answer in answers.items():
                share = mask[:, NAMES.index(name), None] * self.trust[NAMES.index(name)].exp()
                total, weights = total + share * answer, weights + share
            mean = total / weights
            return mean[:, :values], mean[:, values:]

        def vector(self, logits: Any, own: Any, heads: tuple[Head, ...], how: FusionSettings) -> Any:
            """The product's vector; what products are taken for is learned by telling alone, not from here."""
            parts = [h.weight**0.5 * logits[:, h.start : h.end].softmax(1).sqrt().detach() for h in heads]
            return normalize(torch.cat([*parts, how.own_share**0.5 * normalize(own, dim=1)], 1), dim=1)

    return Net()


def _targets(given: Modalities, learned: Ints, how: FusionSettings) -> tuple[tuple[Head, ...], Ints]:
    """(heads, (n, heads) the place of each product's value in its head, -1 where it was not learned from)."""
    attributes = given.attributes
    if attributes is None:
        return (), np.zeros((len(given), 0), np.int64)
    heads, columns, start = [], [], 0
    for number, name in enumerate(attributes.names):
        codes = attributes.codes[:, number]
        known = np.unique(codes[learned])
        known = known[known >= 0]
        if not 2 <= len(known) <= MOST_VALUES:
            continue
        place = np.full(len(attributes.values) + 1, -1, np.int64)  # the last is for -1
        place[known] = np.arange(len(known))
        columns.append(place[codes])
        heads.append(Head(name, start, start + len(known), weight_of(name, how.weights)))
        start += len(known)
    table = np.stack(columns, axis=1) if columns else np.zeros((len(attributes), 0), np.int64)
    return tuple(heads), table


def weight_of(name: str, weights: Mapping[str, float]) -> float:
    """What an attribute weighs in the vector: as it is told, or by what its name speaks of."""
    if name in weights:
        return weights[name]
    return max((weight for word, weight in SPOKEN_OF.items() if word in name.lower()), default=OTHER)


def _knots(given: Modalities, learned: Ints) -> Floats:
    if given.price is None or not given.there(PRICE)[learned].any():
        return np.zeros(0, np.float32)
    logs = np.log(given.price[learned][given.there(PRICE)[learned]])
    low, high = np.quantile(logs, (0.01, 0.99))
    return np.linspace(low, max(high, low + 0.1), KNOTS).astype(np.float32)


def _seen(name: str, given: Modalities, knots: Floats) -> Floats:
    part = given.given()[name]
    if isinstance(part, Attributes):
        return part.pooled()
    return price_features(part.astype(np.float64), knots) if name == PRICE else np.asarray(part, np.float32)


def _scale(x: Floats) -> tuple[Floats, Floats]:
    """(centre, spread) of each column; one that hardly moves is not blown up."""
    spread = x.std(axis=0)
    return x.mean(axis=0), spread + max(0.05 * float(x.std()), 1e-6)
