"""Readable product names, from tables authored by hand under `tables/` beside this file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Final

from recsys.datasets.authored import authored_rows

TABLES: Final = Path(__file__).parent / "tables"
ANY_CATEGORY: Final = "*"
FALLBACK_ICON: Final = "🛒"

_COLUMNS: Final[dict[str, tuple[str, ...]]] = {
    "product_names.csv": ("type", "category", "name"),
    "categories.csv": ("category", "name", "icon", "said"),
    "departments.csv": ("department", "name", "icon", "stray"),
    "abbreviations.csv": ("word", "expansion"),
    "not_products.csv": ("rule", "column", "value"),
}
_WORD = re.compile(r"[^\s/,&:;()+-]+")


def authored_table(file: str, folder: Path = TABLES) -> list[tuple[str, ...]]:
    """The rows of one authored table, in the order of its header.

    Raises DataError when the file is missing or is not the table it should be.
    """
    return authored_rows(folder / file, _COLUMNS[file])


def authored_files() -> list[Path]:
    """The authored tables, in a fixed order."""
    return [TABLES / name for name in sorted(_COLUMNS)]


@dataclass(frozen=True, slots=True)
class ProductNames:
    """What raw product types, categories and departments are called."""

    names: Mapping[tuple[str, str], str]
    categories: Mapping[str, str]
    category_icons: Mapping[str, str]
    said: Mapping[str, str]  # readable category -> how a household's label says it; none for what is private
    departments: Mapping[str, str]
    department_icons: Mapping[str, str]  # by readable name
    stray_departments: frozenset[str]  # raw; a handful of products each, filed there by mistake
    abbreviations: Mapping[str, str]

    def name(self, product_type: str, category: str) -> str:
        """What the type is called in that category; spelled out word by word when nobody authored a name."""
        for key in ((product_type, category), (product_type, ANY_CATEGORY)):
            if key in self.names:
                return self.names[key]
        return spell_out(product_type, self.abbreviations)

    def category(self, raw: str) -> str:
        """The category in readable words."""
        if raw not in self.categories and (raw, ANY_CATEGORY) in self.names:
            return self.names[raw, ANY_CATEGORY]  # a product that the source files under no category but its type
        return self.categories.get(raw) or spell_out(raw, self.abbreviations)

    def department(self, raw: str) -> str:
        """The department in readable words."""
        return self.departments.get(raw) or spell_out(raw, self.abbreviations)

    def icon(self, category: str, department: str) -> str:
        """One emoji: the raw category's own, else its department's."""
        own = self.category_icons.get(category)
        return own or self.department_icons.get(self.department(department), FALLBACK_ICON)


@cache
def product_names() -> ProductNames:
    """The authored tables, read once."""
    categories = authored_table("categories.csv")
    departments = authored_table("departments.csv")
    return ProductNames(
        names={(t, c): name for t, c, name in authored_table("product_names.csv")},
        categories={raw: name for raw, name, _, _ in categories},
        category_icons={raw: icon for raw, _, icon, _ in categories},
        said={name: said for _, name, _, said in categories if said},
        departments={raw: name for raw, name, _, _ in departments},
        department_icons={name: icon for _, name, icon, _ in departments},
        stray_departments=frozenset(raw for raw, _, _, stray in departments if stray == "yes"),
        abbreviations=dict(authored_table("abbreviations.csv")),  # type: ignore[arg-type]
    )


def spell_out(raw: str, abbreviations: Mapping[str, str]) -> str:
    """Raw register words as a plain phrase: 'FRZN BRKFST W/O SUG' -> 'Frozen breakfast without sugar'."""
    text = f" {raw.upper()} "
    # Keys with a slash are phrases: they go first, before the slash separates words.
    for phrase in sorted((k for k in abbreviations if "/" in k), key=len, reverse=True):
        text = re.sub(rf"(?<![A-Z0-9]){re.escape(phrase)}(?![A-Z0-9])", f" {abbreviations[phrase].lower()} ", text)
    words = _WORD.findall(text)
    spelled = [abbreviations.get(w, w.lower()) for w in words]
    phrase = " ".join(" ".join(spelled).split())
    return phrase[:1].upper() + phrase[1:] if phrase else "Other product"


def title_of(name: str, size: str, store_brand: bool) -> str:
    """What a person reads on a product card: 'Name, size · store brand'."""
    return _sized(name, size) + (" · store brand" if store_brand else "")


def _sized(name: str, size: str) -> str:
    """Name and size; the size is left out where the name says it: 'Soft drinks, 2-liter bottles'."""
    said = not size or f", {size.replace(' ', '-')}" in name or name.endswith(f", {size}")
    return name if said else f"{name}, {size}"


def text_of(name: str, size: str, store_brand: bool, category: str) -> str:
    """What the encoder reads: the title as plain words, then the category unless the name says it already."""
    own = _sized(name, size) + (", store brand" if store_brand else "")
    said = name.casefold() == category.casefold()
    return f"{own}." if said else f"{own}. {category}."
