"""What would move a product up is what the one above it has more of."""

from __future__ import annotations

from recsys.explanation.raising import raising
from recsys.schema import RankedItem


def product(rank: int, **parts: float) -> RankedItem:
    return RankedItem(
        row=rank, item_id=rank, title=f"Product {rank}", icon="", department="", category="", price=None, rank=rank,
        score=sum(parts.values()), parts=parts, facts={}, reason="", similarity=None,
    )  # fmt: skip


def test_the_parts_in_which_the_one_above_leads_most_are_named_with_their_points() -> None:
    said = raising(product(2, words=0.30, meaning=0.10), product(1, words=0.25, meaning=0.20, popular=0.08))
    # 0.53 - 0.40 = 13 points; meaning leads by 10, popularity by 8, words by -5
    assert (
        said
        == "13.0 points more would make it number 1: “Product 1” there has more of Meaning (+10.0) and Popular (+8.0)."
    )


def test_nothing_stands_above_the_first() -> None:
    assert raising(product(1, words=0.3), None) == "It is the first: nothing stands above it."


def test_equal_scores_are_called_chance() -> None:
    assert "as many points" in raising(product(2, words=0.3), product(1, words=0.3))
