"""The football: a globe of twelve pentagons and twenty hexagons, turned as the seed says."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from math import atan2, cos, radians, sin, sqrt

from recsys.shops.demo_store.drawing.colours import INK, darker
from recsys.shops.demo_store.drawing.paths import oval, path, polygon
from recsys.shops.demo_store.drawing.pen import Pen
from recsys.shops.demo_store.drawing.registry import silhouette

Vector = tuple[float, float, float]


@silhouette("ball", "stands")
def ball(pen: Pen) -> None:
    """Patches and seams on the globe, then one light over all of them."""
    radius, y = pen.vary(31, 34), 55.0
    globe = oval(50, y, radius)
    turns = tuple(pen.vary(-0.7, 0.7) for _ in range(3))
    dark = pen.accent if pen.pattern == "two-tone" else darker(pen.colour, 0.2)
    pen.part(globe, pen.colour, "bare", pen.surface, edge=0)
    with pen.clip(globe):
        for index, patch in enumerate(_pentagons()):
            front = [_turned(corner, turns) for corner in patch]
            if min(corner[2] for corner in front) < -0.25:
                continue
            shape = polygon(*((50 + radius * x, y + radius * up) for x, up, _ in front))
            pen.flat(shape, pen.hue(index % 5 + 1) if pen.pattern == "multicoloured" else dark)
            pen.line(shape, darker(pen.colour, 0.6), 0.7, 0.5)
        for start, end in _seams():
            (a, b, near), (c, d, far) = _turned(start, turns), _turned(end, turns)
            if near > -0.2 and far > -0.2:
                seam = path(f"M {50 + radius * a} {y + radius * b} L {50 + radius * c} {y + radius * d}")
                pen.seam(seam, 0.65)
        pen.motif(50, y, 11)
    # A skin that lets every colour through and only carries the light.
    pen.part(globe, INK, "ball", replace(pen.surface, body=0.0, texture=None), edge=1.0)


def _turned(point: Vector, turns: tuple[float, ...]) -> Vector:
    x, y, z = point
    roll, tilt, yaw = turns
    x, y = x * cos(roll) - y * sin(roll), x * sin(roll) + y * cos(roll)
    y, z = y * cos(tilt) - z * sin(tilt), y * sin(tilt) + z * cos(tilt)
    return x * cos(yaw) + z * sin(yaw), y, z * cos(yaw) - x * sin(yaw)


def _unit(x: float, y: float, z: float) -> Vector:
    long = sqrt(x * x + y * y + z * z)
    return x / long, y / long, z / long


def _third(one: Vector, other: Vector) -> Vector:
    """The point of the globe a third of the way from one corner to another: where two seams and a patch meet."""
    x, y, z = ((2 * a + b) / 3 for a, b in zip(one, other, strict=True))
    return _unit(x, y, z)


@lru_cache(maxsize=1)
def _corners() -> list[Vector]:
    """The corners of an icosahedron: the middles of the pentagons."""
    around = [(sign, index) for sign in (1, -1) for index in range(5)]
    ring = [
        _unit(0.894 * cos(a), 0.894 * sin(a), 0.447 * s) for s, i in around for a in [radians(72 * i + 18 * (1 - s))]
    ]
    return [(0.0, 0.0, 1.0), (0.0, 0.0, -1.0), *ring]


def _neighbours(corner: Vector) -> list[Vector]:
    return [other for other in _corners() if 0.3 < _dot(corner, other) < 0.9]


@lru_cache(maxsize=1)
def _pentagons() -> list[list[Vector]]:
    return [_around(corner) for corner in _corners()]


def _around(corner: Vector) -> list[Vector]:
    """The five points of a patch, in order around its middle."""
    x, y, z = corner
    across = _unit(-z, 0.0, x)  # no corner lies on the axis of y, so this is never nothing
    up = (y * across[2] - z * across[1], z * across[0] - x * across[2], x * across[1] - y * across[0])
    points = [_third(corner, other) for other in _neighbours(corner)]
    return sorted(points, key=lambda point: atan2(_dot(point, up), _dot(point, across)))


def _dot(one: Vector, other: Vector) -> float:
    return sum(a * b for a, b in zip(one, other, strict=True))


@lru_cache(maxsize=1)
def _seams() -> list[tuple[Vector, Vector]]:
    pairs = [(one, other) for one in _corners() for other in _neighbours(one) if one < other]
    return [(_third(one, other), _third(other, one)) for one, other in pairs]
