"""From what a source has to the tables that all rooms read: what it lacks is filled, and said.

A pack gives what it knows, in the column names of `recsys.schema` and with its own ids; here rows get numbers, counts
are counted, missing columns get values that say nothing, and the capabilities follow from what was really there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.datasets.contract import CleaningRule, Dataset
from recsys.datasets.shopper_labels import FIGURES, describe
from recsys.errors import DataError
from recsys.schema.capabilities import EVENT_KINDS, Capabilities, Capability

EPOCH: Final = pd.Timestamp("1970-01-01")
MOST_STEPS: Final = 32_000  # a day of a history is an int16
ITEM_COLUMNS: Final = {
    s.PRICE: Capability.PRICES,
    s.BRAND: Capability.BRANDS,
    s.CATEGORY: Capability.CATEGORIES,
    s.DEPARTMENT: Capability.DEPARTMENTS,
    s.SIZE: Capability.SIZES,
    s.DESCRIPTION: Capability.DESCRIPTIONS,
    s.PICTURE: Capability.PICTURES,
    s.RATING: Capability.RATINGS,
    s.STOCK: Capability.STOCK,
    s.LAUNCH_DATE: Capability.LAUNCH_DATES,
    s.COST: Capability.COSTS,
}
TABLE_CAPABILITIES: Final = {
    "attributes": Capability.ATTRIBUTES,
    "reviews": Capability.REVIEWS,
    "offers": Capability.OFFERS,
    "impressions": Capability.IMPRESSIONS,
    "friends": Capability.FRIENDS,
}


FURTHER: Final[dict[str, Any]] = {
    s.DESCRIPTION: "str",
    s.PICTURE: "str",
    s.RATING: "float64",
    s.RATINGS: "int64",
    s.STOCK: "float64",
    s.LAUNCH_DATE: "datetime64[ns]",
    s.COST: "float64",
}


def completed(
    name: str,
    items: pd.DataFrame,
    events: pd.DataFrame | None = None,
    shoppers: pd.DataFrame | None = None,
    *,
    source: str,
    licence: str,
    icon: str,
    cleaning: Sequence[CleaningRule] = (),
    said_traits: Sequence[str] = (),
    tables: Mapping[str, pd.DataFrame] | None = None,
) -> Dataset:
    """The data set of what a source has, checked.

    `items`: item_id and title, and any of ITEM_COLUMNS, name, icon, kind, text, ratings; amounts in the shop's
    currency per unit, a price of 0 or less is none. `events`: shopper_id and item_id, and any of time, event (of
    EVENT_KINDS; purchase without it), basket, quantity, paid (for the line), query; without `time` they are in order,
    oldest first, and a day is a step; item_id may be empty where nothing was taken. `shoppers`: shopper_id and any
    columns of text, which become traits, of which `said_traits` stand in the label; without it they are those of the
    events. `tables`: the optional ones, with item_id, shopper_id and friend_id for rows. `icon` is that of an item
    that has none.

    Row i of the items and shoppers given is row i of those returned; events are sorted by shopper, then time.
    Raises DataError when a column that is needed is missing, an id is unknown, or a table is not what its schema says.
    """
    from recsys.datasets import tables as schemas  # pandera takes a second to import and is needed here only

    events = pd.DataFrame({s.SHOPPER_ID: [], s.ITEM_ID: []}) if events is None else events
    _need(name, "items", items, (s.ITEM_ID, s.TITLE))
    _need(name, "events", events, (s.SHOPPER_ID, s.ITEM_ID))
    shoppers = pd.DataFrame({s.SHOPPER_ID: events[s.SHOPPER_ID].unique()}) if shoppers is None else shoppers
    _need(name, "shoppers", shoppers, (s.SHOPPER_ID,))
    rows = _Rows(name, items[s.ITEM_ID], shoppers[s.SHOPPER_ID])
    done = _events(events, rows)
    first_day = done[s.TIME].min().normalize() if s.TIME in events and len(done) else EPOCH
    products = _items(items, done, first_day, icon)
    traits = [column for column in shoppers.columns if column != s.SHOPPER_ID]
    people = _people(done, products, shoppers, traits, said_traits)
    further = {table: rows.numbered(frame) for table, frame in (tables or {}).items()}
    there = _capabilities(items, events, done, traits, further)
    dataset = Dataset(
        name, products, people, done, tuple(cleaning), source, licence, first_day, there, tuple(traits), further
    )
    return schemas.check(dataset)


class _Rows:
    """The source's own ids and the rows they stand in."""

    def __init__(self, name: str, items: pd.Series, shoppers: pd.Series) -> None:
        self.name = name
        self._of = {s.ITEM_ID: (s.ITEM, pd.Index(items)), s.SHOPPER_ID: (s.SHOPPER, pd.Index(shoppers)),
                    "friend_id": (s.FRIEND, pd.Index(shoppers))}  # fmt: skip

    def numbered(self, frame: pd.DataFrame, optional: Sequence[str] = ()) -> pd.DataFrame:
        """The table with rows in place of ids; -1 for an empty id in a column that is `optional`."""
        for column, (row, ids) in self._of.items():
            if column not in frame:
                continue
            found = ids.get_indexer(frame[column]).astype(np.int32)
            unknown = (found < 0) & ~(frame[column].isna().to_numpy() & (column in optional))
            if unknown.any():
                raise DataError(
                    f"{self.name}: {column} {frame[column][unknown].iloc[0]!r} is not in its table",
                    allowed=f"one of the {len(ids):,} there",
                    remedy="leave such rows out where the data are read, and count them",
                )
            frame = frame.drop(columns=column).assign(**{row: found})
        return frame.reset_index(drop=True)


def _need(name: str, table: str, frame: pd.DataFrame, columns: Sequence[str]) -> None:
    missing = [column for column in columns if column not in frame]
    if missing or (table == "items" and frame.empty):
        seen = f"lack {', '.join(missing)}" if missing else "are empty"
        raise DataError(f"{name}: the {table} {seen}", allowed=", ".join(columns), remedy="correct where it is read")


def _events(events: pd.DataFrame, rows: _Rows) -> pd.DataFrame:
    """The events table: ids as rows, every column there, sorted by shopper, then time."""
    done = rows.numbered(events, optional=(s.ITEM_ID,))
    n = len(done)
    if s.TIME not in done:
        done[s.TIME] = _steps(done[s.SHOPPER].to_numpy())
    done[s.TIME] = pd.to_datetime(done[s.TIME]).astype("datetime64[ns]")
    kinds = done[s.EVENT].astype(str) if s.EVENT in done else pd.Series("purchase", index=done.index)
    strange = kinds[~kinds.isin(list(EVENT_KINDS))]
    if len(strange):
        raise DataError(
            f"{rows.name}: {len(strange):,} events are of the kind {strange.iloc[0][:40]!r}",
            allowed=", ".join(EVENT_KINDS),
            remedy="name them as one of these where the data are read, or leave them out",
        )
    done[s.EVENT] = pd.Categorical(kinds, categories=list(EVENT_KINDS))
    basket = done[s.BASKET] if s.BASKET in done else np.arange(n)
    done[s.BASKET] = pd.factorize(basket)[0].astype(np.int64) if s.BASKET in done else np.arange(n, dtype=np.int64)
    done[s.QUANTITY] = done[s.QUANTITY].astype("int64") if s.QUANTITY in done else np.ones(n, np.int64)
    done[s.PAID] = done[s.PAID].astype("float64") if s.PAID in done else np.zeros(n)
    order = np.lexsort((np.arange(n), done[s.TIME], done[s.SHOPPER]))
    columns = [s.SHOPPER, s.ITEM, s.TIME, s.BASKET, s.QUANTITY, s.PAID, s.EVENT]
    return done.iloc[order].reset_index(drop=True)[columns + ([s.QUERY] if s.QUERY in done else [])]


def _steps(shoppers: np.ndarray) -> pd.Series:
    """A day for each event of an order without dates: each shopper's last one is on the last day of all."""
    place = pd.Series(shoppers).groupby(shoppers).cumcount(ascending=False).to_numpy()  # 0 is the latest
    last = int(min(place.max(initial=0), MOST_STEPS))
    return pd.Series(EPOCH + pd.to_timedelta(np.maximum(last - place, 0), unit="D"))


def _items(items: pd.DataFrame, events: pd.DataFrame, first_day: pd.Timestamp, icon: str) -> pd.DataFrame:
    """The items table: every column there, missing ones empty, counts counted."""
    n = len(items)
    done = pd.DataFrame({s.ITEM: np.arange(n, dtype=np.int32), s.ITEM_ID: items[s.ITEM_ID].to_numpy()})
    done[s.TITLE] = _text(items, s.TITLE)
    done[s.NAME] = _text(items, s.NAME, done[s.TITLE])
    for column in (s.SIZE, s.BRAND, s.CATEGORY, s.DEPARTMENT):
        done[column] = _text(items, column)
    done[s.ICON] = _text(items, s.ICON, icon).replace("", icon)
    price = pd.to_numeric(items[s.PRICE]) if s.PRICE in items else pd.Series(np.nan, index=items.index)
    done[s.PRICE] = price.where(price > 0).astype("float64").to_numpy()
    taken = events[(events[s.EVENT] == "purchase") & (events[s.ITEM] >= 0)]
    if taken.empty:
        taken = events[events[s.ITEM] >= 0]
    done[s.PURCHASES] = np.bincount(taken[s.ITEM], minlength=n).astype(np.int64)
    pairs = taken.drop_duplicates([s.ITEM, s.SHOPPER])
    done[s.BUYERS] = np.bincount(pairs[s.ITEM], minlength=n).astype(np.int64)
    days = (taken[s.TIME].dt.normalize() - first_day).dt.days
    done[s.LAST_DAY] = days.groupby(taken[s.ITEM]).max().reindex(range(n)).fillna(0).astype("int64").to_numpy()
    kind = items[s.KIND] if s.KIND in items else done[s.NAME] + "\n" + done[s.BRAND]
    done[s.KIND] = pd.factorize(np.asarray(kind))[0].astype(np.int64)
    done[s.TEXT] = _text(items, s.TEXT) if s.TEXT in items else _encoded_text(done)
    done[s.SOURCE_TEXT] = _text(items, s.SOURCE_TEXT)
    return done.assign(**_further(items))


def _text(items: pd.DataFrame, column: str, instead: pd.Series | str = "") -> pd.Series:
    """A column of text without gaps, or what stands in its place."""
    if column not in items:
        instead = pd.Series(instead, index=range(len(items))) if isinstance(instead, str) else instead
        return instead.astype("str")
    return items[column].astype("object").fillna("").astype("str").reset_index(drop=True).str.strip()


def _encoded_text(items: pd.DataFrame) -> pd.Series:
    """What the encoder reads: the title, the make unless the title says it, the category unless it does."""
    rows = zip(items[s.TITLE], items[s.BRAND], items[s.CATEGORY], strict=True)
    texts = [
        ". ".join([title, *(part for part in (brand, category) if part and part.lower() not in title.lower())]) + "."
        for title, brand, category in rows
    ]
    return pd.Series(texts, dtype="str")


def _further(items: pd.DataFrame) -> dict[str, pd.Series]:
    """The optional columns, in their types."""
    there = {column: kind for column, kind in FURTHER.items() if column in items}
    return {
        column: _text(items, column) if kind == "str" else items[column].reset_index(drop=True).astype(kind)
        for column, kind in there.items()
    }


def _people(
    events: pd.DataFrame, items: pd.DataFrame, shoppers: pd.DataFrame, traits: list[str], said_traits: Sequence[str]
) -> pd.DataFrame:
    """The shoppers table: figures, label, traits and short list."""
    ids = shoppers[s.SHOPPER_ID].to_numpy()
    known = pd.DataFrame({trait: _text(shoppers, trait) for trait in traits}, index=pd.RangeIndex(len(ids)))
    did = events[events[s.ITEM] >= 0]
    if did.empty:
        return _strangers(ids, known)
    return describe(did, items, ids, traits=known, said_traits=said_traits)


def _strangers(ids: np.ndarray, traits: pd.DataFrame) -> pd.DataFrame:
    """Shoppers of whom no event is known; often there are none at all."""
    n = len(ids)
    done = pd.DataFrame({s.SHOPPER: np.arange(n, dtype=np.int32), s.SHOPPER_ID: ids})
    done[s.LABEL] = pd.Series("Nothing is known yet", index=done.index, dtype="str")
    done = pd.concat([done, traits], axis=1)
    for column in FIGURES:
        done[column] = np.zeros(n, np.int64)
    done[s.SPEND] = np.zeros(n)
    done[s.DAYS_BETWEEN] = np.full(n, np.nan)
    return done.assign(**{s.FEATURED: np.full(n, -1, np.int64)})


def _capabilities(
    items: pd.DataFrame, events: pd.DataFrame, done: pd.DataFrame, traits: list[str], tables: Mapping[str, pd.DataFrame]
) -> Capabilities:
    """What was really there: a column that is empty throughout is none."""
    there = {capability for column, capability in ITEM_COLUMNS.items() if column in items and _filled(items[column])}
    there |= {TABLE_CAPABILITIES[name] for name, table in tables.items() if len(table)}
    there |= {EVENT_KINDS[str(kind)] for kind in done[s.EVENT].unique()}
    if len(events):
        marks = {s.TIME: Capability.DATES, s.BASKET: Capability.VISITS, s.PAID: Capability.SPEND}
        there |= {capability for column, capability in marks.items() if column in events}
    if traits:
        there.add(Capability.TRAITS)
    return Capabilities(frozenset(there))


def _filled(column: pd.Series) -> bool:
    return bool((column.notna() & (column.astype(str) != "")).any())
