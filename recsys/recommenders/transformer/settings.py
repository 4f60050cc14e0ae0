"""Every choice of the Transformer, with the measurement that made it."""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import ClassVar

from recsys.errors import SettingsError
from recsys.recommenders.fitted_arrays import setting


@dataclass(frozen=True)
class TransformerSettings:
    """Figures in comments: nDCG@10 on Beauty's validation items, strict, seen items left out, one seed (+- .0005)."""

    learns_items: ClassVar[bool] = True
    """Whether an item has a vector of its own to learn; otherwise it stays where its content vector is."""

    dimension: int = setting(128, 4, 1024)
    layers: int = setting(1, 1, 8)
    heads: int = setting(1, 1, 64)
    feed_forward: int = setting(128, 4, 4096)
    dropout: float = setting(0.3, 0.0, 0.9)
    max_length: int = setting(50, 1, 1000)  # baskets (items, in sequences) that are looked at, the latest
    epochs: int = setting(5, 1, 1000)
    patience: int = setting(2, 1, 1000)  # epochs without a better validation after which training ends
    learning_rate: float = setting(0.0045, 1e-6, 1.0)
    positions_per_step: int = setting(512, 1, 65_536)
    scale: float = setting(16.0, 1.0, 50.0)  # what the cosine is multiplied by at first; learned from there
    watched: int = setting(2000, 0, 1_000_000)  # shoppers whose last basket is kept back to see when to stop
    threads: int = setting(0, 0, 256)  # torch threads while fitting; 0 leaves them as they are
    seed: int = setting(0, 0, 2**31 - 1)

    def __post_init__(self) -> None:
        """Raises SettingsError when a setting is outside its range, or the heads do not divide the dimension."""
        for each in fields(TransformerSettings):
            _check(each.name, getattr(self, each.name), each.default, each.metadata["low"], each.metadata["high"])
        if self.dimension % self.heads:
            raise SettingsError(
                f"transformer got {self.heads} heads for dimension={self.dimension}",
                allowed="heads that divide the dimension",
                remedy="the default is 1",
            )


def _check(name: str, value: object, default: object, low: float, high: float) -> None:
    kinds = (int,) if isinstance(default, int) else (int, float)
    if isinstance(value, bool) or not isinstance(value, kinds) or not low <= value <= high:
        raise SettingsError(
            f"transformer got {name}={value!r}", allowed=f"{low} to {high}", remedy=f"the default is {default}"
        )
