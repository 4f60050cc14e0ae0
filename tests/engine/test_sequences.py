"""What a Transformer makes of somebody's visits: the prepared one is the one that placed the shoppers."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import ClassVar

import numpy as np
import pytest

from recsys.engine import Engine
from recsys.engine.sequences import PREPARED, Opened, Sequences
from recsys.errors import ArtifactError
from recsys.explanation.sequence_attributions import COMPLETE
from recsys.schema import NEW_SHOPPER, Request
from recsys.training import records
from recsys.training.records import Data
from tests.engine.test_any_shop import shopper_of
from tests.recommenders.transformer.made import NOTHING, circles, small


def test_the_prepared_model_is_asked_and_is_the_one_that_placed_the_shopper(any_engine: Engine) -> None:
    there = any_engine.sequences.there()
    request = Request(shopper=shopper_of(any_engine), k=8)
    if any_engine.space is None or not len(any_engine.shoppers):
        assert there == ()
        pytest.skip("this shop has no space of pictures and words, or nobody in it")
    place = any_engine.space.shopper(1)
    if place is None:
        assert there == ()
        pytest.skip("too little was bought here to learn from")
    assert there[0].id == PREPARED
    row = any_engine.answer(request).items[0].row
    found = any_engine.sequences.explained(request, row, there[0])
    assert found is not None
    product = np.asarray(any_engine.space.products[row], np.float32)
    product = product / np.linalg.norm(product)
    assert found.score == pytest.approx(float(product @ place), abs=5e-3)  # bfloat16, where the machine has it
    assert abs(found.missed) < COMPLETE
    assert found.attention.sum() == pytest.approx(1, abs=1e-6)
    bought = {each.row for each in any_engine.whys.bought(request)}
    assert {int(item) for items in found.items for item in items} <= bought


def test_what_is_left_out_of_the_request_is_left_out_of_the_visits(any_engine: Engine) -> None:
    there = any_engine.sequences.there()
    bought = any_engine.whys.bought(Request(shopper=shopper_of(any_engine)))
    if not there or not bought:
        pytest.skip("this shop has no Transformer or no purchases")
    some = Request(shopper=shopper_of(any_engine), without=(bought[0].item_id,))
    found = any_engine.sequences.explained(some, 0, there[0])
    items = set() if found is None else {int(item) for items in found.items for item in items}
    assert bought[0].row not in items
    everything = Request(shopper=shopper_of(any_engine), without=tuple(each.item_id for each in bought))
    assert any_engine.sequences.explained(everything, 0, there[0]) is None
    assert any_engine.sequences.explained(Request(shopper=NEW_SHOPPER), 0, there[0]) is None


def trained(folder: Path, shop: str) -> Sequences:
    """A door behind which one Transformer was trained on circles, and one of another shop."""
    model = small().fit(circles(), NOTHING)
    for dataset in (shop, "elsewhere"):
        record = records.create(folder, "transformer", Data(dataset=dataset), model.settings(), 0)
        model.save(record.path / records.MODEL)
        records.write(replace(record, state=records.FINISHED))
    return Sequences(lambda: None, lambda: np.zeros((0, 1), np.float32), folder, shop, circles, people=_People())  # type: ignore[arg-type]


class _People:
    """Shoppers by number, products by number."""

    row_of_item: ClassVar[dict[str, int]] = {str(row): row for row in range(12)}

    @staticmethod
    def row(shopper: str | None) -> int | None:
        return None if shopper is None else int(shopper)


def test_a_trained_one_of_this_shop_is_found_and_asked(tmp_path: Path) -> None:
    door = trained(tmp_path, "here")
    (which,) = door.there()
    found = door.explained(Request(shopper="3"), 9, which)
    assert found is not None
    assert [items.tolist() for items in found.items] == [[(3 + step) % 12] for step in range(6)]


def test_one_that_learned_from_other_products_says_so(tmp_path: Path) -> None:
    door = trained(tmp_path, "here")
    (which,) = door.there()
    door._lines = lambda: replace(circles(), n_items=13)
    with pytest.raises(ArtifactError, match="learned from 12 products"):
        door.explained(Request(shopper="3"), 9, which)
    with pytest.raises(ArtifactError):
        door.explained(Request(shopper="3"), 9, Opened(PREPARED, "", tmp_path / "nothing"))
