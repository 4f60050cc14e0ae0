"""The settings of re-ranking: what each may be, and how a link carries them, as with the other sliders."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Final

from recsys.errors import BadRequestError
from recsys.schema.linked import changed_settings, read_linked

RERANKERS: Final = ("caps", "exposure", "diversity", "calibration")
"""What can be done to a whole shelf, in the usual order: rules first, so that what comes after keeps to them."""
MOST_CHOSEN: Final = 20  # products that must be shown
MOST_CANDIDATES: Final = 400  # looked at; with the chosen ones never more than re-ranking takes
LONGEST: Final = 2000  # characters of a setting that a link may bring


def _part_of_one(label: str, help: str, unit: str = "") -> Any:
    return _amount(0.0, 0.0, 1.0, 0.05, label, help, unit)


def _amount(default: float, low: float, high: float, step: float, label: str, help: str, unit: str = "") -> Any:
    meta = {"low": low, "high": high, "step": step, "label": label, "help": help, "unit": unit}
    return field(default=default, metadata=meta)


def _one_of(choices: tuple[str, ...], label: str, help: str) -> Any:
    return field(default=choices[0], metadata={"choices": choices, "label": label, "help": help})


@dataclass(frozen=True, slots=True)
class Reranking:
    """What is done to the whole shelf after ranking; as it stands by default, nothing.

    Each field's `metadata` has low, high, step, label, help and unit, or choices, label and help. Shares are 0 to 1.
    Raises BadRequestError naming what is allowed for a value that cannot be used.
    """

    diversity: float = _part_of_one(
        "Diversity",
        "0: the order of the scores. Higher: products that are unlike the others on the shelf come before near-copies.",
    )
    diversify: str = _one_of(
        ("distance", "mmr", "dpp"),
        "Way to diversity",
        "Mean distance: far from all that stands there. MMR: unlike the one most like it. DPP: the largest volume.",
    )
    calibration: float = _part_of_one(
        "Calibration",
        "0: not at all. Higher: the shelf is mixed as this shopper's purchases are.",
    )
    calibrate_to: str = _one_of(
        ("category", "price"), "Calibrated to the mix of", "Categories, or fifths of the shop's prices."
    )
    category_cap: int = _amount(
        0, 0, 20, 1, "Most of a category (0: any)", "No more products of one category than this. 0: no limit."
    )
    brand_cap: int = _amount(
        0, 0, 20, 1, "Most of a brand (0: any)", "No more products of one brand than this. 0: no limit."
    )
    tail_share: float = _part_of_one(
        "Long tail at least",
        "At least this share of the shelf for the long tail: the least bought products, which together make a fifth of "
        "all purchases.",
    )
    new_share: float = _part_of_one(
        "New products at least", "At least this share of the shelf for what was launched in the last 60 days."
    )
    chosen: tuple[str, ...] = field(
        default=(),
        metadata={"label": "Products that must be shown", "help": "Shown wherever they are among the candidates."},
    )
    steps: tuple[str, ...] = field(
        default=RERANKERS,
        metadata={
            "label": "In this order",
            "help": "Where two of them ask for what cannot both be done, the earlier one is kept.",
        },
    )
    arranged: str = _one_of(
        ("relevance", "picked"),
        "Shown in the order of",
        "Relevance: who is on the shelf changes, and they stand by their scores. Picked: as they were picked.",
    )
    candidates: int = _amount(
        200, 20, MOST_CANDIDATES, 10, "Candidates", "How many of the best products the shelf is chosen among."
    )

    def __post_init__(self) -> None:
        for f in fields(self):
            value = getattr(self, f.name)
            if f.name == "steps":
                _check_steps(value)
            elif f.name == "chosen":
                _check_chosen(value)
            elif "choices" in f.metadata:
                if value not in f.metadata["choices"]:
                    raise _unusable(
                        f"{f.name}={str(value)[:40]!r} is not a choice", ", ".join(f.metadata["choices"]), f
                    )
            else:
                _check_number(f, value)

    @property
    def on(self) -> bool:
        """Whether anything is done at all."""
        return bool(
            self.diversity > 0
            or self.calibration > 0
            or self.category_cap
            or self.brand_cap
            or self.tail_share > 0
            or self.new_share > 0
            or self.chosen
        )

    @classmethod
    def from_mapping(cls, raw: Mapping[str, str]) -> tuple[Reranking, list[str]]:
        """Settings from the address bar: what cannot be used falls back to its default, and is said.

        Returns (settings, one plain sentence per value that was not used). Unknown names are ignored.
        """
        return read_linked(cls, raw, read_setting)

    def changed(self) -> dict[str, str]:
        """What differs from the defaults, as text for the address bar; `from_mapping` reads it back."""
        return changed_settings(self)


def read_setting(name: str, text: str) -> Any:
    """The value that a text means for the setting of that name, unchecked: what is no number stays text."""
    about = next(f for f in fields(Reranking) if f.name == name)
    text = text[:LONGEST]
    if isinstance(about.default, tuple):
        return tuple(part.strip() for part in text.split(",") if part.strip())
    if "choices" in about.metadata:
        return text[:40]
    try:
        number = float(text[:40])
    except ValueError:
        return text[:40]
    whole = isinstance(about.default, int) and number.is_integer()
    return int(number) if whole else number


def _check_number(about: Any, value: Any) -> None:
    low, high = about.metadata["low"], about.metadata["high"]
    whole = isinstance(about.default, int)
    allowed = f"{'a whole number from ' if whole else ''}{low:g} to {high:g}"
    kinds = int if whole else int | float
    if isinstance(value, bool) or not isinstance(value, kinds) or not math.isfinite(value):
        raise _unusable(f"{about.name}={str(value)[:40]!r} is no such number", allowed, about)
    if not low <= value <= high:
        raise _unusable(f"{about.name}={value:g} is out of range", allowed, about)


def _check_steps(value: Any) -> None:
    if not isinstance(value, tuple) or sorted(map(str, value)) != sorted(RERANKERS):
        raise BadRequestError(
            f"steps={str(value)[:60]!r} is not an order of what re-ranking does",
            allowed=f"each of {', '.join(RERANKERS)}, once, with commas between them",
            remedy="leave steps out to use that order",
        )


def _check_chosen(value: Any) -> None:
    if not isinstance(value, tuple) or len(value) > MOST_CHOSEN or not all(isinstance(v, str) for v in value):
        raise BadRequestError(
            f"chosen={str(value)[:40]!r} cannot be used",
            allowed=f"at most {MOST_CHOSEN} ids of products",
            remedy="leave some of them out",
        )


def _unusable(seen: str, allowed: str, about: Any) -> BadRequestError:
    return BadRequestError(seen, allowed=allowed, remedy=f"leave {about.name} out to use {about.default}")
