"""What torch trained is served by numpy alone: the same numbers, no torch, no later basket looked at."""

from __future__ import annotations

import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch

from recsys.datasets.interactions import Interactions
from recsys.errors import ArtifactError
from recsys.recommenders.contract import SideInformation
from recsys.recommenders.transformer import serving
from recsys.recommenders.transformer.batches import GAPS, Batch, baskets_of, training_batches, visit_batches
from recsys.recommenders.transformer.recommender import TransformerRecommender
from recsys.recommenders.transformer.training import learned_arrays
from recsys.settings import PROJECT
from tests.recommenders.recommender_contract import basket_data, sequence_data, side_information, visits_of
from tests.recommenders.transformer.made import NOTHING, circles, everything_known, network, outings, small

REPEATS = sequence_data([0, 1, 0, 0, 2, 1, 0, 3], [7], [], [5, 5, 5])
CASES: dict[str, tuple[Interactions, SideInformation, dict[str, Any]]] = {
    "dated baskets, all that can be known, two heads and layers": (
        outings(12),
        everything_known(12),
        {"heads": 2, "layers": 2},
    ),
    "attributes and text, four heads": (outings(12), side_information(12), {"heads": 4}),
    "kinds alone, three layers": (REPEATS, SideInformation(kinds=np.arange(8, dtype=np.int32) % 3), {"layers": 3}),
    "sequences with repeats, ids alone": (REPEATS, NOTHING, {}),
    "only the latest three": (outings(12), NOTHING, {"max_length": 3, "heads": 8, "feed_forward": 32}),
}


@pytest.mark.parametrize("case", CASES)
def test_numpy_serves_what_torch_computes(case: str) -> None:
    data, side, settings = CASES[case]
    made, content = network(side, data, **settings)
    learned, visits = learned_arrays(made, content), visits_of(data, day=300)
    seen = serving.interest_vectors(learned, made.blocks[0].heads, visits)
    with torch.no_grad():
        vectors = made.item_vectors(content)
        for rows, batch in visit_batches(visits, len(made.positions)):
            found = made.interests(batch, vectors[torch.from_numpy(batch.bags.items)])
            latest = found.view(*batch.shape, -1)[:, -1]
            np.testing.assert_allclose(seen[rows], latest.numpy(), atol=1e-4)
            logits = latest * made.scale @ vectors.T
            np.testing.assert_allclose(serving.scores(learned, seen[rows]), logits.numpy(), atol=1e-4)


@pytest.mark.parametrize("case", CASES)
def test_interests_and_items_have_length_one_and_nobody_without_a_history_has_an_interest(case: str) -> None:
    data, side, settings = CASES[case]
    learned = learned_arrays(*network(side, data, **settings))
    lengths = np.linalg.norm(serving.interest_vectors(learned, settings.get("heads", 1), visits_of(data)), axis=1)
    np.testing.assert_allclose(lengths, data.lengths > 0, atol=1e-5)
    np.testing.assert_allclose(np.linalg.norm(learned["vectors"], axis=1), 1, atol=1e-5)


def test_a_scale_beyond_its_limit_is_served_as_it_was_trained() -> None:
    made, content = network(NOTHING, REPEATS)
    with torch.no_grad():
        made.log_scale.fill_(10.0)
    assert learned_arrays(made, content)["scale"].tolist() == [50.0]


def interests(batch: Batch) -> torch.Tensor:
    """(b, L, d) of one fixed network."""
    made, content = network(everything_known(1), outings(), heads=2, layers=2)
    with torch.no_grad():
        vectors = made.item_vectors(content)
        return made.interests(batch, vectors[torch.from_numpy(batch.bags.items)]).view(*batch.shape, -1)


@pytest.mark.parametrize("changed", range(1, 5))
def test_a_later_basket_does_not_change_an_earlier_interest(changed: int) -> None:
    data = basket_data({0: [0], 5: [1], 9: [2], 30: [3], 40: [4], 50: [5]})
    (batch,) = training_batches(baskets_of(data), 50, 100, np.random.default_rng(0))[1]
    items = batch.bags.items.copy()
    items[changed] = 7
    before, after = interests(batch)[0], interests(replace(batch, bags=replace(batch.bags, items=items)))[0]
    assert torch.equal(before[:changed], after[:changed])
    assert not torch.isclose(before[changed:], after[changed:], atol=1e-4).all(dim=1).any()


def test_baskets_older_than_the_longest_length_do_not_matter() -> None:
    learned = learned_arrays(*network(NOTHING, REPEATS, max_length=2))
    old, other = (serving.interest_vectors(learned, 1, visits_of(sequence_data([first, 1, 2]))) for first in (0, 5))
    np.testing.assert_array_equal(old, other)


def test_an_item_taken_again_is_read_otherwise_than_one_taken_first() -> None:
    learned = learned_arrays(*network(NOTHING, REPEATS, max_length=1))
    first, again = (serving.interest_vectors(learned, 1, visits_of(sequence_data(h))) for h in ([0, 3], [3, 3]))
    assert np.abs(first - again).max() > 1e-3


def test_the_day_of_the_visit_counts_where_there_are_dates() -> None:
    learned = learned_arrays(*network(NOTHING, outings()))
    history = basket_data({0: [1], 7: [2]})
    week, same_week, month = (serving.interest_vectors(learned, 1, visits_of(history, day=day)) for day in (13, 14, 40))
    assert np.abs(week - month).max() > 1e-3
    np.testing.assert_array_equal(week, same_week)  # 6 and 7 days share a bucket
    assert learned["gaps"].shape == (GAPS, 8)


NO_TORCH = """
import sys
import numpy as np
from pathlib import Path
import recsys.recommenders.transformer, recsys.recommenders.transformer.serving
from recsys.recommenders.transformer.recommender import TransformerRecommender
from recsys.datasets.interactions import from_sequences
from recsys.recommenders.contract import Visits
assert "torch" not in sys.modules, "importing loads torch"
fitted = TransformerRecommender.load(Path(sys.argv[1]))
histories = from_sequences([np.array([2, 3, 4], np.int32)], 12)
scores = fitted.score(Visits(histories, np.array([-1], np.int32), np.array([3], np.int32)))
assert "torch" not in sys.modules, "scoring loads torch"
print(scores.shape)
"""


def test_neither_importing_nor_loading_nor_scoring_loads_torch(tmp_path: Path) -> None:
    small(epochs=1).fit(circles(4), NOTHING).save(tmp_path / "saved")
    ran = subprocess.run(
        [sys.executable, "-c", NO_TORCH, str(tmp_path / "saved")],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert (ran.stdout, ran.returncode) == ("(1, 12)\n", 0), ran.stderr


# --- a saved model that is not what it should be ------------------------------------------------------------


@pytest.fixture
def saved(tmp_path: Path) -> Path:
    small(epochs=1, heads=2).fit(circles(4), NOTHING).save(tmp_path)
    return tmp_path


def edit(folder: Path, change: Callable[[dict[str, Any]], object]) -> None:
    facts = json.loads((folder / "settings.json").read_text(encoding="utf-8"))
    change(facts)
    (folder / "settings.json").write_text(json.dumps(facts), encoding="utf-8")


def reshaped(folder: Path, part: str, *shape: int) -> None:
    """Another array in place of a part, which settings.json knows of."""
    np.save(folder / f"{part}.npy", np.ones(shape, np.float32))
    edit(folder, lambda facts: facts["shapes"].update({part: list(shape)}))


@pytest.mark.parametrize("part", serving.PARTS)
def test_a_missing_array_is_named(part: str, saved: Path) -> None:
    (saved / f"{part}.npy").unlink()
    with pytest.raises(ArtifactError, match=f"no readable {part}.npy"):
        TransformerRecommender.load(saved)


def test_another_version_is_refused(saved: Path) -> None:
    edit(saved, lambda facts: facts.update(format=2))
    with pytest.raises(ArtifactError, match="'transformer' in format 2"):
        TransformerRecommender.load(saved)


OTHER_SHAPES: dict[str, tuple[int, ...]] = {
    "vectors": (12, 9), "scale": (2,), "kinds": (1, 8), "gaps": (9, 8), "positions": (49, 8), "norm.bias": (7,),
    "query_key_value.weight": (1, 25, 8), "query_key_value.bias": (1, 25), "out.weight": (1, 8, 9),
    "widen.weight": (2, 8, 8), "narrow.bias": (1, 7),
}  # fmt: skip


@pytest.mark.parametrize("part", OTHER_SHAPES)
def test_an_array_of_another_shape_is_refused(part: str, saved: Path) -> None:
    reshaped(saved, part, *OTHER_SHAPES[part])
    with pytest.raises(ArtifactError, match="fit the recommender again"):
        TransformerRecommender.load(saved)


@pytest.mark.parametrize(
    ("settings", "seen"),
    [
        ({"dimension": 16}, "16"),
        ({"feed_forward": 16}, "16"),
        ({"layers": 2}, "2"),
        ({"max_length": 5}, "5"),
        ({"heads": 3}, "3 heads"),
    ],
)
def test_settings_that_do_not_fit_the_arrays_are_refused(settings: dict[str, int], seen: str, saved: Path) -> None:
    edit(saved, lambda facts: facts["settings"].update(settings))
    with pytest.raises(ArtifactError, match=seen):
        TransformerRecommender.load(saved)


def test_arrays_of_two_parts_that_are_both_too_short_are_refused(saved: Path) -> None:
    reshaped(saved, "query_key_value.weight", 1, 16, 8)
    reshaped(saved, "query_key_value.bias", 1, 16)
    with pytest.raises(ArtifactError, match="fit the recommender again"):
        TransformerRecommender.load(saved)
