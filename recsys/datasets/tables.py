"""The schemas of all tables: strict columns, types, ranges and unique ids."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pa

from recsys import schema as s
from recsys.datasets.contract import Dataset
from recsys.errors import DataError
from recsys.schema.capabilities import EVENT_KINDS

_ROWS_SHOWN = 3


def _row() -> pa.Column:
    return pa.Column("int32", pa.Check.ge(0), unique=True)


def _text(nullable: bool = False, filled: bool = True) -> pa.Column:
    return pa.Column("str", pa.Check.str_length(min_value=1) if filled else None, nullable=nullable)


def _optional(dtype: str, check: pa.Check | None = None) -> pa.Column:
    return pa.Column(dtype, check, nullable=True, required=False)


def _count(low: int = 1) -> pa.Column:
    return pa.Column("int64", pa.Check.ge(low))


ITEMS = pa.DataFrameSchema(
    {
        s.ITEM: _row(),
        s.ITEM_ID: pa.Column(None, unique=True),
        s.TITLE: _text(),
        s.NAME: _text(),
        s.SIZE: _text(filled=False),
        s.BRAND: _text(filled=False),
        s.CATEGORY: _text(filled=False),
        s.DEPARTMENT: _text(filled=False),
        s.ICON: _text(),
        s.PRICE: pa.Column("float64", pa.Check.in_range(0, 1e9, include_min=False), nullable=True),
        s.PURCHASES: _count(0),
        s.BUYERS: _count(0),
        s.LAST_DAY: pa.Column("int64", pa.Check.in_range(0, 32_767)),  # history_day.npy is int16
        s.KIND: pa.Column("int64", pa.Check.ge(0)),
        s.TEXT: _text(),
        s.SOURCE_TEXT: _text(filled=False),
        s.DESCRIPTION: _optional("str"),
        s.PICTURE: _optional("str"),
        s.RATING: _optional("float64", pa.Check.in_range(1, 5)),
        s.RATINGS: _optional("int64", pa.Check.ge(0)),
        s.STOCK: _optional("float64", pa.Check.ge(0)),
        s.LAUNCH_DATE: _optional("datetime64[ns]"),
        s.COST: _optional("float64", pa.Check.ge(0)),
    },
    strict=True,
)
SHOPPERS = pa.DataFrameSchema(
    {
        s.SHOPPER: _row(),
        s.SHOPPER_ID: pa.Column(None, unique=True),
        s.LABEL: _text(),
        s.BASKETS: _count(0),
        s.LINES: _count(0),
        s.PRODUCTS: _count(0),
        s.SPEND: pa.Column("float64"),  # a refund or a large coupon can make it negative
        s.DAYS_BETWEEN: pa.Column("float64", pa.Check.ge(1), nullable=True),
        s.FEATURED: pa.Column("int64", pa.Check.in_range(-1, 11)),
    },
    strict=True,
)
"""Beside these a shopper has the columns that the data set lists as traits, all of them text."""

EVENTS = pa.DataFrameSchema(
    {
        s.SHOPPER: pa.Column("int32", pa.Check.ge(0)),
        s.ITEM: pa.Column("int32", pa.Check.ge(-1)),  # -1: a search is about no single item
        s.TIME: pa.Column("datetime64[ns]"),
        s.BASKET: pa.Column("int64"),
        s.QUANTITY: pa.Column("int64", pa.Check.in_range(1, 1_000_000)),
        s.PAID: pa.Column("float64", pa.Check.in_range(-1e9, 1e9)),
        s.EVENT: pa.Column("category", pa.Check.isin(list(EVENT_KINDS))),
        s.QUERY: _optional("str"),
    },
    strict=True,
)
_SHOPPER = pa.Column("int32", pa.Check.ge(0))
_ITEM = pa.Column("int32", pa.Check.ge(0))
_DAY = pa.Column("datetime64[ns]")
TABLES: Final = {
    "attributes": pa.DataFrameSchema({s.ITEM: _ITEM, s.ATTRIBUTE: _text(), s.VALUE: _text()}, strict=True),
    "reviews": pa.DataFrameSchema(
        {
            s.ITEM: _ITEM,
            s.SHOPPER: pa.Column("int32", pa.Check.ge(-1)),  # -1: nobody knows who wrote it
            s.TIME: pa.Column("datetime64[ns]", nullable=True),
            s.STARS: pa.Column("float64", pa.Check.in_range(1, 5), nullable=True),
            s.REVIEW: _text(filled=False),
        },
        strict=True,
    ),
    "offers": pa.DataFrameSchema(
        {s.ITEM: _ITEM, s.STARTS: _DAY, s.ENDS: _DAY, s.OFFER_PRICE: pa.Column("float64", pa.Check.ge(0))}, strict=True
    ),
    "impressions": pa.DataFrameSchema(
        {
            s.SHOPPER: _SHOPPER,
            s.ITEM: _ITEM,
            s.TIME: _DAY,
            s.POSITION: pa.Column("int64", pa.Check.ge(1)),
            s.PROPENSITY: pa.Column("float64", pa.Check.in_range(0, 1, include_min=False), nullable=True),
        },
        strict=True,
    ),
    "friends": pa.DataFrameSchema({s.SHOPPER: _SHOPPER, s.FRIEND: _SHOPPER}, strict=True),
}
"""The optional tables by name."""


def check(dataset: Dataset) -> Dataset:
    """The data set, unchanged, when its tables are what their schemas say.

    Raises DataError naming the table, the column, the rule and the first rows that break it.
    """
    shoppers = SHOPPERS.add_columns({trait: _text(filled=False) for trait in dataset.traits})
    known = {"items": (dataset.items, ITEMS), "shoppers": (dataset.shoppers, shoppers),
             "events": (dataset.events, EVENTS)}  # fmt: skip
    known |= {name: (table, TABLES[name]) for name, table in dataset.tables.items()}
    for table, (frame, rules) in known.items():
        check_table(dataset.name, table, frame, rules, table.upper(), "correct those rows where the data are read")
    for name, (frame, _) in known.items():
        for column, n in ((s.ITEM, len(dataset.items)), (s.SHOPPER, len(dataset.shoppers))):
            if name not in {"items", "shoppers"} and column in frame:
                _check_rows(dataset.name, name, frame[column], n)
    return dataset


def check_table(
    dataset: str, table: str, frame: pd.DataFrame, rules: pa.DataFrameSchema, schema: str, remedy: str
) -> None:
    """Raises DataError when a table is not what its schema says; `schema` is where that stands."""
    try:
        rules.validate(frame, lazy=True)
    except pa.errors.SchemaErrors as errors:
        cases = errors.failure_cases
        first = cases.iloc[0]
        same = cases[(cases["column"] == first["column"]) & (cases["check"] == first["check"])]
        rows = ", ".join(str(i) for i in same["index"].dropna().head(_ROWS_SHOWN))
        where = f", {len(same)} rows (first: {rows})" if rows else ""
        raise DataError(
            f"{dataset}: column {first['column'] or first['failure_case']!r} of {table} fails {first['check']}{where}; "
            f"first value {str(first['failure_case'])[:60]!r}",
            allowed=f"the columns and ranges of recsys.datasets.tables.{schema}",
            remedy=remedy,
        ) from errors


def _check_rows(dataset: str, table: str, rows: pd.Series, n: int) -> None:
    highest = int(rows.max()) if len(rows) else -1
    if highest >= n:
        raise DataError(
            f"{dataset}: {table} name {rows.name} row {highest}",
            allowed=f"0 to {n - 1}",
            remedy=f"give every {rows.name} of the {table} a row in its table",
        )
