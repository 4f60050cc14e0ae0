"""What every retriever can do."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from recsys.interest.history import Affinity
from recsys.query.translation import NOTHING, Translation
from recsys.retrieval.fielded import QueryWords
from recsys.schema import Candidates, Floats, Mask, Rows


@dataclass(frozen=True, slots=True)
class Signals:
    """What is known about one request: each retriever takes what it needs and finds nothing without it."""

    query: str = ""
    query_vector: Floats | None = None  # (d,)
    affinity: Affinity | None = None
    interest: Floats | None = None  # (d,) from the history alone
    translation: Translation = NOTHING  # what the glossary has for a query in another language
    wished: Floats | None = None  # (n_items,) how near each product comes to the size or label wished for, 0..1
    looks: Floats | None = None  # (128,) the picture to look like, in the space of pictures and words
    words: QueryWords | None = None  # what the index of words says of the query; None where nobody asked it


class Retriever(Protocol):
    """Finds candidates in one way, and scores any product in the same way.

    Scores are >= 0 where the retriever has an opinion and 0 where it has none.
    """

    name: str

    def retrieve(self, signals: Signals, k: int, allowed: Mask | None = None) -> Candidates:
        """The best k products, best first, ties by row; fewer when there are fewer, none without its signal."""

    def score(self, signals: Signals, rows: Rows) -> Floats:
        """The retriever's own score of each of these rows, (len(rows),)."""
