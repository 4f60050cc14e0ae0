"""What came soon after what, counted by nearness: sequential rules (SeqRules)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

import numpy as np

from recsys.datasets.interactions import Interactions
from recsys.progress import Progress
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ITEMS, ArrayRecommender, Learned, Part, setting
from recsys.recommenders.personal_frequency import fading_history
from recsys.recommenders.transitions import following_counts
from recsys.schema import Floats


@dataclass(frozen=True, eq=False)
class SequenceRules(ArrayRecommender):
    """Rules "after i comes j", each sighting weighing one over its distance.

    weight(i -> j) = sum over sightings of j within `steps` baskets after i of 1 / distance, over
    (the times i was taken) ** normalised;
    score[j] = sum over the history of history_fading ** (baskets ago) * weight(i -> j). The paper scores by the last
    item alone: history_fading 0. All zero without a history.

    Source: Ludewig & Jannach, "Evaluation of session-based recommendation algorithms", UMUAI 2018, section 3.1 (SR).
    """

    name = "seq-rules"
    label = "Sequential rules (SeqRules)"
    parts: ClassVar[Mapping[str, Part]] = {"rules": Part((ITEMS, ITEMS), sparse=True)}

    # nDCG@10 on the validation items of Beauty / Sports: the last item alone .0651 / .0332, fading .4 .0719 / .0374, .6
    # .0710 / .0392, .8 .0675 / .0385; normalised 0 .0689 / .0388, .25 .0707 / .0396, .5 .0710 / .0392, 1 .0682 / .0335
    steps: int = setting(10, 1, 1_000)
    history_fading: float = setting(0.6, 0.0, 1.0)
    normalised: float = setting(0.5, 0.0, 1.0)
    successors: int = setting(1_000, 1, 1_000_000)

    def _learn(self, training: Interactions, side: SideInformation, progress: Progress) -> Learned:
        weights = (1 / np.arange(1, self.steps + 1)).astype(np.float32)
        rules = following_counts(training, weights, self.successors, progress)
        taken = np.maximum(np.bincount(training.items, minlength=training.n_items), 1).astype(np.float32)
        rules.data /= np.repeat(taken**self.normalised, np.diff(rules.indptr))
        return {"rules": rules}

    def _scores(self, visits: Visits) -> Floats:
        history = fading_history(visits.histories, self.history_fading)  # (b, n_items)
        scores: Floats = (history @ self.learned["rules"]).toarray()  # (b, n) @ (n, n) -> (b, n)
        return scores
