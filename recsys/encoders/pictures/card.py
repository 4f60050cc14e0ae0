"""What stands beside a picture network's graph: how it wants its pictures, and what it gives."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any, Final

from recsys.errors import ModelError

GRAPH: Final = "picture_encoder.onnx"
CARD: Final = "picture_encoder.json"
INPUT: Final = "pictures"  # of the graphs written here; one that somebody brings may call its own as it likes
OUTPUT: Final = "vectors"
SIDES: Final = (16, 1024)  # pixels; nothing that looks at pictures wants more
MOST_DIMENSIONS: Final = 16_384


@dataclass(frozen=True, slots=True)
class Card:
    """A graph makes (b, dimension) of (b, 3, size, size) float32: red, green, blue as (x / 255 - mean) / std."""

    name: str
    size: int
    mean: tuple[float, float, float]
    std: tuple[float, float, float]
    dimension: int

    def as_json(self) -> dict[str, Any]:
        """What is written down."""
        return asdict(self)


def read_card(path: Path) -> Card:
    """The card of a folder. Raises ModelError, saying what it must hold, when it is missing or holds something else."""
    allowed = "JSON with name, size, mean and std (three numbers each) and dimension"
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        mean, std = (tuple(float(each) for each in said[key]) for key in ("mean", "std"))
        card = Card(str(said["name"]), int(said["size"]), mean, std, int(said["dimension"]))  # type: ignore[arg-type]
        if not (len(mean) == len(std) == 3 and min(std) > 0):
            raise ValueError("mean and std are three numbers each, std above 0")
        if not (SIDES[0] <= card.size <= SIDES[1] and 1 <= card.dimension <= MOST_DIMENSIONS):
            raise ValueError(f"a size of {SIDES[0]} to {SIDES[1]}, a dimension of 1 to {MOST_DIMENSIONS}")
    except (OSError, ValueError, KeyError, TypeError) as error:
        raise ModelError(
            f"{path.name} of the picture encoder is missing or damaged: {type(error).__name__}: {str(error)[:120]}",
            allowed=allowed,
            remedy="write it, or prepare again with `python -m recsys prepare`",
        ) from error
    return card
