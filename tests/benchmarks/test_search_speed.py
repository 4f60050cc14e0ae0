"""Every way of searching that is timed finds what it should, and the results say what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd
import pytest

from benchmarks import peers, search, search_speed
from benchmarks.search_speed import COMPLETIONS, ENCODING, FINER, FUSION, TANTIVY, WORDS, Effort, Shop
from recsys import schema as s
from recsys.evaluation.search.indexing import ranker_of
from recsys.evaluation.search.systems import Prepared
from recsys.schema import Floats

if TYPE_CHECKING:
    from recsys.engine import Engine

TITLES = ("Whole milk", "Oat drink", "Rye bread", "Dog food", "Green tea", "Paper towels", "Bananas", "Dish soap",
          "Tomatoes", "Rice", "Black beans", "Whole chicken")  # fmt: skip


def encode(text: str) -> Floats:
    """Each title is a direction of its own; what is none of them has a bit of each."""
    vector = np.array([text.lower() == title.lower() for title in TITLES], np.float32) + np.float32(0.01)
    return np.asarray(vector / np.linalg.norm(vector), np.float32)


@pytest.fixture
def shop() -> Shop:
    table = {s.ITEM_ID: range(len(TITLES)), s.TITLE: TITLES, s.BRAND: "", s.CATEGORY: "Groceries", s.PRICE: 1.0}
    return search_speed.shop_of(pd.DataFrame(table), np.array([encode(title) for title in TITLES]))


@pytest.mark.parametrize("name", [FUSION, FINER, WORDS, TANTIVY])
def test_every_search_finds_the_one_product_of_that_name_first(name: str, shop: Shop) -> None:
    if name == TANTIVY:
        pytest.importorskip("tantivy")
    with search_speed.searches(shop, encode) as (ways, _):
        assert [int(ways[name](title)[0]) for title in TITLES] == list(range(len(TITLES)))


def test_tantivy_reads_what_people_type_without_an_error_and_matches_stems() -> None:
    pytest.importorskip("tantivy")
    found = peers.tantivy_words({"title": TITLES}, 10)
    assert found is not None
    assert found("banana").tolist() == [6]
    for typed in ('"', "2% milk AND (", "title:", "-", "a:b:c"):
        found(typed)


def test_a_peer_that_is_not_installed_is_left_out_and_said(shop: Shop, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "optional", lambda module: None)
    rows, left_out = search_speed.compared(shop, encode, TITLES[:2], blocks=1)
    assert [row["what"] for row in rows] == [FUSION, FINER, ENCODING, WORDS]
    assert "tantivy" in left_out


def test_a_larger_shop_repeats_the_products_and_moves_their_vectors_a_little(shop: Shop) -> None:
    larger = shop.repeated(30)
    assert larger.catalogue.titles == (TITLES * 3)[:30]
    assert len(set(larger.catalogue.ids)) == len(larger.catalogue) == len(larger.catalogue.prices) == 30
    np.testing.assert_allclose(np.linalg.norm(larger.titles, axis=1), 1.0, rtol=1e-5)
    assert 0.99 < float(larger.titles[0] @ larger.titles[12]) < 1.0  # both are whole milk
    assert float(larger.titles[0] @ larger.titles[1]) < 0.5


def test_every_search_stands_beside_the_fusion_of_its_size() -> None:
    rows = [
        {"what": what, "products": products, "p50_ms": ms}
        for what, products, ms in (
            (COMPLETIONS, 10, 0.1),
            (FUSION, 10, 2.0),
            (WORDS, 10, 1.0),
            (FUSION, 20, 4.0),
            (WORDS, 20, 12.0),
        )
    ]
    assert search_speed.beside(rows) == {"10": {WORDS: 0.5}, "20": {WORDS: 3.0}}


def test_completions_and_searches_are_measured_at_both_sizes_with_their_bars(sample_engine: Engine) -> None:
    engine = sample_engine
    vectors = engine.index.vectors_at(np.arange(engine.index.size, dtype=np.int32))
    effort = Effort(queries=3, blocks=1, larger=2_000, naive=False)
    found = search_speed.run(
        engine.items,
        vectors,
        lambda text: engine.encoder.encode([text])[0],
        engine._understanding,
        engine.settings.encoder,
        effort,
    ).as_json()
    sizes = [row["products"] for row in found["rows"] if row["what"] == FUSION]
    assert sizes == [len(engine.items), 2_000]
    for what, limit in ((COMPLETIONS, 5), (FUSION, 10), (FINER, 40)):
        bars = [bar["bar"] for bar in found["bars"] if bar["what"].startswith(f"{what}, p95")]
        assert bars == [f"<= {limit} ms"] * 2
    assert {row["n"] for row in found["rows"] if row["what"] != COMPLETIONS} == {3}


def test_torch_has_its_threads_back_after_the_measurement() -> None:
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    with search_speed.torch_on_one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before


def test_the_electronics_shop_is_timed_by_the_same_contenders_at_each_size(
    shop: Shop, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(search, "SIZES", (12, 40))
    ranker = ranker_of(shop.catalogue, shop.titles, shop.descriptions)
    rows = search.timed(Prepared(shop.catalogue, ranker, shop.titles, encode), TITLES[:3], rounds=2)
    ours = [(row["products"], row["what"], row["n"]) for row in rows if row["what"] in (FUSION, FINER)]
    assert ours == [(12, FUSION, 6), (12, FINER, 6), (40, FUSION, 6), (40, FINER, 6)]
