"""Every way of searching that is timed finds what it should, and the results say what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pytest

from benchmarks import peers, search_speed
from benchmarks.search_speed import COMPLETIONS, ENCODING, FINER, FUSION, TANTIVY, WORDS, Effort
from recsys.engine import imported
from recsys.learning.reinforcement.network import one_thread
from recsys.settings import Settings
from recsys.shops.imported.catalogue import of_products
from recsys.shops.imported.product_fields import product_of

if TYPE_CHECKING:
    from pathlib import Path

    from recsys.engine import Engine

TITLES = ("Whole milk", "Oat drink", "Rye bread", "Dog food", "Green tea", "Paper towels", "Bananas", "Dish soap",
          "Tomatoes", "Rice", "Black beans", "Whole chicken")  # fmt: skip


@pytest.fixture(scope="module")
def shop(prepared_cache: Path, tmp_path_factory: pytest.TempPathFactory) -> Engine:
    raw = [product_of({"id": str(row), "title": title, "category": "Groceries"}) for row, title in enumerate(TITLES)]
    catalogue = of_products("twelve", [product for product in raw if product], "0123456789abcdef")
    state = tmp_path_factory.mktemp("state")
    return imported.open_catalogue(catalogue, Settings(cache_dir=prepared_cache, state_dir=state))


@pytest.mark.parametrize("name", [FUSION, FINER, WORDS, TANTIVY])
def test_every_search_finds_the_one_product_of_that_name_first(name: str, shop: Engine) -> None:
    if name == TANTIVY:
        pytest.importorskip("tantivy")
    ways, _ = search_speed.searches(shop)
    assert [int(ways[name](title)[0]) for title in TITLES] == list(range(len(TITLES)))


def test_tantivy_reads_what_people_type_without_an_error_and_matches_stems() -> None:
    pytest.importorskip("tantivy")
    found = peers.tantivy_words({"title": TITLES}, 10)
    assert found is not None
    assert found("banana").tolist() == [6]
    for typed in ('"', "2% milk AND (", "title:", "-", "a:b:c"):
        found(typed)


def test_a_peer_that_is_not_installed_is_left_out_and_said(shop: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(peers, "optional", lambda module: None)
    rows, left_out = search_speed.compared(shop, TITLES[:2], blocks=1)
    assert [row["what"] for row in rows] == [FUSION, FINER, ENCODING, WORDS]
    assert "tantivy" in left_out


def test_a_larger_shop_repeats_the_products_moves_their_vectors_a_little_and_leaves_nothing(shop: Engine) -> None:
    with search_speed.repeated(shop, 30) as larger:
        assert tuple(larger.catalogue.titles) == (TITLES * 3)[:30]
        vectors = search_speed.all_vectors(larger)
        np.testing.assert_allclose(np.linalg.norm(vectors, axis=1), 1.0, rtol=1e-3)
        assert 0.95 < float(vectors[0] @ vectors[12]) < 1.0  # both are whole milk, each moved
        assert float(vectors[0] @ vectors[3]) < 0.8
        assert larger.index.distinct.shape[0] == 30
        folder = larger.settings.cache_dir / larger.shop.name
        assert folder.is_dir()
    assert not folder.exists()


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
    effort = Effort(queries=3, blocks=1, larger=2_000, naive=False)
    found = search_speed.run(sample_engine, effort).as_json()
    sizes = [row["products"] for row in found["rows"] if row["what"] == FUSION]
    assert sizes == [len(sample_engine.items), 2_000]
    for what, limit in ((COMPLETIONS, 5), (FUSION, 15), (FINER, 40)):
        bars = [bar["bar"] for bar in found["bars"] if bar["what"].startswith(f"{what}, p95")]
        assert bars == [f"<= {limit} ms"] * 2
    assert {row["n"] for row in found["rows"] if row["what"] != COMPLETIONS} == {3}


def test_torch_has_its_threads_back_after_the_measurement() -> None:
    torch = pytest.importorskip("torch")
    before = torch.get_num_threads()
    with one_thread():
        assert torch.get_num_threads() == 1
    assert torch.get_num_threads() == before
