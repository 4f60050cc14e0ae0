"""What would move a product up is what the one above it has more of; what holds it is what it has more of itself."""

from __future__ import annotations

from recsys.explanation.raising import holding, raising
from recsys.schema import RankedItem


def product(rank: int, **parts: float) -> RankedItem:
    return RankedItem(
        row=rank, item_id=rank, title=f"Product {rank}", icon="", department="", category="", price=None, rank=rank,
        score=sum(parts.values()), parts=parts, facts={}, reason="", similarity=None,
    )  # fmt: skip


def test_the_parts_in_which_the_one_above_leads_most_are_named_with_their_points() -> None:
    said = raising(product(2, words=0.30, meaning=0.10), product(1, words=0.25, meaning=0.20, popular=0.08))
    # 0.53 - 0.40 = 13 points; meaning leads by 10, popularity by 8, words by -5
    assert said.startswith("13.0 points more would make it number 1: “Product 1” there has more of ")
    assert said.endswith(" “Meaning” (+10.0) and “Popular” (+8.0).")


def test_what_holds_a_product_above_the_next_is_what_it_has_more_of() -> None:
    said = holding(product(1, words=0.25, meaning=0.20, popular=0.08), product(2, words=0.30, meaning=0.10))
    assert said.startswith("It stands above number 2, “Product 2”, by 13.0 points: it has more of ")
    assert said.endswith(" “Meaning” (+10.0) and “Popular” (+8.0).")
    assert holding(product(5, words=0.3), None) == "It is the last that is shown."
    assert "as many points" in holding(product(1, words=0.3), product(2, words=0.3))


def test_nothing_stands_above_the_first() -> None:
    assert raising(product(1, words=0.3), None) == "It is the first: nothing stands above it."


def test_equal_scores_are_called_chance() -> None:
    assert "as many points" in raising(product(2, words=0.3), product(1, words=0.3))
