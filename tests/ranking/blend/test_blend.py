"""The blend as a whole: it keeps what every recommender promises, learns, and explains itself exactly."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.datasets.interactions import Interactions, from_sequences
from recsys.errors import ArtifactError, DataError, ModelError
from recsys.ranking.blend import Blend, BlendSettings
from recsys.ranking.blend.blend import BEYOND
from recsys.ranking.blend.choosing import Choosing
from recsys.ranking.blend.network import NetworkSettings
from recsys.ranking.blend.trees import TreeSettings
from recsys.ranking.weighted_parts import GRAIN
from recsys.recommenders.contract import Recommender, SideInformation, Visits
from recsys.recommenders.most_popular import MostPopular
from recsys.recommenders.personal_frequency import PersonalFrequency
from recsys.recommenders.transitions import Transitions
from tests.ranking.blend.made import on_day, outcomes, shopping
from tests.recommenders.recommender_contract import RecommenderContract

CHOOSING = Choosing(
    trees=TreeSettings(rounds=(5, 10), smallest_leaf=5, threads=1),
    network=NetworkSettings(epochs=(3, 6), hidden=8, visits_per_step=16, learning_rate=0.02),
)
SETTINGS = BlendSettings(first=6, others=3, earlier_baskets=0, choosing=CHOOSING)
N = 20
NOTHING = SideInformation()


def circles(n_shoppers: int = 80) -> Interactions:
    """Sequences that always go from i to i + 1, each shopper starting somewhere else."""
    rows = [(np.arange(4) + shopper) % N for shopper in range(n_shoppers)]
    return from_sequences([row.astype(np.int32) for row in rows], N)


def next_of(histories: Interactions) -> list[list[int]]:
    """The item after the next: counting what follows what says "the next", and only a ranker learns better."""
    return [[(int(histories.of(shopper)[-1]) + 2) % N] for shopper in range(len(histories))]


def visits_to(histories: Interactions) -> Visits:
    shoppers = np.arange(len(histories), dtype=np.int32)
    return Visits(histories, shoppers, histories.lengths.astype(np.int32))


def bases() -> dict[str, Recommender]:
    return {"most-popular": MostPopular(), "pctm": Transitions()}


def learned() -> tuple[Blend, Visits]:
    training = circles()
    visits = visits_to(training)
    blend = Blend(bases(), SETTINGS).fit(training, NOTHING)
    return blend.learn(visits, outcomes(*next_of(training), n_items=N)), visits


BLEND, VISITS = learned()


class TestPromises(RecommenderContract):
    def recommender(self) -> Recommender:
        return Blend(bases(), SETTINGS)

    def test_its_settings_make_it_again(self) -> None:
        assert Blend(bases(), SETTINGS).settings() == self.recommender().settings()


def test_it_learns_what_comes_next() -> None:
    best = BLEND.score(VISITS).argmax(axis=1)
    assert best.tolist() == [items[0] for items in next_of(VISITS.histories)]
    assert BLEND.report["ndcg"]["pctm alone"] < 0.9
    assert BLEND.report["kind"] in ("trees", "network", "both")


def test_parts_add_up_exactly_to_the_score_for_candidates_and_others() -> None:
    rows = np.tile(np.arange(N, dtype=np.int32), (len(VISITS), 1))
    parts = BLEND.explain(VISITS, rows)
    assert list(parts) == BLEND.part_names
    total = sum(parts.values())
    assert np.array_equal(total, BLEND.score(VISITS).astype(np.float64))
    assert all((part % GRAIN == 0).all() for part in parts.values())
    assert np.abs(parts["Goes with what you took"]).max() > 0
    beyond = parts[BEYOND] != 0
    assert beyond.any()
    assert parts["Goes with what you took"][beyond].max() == 0


def test_every_candidate_stands_above_all_that_nobody_proposed() -> None:
    rows = np.tile(np.arange(N, dtype=np.int32), (len(VISITS), 1))
    beyond = BLEND.explain(VISITS, rows)[BEYOND] != 0
    scores = BLEND.score(VISITS)
    assert (np.where(beyond, -np.inf, scores).min(axis=1) <= np.inf).all()
    assert (np.where(beyond, np.inf, scores).min(axis=1) > np.where(beyond, scores, -np.inf).max(axis=1)).all()


def test_learning_twice_gives_the_same_scores() -> None:
    again, visits = learned()
    assert np.array_equal(again.score(visits), BLEND.score(visits))


def test_it_comes_back_from_disk_with_its_ranker(tmp_path: Path) -> None:
    BLEND.save(tmp_path / "blend")
    again = Blend.load(tmp_path / "blend")
    assert again.report == BLEND.report
    assert again.settings() == BLEND.settings()
    assert np.array_equal(again.score(VISITS), BLEND.score(VISITS))
    assert {file.suffix for file in tmp_path.rglob("*") if file.is_file()} <= {".json", ".npy", ".txt"}


class Unlisted(MostPopular):
    """A recommender that the registry does not know."""

    name = "unlisted"


def test_a_recommender_that_is_not_in_the_registry_is_named_when_loading(tmp_path: Path) -> None:
    blend = Blend({"mine": Unlisted()}, SETTINGS).fit(circles(), NOTHING)
    blend.save(tmp_path)
    again = Blend.load(tmp_path, {"unlisted": Unlisted})
    assert np.array_equal(again.score(VISITS), blend.score(VISITS))
    with pytest.raises(ArtifactError, match="unlisted"):
        Blend.load(tmp_path)


@pytest.mark.parametrize("content", ["", "{}", '{"format": 9}', "[]"])
def test_a_damaged_folder_is_refused(content: str, tmp_path: Path) -> None:
    BLEND.save(tmp_path)
    (tmp_path / "blend.json").write_text(content)
    with pytest.raises(ArtifactError, match="learn the blend again"):
        Blend.load(tmp_path)


def test_a_later_fit_keeps_the_ranker() -> None:
    blend, visits = learned()
    ranker = blend.ranker
    blend.fit(circles(100), NOTHING)
    assert blend.ranker is ranker
    assert (blend.score(visits).argmax(axis=1) == BLEND.score(visits).argmax(axis=1)).all()


def test_shared_recommenders_are_not_fitted_again() -> None:
    training = circles()
    shared = {name: base.fit(training, NOTHING) for name, base in bases().items()}
    counts = shared["most-popular"].score(VISITS)
    blend = Blend(shared, SETTINGS, refit_bases=False).fit(circles(20), NOTHING)
    assert np.array_equal(blend.bases["most-popular"].score(VISITS), counts)


def test_the_ranker_can_be_taken_to_other_recommenders_of_the_same_names() -> None:
    fitted = {name: base.fit(circles(), NOTHING) for name, base in bases().items()}
    other = BLEND.with_bases(fitted)
    assert np.array_equal(other.score(VISITS), BLEND.score(VISITS))
    with pytest.raises(ModelError, match="same names"):
        BLEND.with_bases({"pctm": Transitions()})


def test_one_recommender_is_enough() -> None:
    training = circles()
    blend = Blend({"pctm": Transitions()}, SETTINGS).fit(training, NOTHING)
    blend.learn(VISITS, outcomes(*next_of(training), n_items=N))
    assert blend.score(VISITS).argmax(axis=1).tolist() == [items[0] for items in next_of(training)]


def test_a_recommender_that_nothing_beats_is_explained_and_saved_too(tmp_path: Path) -> None:
    training = circles()
    blend = Blend(bases(), SETTINGS).fit(training, NOTHING)
    follows = [[int(blend.bases["pctm"].score(VISITS)[row].argmax())] for row in range(len(VISITS))]
    blend.learn(VISITS, outcomes(*follows, n_items=N))
    assert blend.report["kind"] == "pctm alone"
    rows = np.tile(np.arange(N, dtype=np.int32), (len(VISITS), 1))
    assert np.array_equal(sum(blend.explain(VISITS, rows).values()), blend.score(VISITS))
    blend.save(tmp_path)
    assert np.array_equal(Blend.load(tmp_path).score(VISITS), blend.score(VISITS))


def test_no_recommender_is_refused() -> None:
    with pytest.raises(ModelError, match="at least one"):
        Blend({})


def test_before_learning_it_ranks_as_its_first_recommender() -> None:
    blend = Blend(bases(), SETTINGS).fit(circles(), NOTHING)
    assert np.array_equal(blend.score(VISITS), blend.bases["most-popular"].score(VISITS))
    with pytest.raises(ModelError, match="learn"):
        blend.explain(VISITS, np.zeros((len(VISITS), 1), np.int32))


def test_learning_before_fitting_is_refused() -> None:
    with pytest.raises(ModelError, match="fit first"):
        Blend(bases(), SETTINGS).learn(VISITS, outcomes(*next_of(VISITS.histories), n_items=N))


def test_outcomes_of_other_visits_are_refused() -> None:
    with pytest.raises(DataError, match=r"\(2, 20\)"):
        Blend(bases(), SETTINGS).fit(circles(), NOTHING).learn(VISITS, outcomes([0], [1], n_items=N))


def test_nothing_to_learn_from_is_refused() -> None:
    nothing = outcomes(*[[] for _ in range(len(VISITS))], n_items=N)
    with pytest.raises(DataError, match="nothing that was taken"):
        Blend(bases(), SETTINGS).fit(circles(), NOTHING).learn(VISITS, nothing)


def weekly(n_shoppers: int = 60) -> Interactions:
    """Each shopper takes an item of their own and one of a new kind every week, for five weeks."""
    rng = np.random.default_rng(0)
    new = rng.integers(6, N, (n_shoppers, 5)).tolist()
    histories = [
        [(7 * week, [shopper % 6, item]) for week, item in enumerate(items)] for shopper, items in enumerate(new)
    ]
    return shopping(*histories, n_items=N)


@pytest.mark.parametrize("earlier", [0, 2, None])
def test_baskets_with_dates_are_learned_with_earlier_baskets_or_without(earlier: int | None) -> None:
    whole = weekly()
    training = whole.before_last(1)
    visits = on_day(training, *[28] * len(whole))
    own = {"personal-frequency": PersonalFrequency(), "most-popular": MostPopular()}
    settings = BlendSettings(first=6, others=3, earlier_baskets=earlier, choosing=CHOOSING)
    side = SideInformation(kinds=np.arange(N, dtype=np.int32) // 2, prices=np.ones(N, np.float32))
    blend = Blend(own, settings).fit(training, side)
    blend.learn(visits, outcomes(*[[shopper % 6] for shopper in range(len(whole))], n_items=N))
    assert blend.seen
    assert np.mean(blend.score(visits).argmax(axis=1) == np.arange(len(whole)) % 6) > 0.9


def test_data_without_a_feature_the_ranker_knows_is_refused() -> None:
    training = weekly()
    visits = on_day(training, *[40] * len(training))
    side = SideInformation(kinds=np.arange(N, dtype=np.int32) // 2)
    own = {"personal-frequency": PersonalFrequency(), "most-popular": MostPopular()}
    blend = Blend(own, SETTINGS).fit(training, side)
    blend.learn(visits, outcomes(*[[shopper % 6] for shopper in range(len(training))], n_items=N))
    blend.fit(training, NOTHING)
    if blend.report["kind"] in ("trees", "network", "both"):
        with pytest.raises(ModelError, match="kind"):
            blend.score(visits)
