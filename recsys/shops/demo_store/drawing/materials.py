"""What each material of the table does with light: its surface, its gloss, whether one sees through it."""

from __future__ import annotations

from dataclasses import dataclass

from recsys.shops.demo_store.drawing.known import PACKAGE, check_known


@dataclass(frozen=True, slots=True)
class Material:
    """How a surface answers the studio's light.

    `texture` and `grain`: the tile and how strongly it shows; `gloss`: how bright the reflection of the window is;
    `metal`: bands of dark and light as a polished surface mirrors a room; `body`: how little one sees through it;
    `soft`: edges are padded and folds are wide.
    """

    texture: str | None = None
    grain: float = 0.0
    gloss: float = 0.0
    metal: float = 0.0
    body: float = 1.0
    soft: bool = False


def _cloth(texture: str, grain: float, gloss: float = 0.0) -> Material:
    return Material(texture, grain, gloss, soft=True)


_PAPER = Material("fuzz", 0.03)
_SMOOTH = Material(None, 0.0, 0.45)
_GLASS = Material(None, 0.0, 0.95, body=0.62)
_SCENT = Material(None, 0.0, 0.95, body=0.74)
_SHAMPOO = Material(None, 0.0, 0.4)

MATERIALS: dict[str, Material] = {
    # cloth
    "cotton": _cloth("weave", 0.07),
    "organic cotton": _cloth("weave", 0.08),
    "jersey": _cloth("cord", 0.035),
    "linen": _cloth("linen", 0.15),
    "viscose": _cloth("nap", 0.05, 0.12),
    "silk": _cloth("nap", 0.05, 0.42),
    "satin": _cloth("nap", 0.04, 0.55),
    "velvet": _cloth("nap", 0.16, 0.2),
    "flannel": _cloth("fuzz", 0.12),
    "denim": _cloth("twill", 0.17),
    "corduroy": _cloth("cord", 0.2),
    "wool": _cloth("knit", 0.15),
    "cashmere": _cloth("fuzz", 0.11, 0.04),
    "alpaca": _cloth("fuzz", 0.19),
    "knit": _cloth("knit", 0.17),
    "fleece": _cloth("fuzz", 0.17),
    "plush": _cloth("fuzz", 0.2),
    "fabric": _cloth("weave", 0.16),
    "canvas": _cloth("weave", 0.14),
    "nylon": _cloth("weave", 0.05, 0.22),
    "recycled polyester": _cloth("weave", 0.08, 0.12),
    "softshell": _cloth("nap", 0.06, 0.12),
    "neoprene": _cloth("grit", 0.07, 0.1),
    # hides
    "leather": Material("hide", 0.12, 0.32, soft=True),
    "synthetic leather": Material("hide", 0.08, 0.42, soft=True),
    "patent leather": Material(None, 0.0, 0.85, soft=True),
    "suede": Material("nap", 0.17, 0.0, soft=True),
    # plants
    "wood": Material("wood", 0.19, 0.12),
    "cork": Material("cork", 0.24),
    "raffia": Material("wicker", 0.24),
    "rattan": Material("wicker", 0.26, 0.1),
    "jute": Material("wicker", 0.2),
    "cardboard": Material("linen", 0.08),
    "paper": _PAPER,
    # stones and clays
    "ceramic": Material("hammered", 0.03, 0.5),
    "porcelain": Material(None, 0.0, 0.7),
    "stoneware": Material("grit", 0.15, 0.2),
    "terracotta": Material("grit", 0.13),
    "concrete": Material("grit", 0.22),
    "enamel": Material(None, 0.0, 0.65),
    # metals
    "steel": Material("brushed", 0.05, 0.4, metal=0.8),
    "aluminium": Material("brushed", 0.08, 0.25, metal=0.5),
    "brass": Material("hammered", 0.03, 0.5, metal=0.85),
    "copper": Material("hammered", 0.06, 0.5, metal=0.85),
    "zinc": Material("hammered", 0.13, 0.15, metal=0.45),
    "metal": Material(None, 0.0, 0.6, metal=0.4),
    "cast iron": Material("grit", 0.15, 0.12, metal=0.15),
    "carbon": Material("carbon", 0.24, 0.55),
    # plastics
    "plastic": _SMOOTH,
    "polycarbonate": Material(None, 0.0, 0.5),
    "silicone": Material("nap", 0.03, 0.12),
    "rubber": Material("grit", 0.07, 0.14),
    "foam": Material("fuzz", 0.1),
    # glass
    "glass": _GLASS,
    "floral scent": _SCENT,
    "woody scent": _SCENT,
    "citrus scent": _SCENT,
    "musk": _SCENT,
    # what is inside a package is told by its label, not by its surface
    "arabica": _PAPER,
    "espresso blend": Material(None, 0.0, 0.25),
    "decaf": _PAPER,
    "single origin": Material("linen", 0.08),
    "argan oil": _SHAMPOO,
    "aloe": Material(None, 0.0, 0.5, body=0.86),
    "tea tree": _SHAMPOO,
    "oat milk": Material("nap", 0.03, 0.15),
    # make-up
    "matte": Material("nap", 0.03),
    "glossy": Material(None, 0.0, 0.85),
    "cream": Material(None, 0.0, 0.3),
    "glitter": Material("glitter", 0.6, 0.5),
    "pearl": Material("nap", 0.05, 0.65, metal=0.3),
}

PLAIN = Material(None, 0.0, 0.15)
METAL = Material("brushed", 0.04, 0.5, metal=0.75)
SHINY = Material(None, 0.0, 0.6)
MATT = Material("grit", 0.05, 0.06)
CLOTH = Material("weave", 0.1, soft=True)
HIDE = Material("hide", 0.12, 0.25, soft=True)
TIMBER = Material("wood", 0.2, 0.1)
CLEAR = Material(None, 0.0, 0.9, body=0.3)


def material(name: str) -> Material:
    """What the material does, by its name in the table of types."""
    add = f"a line to {PACKAGE}/materials.py"
    check_known(name, sorted(MATERIALS), lacks="surface is known for the material", add=add)
    return MATERIALS[name]
