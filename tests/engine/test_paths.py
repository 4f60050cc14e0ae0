"""Paths from what somebody bought, of every shop: what is said of them is true of the shop's tables."""

from __future__ import annotations

import numpy as np
import pytest

from recsys import schema as s
from recsys.engine import Engine
from recsys.engine.paths import DRAWN, FRIEND, PRODUCT, SHOWN, VALUE, YOU
from recsys.explanation.knowledge_graph import TOGETHER
from recsys.retrieval.repeat import REPEAT
from recsys.schema import NEW_SHOPPER, Request
from recsys.schema.capabilities import Capability
from tests.engine.test_any_shop import shopper_of


def test_the_things_on_a_path_are_what_they_are_said_to_be(any_engine: Engine) -> None:
    request = Request(shopper=shopper_of(any_engine), k=8)
    bought = {each.row: each.times for each in any_engine.whys.bought(request)}
    table = any_engine.portraits.table
    for item in any_engine.answer(request).items:
        found = any_engine.paths.of(request, item.row)
        assert len(found.paths) <= SHOWN
        assert len(found.around.nodes) <= DRAWN
        assert found.products == len(bought)
        for path in found.paths:
            assert 0 < path.strength <= 1
            assert path.nodes[0].kind == YOU
            assert path.nodes[-1] == (PRODUCT, item.row)
            said = any_engine.paths.said(path)
            assert said.endswith(".")
            if path.through.kind == FRIEND:
                assert item.row in table.of(path.through.at)
                continue
            assert bought[path.nodes[1].at] == path.edges[0].part
            assert any_engine.paths.name(path.nodes[1]) in said or path.through.kind == YOU
            if path.through.kind == VALUE:
                name, kind = any_engine.paths.name(path.through), any_engine.paths.kind(path.through)
                assert {path.nodes[1].at, item.row} <= set(any_engine.paths.graph.with_value(path.through.at).tolist())
                if kind in any_engine.items:
                    assert set(any_engine.items[kind].iloc[[path.nodes[1].at, item.row]]) == {name}


def test_who_bought_nothing_and_nobody_have_no_paths(any_engine: Engine) -> None:
    for request in (Request(k=8), Request(shopper=NEW_SHOPPER, k=8)):
        for item in any_engine.answer(request).items[:3]:
            found = any_engine.paths.of(request, item.row)
            assert found.paths == ()
            assert (PRODUCT, item.row) in found.around.nodes


def test_no_path_begins_with_a_purchase_that_is_left_out(any_engine: Engine) -> None:
    request = Request(shopper=shopper_of(any_engine), k=8)
    bought = any_engine.whys.bought(request)
    if not bought:
        pytest.skip("nobody has bought anything in this shop")
    without = Request(shopper=request.shopper, k=8, without=(bought[0].item_id,))
    for item in any_engine.answer(request).items[:4]:
        begun = {path.nodes[1] for path in any_engine.paths.of(without, item.row).paths if len(path.nodes) > 2}
        assert (PRODUCT, bought[0].row) not in begun


def test_what_a_score_counts_is_said_of_own_purchases_and_of_no_shared_value(any_engine: Engine) -> None:
    request = Request(shopper=shopper_of(any_engine), k=8)
    for item in any_engine.answer(request).items:
        for path in any_engine.paths.of(request, item.row).paths:
            name, exactly = any_engine.paths.counted(path)
            assert exactly is (path.through.kind == YOU)
            assert (name == REPEAT.name) is exactly
            assert bool(name) is (exactly or path.edges[-1].kind == TOGETHER)


def test_what_is_bought_together_is_counted_in_the_shops_own_baskets(sample_engine: Engine) -> None:
    graph, table = sample_engine.paths.graph, sample_engine.portraits.table
    assert graph.by_basket
    assert sample_engine.capabilities.has(Capability.VISITS)
    row = int(np.argmax(np.bincount(table.items, minlength=table.n_items)))
    found = graph.companions(row)
    assert len(found.rows)
    keys = table.shopper_of_entry.astype(np.int64) * 100_000 + table.baskets
    with_it = set(keys[table.items == row].tolist())
    assert found.groups == len(with_it)
    for near, both in list(zip(found.rows.tolist(), found.both.tolist(), strict=True))[:5]:
        assert both == len(with_it & set(keys[table.items == near].tolist()))
    assert list(found.beyond) == sorted(found.beyond, reverse=True)


def test_a_name_that_stands_for_no_brand_connects_nothing(sample_engine: Engine) -> None:
    other = sample_engine.shop.words.other_brand
    values = sample_engine.paths.graph.values
    assert other in set(sample_engine.items[s.BRAND])
    assert other not in {name for kind, name in zip(values.kinds, values.names, strict=True) if kind == s.BRAND}
