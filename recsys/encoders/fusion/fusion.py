"""One space of 128 dimensions for whatever is known of a product: numpy alone, no torch.

A small network for each modality says what it takes the product for, a probability for every value of every attribute
that was learned from, and what else it looks like, a vector that was learned contrastively. Modalities that are there
are averaged, before the probabilities and in the vector.

For two products with probabilities p and q of the values of an attribute, p @ q is the probability that they share it,
so what is most likely alike is nearest: a sure product before one that may be anything. (By the cosine of p and q, or
of their roots, the unsure ones are near each other: same type .74 instead of .79 of the five nearest, on validation.)
The row of probabilities, weighted and brought to fewer dimensions, and the vector are shorter than 1; a last number
brings a product's row to length 1, and is 0 in a query's, so that the cosine of a query and a product is in the order
of that product (Bachrach et al., "Speeding up the Xbox recommender system using a Euclidean transformation for
inner-product spaces", RecSys 2014).
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from recsys.artifacts import write_whole
from recsys.encoders.fusion.modalities import NAMES, PRICE, Attributes, Bools, Modalities
from recsys.encoders.unit_rows import unit_rows
from recsys.errors import ArtifactError
from recsys.schema import Floats

WEIGHTS: Final = "fusion.safetensors"
CARD: Final = "fusion.json"
DIMENSION: Final = 128
OWN: Final = 64  # of these, for what was learned contrastively; one is for the length, the rest for probabilities
TOLD: Final = DIMENSION - OWN - 1
FORMAT: Final = 1
ROWS_AT_ONCE: Final = 4096
REMEDY: Final = "train the fusion again"


@dataclass(frozen=True, slots=True)
class Head:
    """An attribute that modalities are asked for: its values stand at start to end of the answers."""

    name: str
    start: int
    end: int
    weight: float  # of p @ q in the product of two vectors


@dataclass(frozen=True, slots=True, eq=False)
class Fusion:
    """A trained fusion. `tensors` are its arrays by name, `card` says what it was trained on and how it did."""

    tensors: Mapping[str, Floats]
    heads: tuple[Head, ...]
    own_weight: float  # of the contrastive part in the product of two vectors
    card: Mapping[str, Any]

    dimension: int = DIMENSION

    def encode(
        self,
        text: Floats | None = None,
        picture: Floats | None = None,
        attributes: Attributes | None = None,
        price: npt.NDArray[np.float64] | None = None,
        masks: Mapping[str, Bools] | None = None,
        query: bool = False,
    ) -> Floats:
        """(n, 128) of length 1, of what is given: as products that are searched, or as queries that search them.

        A row of NaN is a missing text, picture or price, -1 an attribute without value; `masks` (n,) by modality says
        the same from outside. Where a product has nothing at all its vector is zeros. Raises ValueError for other
        shapes than were learned from.
        """
        return self.encode_all(Modalities(text, picture, attributes, price), masks, query)

    def encode_all(self, given: Modalities, masks: Mapping[str, Bools] | None = None, query: bool = False) -> Floats:
        """The same of all that these products have."""
        vectors = np.empty((len(given), DIMENSION), np.float32)
        for start in range(0, len(given), ROWS_AT_ONCE):
            rows = np.arange(start, min(start + ROWS_AT_ONCE, len(given)))
            kept = {name: mask[rows] for name, mask in (masks or {}).items()}
            vectors[rows] = self._fused(given.take(rows), kept)
        return as_query(vectors) if query else vectors

    def knows(self, name: str) -> bool:
        """Whether it learned from this modality."""
        return f"{name}.first" in self.tensors

    def taken_for(self, given: Modalities) -> dict[str, Floats]:
        """(n, values) by attribute: the probability of each value, of all that is given."""
        logits, _, _ = self._answers(given, {})
        return {head.name: softmax(logits[:, head.start : head.end]) for head in self.heads}

    def _fused(self, given: Modalities, masks: Mapping[str, Bools]) -> Floats:
        logits, own, there = self._answers(given, masks)
        scale = 1 / np.sqrt(sum(head.weight for head in self.heads) + self.own_weight)  # then no row is longer than 1
        told = weighted(logits, self.heads) @ self.tensors["project"]  # (n, values) @ (values, TOLD)
        row = scale * np.concatenate([told, np.sqrt(self.own_weight) * unit_rows(own)], axis=1)  # (n, 127)
        short = np.sqrt(np.maximum(1 - (row**2).sum(axis=1, keepdims=True), 0))
        fused: Floats = unit_rows(np.concatenate([row, short], axis=1)).astype(np.float32) * there[:, None]
        return fused

    def _answers(self, given: Modalities, masks: Mapping[str, Bools]) -> tuple[Floats, Floats, Bools]:
        """((n, values) logits, (n, own) the contrastive part, (n,) whether there is anything)."""
        values = self.heads[-1].end if self.heads else 0
        total, weights = np.zeros((len(given), values + OWN), np.float32), np.zeros((len(given), 1), np.float32)
        for name in (name for name in NAMES if self.knows(name)):
            there = given.there(name) & masks.get(name, np.True_)
            if not there.any():
                continue
            answer = self._branch(name, np.where(there[:, None], self._seen(name, given), 0.0).astype(np.float32))
            answer = np.concatenate([answer[:, :values], unit_rows(answer[:, values:])], axis=1)
            share = there[:, None] * np.exp(self.tensors["trust"][NAMES.index(name)])
            total, weights = total + share * answer, weights + share
        mean = (total / np.maximum(weights, 1e-9)).astype(np.float32)
        return mean[:, :values], mean[:, values:], weights[:, 0] > 0

    def _seen(self, name: str, given: Modalities) -> Floats:
        part = given.given()[name]
        seen = part.pooled() if isinstance(part, Attributes) else part
        if name == PRICE:
            return price_features(np.asarray(seen, np.float64), self.tensors["price.knots"])
        if seen.shape[1] != (wanted := len(self.tensors[f"{name}.centre"])):
            raise ValueError(f"{name} of {seen.shape[1]} dimensions; {wanted} were learned from")
        return np.asarray(seen, np.float32)

    def _branch(self, name: str, x: Floats) -> Floats:
        """(n, d) what is seen -> (n, values + own) what one modality says."""
        t = self.tensors
        scaled = (x - t[f"{name}.centre"]) / t[f"{name}.spread"]
        hidden = np.maximum(scaled @ t[f"{name}.first"].T + t[f"{name}.first_bias"], 0)
        answer: Floats = hidden @ t[f"{name}.second"].T + t[f"{name}.second_bias"]
        return answer

    def save(self, folder: Path) -> None:
        """Write fusion.safetensors and fusion.json. Raises StorageError."""
        from safetensors.numpy import save

        said = {
            "format": FORMAT,
            "heads": [[h.name, h.start, h.end, h.weight] for h in self.heads],
            "own_weight": self.own_weight,
            **self.card,
        }
        write_whole(folder / WEIGHTS, save({name: np.ascontiguousarray(each) for name, each in self.tensors.items()}))
        write_whole(folder / CARD, json.dumps(said, indent=1, ensure_ascii=False).encode())

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The fusion as it was saved. Raises ArtifactError when a file is missing or damaged."""
        from safetensors.numpy import load

        try:
            said = json.loads((folder / CARD).read_text(encoding="utf-8"))
            tensors = load((folder / WEIGHTS).read_bytes())
            if said["format"] != FORMAT or not all(np.isfinite(each).all() for each in tensors.values()):
                raise ValueError("another format, or numbers that are not finite")
            heads = tuple(Head(str(n), int(a), int(b), float(w)) for n, a, b, w in said["heads"])
            card = {k: v for k, v in said.items() if k not in {"format", "heads", "own_weight"}}
            fusion = cls(tensors, heads, float(said["own_weight"]), card)
            fusion._check()
        except Exception as error:  # safetensors' errors share no class but Exception
            raise ArtifactError(
                f"the fusion is missing or damaged: {' '.join(str(error).split())[:160]}", remedy=REMEDY
            ) from error
        return fusion

    def _check(self) -> None:
        """Raises ValueError when shapes do not fit each other."""
        values = self.heads[-1].end if self.heads else 0
        if self.tensors["project"].shape != (values, TOLD) or self.tensors["trust"].shape != (len(NAMES),):
            raise ValueError(f"{self.tensors['project'].shape} brings {values} values to {TOLD} dimensions")
        for name in (name for name in NAMES if self.knows(name)):
            shapes = [self.tensors[f"{name}.{part}"].shape for part in ("first", "first_bias", "second", "second_bias")]
            (hidden, seen), answers = shapes[0], values + OWN
            if shapes[1:] != [(hidden,), (answers, hidden), (answers,)] or self.tensors[f"{name}.centre"].shape != (
                seen,
            ):
                raise ValueError(f"shapes of {name} do not fit each other: {shapes}")


def as_query(vectors: Floats) -> Floats:
    """(n, 128) products' vectors as queries, for what is like them; queries stay as they are."""
    turned = vectors.copy()
    turned[:, -1] = 0
    return unit_rows(turned)


def weighted(logits: Floats, heads: Sequence[Head]) -> Floats:
    """(n, values) the probability of every value, by the root of its attribute's weight."""
    parts = [np.sqrt(head.weight) * softmax(logits[:, head.start : head.end]) for head in heads]
    found: Floats = np.concatenate([*parts, np.zeros((len(logits), 0), np.float32)], axis=1)
    return found


def softmax(logits: Floats) -> Floats:
    """(n, k) each row sums to 1."""
    raised = np.exp(logits - logits.max(axis=1, keepdims=True))
    shares: Floats = raised / raised.sum(axis=1, keepdims=True)
    return shares


def price_features(price: npt.NDArray[np.float64], knots: Floats) -> Floats:
    """(n, knots) how near the logarithm of each price is to each knot, 1 there and half a knot's distance on."""
    with np.errstate(invalid="ignore", divide="ignore"):
        log = np.log(np.where(price > 0, price, np.nan))
    step = max(float(np.diff(knots).mean()), 1e-3) if len(knots) > 1 else 1.0
    near: Floats = np.exp(-(((log[:, None] - knots) / step) ** 2) / 2).astype(np.float32)
    return near
