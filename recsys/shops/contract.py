"""What a shop pack says of its shop.

A pack is a module `recsys/shops/<name>/` (or any module named in the setting `shop_packs`) with a tuple `SHOPS` of
these. Importing it must be cheap: what is slow stays inside `load` and `version`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from recsys.datasets.contract import Dataset
from recsys.progress import Progress
from recsys.schema import Knobs
from recsys.schema.money import DOLLARS, Money

FALLBACK_ICON: Final = "🛒"


@dataclass(frozen=True, slots=True)
class People:
    """What those who shop here are called within a sentence, and what is known of them.

    `traits` are columns of the shoppers table, in the order in which they are shown, with their labels; people who
    share the values of all columns in `cohort` form a group whose favourites are counted. `kind` calls somebody by the
    traits that are known of them, "young parents", or "" where they do not say enough.
    """

    one: str = "shopper"
    many: str = "shoppers"
    traits: Mapping[str, str] = field(default_factory=dict)  # column -> label, {"age": "Age"}
    cohort: tuple[str, ...] = ()
    kind: Callable[[Mapping[str, str]], str] = lambda traits: ""


@dataclass(frozen=True, slots=True)
class Examples:
    """What pages offer to somebody who does not know what to ask this shop."""

    queries: tuple[str, ...] = ()  # to be pressed on the storefront and in the Search lab
    placeholder: str = ""  # in the empty search field: "quick dinner for kids"
    finds: tuple[str, ...] = ()  # words to find on the map
    search_set: tuple[str, ...] = ()  # queries of a first query set
    person: str = ""  # the kind of person, as People.kind calls it, of whom the story is told; "": the first there is
    foreign: str = ""  # a query in another language than the catalogue's
    command: str = ""  # a query for the help of the command line


@dataclass(frozen=True, slots=True)
class Words:
    """How this shop's queries are read, beside the plain English of `recsys/query/tables/`.

    `folder` may hold `synonyms.csv` (asked,shop), `shopper_words.csv` (word), `sound_alikes.csv` (typed,meant),
    `units.csv`, `brands.csv` (phrase,brand) and `glossary.csv` (english,spanish,german,french,chinese); what is missing
    is empty. `house_brand` is the value of the brand column that means the shop's own make, "" where there is none.
    """

    folder: Path | None = None
    house_brand: str = ""
    other_brand: str = ""  # the value for everybody else's make, where the brand column says no more than that


@dataclass(frozen=True, slots=True)
class Tuned:
    """Settings that were chosen on this shop's own validation; empty: the settings of a recommender's own source.

    A change of `recommenders` makes the learned order of the shop stale.
    """

    knobs: Knobs = field(default_factory=Knobs)
    recommenders: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)  # recommender -> its settings
    where: str = ""  # which file of benchmarks/results says so


@dataclass(frozen=True, slots=True)
class Drawer:
    """What draws the pictures of a shop that has none as files.

    `module` has `looks(items, attributes)`, a list of what the pictures are drawn from, one per item, and
    `picture(look)`, the bytes of a square JPEG; several processes draw side by side. `libraries` are those of the
    system that it is linked with on Linux: where one is missing, nothing is drawn, and that is said. Of a shop of more
    than `most` products nothing is drawn either: a hundred a second are.
    """

    module: str
    libraries: tuple[str, ...] = ()
    most: int = 20_000


@dataclass(frozen=True, slots=True, eq=False)
class Worth:
    """What every product is truly worth to every shopper, as only a simulation can say."""

    shopper_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    values: npt.NDArray[np.float32]  # (n_shoppers, n_items), 0 for what nobody would miss; on the scale of a logit


Acts = tuple[tuple[str, ...], ...]  # of each product of a page what was done with it: click, like, basket, buy


@dataclass(frozen=True, slots=True, eq=False)
class Crowd:
    """People who answer any page that they are shown, as only a simulation can have them.

    `respond(row of the shopper, rows of the products from the top, generator)` says what they do; the same for the same
    state of the generator.
    """

    shopper_ids: tuple[str, ...]
    item_ids: tuple[str, ...]
    respond: Callable[[int, npt.NDArray[np.int32], np.random.Generator], Acts]


@dataclass(frozen=True, slots=True)
class Shop:
    """A shop by name, and all that is true of it alone.

    `load(progress)` reads and cleans the source and gives it complete (`recsys.datasets.completing.completed`); it
    raises DataError when the source is missing, damaged or not what it should be. `version()` is a fingerprint of the
    source's files and tables (not of code), the same as long as they are, and raises DataError when they are not
    there; `loader` names the module whose code, with all that it imports, reads them.
    """

    name: str  # letters, digits and underscores: part of folder names and links
    title: str
    description: str
    licence: str
    load: Callable[[Progress], Dataset]
    version: Callable[[], str]
    loader: str = ""  # "recsys.shops.<name>.loader"; empty: the module that `load` is defined in
    people: People = People()
    money: Money = DOLLARS
    department_icons: Mapping[str, str] = field(default_factory=dict)  # readable department -> emoji
    icon: str = FALLBACK_ICON  # of what has no other
    examples: Examples = Examples()
    words: Words = Words()
    tuned: Tuned = Tuned()
    pictures: Path | None = None  # the folder in which the files of the column `picture` lie
    drawer: Drawer | None = None  # what draws them instead
    simulated: bool = False  # every page says so
    truth: Callable[[], Worth] | None = None  # of a simulation; for `recsys.evaluation` alone
    crowd: Callable[[], Crowd] | None = None  # of a simulation: its people, who answer any page
    card: str = ""  # file name of its data card under data/cards
    built_in: Path | None = None  # the folder of what came with it for the lab: trainings/, graded_queries.csv

    def number(self, count: float) -> str:
        """A count, rounded to a whole number, as the people of this shop write it: "67,599", "67.599"."""
        return self.money.number(count)

    def icon_of(self, department: str) -> str:
        """The emoji of a readable department, the shop's own where it has none."""
        return self.department_icons.get(department, self.icon)
