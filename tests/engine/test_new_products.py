"""A new product in every shop: exact places, months counted by hand, and words for what cannot be."""

from __future__ import annotations

import math

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.engine.new_products import LADDER, MOST_DESCRIPTION, MOST_TITLE, REACHED, NewProduct, read_price
from recsys.errors import BadRequestError
from recsys.schema.capabilities import Capability


def known(engine: Engine, row: int = 3) -> NewProduct:
    """A new product that is called as one that is there."""
    return NewProduct(str(engine.catalogue.names[row]), str(engine.catalogue.categories[row]))


def test_its_nearest_products_are_those_nearest_to_its_text(any_engine: Engine) -> None:
    found = any_engine.new_products.foresee(known(any_engine))
    cosines = [cosine for _, cosine in found.nearest]
    assert cosines == sorted(cosines, reverse=True)
    assert cosines[0] == pytest.approx(float(any_engine.index.scores(found.vector).max()), abs=1e-4)
    kinds = any_engine.catalogue.kinds[[row for row, _ in found.nearest]]
    assert len(set(kinds.tolist())) == len(kinds)


def test_its_places_are_those_of_a_list_made_whole(any_engine: Engine) -> None:
    found = any_engine.new_products.foresee(known(any_engine))
    tastes = any_engine.new_products._tastes
    if found.reach is None:
        assert not len(any_engine.portraits.table.items)
        return
    assert found.reach.people == len(tastes)
    kinds = any_engine.catalogue.kinds
    for person in range(0, len(tastes), max(1, len(tastes) // 5)):
        scores = any_engine.index.scores(tastes[person])
        of_kind = np.full(int(kinds.max()) + 1, -np.inf, np.float32)
        np.maximum.at(of_kind, kinds, scores)
        mine = float(tastes[person] @ found.vector)
        above, level = int((of_kind > mine + 1e-5).sum()), int((np.abs(of_kind - mine) <= 1e-5).sum())
        rank = int(found.reach.ranks[person])
        assert rank == LADDER + 1 if above >= LADDER else above + 1 <= rank <= above + 1 + level
    for most, within in zip(REACHED, found.reach.within, strict=True):
        assert within == (found.reach.ranks <= most).sum()
    assert sum(lists for _, lists in found.reach.displaced) <= found.reach.within[0]


def test_a_first_month_is_counted_from_the_purchases(any_engine: Engine) -> None:
    found = any_engine.new_products.foresee(known(any_engine))
    table = any_engine.portraits.table
    if not any_engine.capabilities.has(Capability.DATES):
        assert found.month is None
        return
    if found.month is None:
        return
    assert found.month.low <= found.month.median <= found.month.high
    if not found.month.launched:
        row, buyers = int(found.month.rows[0]), int(found.month.buyers[0])
        mine = table.items == row
        begun = table.days[mine].min()
        inside = mine & (table.days < begun + 30)
        assert buyers == len(set(table.shopper_of_entry[inside].tolist()))
    assert found.month.held is None or 0 <= found.month.held <= 1


def test_every_word_left_out_is_run_again(any_engine: Engine) -> None:
    product = NewProduct("red woollen winter socks")
    found = any_engine.new_products.foresee(product)
    changes = any_engine.new_products.changes(found)
    assert [each.what for each in changes] == [f"without “{word}”" for word in product.title.split()]
    alone = any_engine.new_products.foresee(NewProduct("woollen winter socks"))
    assert changes[0].nearest == alone.nearest[0][0]
    assert changes[0].within == (None if alone.reach is None else alone.reach.within)


def test_another_price_moves_what_it_is_compared_with_and_nobody_it_reaches(any_engine: Engine) -> None:
    if not any_engine.capabilities.has(Capability.PRICES):
        return
    price = float(np.nanmedian(any_engine.catalogue.prices))
    found = any_engine.new_products.foresee(NewProduct("Something", price=price))
    plain = any_engine.new_products.foresee(NewProduct("Something"))
    assert (found.reach is None) == (plain.reach is None)
    if found.reach is not None and plain.reach is not None:
        assert found.reach.within == plain.reach.within
    bands = [each.what for each in any_engine.new_products.changes(found) if "band" in each.what]
    assert len(bands) == (0 if found.month is None else 2)


def test_attributes_and_make_are_read_once(any_engine: Engine) -> None:
    found = any_engine.new_products.foresee(NewProduct("Red lamp", brand="Lumen", attributes=("red", "oak")))
    assert found.text == "Red lamp. oak. Lumen."


def test_a_text_made_as_a_new_ones_is_near_the_shops_own(any_engine: Engine) -> None:
    assert 0.7 < any_engine.new_products.alike <= 1.001


@pytest.mark.parametrize(
    ("product", "said"),
    [
        (NewProduct(" "), "without a title"),
        (NewProduct("…!"), "without a title"),
        (NewProduct("x" * (MOST_TITLE + 1)), "the title has 201 characters"),
        (NewProduct("x", description="y" * (2 * MOST_DESCRIPTION)), "the description has 10,000 characters"),
        (NewProduct("x", category="no such thing"), "there is no category"),
        (NewProduct("x", price=-1.0), "cannot be meant"),
        (NewProduct("x", price=0.0), "cannot be meant"),
        (NewProduct("x", price=math.nan), "cannot be meant"),
        (NewProduct("x", price=1e12), "cannot be meant"),
    ],
)
def test_what_cannot_be_is_refused_in_words(product: NewProduct, said: str, any_engine: Engine) -> None:
    with pytest.raises(BadRequestError, match=said):
        any_engine.new_products.foresee(product)


def test_what_the_shop_cannot_say_is_said(any_engine: Engine) -> None:
    notes = " ".join(any_engine.new_products.foresee(NewProduct("Something")).notes)
    has = any_engine.capabilities.has
    assert ("no prices" in notes) == (not has(Capability.PRICES))
    if not len(any_engine.portraits.table.items):
        assert "Nobody has bought anything here yet" in notes
    elif not has(Capability.DATES):
        assert "first month" in notes


def test_the_shop_is_as_it_was(any_engine: Engine) -> None:
    before = any_engine.catalogue.size
    any_engine.new_products.foresee(NewProduct("A product that nobody has"))
    assert any_engine.catalogue.size == before
    assert any_engine.catalogue.row("A product that nobody has") is None


@pytest.mark.parametrize(
    ("typed", "locale", "price"),
    [
        ("12.50", "de_DE", 12.5), ("12,50", "en_US", 12.5), ("1,000", "en_US", 1000.0), ("1,299.00", "en_US", 1299.0),
        ("1.299,00", "de_DE", 1299.0), ("25", "en_US", 25.0), ("-1", "en_US", -1.0), ("1_000", "en_US", None),
        ("1e-320", "en_US", None), ("nan", "en_US", None), ("12.5.0", "en_US", None), ("", "en_US", None),
    ],
)  # fmt: skip
def test_a_price_is_read_as_the_shop_writes_numbers(typed: str, locale: str, price: float | None) -> None:
    assert read_price(typed, locale) == price
