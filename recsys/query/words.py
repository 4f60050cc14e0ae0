"""The words by which the queries of one shop are read: plain English, the shop's own, and its money.

Nothing here is remembered for the whole process: two shops are read side by side, each by words of its own.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, TypeVar, cast

from recsys.artifacts import code_version, fingerprint
from recsys.datasets.authored import authored_rows
from recsys.errors import DataError
from recsys.query.currencies import ROLES, MoneyWords
from recsys.query.glossary import CODES, Glossary
from recsys.query.wording import together, words_of
from recsys.schema.money import Money

if TYPE_CHECKING:
    from recsys.shops.contract import Shop

GENERAL: Final = Path(__file__).parent / "tables"
GENERAL_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "units.csv": ("spelling", "unit", "grams", "milliliters", "count", "alone"),
    "numbers.csv": ("word", "value"),
    "phrases.csv": ("role", "phrase"),
    "currencies.csv": ("currency", "role", "spelling"),
}
SHOP_TABLES: Final[dict[str, tuple[str, ...]]] = {
    "units.csv": GENERAL_TABLES["units.csv"],
    "synonyms.csv": ("asked", "shop"),
    "shopper_words.csv": ("word",),
    "sound_alikes.csv": ("typed", "meant"),
    "brands.csv": ("phrase", "brand"),
    "glossary.csv": ("english", *CODES),
}

SHORTEST_NAME: Final = 3  # letters and figures of a name that is known however it is joined: "7up"

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Unit:
    """A unit of package size, and what one of it is in each dimension (NaN: it measures nothing of the kind).

    An ounce has both grams and milliliters: labels write "oz" for weight and for fluid ounces alike.
    """

    name: str
    grams: float
    milliliters: float
    count: float
    alone: bool  # "gallon" without a number means one; "pound" does not: pound cake


@dataclass(frozen=True)
class ShopWords:
    """What reads the queries of one shop; nothing in it changes, any thread may ask.

    `folder` holds the shop's own tables (see `SHOP_TABLES`), each of which may be missing; None: it has none.
    `house_brand` and `other_brand` are values of the brand column that say whose make it is, "" where there is none.
    Tables are read when they are first asked for, and raise DataError when they are not what they should be.
    """

    folder: Path | None
    money: Money
    house_brand: str = ""
    other_brand: str = ""
    _made: dict[Callable[..., Any], Any] = field(default_factory=dict, init=False, repr=False, compare=False)

    @classmethod
    def of(cls, shop: Shop) -> ShopWords:
        """The words of a shop pack."""
        return cls(shop.words.folder, shop.money, shop.words.house_brand, shop.words.other_brand)

    def once(self, make: Callable[[ShopWords], T]) -> T:
        """What `make` makes of these words, the same each time: patterns are compiled once for a shop."""
        if make not in self._made:
            self._made[make] = make(self)
        return cast("T", self._made[make])

    def files(self) -> list[Path]:
        """The tables that are there, in a fixed order."""
        own = [] if self.folder is None else [self.folder / name for name in sorted(SHOP_TABLES)]
        return [*(GENERAL / name for name in sorted(GENERAL_TABLES)), *(path for path in own if path.is_file())]

    @property
    def version(self) -> str:
        """A fingerprint of all of it, so that what was prepared with other words is made again."""
        names = [path.name for path in self.files()]
        brands = (self.house_brand, self.other_brand)
        return fingerprint(self.money.currency, self.money.locale, brands, names, code_version(*self.files()))

    def _general(self, file: str) -> list[tuple[str, ...]]:
        return authored_rows(GENERAL / file, GENERAL_TABLES[file])

    def _own(self, file: str) -> list[tuple[str, ...]]:
        """The rows of one of the shop's tables, none where it has no such file."""
        if self.folder is None or not (self.folder / file).is_file():
            return []
        return authored_rows(self.folder / file, SHOP_TABLES[file])

    @cached_property
    def currency(self) -> MoneyWords:
        """How people write the shop's money, and what is other money."""
        rows = self._general("currencies.csv")
        if unknown := next((role for _, role, _ in rows if role not in ROLES), ""):
            raise DataError(f"currencies.csv has a role {unknown!r}", allowed=", ".join(ROLES), remedy="correct it")
        return MoneyWords.of(self.money, rows, self._all_units.keys())

    @cached_property
    def _all_units(self) -> Mapping[str, Unit]:
        return {
            spelling: Unit(name, _or_nan(grams), _or_nan(ml), _or_nan(count), alone == "yes")
            for spelling, name, grams, ml, count, alone in (*self._general("units.csv"), *self._own("units.csv"))
        }

    @cached_property
    def units(self) -> Mapping[str, Unit]:
        """Every spelling of a unit, lower case. What names the shop's money is no unit there: five pounds."""
        return {spelling: unit for spelling, unit in self._all_units.items() if spelling not in self.currency.own}

    @cached_property
    def money_or_unit(self) -> frozenset[str]:
        """What names the shop's money and is a unit elsewhere: pounds."""
        return self.currency.own & self._all_units.keys()

    @cached_property
    def numbers(self) -> Mapping[str, float]:
        """Number words and their values."""
        return {word: float(value) for word, value in self._general("numbers.csv")}

    @cached_property
    def _phrases(self) -> Mapping[str, frozenset[str]]:
        found: dict[str, set[str]] = {}
        for role, phrase in self._general("phrases.csv"):
            found.setdefault(role, set()).add(phrase)
        return {role: frozenset(its) for role, its in found.items()}

    def phrases(self, role: str) -> frozenset[str]:
        """The phrases that play a role, lower case. Raises DataError for a role that no phrase plays."""
        if role not in self._phrases:
            raise DataError(
                f"phrases.csv has no phrase for the role {role!r}", remedy="restore it: git checkout -- recsys/query"
            )
        return self._phrases[role]

    def any_phrase(self, *roles: str) -> str:
        """A regular expression for any phrase that plays one of the roles."""
        return any_of(phrase for role in roles for phrase in self.phrases(role))

    @cached_property
    def brands(self) -> Mapping[str, str]:
        """What people call a brand -> its value in the brand column; the house brand goes by its own name too."""
        own = {brand.lower(): brand for brand in (self.house_brand, self.other_brand) if brand}
        return own | {phrase.lower(): brand for phrase, brand in self._own("brands.csv")}

    @cached_property
    def shopper_words(self) -> frozenset[str]:
        """Words that shoppers type and that dictionaries and many catalogues lack: quinoa, oreo."""
        return frozenset(word for (word,) in self._own("shopper_words.csv"))

    @cached_property
    def sound_alikes(self) -> Mapping[str, tuple[str, ...]]:
        """Real words that shoppers type for others that sound or look nearly alike: flower for flour."""
        found: dict[str, tuple[str, ...]] = {}
        for typed, meant in self._own("sound_alikes.csv"):
            found[typed] = (*found.get(typed, ()), meant)
        return found

    @cached_property
    def synonyms(self) -> Mapping[tuple[str, ...], str]:
        """The shop's words for what is asked, as it is spelt: by their stems icing would be ice, and sweets sweet."""
        return {tuple(words_of(asked)): shop for asked, shop in self._own("synonyms.csv")}

    @cached_property
    def synonyms_together(self) -> Mapping[str, tuple[str, ...]]:
        """What is asked written as one word -> what is asked: however it is joined, it is the same name."""
        return {key: asked for asked in self.synonyms if len(key := together(" ".join(asked))) >= SHORTEST_NAME}

    def name_of(self, said: str) -> tuple[str, ...]:
        """What is asked, of `synonyms`, however it is joined or counted; () when it is no such name."""
        names, key = self.synonyms_together, together(said)  # "sweets" are candy, and "sweet" alone is not
        singular = f"{key[:-3]}y" if key.endswith("ies") else key.removesuffix("s")
        plural = names.get(f"{key}s", ())
        return names.get(key) or names.get(singular) or (plural if len(plural) > 1 else ())

    @cached_property
    def glossary(self) -> Glossary:
        """What the shop's everyday words are called in other languages; about 30 ms, for the first query."""
        return Glossary(self._own("glossary.csv"))


def _or_nan(text: str) -> float:
    return float(text) if text else float("nan")


def any_of(words: Iterable[str]) -> str:
    """A regular expression for any of the phrases, longest first; a blank stands for blanks or a hyphen."""
    longest_first = sorted(words, key=lambda word: (-len(word), word))
    return "(?:" + "|".join(re.escape(word).replace(r"\ ", "[ -]") for word in longest_first) + ")"
