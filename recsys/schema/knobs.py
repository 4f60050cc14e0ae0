"""The sliders of the storefront: what each may be, and how a link carries them."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from recsys.errors import BadRequestError
from recsys.schema.linked import changed_settings, read_linked


def _knob(default: float, low: float, high: float, step: float, label: str, help: str, unit: str = "") -> Any:
    meta = {"low": low, "high": high, "step": step, "label": label, "help": help, "unit": unit}
    return field(default=default, metadata=meta)


FOLDS: Final = ("kind", "title", "none")


@dataclass(frozen=True, slots=True)
class Knobs:
    """Every slider of the storefront, with its range and default; a link carries them.

    Each field's `metadata` has low, high, step, label, help and unit, or choices, label and help. Shares are 0 to 1.
    Raises BadRequestError naming the range for a value that is none, is not finite or lies outside.
    """

    shopper_weight: float = _knob(
        0.3,
        0.0,
        1.0,
        0.05,
        "Shopper against query",
        "0: only the query counts. 1: only the shopper counts. Used when there are both.",
    )
    meaning_weight: float = _knob(
        0.5,
        0.0,
        1.0,
        0.05,
        "Meaning against words",
        "0: only matching words count (BM25). 1: only meaning counts (cosine of sentence vectors). Between them, words "
        "count more where one product holds all of the query's words, and meaning more where none does.",
    )
    looks_weight: float = _knob(
        0.5,
        0.0,
        1.0,
        0.05,
        "Looks against words",
        "0: only the words count. 1: only the picture counts. Used when there are both.",
    )
    kind_weight: float = _knob(
        0.3,
        0.0,
        0.5,
        0.05,
        "Kind of product asked for",
        "A second look: how much it counts that a product is of the kind that the best answers have in common. "
        "0: not at all.",
    )
    exploration: float = _knob(
        0.0,
        0.0,
        1.0,
        0.05,
        "Learned order or taste",
        "0: the learned order of what this shopper is likely to buy next. 1: only what fits the shopper's taste. "
        "Used for a shopper without a query.",
    )
    discovery: float = _knob(
        0.4,
        0.0,
        1.0,
        0.05,
        "New things against usuals",
        "0: only what this shopper buys again and again. 1: only what fits the shopper's taste. Used beside a query.",
    )
    popularity: float = _knob(
        0.1,
        0.0,
        0.5,
        0.05,
        "Well-known products",
        "How much it counts that many shoppers buy a product. 0: not at all. The learned order knows it already, so "
        "this is used beside a query.",
    )
    half_life_days: float = _knob(
        80.0,
        7.0,
        365.0,
        1.0,
        "How far back history counts",
        "After this many days a purchase counts half as much, for the taste and beside a query. The learned order has "
        "learned its own.",
        "days",
    )
    fold: str = field(
        default="kind",
        metadata={
            "choices": FOLDS,
            "label": "Fold look-alikes",
            "help": "Show one product per kind (sizes and makers folded), per title, or every product.",
        },
    )

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if "choices" in f.metadata:
                if value not in f.metadata["choices"]:
                    raise BadRequestError(
                        f"{f.name}={value!r} is not a choice",
                        allowed=", ".join(f.metadata["choices"]),
                        remedy=f"leave {f.name} out to use {f.default!r}",
                    )
                continue
            low, high = f.metadata["low"], f.metadata["high"]
            if isinstance(value, bool) or not isinstance(value, int | float) or not math.isfinite(value):
                raise BadRequestError(
                    f"{f.name}={value!r} is not a number",
                    allowed=f"{low:g} to {high:g}",
                    remedy=f"leave {f.name} out to use {f.default:g}",
                )
            if not low <= value <= high:
                raise BadRequestError(
                    f"{f.name}={value:g} is out of range",
                    allowed=f"{low:g} to {high:g}",
                    remedy=f"leave {f.name} out to use {f.default:g}",
                )

    @classmethod
    def from_mapping(cls, raw: Mapping[str, str]) -> tuple[Knobs, list[str]]:
        """Knobs from the address bar: what is unreadable or out of range falls back to its default, and is said.

        Returns (knobs, one plain sentence per value that was not used). Unknown names are ignored.
        """
        return read_linked(cls, raw, _read_knob)

    def changed(self) -> dict[str, str]:
        """The knobs that differ from their defaults, as text for the address bar; `from_mapping` reads it back."""
        return changed_settings(self)


def _read_knob(name: str, text: str) -> Any:
    """The value that a text means, unchecked: what is no number stays text."""
    text = text[:40]
    if "choices" in next(f for f in fields(Knobs) if f.name == name).metadata:
        return text
    try:
        return float(text)
    except ValueError:
        return text
