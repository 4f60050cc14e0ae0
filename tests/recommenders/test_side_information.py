"""Friendships of the table as a matrix."""

from __future__ import annotations

import pandas as pd

from recsys import schema as s
from recsys.recommenders.side_information import friendships


def test_a_friendship_stands_once_where_the_table_has_it_twice() -> None:
    table = pd.DataFrame({s.SHOPPER: [0, 2, 0], s.FRIEND: [2, 0, 2]})
    assert friendships(table, 3).toarray().tolist() == [[0, 0, 1], [0, 0, 0], [1, 0, 0]]
