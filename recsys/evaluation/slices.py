"""Who is served well and who is not: visits sorted into slices in plain words, and a metric in each of them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

import numpy as np
import numpy.typing as npt
import pandas as pd

from recsys.datasets.interactions import Interactions
from recsys.evaluation.significance import SAMPLING, Sampling, intervals
from recsys.evaluation.splits import Task

SMALLEST: Final = 30  # shoppers: with fewer, an interval of a rate near 1/2 is wider than 1/3 and compares nothing
NOTHING: Final = "no purchases"
UNKNOWN: Final = "unknown"
NEW_SHOPPER: Final = "new shoppers (cold)"
KNOWN_SHOPPER: Final = "known shoppers (warm)"
NEW_ITEMS: Final = "took a product nobody had taken (cold)"
KNOWN_ITEMS: Final = "took known products only (warm)"

Counts = npt.NDArray[np.int64]


def slices(
    task: Task, taken_by: Counts, departments: pd.Series | None = None, people: pd.DataFrame | None = None
) -> pd.DataFrame:
    """The slice of each visit in plain words: b rows, one ordered categorical column per way of slicing.

    Always "activity", "shopper" and "products"; "department" where `departments` (n_items,) names each item's; and each
    column of `people` (b rows in the order of the visits, such as age or income). `taken_by` (n_items,) is how many
    shoppers took each item in the data that the recommenders were fitted on. Raises ValueError when lengths differ.
    """
    b, n_items = task.relevant.shape
    for what, given, needed in (("departments", departments, n_items), ("people", people, b)):
        if given is not None and len(given) != needed:
            raise ValueError(f"{what} has {len(given)} rows; give one for each of the {needed}")
    histories = task.visits.histories
    columns = {
        "activity": activity(histories.lengths),
        "shopper": warmth(histories.lengths > 0, KNOWN_SHOPPER, NEW_SHOPPER),
        "products": warmth(task.relevant @ (taken_by == 0).astype(np.float64) == 0, KNOWN_ITEMS, NEW_ITEMS),
    }
    if departments is not None:
        columns["department"] = department_taken_most(histories, departments)
    if people is not None:
        columns |= {str(name): _in_order(people[name]) for name in people.columns}
    return pd.DataFrame(columns, index=pd.RangeIndex(b))


def activity(lengths: Counts) -> pd.Categorical[str]:
    """Thirds of the shoppers by how much they took before, as "few purchases (3-20)"; no history is its own slice.

    A third ends at a whole number of purchases, so that equal shoppers are together: thirds differ in size where many
    have the same number, and where one number fills a whole third there are two slices or one.
    """
    some = np.sort(lengths[lengths > 0])
    edges = np.unique(np.quantile(some, [1 / 3, 2 / 3, 1], method="inverted_cdf")) if len(some) else np.empty(0)
    third = np.searchsorted(edges, lengths)  # the first edge that is not below: a third includes its edge
    words = {0: (), 1: ("",), 2: ("few ", "many "), 3: ("few ", "some ", "many ")}[len(edges)]
    names = [f"{word}purchases ({_span(lengths[(third == i) & (lengths > 0)])})" for i, word in enumerate(words)]
    named = np.array([NOTHING, *names], object)[np.where(lengths > 0, third + 1, 0)]
    return pd.Categorical(named, [NOTHING, *names], ordered=True).remove_unused_categories()


def department_taken_most(histories: Interactions, departments: pd.Series) -> pd.Categorical[str]:
    """The department in which each shopper took most, ties by name; "no purchases" without a history. Largest first."""
    codes, names = pd.factorize(departments.fillna(UNKNOWN).astype(str), sort=True)
    flat = histories.shopper_of_entry.astype(np.int64) * len(names) + codes[histories.items]
    counts = np.bincount(flat, minlength=len(histories) * len(names)).reshape(len(histories), len(names))
    most = np.where(histories.lengths > 0, np.asarray(names, object)[counts.argmax(axis=1)], NOTHING)
    sizes = pd.Series(most).value_counts()
    order = sorted(sizes.index, key=lambda name: (name == NOTHING, -sizes[name], name))
    return pd.Categorical(most, order, ordered=True)


def warmth(warm: npt.NDArray[np.bool_], yes: str, no: str) -> pd.Categorical[str]:
    """`yes` where warm, `no` where cold."""
    return pd.Categorical(np.where(warm, yes, no), [yes, no], ordered=True).remove_unused_categories()


def by_slice(
    values: pd.DataFrame,
    labels: pd.DataFrame,
    slicings: Sequence[str] | None = None,
    sampling: Sampling = SAMPLING,
) -> pd.DataFrame:
    """One metric per slice and model: columns slicing, slice, model, mean, low, high, count, comparable.

    `values` has one row per visit and a column per model; `labels` is what `slices` returns. `count` is the shoppers
    with a value, `low` and `high` the bootstrap interval over them; `comparable` is False with fewer than 30 of them:
    too small to compare. Raises ValueError when the two differ in length.
    """
    if len(values) != len(labels):
        raise ValueError(f"values has {len(values)} rows and labels {len(labels)}; both must have one per visit")
    columns = list(labels.columns) if slicings is None else list(slicings)
    tables = [
        intervals(values[(labels[slicing] == name).to_numpy()], sampling)
        .rename_axis("model")
        .reset_index()
        .assign(slicing=slicing, slice=str(name))
        for slicing in columns
        for name in labels[slicing].cat.remove_unused_categories().cat.categories
    ]
    table = pd.concat(tables, ignore_index=True)
    table["comparable"] = table["count"] >= SMALLEST
    return table[["slicing", "slice", "model", "mean", "low", "high", "count", "comparable"]]


def _span(lengths: Counts) -> str:
    """ "3-20", or "3" when all are the same."""
    low, high = int(lengths.min()), int(lengths.max())
    return f"{low:,}" if low == high else f"{low:,}-{high:,}"


def _in_order(column: pd.Series) -> pd.Categorical[str]:
    """The column as words in order, "unknown" last where it is empty."""
    words = column.astype("object").where(column.notna(), "").astype(str).replace("", UNKNOWN)
    if isinstance(column.dtype, pd.CategoricalDtype):
        order = [str(name) for name in column.cat.categories if str(name)]
    else:
        order = sorted(set(words) - {UNKNOWN}, key=_place)
    return pd.Categorical(words, [*order, UNKNOWN], ordered=True).remove_unused_categories()


def _place(words: str) -> tuple[int, bool, str]:
    """Bands in order of their numbers: "Under 15K", "15-24K", "100-124K"."""
    number = re.search(r"\d+", words)
    return (int(number.group()) if number else 0, words[:1].isdigit(), words)
