"""The learned order on households whose next basket is known: everybody buys the next product of a ring."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from recsys.artifacts import Artifact
from recsys.errors import DataError
from recsys.ranking import learned_order
from recsys.ranking.blend import table
from recsys.ranking.learned_order import PART_OF, learn, nothing
from recsys.ranking.parts import PARTS
from recsys.ranking.shortlists import LOWEST, Shortlists
from recsys.recommenders.contract import Recommender, SideInformation
from recsys.recommenders.personal_frequency import PersonalFrequency
from recsys.recommenders.transitions import Transitions
from tests.ranking.blend.made import shopping

N = 12
VISITS = 8


def bases() -> dict[str, Recommender]:
    return {"pctm": Transitions(), "personal-frequency": PersonalFrequency()}


def ring(households: int = 60) -> list[list[tuple[int, list[int]]]]:
    """Household h starts at product h and goes one further on each visit, a week apart; product 0 is always bought."""
    return [[(7 * v, sorted({0, 1 + (h + v) % (N - 1)})) for v in range(VISITS)] for h in range(households)]


@pytest.fixture(scope="module")
def learned(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, dict[str, object]]:
    folder = tmp_path_factory.mktemp("order")
    prices = np.linspace(1, 5, N, dtype=np.float32)
    facts = learn(bases(), shopping(*ring(), n_items=N), SideInformation(prices=prices), folder)
    return folder, facts


def opened(folder: Path, facts: dict[str, object]) -> Shortlists:
    manifest = {"info": facts, "files": [path.name for path in folder.iterdir()]}
    return Shortlists.load(Artifact("order", folder, manifest))


def test_what_comes_next_on_the_ring_and_what_is_always_bought_come_first(
    learned: tuple[Path, dict[str, object]],
) -> None:
    lists = opened(*learned)
    for household in range(0, 60, 7):
        found = lists.of(household)
        assert found is not None
        assert set(found.rows[:2].tolist()) == {0, 1 + (household + VISITS) % (N - 1)}


def test_the_parts_sum_to_a_scale_from_the_lowest_to_one_best_first(learned: tuple[Path, dict[str, object]]) -> None:
    found = opened(*learned).of(3)
    assert found is not None
    score = sum(found.parts.values())
    assert score[0] == pytest.approx(1.0, abs=1e-5)
    assert score[-1] == pytest.approx(LOWEST, abs=1e-5)
    assert (np.diff(score) <= 1e-6).all()
    assert set(found.parts) <= set(PARTS.labels)


def test_it_says_from_how_many_baskets_it_learned_and_how_well_it_ranks(
    learned: tuple[Path, dict[str, object]],
) -> None:
    _, facts = learned
    assert facts["learned"]
    assert facts["learned_from"] == 60 * learned_order.ROUNDS_BACK
    assert facts["shoppers"] == 60
    assert facts["report"]["ndcg"]["trees of 100 rounds"] > 0.5  # type: ignore[index]


def test_the_same_data_give_the_same_files(learned: tuple[Path, dict[str, object]], tmp_path: Path) -> None:
    prices = np.linspace(1, 5, N, dtype=np.float32)
    learn(bases(), shopping(*ring(), n_items=N), SideInformation(prices=prices), tmp_path)
    for name in ("shortlist_indptr.npy", "shortlist_items.npy", "shortlist_parts.npy"):
        assert (tmp_path / name).read_bytes() == (learned[0] / name).read_bytes()


def test_households_with_nothing_bought_have_no_shortlist(tmp_path: Path) -> None:
    facts = learn(bases(), shopping(*ring(), [], n_items=N), SideInformation(), tmp_path)
    lists = opened(tmp_path, facts)
    assert lists.of(60) is None
    assert lists.of(59) is not None


def test_nobody_and_rows_that_are_not_there_have_no_shortlist(learned: tuple[Path, dict[str, object]]) -> None:
    lists = opened(*learned)
    assert lists.of(None) is None
    assert lists.of(60) is None


def test_households_that_came_once_are_too_little_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(DataError):
        learn(bases(), shopping(*[[(0, [h % N])] for h in range(30)], n_items=N), SideInformation(), tmp_path)


def test_where_nothing_was_learned_nobody_has_a_shortlist_and_it_says_why(tmp_path: Path) -> None:
    facts = nothing(5, tmp_path, "too few baskets")
    assert (facts["learned"], facts["why"]) == (False, "too few baskets")
    assert [opened(tmp_path, facts).of(row) for row in range(5)] == [None] * 5


def test_every_part_of_a_learned_score_counts_to_a_part_that_is_shown() -> None:
    parts = {value for name, value in vars(table).items() if name.isupper() and isinstance(value, str)}
    assert parts == set(PART_OF)
    assert set(PART_OF.values()) <= set(PARTS.labels)


def test_progress_only_goes_forward_and_ends(tmp_path: Path) -> None:
    told: list[float] = []
    learn(
        bases(),
        shopping(*ring(), n_items=N),
        SideInformation(),
        tmp_path,
        lambda done, total, note="": told.append(done / total),
    )
    assert told == sorted(told)
    assert told[-1] == 1.0
