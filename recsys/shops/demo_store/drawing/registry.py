"""Which function draws which silhouette, and how the product stands in the studio."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from recsys.shops.demo_store.drawing.pen import Pen

# lies: photographed from above; stands: on the floor of the studio; floats: hung before the wall.
Pose = Literal["lies", "stands", "floats"]
Draw = Callable[[Pen], None]


@dataclass(frozen=True, slots=True)
class Silhouette:
    """One kind of drawing: `turn` is the most that the seed turns it (degrees); `flips`: it may look either way."""

    draw: Draw
    pose: Pose
    turn: float
    flips: bool


# Filled by the modules of `shapes` when they are imported.
DRAWN: dict[str, Silhouette] = {}


def silhouette(name: str, pose: Pose, *, turn: float = 0.0, flips: bool = False) -> Callable[[Draw], Draw]:
    """Register the function below as the drawing of a silhouette."""

    def register(draw: Draw) -> Draw:
        DRAWN[name] = Silhouette(draw, pose, turn, flips)
        return draw

    return register
