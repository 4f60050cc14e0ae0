"""A blend that could not be saved leaves the one that was saved before, whole."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.errors import StorageError
from recsys.ranking.blend import Blend, BlendSettings
from recsys.ranking.blend.choosing import Choosing
from recsys.ranking.blend.network import NetworkSettings
from recsys.ranking.blend.trees import TreeSettings
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.most_popular import MostPopular
from recsys.recommenders.transitions import Transitions
from tests.full_disk import room_for
from tests.ranking.blend.made import outcomes

N = 20


def circles(n_shoppers: int = 60) -> Interactions:
    rows = [((np.arange(4) + shopper) % N).astype(np.int32) for shopper in range(n_shoppers)]
    return from_sequences(rows, N)


HISTORIES = circles()
VISITS = Visits(HISTORIES, np.arange(60, dtype=np.int32), HISTORIES.lengths.astype(np.int32))


def learned(kind: str) -> Blend:
    """A blend that learned to name the item after the next, with one kind of ranker."""
    choosing = Choosing(
        kinds=(kind,),
        trees=TreeSettings(rounds=(5,), smallest_leaf=5, threads=1),
        network=NetworkSettings(epochs=(3,), hidden=8, visits_per_step=16, learning_rate=0.02),
    )
    settings = BlendSettings(first=6, others=3, earlier_baskets=0, choosing=choosing)
    blend = Blend({"most-popular": MostPopular(), "pctm": Transitions()}, settings).fit(HISTORIES, SideInformation())
    return blend.learn(VISITS, outcomes(*[[(shopper + 5) % N] for shopper in range(60)], n_items=N))


TREES, NETWORK = learned("trees"), learned("network")


def files(folder: Path) -> dict[str, bytes]:
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.99], ids=lambda share: f"room for {share:.0%} of the largest file")
@pytest.mark.parametrize("other", [TREES, NETWORK], ids=["trees", "network"])
def test_a_save_that_finds_no_room_leaves_the_one_before_it(other: Blend, share: float, tmp_path: Path) -> None:
    other.save(tmp_path / "elsewhere")
    largest = max(len(content) for content in files(tmp_path / "elsewhere").values())
    NETWORK.save(tmp_path / "blend")
    before = files(tmp_path / "blend")
    with room_for(int(share * largest)), pytest.raises(StorageError):
        other.save(tmp_path / "blend")
    assert files(tmp_path / "blend") == before
    assert np.array_equal(Blend.load(tmp_path / "blend").score(VISITS), NETWORK.score(VISITS))


def test_a_blend_takes_the_place_of_another(tmp_path: Path) -> None:
    assert (TREES.report["kind"], NETWORK.report["kind"]) == ("trees", "network")
    for blend in (NETWORK, TREES, NETWORK):
        blend.save(tmp_path)
        assert np.array_equal(Blend.load(tmp_path).score(VISITS), blend.score(VISITS))


def test_a_loaded_blend_can_be_saved_where_it_lies(tmp_path: Path) -> None:
    TREES.save(tmp_path)
    loaded = Blend.load(tmp_path)
    loaded.save(tmp_path)
    for blend in (loaded, Blend.load(tmp_path)):
        assert np.array_equal(blend.score(VISITS), TREES.score(VISITS))
