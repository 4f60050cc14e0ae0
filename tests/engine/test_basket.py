"""Baskets in a shop that knows visits: completed in money and counts, and said to be missing where it does not."""

from __future__ import annotations

import math
import time
from functools import partial

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.engine.basket import MOST_PIECES, MOST_PRODUCTS
from recsys.errors import ArtifactError, BadRequestError
from recsys.schema.capabilities import Capability
from recsys.settings import Settings

WITH_VISITS = pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)


@pytest.fixture
def engine(made_shop: Settings) -> Engine:
    return Engine.open(made_shop)


def ids(engine: Engine, *rows: int) -> list[tuple[str, int]]:
    return [(str(engine.catalogue.id(row)), 1) for row in rows]


@pytest.mark.parametrize("made_shop", ["outdoor", "bare", "catalogue"], indirect=True)
def test_a_shop_without_visits_says_so_and_refuses_in_words(engine: Engine) -> None:
    assert engine.basket.missing == Capability.VISITS.missing
    with pytest.raises(ArtifactError, match="each purchase stands alone"):
        engine.basket.complete([])


@WITH_VISITS
def test_a_basket_is_completed_by_other_kinds_that_can_be_had(engine: Engine) -> None:
    basket = engine.basket.complete(ids(engine, 3, 7), k=8)
    kinds = engine.catalogue.kinds
    rows = [each.row for each in basket.suggestions]
    assert len(rows) == 8 == len({int(kinds[row]) for row in rows})
    assert not {int(kinds[3]), int(kinds[7])} & {int(kinds[row]) for row in rows}
    assert (engine.catalogue.items["stock"].to_numpy()[rows] > 0).all()
    chances = [each.chance for each in basket.suggestions]
    assert chances == sorted(chances, reverse=True)
    assert 0 < sum(chances) <= 1
    for each in basket.suggestions:
        assert each.score == pytest.approx(sum(each.parts.values()))


@WITH_VISITS
def test_only_what_is_new_leaves_out_what_the_shopper_took_and_nobody_known_took_nothing(engine: Engine) -> None:
    table = engine.portraits.table
    row = int(np.argmax(table.lengths))
    name = str(engine.shoppers["shopper_id"].iloc[row])
    took = set(table.of(row).tolist())
    usual = [each.row for each in engine.basket.complete(ids(engine, 3), name, 20).suggestions]
    new = [each.row for each in engine.basket.complete(ids(engine, 3), name, 20, only_new=True).suggestions]
    assert took & set(usual)
    assert new
    assert not took & set(new)
    assert engine.basket.weights(None, only_new=True) == engine.basket.weights(None)
    plain = engine.basket.complete(ids(engine, 3))
    assert engine.basket.complete(ids(engine, 3), only_new=True).suggestions == plain.suggestions
    basket = engine.basket.complete(ids(engine, 3), name, only_new=True)
    for each in engine.basket.reach(basket, basket.amount + 60, name, only_new=True):
        assert not took & set(each.rows)


@WITH_VISITS
def test_amounts_are_prices_times_pieces(engine: Engine) -> None:
    first, second = (str(engine.catalogue.id(row)) for row in (3, 7))
    basket = engine.basket.complete([(first, 2), (second, 1), (first, 3)])
    assert [(line.row, line.quantity) for line in basket.lines] == [(3, 5), (7, 1)]
    prices = engine.catalogue.prices
    assert basket.amount == pytest.approx(5 * prices[3] + prices[7])
    assert basket.pieces == 6
    assert basket.notes == ("1 entry stood twice: its pieces are added up.",)


@WITH_VISITS
def test_none_one_five_hundred_and_unknown_products_are_answered(engine: Engine) -> None:
    assert engine.basket.complete([]).lines == ()
    assert engine.basket.complete([]).suggestions
    assert len(engine.basket.complete(ids(engine, 0)).lines) == 1
    size = engine.catalogue.size
    many = engine.basket.complete(ids(engine, *range(min(size, MOST_PRODUCTS + 20))))
    assert len(many.lines) == min(size, MOST_PRODUCTS)
    assert (size <= MOST_PRODUCTS) or "at most" in many.notes[-1]
    odd = engine.basket.complete([("no such", 1), ("", 1), ("<b>", 1), ("x" * 300, 1), *ids(engine, 1)])
    assert [line.row for line in odd.lines] == [1]
    assert "and 1 more" in odd.notes[0]
    everything = engine.basket.complete([("nothing", 1)] * 600)
    assert everything.lines == ()


@WITH_VISITS
def test_what_cannot_be_meant_is_refused_in_words(engine: Engine) -> None:
    known = str(engine.catalogue.id(0))
    for pieces in (0, -1, True, 1.5):
        with pytest.raises(BadRequestError, match="cannot be bought"):
            engine.basket.complete([(known, pieces)])  # type: ignore[list-item]
    most = engine.basket.complete([(known, 10**9), (known, 1)])
    assert most.lines[0].quantity == MOST_PIECES
    assert "Of 1 product more than 99 pieces are asked for: 99 count." in most.notes
    for k in (0, -1, 51, 1.5, True):
        for asked in (
            partial(engine.basket.complete, []),
            partial(engine.basket.complements, known),
            partial(engine.basket.substitutes, known),
            partial(engine.basket.reach, most, most.amount + 30),
        ):
            with pytest.raises(BadRequestError, match=f"k={k}"):
                asked(k=k)
    with pytest.raises(BadRequestError, match="no shopper"):
        engine.basket.complete([], "nobody at all")
    with pytest.raises(BadRequestError, match="no product"):
        engine.basket.substitutes("no such")
    for amount in (-5.0, 0.0, math.nan, math.inf):
        with pytest.raises(BadRequestError, match="cannot be meant"):
            engine.basket.reach(engine.basket.complete([]), amount)
        with pytest.raises(BadRequestError, match="cannot be meant"):
            engine.basket.substitutes(known, below=amount)


@WITH_VISITS
def test_a_price_below_nothing_counts_as_unknown(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    prices = engine.catalogue.prices.copy()
    prices[3], prices[7] = -4.0, np.nan
    monkeypatch.setattr(engine.catalogue, "prices", prices)
    basket = engine.basket.complete(ids(engine, 3, 7, 8))
    assert basket.unpriced == 2
    assert basket.amount == pytest.approx(prices[8])


@WITH_VISITS
def test_a_product_out_of_stock_says_so_and_is_never_suggested(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    best = engine.basket.complete([]).suggestions[0].row
    stock = engine.catalogue.items["stock"].to_numpy().copy()
    monkeypatch.setitem(engine.basket.__dict__, "_out", np.arange(len(stock)) == best)
    basket = engine.basket.complete(ids(engine, best))
    assert basket.lines[0].in_stock is False
    assert best not in [each.row for each in engine.basket.complete([]).suggestions]
    assert best not in [each.row for each in engine.basket.substitutes(str(engine.catalogue.id(3)))]


@WITH_VISITS
def test_sets_bring_the_basket_to_the_amount(engine: Engine) -> None:
    basket = engine.basket.complete(ids(engine, 3))
    found = engine.basket.reach(basket, basket.amount + 60)
    assert found
    for each in found:
        assert each.amount >= basket.amount + 60 - 1e-6
        assert each.amount == pytest.approx(basket.amount + float(engine.catalogue.prices[list(each.rows)].sum()))
        assert 3 not in each.rows
    assert engine.basket.reach(basket, basket.amount) == ()


@WITH_VISITS
def test_what_stands_in_is_of_the_category_alike_and_no_dearer_where_that_is_asked(engine: Engine) -> None:
    catalogue = engine.catalogue
    seen = 0
    for row in range(0, catalogue.size, 7):
        price = float(catalogue.prices[row])
        for each in engine.basket.substitutes(str(catalogue.id(row)), below=price):
            seen += 1
            assert catalogue.categories[each.row] == catalogue.categories[row]
            assert catalogue.prices[each.row] <= price
            assert each.cosine >= 0.6
            assert each.row != row
    assert seen


@WITH_VISITS
def test_a_usual_basket_holds_what_its_shopper_took_again(engine: Engine) -> None:
    found = {shopper: engine.basket.usual(shopper) for shopper in engine.shoppers["shopper_id"].astype(str)}
    for shopper, basket in found.items():
        often = engine.history(shopper, 10_000).set_index("item")["times"]
        assert all(often[engine.catalogue.row(item)] >= 3 for item in basket)
    assert engine.basket.usual("new") == ()


@WITH_VISITS
def test_an_answer_takes_well_under_fifty_milliseconds(engine: Engine) -> None:
    wanted = ids(engine, *range(20))
    engine.basket.complete(wanted)
    took = []
    for _ in range(5):
        began = time.perf_counter()
        engine.basket.complete(wanted)
        took.append(time.perf_counter() - began)
    assert min(took) < 0.05


@WITH_VISITS
def test_whether_a_basket_counts_follows_from_the_weights(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    known, weights = engine.basket._known
    for name in ("together", "usual"):
        mine = {case: {**dict.fromkeys(of, 0.0), name: 1.0} for case, of in weights.items()}
        monkeypatch.setitem(engine.basket.__dict__, "_known", (known, mine))
        assert engine.basket.heeds_baskets(None) == (name == "together")


@WITH_VISITS
def test_as_many_pieces_are_suggested_as_the_shopper_or_else_most_take(
    engine: Engine, monkeypatch: pytest.MonkeyPatch
) -> None:
    table = engine.portraits.table
    person = int(np.argmax(table.lengths))
    name = str(engine.shoppers["shopper_id"].iloc[person])
    mine = table.shopper_of_entry == person
    monkeypatch.setitem(engine.portraits.__dict__, "pieces", np.where(mine, 3, 2).astype(np.int64))
    engine.basket.__dict__.pop("_pieces", None)
    took = set(table.of(person).tolist())
    for each in engine.basket.complete(ids(engine, 3), name, 20).suggestions:
        bought = np.isin(table.items[~mine], [each.row]).any()
        assert each.pieces == (3 if each.row in took else 2 if bought else 1)
    engine.basket.__dict__.pop("_pieces", None)
