"""The rules of a comparison, written out: a figure without them says nothing."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any, Final

from recsys.errors import BadRequestError

CHOSEN_BY: Final = "ndcg@10"
VISITS_TO_CHOOSE_BY: Final = 4_000  # drawn from the validation by seed: the error of a mean of .06 is then about .003
NAMES: Final = ("next-basket", "sequences", "temporal")
VARIANTS: Final = ("strict", "refit")


@dataclass(frozen=True, slots=True)
class Protocol:
    """How a run asked and judged. `as_json` is what stands beside every figure it gave."""

    name: str  # one of NAMES
    variant: str  # "strict" or "refit"
    keep_seen: bool
    cutoffs: tuple[int, ...] = (10, 20)
    days: int = 30  # of a window, in the temporal protocol
    seed: int = 0

    def __post_init__(self) -> None:
        for value, allowed in ((self.name, NAMES), (self.variant, VARIANTS)):
            if value not in allowed:
                raise BadRequestError(
                    f"there is no protocol {value!r}",
                    allowed=", ".join(allowed),
                    remedy="see `python -m recsys evaluate --help`",
                )

    def as_json(self, n_items: int, asked: int, shoppers: int) -> dict[str, Any]:
        """The rules in plain words, with the figures of a data set."""
        return {
            **asdict(self),
            "split": self._split(),
            "asked": f"{asked:,} of {shoppers:,} shoppers",
            "fitted_on": self._fitted_on(),
            "candidates": f"full ranking over all {n_items:,} items, no sampled negatives",
            "seen_items": "ranked like the others" if self.keep_seen else "left out of every list",
            "gain": "binary: 1 for an item that was taken",
            "ideal": "nDCG: the best list of min(k, relevant) hits; MAP: over all relevant items",
            "ties": "the item with the smaller row comes first",
            "chosen_by": f"settings by {CHOSEN_BY} on the validation ({VISITS_TO_CHOOSE_BY:,} shoppers at most, drawn "
            f"by seed); learned rankers by cross-validation over all of it; never on the test",
            "interval": "95 %: percentile bootstrap over shoppers, 1,000 resamples",
            "tests": "paired randomisation test over shoppers, 10,000 sign patterns, p corrected by Holm",
            "seeds": [self.seed],
        }

    def _split(self) -> str:
        if self.name == "temporal":
            return (
                f"one cut in time for everybody: what was taken in the last {self.days} days is the test, in the "
                f"{self.days} before them the validation; shoppers without earlier purchases are asked too"
            )
        unit = "basket" if self.name == "next-basket" else "item"
        return (
            f"leave-one-out: each shopper's last {unit} is the test, the one before it the validation; shoppers with "
            f"fewer than three are learned from and not asked"
        )

    def _fitted_on(self) -> str:
        if self.variant == "strict":
            return (
                "strict: on neither the validation nor the test; at the test the validation is part of the history "
                "that is looked at"
            )
        return "refit: settings chosen without the validation, then fitted again with it; never on the test"
