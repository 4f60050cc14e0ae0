"""The products of the demo store: types, attributes, makes, prices and words, all drawn from one seed.

What is drawn follows authored tables (`tables/`): which materials a type is made of, what a make stands for, which
accents suit a colour. Nothing in a product is taken from a real shop.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.datasets.authored import authored_groups, authored_rows
from recsys.errors import BadRequestError

TABLES: Final = Path(__file__).parent / "tables"
MOST_PRODUCTS: Final = 1_000_000
DAYS: Final = 180  # of behaviour; a launch within them is day 0..179, older products have a negative one
NEW_SHARE: Final = 0.22  # of the products are launched within those days
OLDEST_DAYS: Final = 900
PRICE_SPREAD: Final = 0.28  # standard deviation of log price around what type, make and material say
QUALITY_IN_PRICE: Final = 0.35  # how far a better product is dearer: a correlation, no law
# Materials that cost more than the others of their type, as a factor on the price.
DEAR: Final = {
    "silk": 1.5, "cashmere": 1.8, "velvet": 1.2, "leather": 1.35, "alpaca": 1.3, "wool": 1.15, "satin": 1.15,
    "patent leather": 1.3, "brass": 1.25, "copper": 1.3, "carbon": 1.7, "aluminium": 1.15, "porcelain": 1.1,
    "rattan": 1.2, "wood": 1.1, "steel": 1.1, "argan oil": 1.2, "musk": 1.15,
}  # fmt: skip
CHEAP: Final = {"plastic": 0.8, "rubber": 0.9, "cardboard": 0.6, "paper": 0.7, "foam": 0.85, "fleece": 0.85}
LIP_SHADES: Final = ("red", "burgundy", "pink", "coral", "purple", "brown", "beige", "orange")
ADJECTIVES: Final = {
    "floral": "flowered", "plain": "", "two-tone": "two-tone", "cable knit": "cable-knit", "fair isle": "fair isle",
}  # fmt: skip
# Fields of a product that a shopper can read; `attributes` are made of them.
ATTRIBUTES: Final = ("type", "colour", "accent", "material", "pattern", "style", "occasion", "season", "audience")


@dataclass(frozen=True, slots=True)
class ProductType:
    """One row of `tables/types.csv`; prices in the shop's currency, `share` beside the other types' shares."""

    name: str
    plural: str
    department: str
    silhouette: str
    low: float
    high: float
    repeat_days: int  # after which what was used up is bought again, 0 for what lasts
    share: float
    materials: tuple[str, ...]
    patterns: tuple[str, ...]
    styles: tuple[str, ...]
    occasions: tuple[str, ...]
    audiences: tuple[str, ...]
    seasons: tuple[str, ...]
    uses: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Make:
    """One invented make: where it sells, how dear it is beside others, what it stands for."""

    name: str
    departments: tuple[str, ...]
    level: float
    styles: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Colour:
    """A colour by name, its "#RRGGBB", the names of those that go with it, and how common it is."""

    name: str
    hex: str
    accents: tuple[str, ...]
    share: float


TYPE_COLUMNS: Final = (
    "type", "plural", "department", "silhouette", "low", "high", "materials", "patterns", "styles", "occasions",
    "audiences", "seasons", "uses", "repeat_days", "share",
)  # fmt: skip


@cache
def product_types() -> tuple[ProductType, ...]:
    """All types. Raises DataError where the table is damaged."""
    found = []
    for row in authored_rows(TABLES / "types.csv", TYPE_COLUMNS):
        name, plural, department, silhouette, low, high, *lists, repeat, share = row
        figures = float(low), float(high), int(repeat), float(share)
        many = [tuple(said.split("|")) for said in lists]
        found.append(ProductType(name, plural, department, silhouette, *figures, *many))
    return tuple(found)


@cache
def makes() -> tuple[Make, ...]:
    """All makes. Raises DataError where the table is damaged."""
    rows = authored_rows(TABLES / "brands.csv", ("brand", "departments", "level", "styles"))
    return tuple(Make(name, tuple(d.split("|")), float(level), tuple(s.split("|"))) for name, d, level, s in rows)


@cache
def colours() -> dict[str, Colour]:
    """All colours by name. Raises DataError where the table is damaged."""
    rows = authored_rows(TABLES / "colours.csv", ("colour", "hex", "accents", "share"))
    return {name: Colour(name, value, tuple(a.split("|")), float(share)) for name, value, a, share in rows}


def make_products(n: int, seed: np.random.SeedSequence) -> pd.DataFrame:
    """n products, one a row, the same for the same seed; columns as `_columns` and `_worded` say.

    `quality` (0..1) is part of the shop's truth and no column that a shop shows. Raises BadRequestError for a number
    that is out of range.
    """
    if not 1 <= n <= MOST_PRODUCTS:
        raise BadRequestError(f"{n} products", allowed=f"1 to {MOST_PRODUCTS:,}", remedy="ask for as many as that")
    chance, words = (np.random.default_rng(each) for each in seed.spawn(2))
    products = pd.DataFrame(_drawn(n, chance))
    products.insert(0, "item_id", [f"D{number}" for number in chance.choice(9_000_000, n, replace=False) + 1_000_000])
    return _worded(products, words)


def _drawn(n: int, chance: np.random.Generator) -> dict[str, Any]:
    """Types, makes, attributes and prices of n products, column by column."""
    types, palette = product_types(), colours()
    of_type = chance.choice(len(types), n, p=_shares([each.share for each in types]))
    kinds = [types[at] for at in of_type]
    in_colours = _colours_of(kinds, chance)
    made_by = [_make_of(kind, chance) for kind in kinds]
    found: dict[str, Any] = {
        "type": [kind.name for kind in kinds],
        "department": [kind.department for kind in kinds],
        "brand": [make.name for make in made_by],
        "colour": in_colours,
        "accent": [_one(palette[colour].accents, chance) for colour in in_colours],
        "material": [_one(kind.materials, chance) for kind in kinds],
        "pattern": [_one(kind.patterns, chance, first=0.4) for kind in kinds],
        "style": [_style(kind, make, chance) for kind, make in zip(kinds, made_by, strict=True)],
        "occasion": [_one(kind.occasions, chance) for kind in kinds],
        "season": [_one(kind.seasons, chance) for kind in kinds],
        "audience": [_one(kind.audiences, chance) for kind in kinds],
        "repeat_days": np.array([kind.repeat_days for kind in kinds], np.int64),
        "share": np.array([kind.share for kind in kinds]),
    }
    quality = chance.beta(5.0, 3.0, n)
    price = _prices(kinds, made_by, found["material"], quality, chance)
    launched = np.where(chance.random(n) < NEW_SHARE, chance.integers(0, DAYS, n), -chance.integers(1, OLDEST_DAYS, n))
    return found | {
        "quality": quality,
        "price": price,
        "cost": np.round(price * chance.uniform(0.35, 0.68, n), 2),
        "stock": chance.negative_binomial(2, 0.05, n).astype(np.int64),
        "launch_day": launched.astype(np.int64),
    }


def _colours_of(kinds: Sequence[ProductType], chance: np.random.Generator) -> list[str]:
    """A colour for each product, the common ones more often; of what is put on lips only shades that are."""
    names, share = list(colours()), np.array([each.share for each in colours().values()])
    found = chance.choice(len(names), len(kinds), p=_shares(share))
    shades = [names.index(name) for name in LIP_SHADES]
    lips = np.array([kind.name == "Lipstick" for kind in kinds])
    found[lips] = chance.choice(shades, int(lips.sum()), p=_shares(share[shades]))
    return [names[at] for at in found]


def _shares(shares: Sequence[float] | npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
    weights = np.asarray(shares, np.float64)
    return np.asarray(weights / weights.sum())


def _one(values: Sequence[str], chance: np.random.Generator, first: float = 0.0) -> str:
    """One of the values; the first of them at least that often."""
    return values[0] if first and chance.random() < first else values[int(chance.integers(len(values)))]


def _make_of(kind: ProductType, chance: np.random.Generator) -> Make:
    """A make that sells in the department, one that stands for the type's styles more often."""
    sells = [make for make in makes() if kind.department in make.departments]
    fits = [1.0 + 2.0 * len(set(make.styles) & set(kind.styles)) for make in sells]
    return sells[int(chance.choice(len(sells), p=_shares(fits)))]


def _style(kind: ProductType, make: Make, chance: np.random.Generator) -> str:
    """A style that the make stands for, where the type comes in one."""
    return _one([style for style in kind.styles if style in make.styles] or kind.styles, chance)


def _prices(
    kinds: Sequence[ProductType],
    made_by: Sequence[Make],
    materials: Sequence[str],
    quality: npt.NDArray[np.float64],
    chance: np.random.Generator,
) -> npt.NDArray[np.float64]:
    """(n,) prices: log-normal around the middle of the type's span, times make and material, ending as prices do."""
    low = np.array([kind.low for kind in kinds])
    high = np.array([kind.high for kind in kinds])
    level = np.array([make.level for make in made_by])
    matter = np.array([DEAR.get(each, CHEAP.get(each, 1.0)) for each in materials])
    better = QUALITY_IN_PRICE * (quality - quality.mean()) / max(float(quality.std()), 1e-9) * PRICE_SPREAD
    middle = np.sqrt(low * high) * level * matter
    raw = np.clip(middle * np.exp(chance.normal(0.0, PRICE_SPREAD, len(kinds)) + better), low, high * 1.6)
    whole = np.maximum(np.round(raw), 1.0)
    ends = np.where(raw < 20, chance.choice([0.01, 0.05, 0.51], len(kinds)), np.where(raw < 100, 0.01, 0.0))
    return np.asarray(np.round(whole - ends, 2))


# --- words ----------------------------------------------------------------------------------------------------------

SENTENCES: Final = 6  # of a description; no two share more than half of them
TRIES: Final = 60
COLOURLESS: Final = frozenset({"Coffee beans", "Shampoo", "Perfume"})  # the package has the colour, not the thing
UNITS: Final = dict.fromkeys(
    ("Trousers", "Sneakers", "Ankle boots", "Sandals", "High heels", "Headphones"), "a pair of "
) | {"Building blocks": "a set of ", "Coffee beans": "a bag of "}  # what is more than one thing
WHOSE: Final = {"women": "women's", "men": "men's", "girls": "girls'", "boys": "boys'"}
_ONSETS: Final = (
    "b",
    "d",
    "el",
    "f",
    "h",
    "il",
    "j",
    "k",
    "l",
    "m",
    "n",
    "or",
    "p",
    "r",
    "s",
    "t",
    "v",
    "y",
    "an",
    "z",
)
_HEARTS: Final = ("a", "e", "i", "o", "u", "ae", "io")
_MIDDLES: Final = ("l", "m", "n", "r", "ss", "v", "nd", "rt", "lm", "th", "k", "dd", "st", "lv")
_CLOSES: Final = ("a", "e", "o", "is", "en", "ia", "us", "in", "y", "el")


@cache
def _sentences() -> dict[tuple[str, ...], tuple[str, ...]]:
    """(slot, key) -> the sentences that can stand there."""
    return authored_groups(TABLES / "sentences.csv", ("slot", "key", "sentence"))


def _worded(products: pd.DataFrame, chance: np.random.Generator) -> pd.DataFrame:
    """The products with `model`, `name`, `title` and `description`."""
    uses = {kind.name: kind for kind in product_types()}
    taken: set[tuple[str, str, str]] = set()
    shared: set[tuple[str, ...]] = set()
    models, names, titles, descriptions = [], [], [], []
    for product in products.itertuples(index=False):
        model = _model(str(product.brand), str(product.type), taken, chance)
        name = _name(product)
        models.append(model)
        names.append(name)
        titles.append(f"{name} · {product.brand} {model}")
        descriptions.append(_description(product, model, uses[str(product.type)], shared, chance))
    return products.assign(model=models, name=names, title=titles, description=descriptions)


def _model(brand: str, kind: str, taken: set[tuple[str, str, str]], chance: np.random.Generator) -> str:
    """A name that the make has given to no other product of the type: "Mirta"."""
    for attempt in range(10_000):
        parts = [_one(each, chance) for each in (_ONSETS, _HEARTS, _MIDDLES, _CLOSES)]
        name = "".join(parts).capitalize() + (f" {attempt // TRIES + 1}" if attempt >= TRIES else "")
        if (brand, kind, name) not in taken:
            taken.add((brand, kind, name))
            return name
    raise BadRequestError(f"{brand} has no name left for another {kind}", remedy="ask for fewer products")


def _name(product: Any) -> str:
    """What a product is, without its make: "Women's striped navy cotton shirt"."""
    pattern = ADJECTIVES.get(product.pattern, product.pattern)
    colour = "" if product.type in COLOURLESS else product.colour
    whose = WHOSE.get(product.audience, "")
    words = " ".join(filter(None, [whose, pattern, colour, product.material, product.type.lower()]))
    return words[0].upper() + words[1:]


def _description(
    product: Any, model: str, kind: ProductType, shared: set[tuple[str, ...]], chance: np.random.Generator
) -> str:
    """Six sentences about the product, of which no other product has more than three.

    The first names the model and is nobody else's; of the others no four may stand together twice.
    """
    for _ in range(TRIES):
        said = _said(product, model, kind, chance)
        together = list(_fours(said[1:]))
        if shared.isdisjoint(together):
            break
        # a name in one more sentence makes it this product's own
        place = int(chance.integers(1, SENTENCES))
        said[place] = f"{model}, in short: {said[place][0].lower()}{said[place][1:]}"
        together = list(_fours(said[1:]))
        if shared.isdisjoint(together):
            break
    shared.update(together)
    return " ".join(said)


def _fours(sentences: Sequence[str]) -> list[tuple[str, ...]]:
    """Every four of the sentences, in order."""
    return [(*sentences[:out], *sentences[out + 1 :]) for out in range(len(sentences))]


def _look_slot(pattern: str, soon_gone: str, chance: np.random.Generator) -> tuple[str, str]:
    if soon_gone or chance.random() < 0.5:
        return "colour", soon_gone
    return "plain" if pattern == "plain" else "patterned", ""


def _said(product: Any, model: str, kind: ProductType, chance: np.random.Generator) -> list[str]:
    table = _sentences()
    soon_gone = "consumable" if kind.repeat_days else ""  # what is used up has no style and no season
    by_season = bool(soon_gone) or product.audience == "everyone" or chance.random() < 0.6
    slots = [
        ("opening", soon_gone),
        _look_slot(product.pattern, soon_gone, chance),
        ("use", ""),
        ("material", soon_gone) if chance.random() < 0.4 else ("style", soon_gone or product.style),
        ("occasion", soon_gone or product.occasion),
        ("season", soon_gone or product.season) if by_season else ("audience", product.audience),
    ]
    filled = {
        "Model": model, "Brand": product.brand, "type": kind.name.lower(), "types": kind.plural,
        "colour": product.colour, "accent": product.accent, "material": product.material, "pattern": product.pattern,
        "style": product.style, "use": _one(kind.uses, chance),
    }  # fmt: skip
    for word in ("colour", "style", "type"):
        filled[f"a_{word}"] = UNITS.get(kind.name) or ("an " if filled[word][0] in "aeiou" else "a ")
    filled |= {word.capitalize(): filled[word].capitalize() for word in ("colour", "accent", "material", "pattern")}
    return [_one(table[slot], chance).format(**filled) for slot in slots]
