"""A table of a page as the part of a report: the columns and cells that the browser shows, in the same words."""

from __future__ import annotations

import json
import math
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from recsys.reports.contract import Column, Part, Table, Words

if TYPE_CHECKING:
    import pandas as pd

    from recsys.schema.money import Money

MOST_ROWS: Final = 100  # that go into a report
AMOUNTS: Final = {"dollar", "euro", "yen"}
UNKNOWN: Final = "–"


def table(element: Any, money: Money) -> Part:
    """What a table of Streamlit shows: columns in order, without hidden ones, and numbers as its columns write them."""
    import pyarrow as pa

    lazy = element.HasField("lazy_data") if hasattr(element, "lazy_data") else False
    data = element.lazy_data.initial_chunk.data if lazy else element.arrow_data.data
    if not data:
        return Words("A table stood here that only the app can show.", "quiet")
    frame: pd.DataFrame = pa.ipc.open_stream(BytesIO(data)).read_pandas()
    configured: dict[str, dict[str, Any]] = json.loads(getattr(element, "columns", "") or "{}")
    ordered = [name for name in getattr(element, "column_order", ()) if name in frame.columns] or list(frame.columns)
    shown = [name for name in ordered if not configured.get(str(name), {}).get("hidden")]
    columns = tuple(_column(str(name), frame[name], configured.get(str(name), {})) for name in shown)
    kinds = [configured.get(str(name), {}).get("type_config", {}) for name in shown]
    rows = tuple(
        tuple(_cell(value, kind, money) for value, kind in zip(row, kinds, strict=True))
        for row in frame[shown].head(MOST_ROWS).itertuples(index=False, name=None)
    )
    return Table(columns, rows, int(element.lazy_data.row_count) if lazy else len(frame))


def _column(name: str, values: pd.Series, about: dict[str, Any]) -> Column:
    from pandas.api.types import is_bool_dtype, is_numeric_dtype

    label = about.get("label")
    text = about.get("type_config", {}).get("type") == "text"
    numeric = bool(is_numeric_dtype(values) and not is_bool_dtype(values) and not text)
    return Column(name if label is None else str(label), str(about.get("help") or ""), numeric)


def _cell(value: Any, kind: dict[str, Any], money: Money) -> str:
    """A value as the browser writes it in a column of that kind."""
    form = kind.get("format")
    if value is None or (isinstance(value, float) and math.isnan(value)):
        return UNKNOWN
    if isinstance(value, bool):
        return "yes" if value else "no"
    if not isinstance(value, int | float) or kind.get("type") == "text":  # an id is no amount
        return str(value)
    if form in AMOUNTS:
        return money.said(value)
    if form == "percent":
        return f"{100 * value:.2f} %"
    if form and "%" in form:
        return str(form % value)
    return money.number(value, 0 if float(value).is_integer() else 2)
