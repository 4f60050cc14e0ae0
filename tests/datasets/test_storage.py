from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from recsys.datasets import storage
from recsys.datasets.contract import Dataset
from recsys.errors import ArtifactError


def test_what_is_saved_is_loaded_again(small: Dataset, tmp_path: Path) -> None:
    info = storage.save(small, tmp_path)
    pd.testing.assert_frame_equal(storage.load_items(tmp_path), small.items)
    pd.testing.assert_frame_equal(storage.load_shoppers(tmp_path), small.shoppers)
    assert storage.load_cleaning(tmp_path) == small.cleaning
    assert json.loads((tmp_path / "dataset.json").read_text(encoding="utf-8")) == info
    assert (info["first_day"], info["last_day"], info["days"]) == ("2017-01-01", "2017-01-15", 15)


def test_histories_are_sparse_rows_by_shopper(small: Dataset, tmp_path: Path) -> None:
    storage.save(small, tmp_path)
    arrays = {n: np.load(tmp_path / f"history_{n}.npy") for n in ("indptr", "item", "day", "basket", "quantity")}
    assert arrays["indptr"].tolist() == [0, 3, 3, 5]  # the second household has none
    assert arrays["item"].tolist() == [0, 0, 1, 1, 2]
    assert arrays["day"].tolist() == [0, 7, 14, 2, 2]
    assert arrays["basket"].tolist() == [0, 1, 2, 0, 0]  # numbered anew for each household
    assert arrays["quantity"].tolist() == [2, 1, 1, 1, 1]
    assert [a.dtype.name for a in arrays.values()] == ["int64", "int32", "int16", "int32", "int16"]


def test_lines_of_one_product_in_one_basket_become_one_entry(small: Dataset) -> None:
    twice = replace(small, events=pd.concat([small.events, small.events.head(1)], ignore_index=True))
    assert storage.history(twice)["history_quantity"].tolist() == [2 + 2, 1, 1, 1, 1]


def test_a_damaged_table_is_an_artifact_error_with_a_remedy(small: Dataset, tmp_path: Path) -> None:
    storage.save(small, tmp_path)
    (tmp_path / "items.parquet").write_bytes(b"PAR1")
    (tmp_path / "cleaning.json").write_text("{", encoding="utf-8")
    with pytest.raises(ArtifactError, match=r"items.parquet.*prepare"):
        storage.load_items(tmp_path)
    with pytest.raises(ArtifactError, match=r"cleaning.json.*prepare"):
        storage.load_cleaning(tmp_path)
    with pytest.raises(ArtifactError, match=r"shoppers.parquet.*prepare"):
        storage.load_shoppers(tmp_path / "nowhere")
