"""Events of a parquet file, a row each."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from recsys.datasets.event_columns import MEANINGS
from recsys.errors import DataError
from recsys.files.bounds import MAX_EVENTS, Watch
from recsys.files.source import AGAIN, Source
from recsys.files.tables import Columns, columns_of
from recsys.files.values import number_text

if TYPE_CHECKING:
    import pyarrow as pa

AT_ONCE: Final = 16_384  # rows decoded together


def events(source: Source) -> tuple[Iterator[tuple[str, str, str, str]], str, bool]:
    """(user, item, time, event) of each row, how the file was read, and whether it has times.

    Raises DataError for a file that is damaged, too large, or has no columns of users and items.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        # a file of Arrow's own: its threads would wait for the interpreter to read one of Python's, and it for them
        held = pa.BufferReader(source.whole()) if source.path is None else pa.memory_map(str(source.path))
        names = pq.read_schema(held).names
        columns = _columns(source.name, names)
        wanted = [names[place] for place in columns.places.values()]
        # texts stay in their dictionary: a row that repeats one of a megabyte costs nothing
        file = pq.ParquetFile(held, read_dictionary=wanted, pre_buffer=False)
        if file.metadata.num_rows > MAX_EVENTS:
            raise DataError(f"{source.name} has more than {MAX_EVENTS:,} events", remedy=source.bounds.remedy)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(source.name) from error
    return _rows(source, file, columns, wanted), f"parquet, a row per event; {columns.said()}", "time" in columns.places


def _columns(name: str, names: list[str]) -> Columns:
    columns = columns_of(names, MEANINGS)
    missing = [meaning for meaning in ("user", "item") if meaning not in columns.places]
    if missing or len(set(names)) != len(names):
        what = f"no column that is known as {' or '.join(missing)}" if missing else "two columns of one name"
        raise DataError(
            f"{name} has {what}", allowed="the columns user,item[,time][,event]", remedy="rename the columns"
        )
    return columns


def _rows(source: Source, file: Any, columns: Columns, wanted: list[str]) -> Iterator[tuple[str, str, str, str]]:
    import pyarrow as pa

    watch = Watch(source.bounds)
    at = dict(zip(columns.places, wanted, strict=True))
    try:
        for batch in file.iter_batches(batch_size=AT_ONCE, columns=wanted, use_threads=False):
            watch.took(source.name, batch.nbytes, 0, source.size)
            none = [""] * batch.num_rows
            cells = [_texts(batch.column(at[m])) if m in at else none for m in ("user", "item", "time", "event")]
            yield from zip(*cells, strict=True)
    except (pa.ArrowException, OSError, ValueError) as error:
        raise _damaged(source.name) from error


def _texts(column: pa.Array) -> list[str]:
    """The values as text, "" for none: whole floats without a point, dates as numbers that ascend."""
    import pyarrow as pa

    if isinstance(column, pa.DictionaryArray):
        known = _texts(column.dictionary)
        return ["" if code is None else known[code] for code in column.indices.to_pylist()]
    if pa.types.is_timestamp(column.type) or pa.types.is_date64(column.type):
        column = column.cast(pa.int64())
    elif pa.types.is_date32(column.type):
        column = column.cast(pa.int32())
    return [_text(value) for value in column.to_pylist()]


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, str):
        return value.strip()
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace").strip()
    return str(value) if isinstance(value, int) else number_text(value) if _is_number(value) else str(value)


def _is_number(value: Any) -> bool:
    from decimal import Decimal

    return isinstance(value, float | Decimal)


def _damaged(name: str) -> DataError:
    return DataError(f"{name} cannot be read: it is no parquet file, or it is damaged", remedy=AGAIN)
