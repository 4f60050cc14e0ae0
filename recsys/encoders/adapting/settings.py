"""Every choice of an adaptation."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import Any, Final

from recsys.errors import BadRequestError, SettingsError

LORA, ADALORA, FULL = "lora", "adalora", "full"
WAYS: Final[dict[str, str]] = {
    LORA: "Small matrices beside the big ones (LoRA): quick, and little can be forgotten",
    ADALORA: "The same, their ranks dealt out to where they help (AdaLoRA)",
    FULL: "Every weight: learns most, forgets most, takes longest",
}


def _setting(default: float, low: float, high: float) -> Any:
    return field(default=default, metadata={"low": low, "high": high})


@dataclass(frozen=True, slots=True)
class Adapting:
    """Hu et al., "LoRA", ICLR 2022; Zhang et al., "AdaLoRA", ICLR 2023; van den Oord et al., 2018 (InfoNCE).

    The first stage is BERT's (Devlin et al., 2019), shortened vectors are Matryoshka's (Kusupati et al., NeurIPS 2022).
    """

    steps: int = _setting(400, 2, 100_000)  # corrections at most
    minutes: float = _setting(10.0, 0.01, 10_000.0)  # at work, after which it ends with what it has
    pairs_per_step: int = _setting(32, 2, 1_024)  # every pair is told from all others of its step
    max_tokens: int = _setting(48, 4, 512)  # of a text; names have 5 to 20, the rest is cut
    learning_rate: float = _setting(0.0005, 1e-7, 0.1)  # of LoRA; all weights move by a twentieth of it
    rank: int = _setting(8, 1, 64)
    scale: float = _setting(20.0, 1.0, 100.0)  # what cosines are multiplied by: sentence-transformers' usual
    same_category: float = _setting(0.5, 0.0, 1.0)  # share of a step drawn from few categories: hard negatives
    misspelt: float = _setting(0.15, 0.0, 1.0)  # share of pairs that are a name and the same name mistyped
    respelt: float = _setting(0.0, 0.0, 1.0)  # share that are a name and the same in other words, order or spelling
    mlm: int = _setting(0, 0, 100_000)  # steps of a first stage that guesses hidden words; 0: there is none
    matryoshka: int = _setting(0, 0, 4_096)  # first numbers of a vector that must do alone, then twice as many; 0: none
    every: int = _setting(25, 1, 10_000)  # steps between two looks at the products that are watched
    seed: int = _setting(0, 0, 2**31 - 1)

    def __post_init__(self) -> None:
        for each in fields(self):
            value = getattr(self, each.name)
            low, high = each.metadata["low"], each.metadata["high"]
            whole = isinstance(each.default, int)
            if isinstance(value, bool) or (whole and not isinstance(value, int)) or not low <= value <= high:
                raise SettingsError(
                    f"an adaptation got {each.name}={value!r}",
                    allowed=f"{'a whole number from ' if whole else ''}{low:g} to {high:g}",
                    remedy=f"the default is {each.default:g}",
                )
        if self.misspelt + self.respelt > 1:
            raise SettingsError(
                f"an adaptation got misspelt={self.misspelt:g} and respelt={self.respelt:g}",
                allowed="shares of the pairs that are 1 together at most",
                remedy="make one of them smaller",
            )

    @property
    def looks(self) -> int:
        """How often the watched products are looked at, if time does not end it."""
        return -(-self.steps // self.every)


def lengths(dimension: int, shortest: int) -> tuple[int, ...]:
    """How many first numbers of a vector must do alone: the shortest, twice as many and so on, and all of them."""
    found = []
    while 0 < shortest < dimension:
        found.append(shortest)
        shortest *= 2
    return (*found, dimension)


def way_of(name: str) -> str:
    """The name itself. Raises BadRequestError naming the ways there are."""
    if name not in WAYS:
        raise BadRequestError(
            f"there is no way to adapt called {name[:40]!r}", allowed=", ".join(WAYS), remedy="pick one of them"
        )
    return name
