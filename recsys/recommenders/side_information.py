"""What a prepared shop knows beside who took what, in the shape in which recommenders are told it."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
from scipy import sparse

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.recommenders.contract import SideInformation
from recsys.schema import Rows


def side_information(
    items: pd.DataFrame,
    shoppers: pd.DataFrame,
    vectors: Artifact | None,
    cohort: Sequence[str] = (),
    friends: pd.DataFrame | None = None,
) -> SideInformation:
    """What a prepared data set knows beside who took what.

    `cohort` are the traits that make a group of shoppers, `friends` the table of that name where there is one.
    """
    item_vectors = None
    if vectors is not None:
        item_vectors = np.asarray(vectors.array("vectors"), np.float32)[np.asarray(vectors.array("row_of_item"))]
    return SideInformation(
        vectors=item_vectors,
        kinds=items[s.KIND].to_numpy(np.int32),
        prices=items[s.PRICE].to_numpy(np.float32),
        cohorts=cohorts(shoppers, cohort),
        friends=None if friends is None else friendships(friends, len(shoppers)),
    )


def cohorts(shoppers: pd.DataFrame, traits: Sequence[str]) -> Rows | None:
    """A code per combination of these traits, (n_shoppers,); -1 where none of them is known, None without traits."""
    if not traits:
        return None
    told = shoppers[list(traits)].astype(str)
    codes, _ = pd.factorize(told.agg("|".join, axis=1))
    return np.where((told != "").any(axis=1), codes, -1).astype(np.int32)


def friendships(friends: pd.DataFrame, n_shoppers: int) -> sparse.csr_array:
    """(n_shoppers, n_shoppers) with 1 where the column's shopper is a friend of the row's, each friendship once."""
    rows, columns = friends[s.SHOPPER].to_numpy(np.int64), friends[s.FRIEND].to_numpy(np.int64)
    graph = sparse.csr_array((np.ones(len(rows), np.float32), (rows, columns)), shape=(n_shoppers, n_shoppers))
    graph.sum_duplicates()
    graph.data[:] = 1.0
    return graph
