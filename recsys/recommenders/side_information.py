"""What a prepared shop knows beside who took what, in the shape in which recommenders are told it."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recsys import schema as s
from recsys.artifacts import Artifact
from recsys.recommenders.contract import SideInformation
from recsys.schema import Rows


def side_information(items: pd.DataFrame, shoppers: pd.DataFrame, vectors: Artifact | None) -> SideInformation:
    """What a prepared data set knows beside who bought what."""
    text_vectors = None
    if vectors is not None:
        text_vectors = np.asarray(vectors.array("vectors"), np.float32)[np.asarray(vectors.array("text_of_item"))]
    return SideInformation(
        vectors=text_vectors,
        kinds=items[s.KIND].to_numpy(np.int32),
        prices=items[s.PRICE].to_numpy(np.float32),
        cohorts=cohorts(shoppers),
    )


def cohorts(shoppers: pd.DataFrame) -> Rows:
    """A code per combination of age and household, (n_shoppers,); -1 where neither is known."""
    known = (shoppers[s.AGE] != "") | (shoppers[s.HOUSEHOLD] != "")
    codes, _ = pd.factorize(shoppers[s.AGE] + "|" + shoppers[s.HOUSEHOLD])
    return np.where(known, codes, -1).astype(np.int32)
