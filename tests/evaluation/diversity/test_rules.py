"""What rules cost, on candidates whose right answer is known."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import sparse

from recsys.evaluation.diversity.candidates import Candidates, Described
from recsys.evaluation.diversity.fairness import Grouping
from recsys.evaluation.diversity.rules import CALIBRATIONS, CAPS, FLOORS, Known, priced, rules
from recsys.evaluation.significance import SAMPLING
from recsys.evaluation.splits import Task
from recsys.recommenders.contract import SideInformation, Visits
from tests.ranking.blend.made import shopping

N = 40
TAIL = np.arange(N) >= 20  # the second half of every list of candidates
POPULARITY = {"popularity": Grouping((~TAIL).astype(np.int32), ("long tail", "well known"))}


class Made:
    """Two visits with the candidates 0 to 39 in that order; each really took the items given."""

    def __init__(self, *taken: list[int]) -> None:
        histories = shopping(*([(0, [0])] for _ in taken), n_items=N)
        b = len(taken)
        relevant = sparse.lil_array((b, N))
        for row, items in enumerate(taken):
            relevant[row, items] = 1
        visits = Visits(histories, np.arange(b, dtype=np.int32), np.ones(b, np.int32))
        self.task = Task(visits, sparse.csr_array(relevant))
        self.side = SideInformation(vectors=np.eye(N, dtype=np.float32))
        items = np.tile(np.arange(N, dtype=np.int32), (b, 1))
        self.found = Candidates(items, np.tile(np.linspace(1, 0.1, N, dtype=np.float32), (b, 1)))

    def lines(self, known: Known) -> dict[tuple[str, float], dict[str, object]]:
        problem = type("Problem", (), {"side": self.side})
        rows = priced(self.found, Described(self.side), known, self.task, problem, SAMPLING)  # type: ignore[arg-type]
        return {(str(row["rule"]), float(row["amount"])): row for row in rows}


def test_a_floor_moves_the_share_of_its_group_and_costs_what_it_puts_out() -> None:
    lines = Made([0, 1], [19]).lines(Known(POPULARITY))
    assert set(lines) == {("long tail at least", share) for share in FLOORS}
    for share in FLOORS:
        line = lines["long tail at least", share]
        assert (line["before"], line["after"], line["kept"]) == (0.0, pytest.approx(share), 1.0)
    # the second visit took number 20 of its list, which the smallest floor puts out
    assert float(str(lines["long tail at least", 0.1]["ndcg_change"])) < 0


def test_a_floor_for_what_was_taken_gains() -> None:
    line = Made([20], [20]).lines(Known(POPULARITY))["long tail at least", 0.1]
    assert line["ndcg_change"] is None or float(str(line["ndcg_change"])) > 0


def test_caps_and_calibration_are_told_of_shops_that_have_labels() -> None:
    brand, category = (np.arange(N) // 4).astype(np.int32), (np.arange(N) % 2).astype(np.int32)
    lines = Made([0], [1]).lines(Known({}, {"brand": brand, "category": category}))
    for most in CAPS:
        line = lines["most of a brand", most]
        # by score five brands with all their four; under the cap the next ones have the places
        assert (line["before"], line["after"], line["kept"]) == (4.0, float(min(most, 4)), 1.0)
    errors = [float(str(lines["calibration", strength]["after"])) for strength in CALIBRATIONS]
    assert errors == sorted(errors, reverse=True)  # the history is all of category 0
    assert lines["calibration", CALIBRATIONS[-1]]["before"] == pytest.approx(np.log(2), rel=0.05)


def test_where_nothing_is_known_there_is_no_rule() -> None:
    assert rules(Known()) == []
    assert Made([0]).lines(Known()) == {}
