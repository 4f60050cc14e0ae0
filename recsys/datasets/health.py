"""What a catalogue is worth: dropped rows, missing values, look-alikes, odd prices and the long tail.

Pure functions from the items table and the cleaning rules to tables, each with the rows behind it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys import schema as s
from recsys.datasets.contract import CleaningRule
from recsys.schema.money import DOLLARS, Money

OUTLIER_Z: Final = 3.5  # Iglewicz & Hoaglin, How to Detect and Handle Outliers (1993)
LEAST_SPREAD: Final = 0.05  # of log price: in a category where all cost the same, 5 % off is not odd
LEAST_PRICED: Final = 10  # fewer prices say nothing about what is usual
LORENZ_POINTS: Final = 201
HEADS: Final = (0.01, 0.05, 0.10, 0.20, 0.50)
SHOWN: Final = [s.ITEM, s.ITEM_ID, s.TITLE, s.CATEGORY, s.DEPARTMENT, s.PRICE, s.PURCHASES, s.BUYERS, s.SOURCE_TEXT]
EXPECTED: Final[dict[str, str]] = {  # columns that may be empty, and what their absence costs
    s.PRICE: "No price on the card",
    s.SIZE: "The title cannot tell package sizes apart",
    s.CATEGORY: "No category to compare with",
    s.DEPARTMENT: "Cannot be filtered by department",
    s.NAME: "Nothing to read",
    s.ICON: "No picture on the card",
}


@dataclass(frozen=True, slots=True)
class Figure:
    """One number of the report, in plain words."""

    label: str
    value: str
    note: str


@dataclass(frozen=True, slots=True, eq=False)
class HealthReport:
    """Everything the Catalogue health page shows. The columns of each table are named beside it."""

    figures: tuple[Figure, ...]
    cleaning: pd.DataFrame  # rule, table, seen, dropped, share, why
    missing: pd.DataFrame  # column, missing, share, cost
    missing_rows: pd.DataFrame  # SHOWN + column
    duplicates: pd.DataFrame  # title, products, purchases, cheapest, dearest
    duplicate_rows: pd.DataFrame  # SHOWN, sorted by title
    price_outliers: pd.DataFrame  # SHOWN + usual (median price of the category), z; farthest first
    departments: pd.DataFrame  # department, icon, products, categories, purchases, median_price, house_brand
    department_rows: pd.DataFrame  # SHOWN, sorted by department, most bought first
    concentration: pd.DataFrame  # products (share), count, purchases (share): what the best sellers sell
    lorenz: pd.DataFrame  # products (share, fewest sold first), purchases (cumulative share)
    gini: float  # 0: all sell alike; 1: one product sells all
    tail_rows: pd.DataFrame  # SHOWN: products sold only once


def report(
    items: pd.DataFrame,
    cleaning: Sequence[CleaningRule],
    info: Mapping[str, Any] | None = None,
    house_brand: str = "",
    icon_of: Callable[[str], str] = lambda department: "",
    money: Money = DOLLARS,
) -> HealthReport:
    """The whole report; 68,000 products take less than half a second.

    `info` is what dataset.json says; with it the figures name the period and the shoppers too. `house_brand` is the
    brand of the shop's own make, whose share is told by department; "" where there is none. `icon_of` gives the emoji
    of a department. The figures are written as with `money`.
    """
    cleaned = cleaning_table(cleaning)
    missing, missing_rows = missing_values(items)
    duplicates, duplicate_rows = same_titles(items)
    outliers = price_outliers(items)
    sold = items[s.PURCHASES].to_numpy(np.float64)
    tail = items.loc[items[s.PURCHASES] == 1, SHOWN]
    heads = concentration(sold)
    unequal = gini(sold)
    return HealthReport(
        figures=(
            *_figures(items, cleaned, missing, duplicates, outliers, heads, unequal, len(tail), money),
            *_period(info or {}, money),
        ),
        cleaning=cleaned,
        missing=missing,
        missing_rows=missing_rows,
        duplicates=duplicates,
        duplicate_rows=duplicate_rows,
        price_outliers=outliers,
        departments=departments(items, house_brand, icon_of),
        department_rows=items.sort_values([s.DEPARTMENT, s.PURCHASES], ascending=[True, False])[SHOWN],
        concentration=heads,
        lorenz=lorenz(sold),
        gini=unequal,
        tail_rows=tail,
    )


def cleaning_table(cleaning: Sequence[CleaningRule]) -> pd.DataFrame:
    """What each rule dropped and why: rule, table, seen, dropped, share (of seen), why."""
    rows = [(r.rule, r.table, r.seen, r.dropped, r.dropped / r.seen if r.seen else 0.0, r.why) for r in cleaning]
    return pd.DataFrame(rows, columns=[s.RULE, "table", "seen", s.DROPPED, "share", s.WHY])


def missing_values(items: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Empty values by column (column, missing, share, cost) and the rows they are in (SHOWN + column)."""
    holes = {
        c: items[c].isna() | (items[c] == "") if items[c].dtype.kind not in "fi" else items[c].isna() for c in EXPECTED
    }
    rows = [(c, int(h.sum()), float(h.mean()) if len(h) else 0.0, EXPECTED[c]) for c, h in holes.items()]
    table = pd.DataFrame(rows, columns=["column", "missing", "share", "cost"])
    behind = pd.concat([items.loc[h, SHOWN].assign(column=c) for c, h in holes.items()])
    return table.sort_values("missing", ascending=False, ignore_index=True, kind="stable"), behind


def same_titles(items: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Titles that several products share (title, products, purchases, cheapest, dearest) and those products (SHOWN)."""
    twins = items[items.duplicated(s.TITLE, keep=False)]
    by = twins.groupby(s.TITLE, sort=True)
    table = pd.DataFrame(
        {
            "products": by.size(),
            s.PURCHASES: by[s.PURCHASES].sum(),
            "cheapest": by[s.PRICE].min(),
            "dearest": by[s.PRICE].max(),
        }
    ).reset_index()
    table = table.sort_values(["products", s.TITLE], ascending=[False, True], ignore_index=True)
    return table, twins.sort_values([s.TITLE, s.PURCHASES], ascending=[True, False])[SHOWN]


def price_outliers(items: pd.DataFrame) -> pd.DataFrame:
    """Products whose price is far from the usual of their category, farthest first: SHOWN + usual, z.

    z is the modified z-score of the log price, 0.6745 (x - median) / MAD (Iglewicz & Hoaglin 1993); |z| > 3.5 is far.
    Categories with fewer than 10 prices are left out.
    """
    priced = items[items[s.PRICE].notna()]
    log_price = np.log(priced[s.PRICE])
    category = priced[s.CATEGORY]
    middle = log_price.groupby(category).transform("median")
    away = log_price - middle
    spread = away.abs().groupby(category).transform("median").clip(lower=LEAST_SPREAD)
    z = 0.6745 * away / spread
    enough = category.map(category.value_counts()) >= LEAST_PRICED
    scored = priced[SHOWN].assign(usual=np.exp(middle).round(2), z=z.round(1))
    found: pd.DataFrame = scored[enough & (z.abs() > OUTLIER_Z)]
    return found.iloc[np.argsort(-found["z"].abs().to_numpy(), kind="stable")]


def departments(
    items: pd.DataFrame, house_brand: str = "", icon_of: Callable[[str], str] = lambda department: ""
) -> pd.DataFrame:
    """Products, categories, purchases and median price by department, largest first.

    With a `house_brand` also the share of products of that brand.
    """
    by = items.groupby(s.DEPARTMENT, sort=True)
    table = pd.DataFrame(
        {
            "products": by.size(),
            "categories": by[s.CATEGORY].nunique(),
            s.PURCHASES: by[s.PURCHASES].sum(),
            "median_price": by[s.PRICE].median(),
        }
    )
    if house_brand:
        table["house_brand"] = (items[s.BRAND] == house_brand).groupby(items[s.DEPARTMENT]).mean()
    table = table.reset_index()
    table.insert(1, s.ICON, [icon_of(str(name)) for name in table[s.DEPARTMENT]])
    return table.sort_values("products", ascending=False, ignore_index=True, kind="stable")


def gini(sold: npt.NDArray[np.float64]) -> float:
    """The Gini coefficient of how much each product sells: 0 all alike, towards 1 one sells all.

    sum((2 i - n - 1) x_i) / (n sum(x)), x sorted, i from 1. 0 when nothing was sold.
    """
    x = np.sort(sold)
    n, total = len(x), x.sum()
    if n == 0 or total == 0:
        return 0.0
    i = np.arange(1, n + 1)
    return float(((2 * i - n - 1) * x).sum() / (n * total))


def lorenz(sold: npt.NDArray[np.float64]) -> pd.DataFrame:
    """The Lorenz curve on at most 201 points: products (share, fewest sold first), purchases (share of all)."""
    if len(sold) == 0 or sold.sum() == 0:
        return pd.DataFrame({"products": [0.0, 1.0], s.PURCHASES: [0.0, 1.0]})
    share = np.concatenate([[0.0], np.cumsum(np.sort(sold)) / sold.sum()])
    at = np.unique(np.linspace(0, len(sold), min(LORENZ_POINTS, len(sold) + 1)).round().astype(int))
    return pd.DataFrame({"products": at / len(sold), s.PURCHASES: share[at]})


def concentration(sold: npt.NDArray[np.float64]) -> pd.DataFrame:
    """What share of all purchases the best-selling 1, 5, 10, 20 and 50 % of products make."""
    best = np.sort(sold)[::-1]
    total = max(float(best.sum()), 1.0)
    counts = [int(np.ceil(share * len(best))) for share in HEADS]
    made = [float(best[:n].sum()) / total for n in counts]
    return pd.DataFrame({"products": HEADS, "count": counts, s.PURCHASES: made})


def _figures(
    items: pd.DataFrame,
    cleaned: pd.DataFrame,
    missing: pd.DataFrame,
    duplicates: pd.DataFrame,
    outliers: pd.DataFrame,
    heads: pd.DataFrame,
    unequal: float,
    sold_once: int,
    money: Money,
) -> tuple[Figure, ...]:
    number = money.number
    unpriced = int(missing.loc[missing["column"] == s.PRICE, "missing"].sum())
    figures = [Figure("Products", number(len(items)), _spread(items, money))]
    if len(cleaned) or items[s.PURCHASES].any():
        figures.append(_lines(items, cleaned, money))
    if unpriced < len(items) or items.empty:
        figures.append(Figure("Without a price", number(unpriced), "products whose lines were all free of charge"))
    figures += [
        Figure("Shared titles", number(len(duplicates)), "titles that several products have in common"),
        Figure("Odd prices", number(len(outliers)), f"more than {OUTLIER_Z} robust deviations from their category"),
    ]
    if items[s.PURCHASES].any() or items.empty:
        figures += _sold(len(items), heads, unequal, sold_once, money)
    return tuple(figures)


def _spread(items: pd.DataFrame, money: Money) -> str:
    """Over how many departments the products are spread, and whether anybody wanted them."""
    departments = items.loc[items[s.DEPARTMENT] != "", s.DEPARTMENT].nunique()
    sold = "all sold at least once" if (items[s.PURCHASES] > 0).all() else "not all of them sold yet"
    said = [f"in {money.number(departments)} departments"] if departments or items.empty else []
    return ", ".join([*said, sold])


def _lines(items: pd.DataFrame, cleaned: pd.DataFrame, money: Money) -> Figure:
    """How many purchases were read and kept."""
    lines, number = cleaned[cleaned["table"] == "purchase lines"], money.number
    read = int(lines["seen"].iloc[0]) if len(lines) else int(items[s.PURCHASES].sum())
    dropped = int(lines[s.DROPPED].sum())
    note = f"{number(dropped)} of {number(read)} were dropped, each by a named rule"
    return Figure("Purchase lines", number(read - dropped), note)


def _sold(n_items: int, heads: pd.DataFrame, unequal: float, sold_once: int, money: Money) -> list[Figure]:
    """How unevenly the products sell."""
    top = float(heads.loc[heads["products"] == 0.10, s.PURCHASES].iloc[0])
    once = f"{money.number(sold_once)} products with a single purchase in the period"
    return [
        Figure("Best-selling tenth", f"{top:.0%}", f"of all purchases; Gini coefficient {unequal:.2f}"),
        Figure("Sold only once", f"{sold_once / max(n_items, 1):.0%}", once),
    ]


def _period(info: Mapping[str, Any], money: Money) -> tuple[Figure, ...]:
    if not {"shoppers", "baskets", "first_day", "last_day"} <= set(info):
        return ()
    number = money.number
    period = f"{number(info['baskets'])} baskets from {info['first_day']} to {info['last_day']}"
    return (Figure("Shoppers", number(info["shoppers"]), period),)
