"""A ranker of boosted decision trees (LightGBM, lambdarank)."""

from __future__ import annotations

import json
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path
from typing import Any, Final, Self

import numpy as np
import numpy.typing as npt

from recsys.artifacts import storage_errors
from recsys.errors import ArtifactError
from recsys.ranking.blend.examples import Examples
from recsys.schema import Floats

MODEL: Final = "trees.txt"
FACTS: Final = "trees.json"


@dataclass(frozen=True, slots=True)
class TreeSettings:
    """How the trees grow. Chosen on validation; lambdarank beat rank_xendcg and binary on both data sets tried.

    Small trees from few features each, learning fast: Beauty nDCG@10 .0827 against .0819 with 15 leaves, half of the
    features and a rate of .06, in a quarter of the time.
    """

    rounds: tuple[int, ...] = (30, 60, 100, 150, 200)  # to choose from by cross-validation
    learning_rate: float = 0.1
    leaves: int = 7
    candidates: int = 60  # of each visit to learn from; 40, 100 and all did alike
    smallest_leaf: int = 100
    share_of_features: float = 0.3
    share_of_visits: float = 0.8
    truncation: int = 30  # pairs count when one of them stands among so many best; 15 was .0004 worse
    threads: int = 2  # fixed: sums in another order give another model
    seed: int = 0

    def parameters(self) -> dict[str, Any]:
        """The same in LightGBM's words."""
        return {
            "objective": "lambdarank", "verbosity": -1, "deterministic": True, "force_row_wise": True,
            "num_threads": self.threads, "seed": self.seed, "learning_rate": self.learning_rate,
            "num_leaves": self.leaves, "min_data_in_leaf": self.smallest_leaf,
            "feature_fraction": self.share_of_features, "bagging_fraction": self.share_of_visits, "bagging_freq": 1,
            "bagging_by_query": True, "lambdarank_truncation_level": self.truncation,
        }  # fmt: skip


class Trees:
    """Boosted trees; the score is on the scale of standard deviations over what was learned from.

    Source: Burges, "From RankNet to LambdaRank to LambdaMART", 2010; Ke et al., "LightGBM", NeurIPS 2017.
    """

    kind = "trees"

    def __init__(self, text: str, centre: float, spread: float, threads: int) -> None:
        from lightgbm import Booster

        self._text, self._centre, self._spread, self._threads = text, centre, spread, threads
        self._booster = Booster(model_str=text)

    def score(self, values: Floats, rounds: int | None = None) -> Floats:
        """(m,) the score of each candidate, from its features (m, f); by the first so many trees, or all."""
        if len(values) == 0:
            return np.zeros(0, np.float32)
        raw: Any = self._booster.predict(values, num_iteration=rounds, num_threads=self._threads)
        scores: Floats = ((raw - self._centre) / self._spread).astype(np.float32)
        return scores

    def contributions(self, values: Floats) -> npt.NDArray[np.float64]:
        """(m, f + 1) what each feature adds to the score, the start in the last column; a row sums to the score.

        TreeSHAP (Lundberg et al., "From local explanations to global understanding with explainable AI for trees",
        2020).
        """
        if len(values) == 0:
            return np.zeros((0, values.shape[1] + 1))
        raw: Any = self._booster.predict(values, pred_contrib=True, num_threads=self._threads)
        shares: npt.NDArray[np.float64] = np.asarray(raw, np.float64)
        shares[:, -1] -= self._centre
        return shares / self._spread

    def save(self, folder: Path) -> None:
        """Write the model as text, and its scale."""
        facts = {
            "sha256": sha256(self._text.encode()).hexdigest(),
            "centre": self._centre,
            "spread": self._spread,
            "threads": self._threads,
        }
        with storage_errors(folder):
            folder.mkdir(parents=True, exist_ok=True)
            (folder / MODEL).write_text(self._text, encoding="utf-8", newline="\n")
            (folder / FACTS).write_text(json.dumps(facts, indent=1), encoding="utf-8")

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The trees as they were saved. Raises ArtifactError when the text is not the one that was written."""
        try:
            text = (folder / MODEL).read_bytes().decode("utf-8")
            facts = json.loads((folder / FACTS).read_text(encoding="utf-8"))
            whole = facts["sha256"] == sha256(text.encode()).hexdigest()
            scale = float(facts["centre"]), float(facts["spread"]), int(facts["threads"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise _damaged(folder, type(error).__name__) from error
        if not whole:  # the parser is written in C++ and trusts what it reads
            raise _damaged(folder, "its text was changed")
        return cls(text, *scale)


def _damaged(folder: Path, why: str) -> ArtifactError:
    return ArtifactError(f"{folder} holds no trees that can be read ({why})", remedy="learn the blend again")


def grow(examples: Examples, settings: TreeSettings, rounds: int) -> Trees:
    """Trees that learned from the examples."""
    import lightgbm

    some = examples.to_learn_from(settings.candidates, settings.seed)
    data = lightgbm.Dataset(some.table.values, some.taken.astype(np.float32), group=some.table.choices.sizes)
    booster = lightgbm.train(settings.parameters(), data, rounds)
    raw: Any = booster.predict(some.table.values, num_threads=settings.threads)
    spread = float(np.std(raw)) or 1.0
    return Trees(booster.model_to_string(), float(np.mean(raw)), spread, settings.threads)
