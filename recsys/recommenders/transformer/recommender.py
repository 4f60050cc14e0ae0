"""The Transformer as a recommender: trained by torch, served by numpy."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Self

from recsys.datasets.interactions import Interactions
from recsys.errors import DataError
from recsys.progress import Progress, silent
from recsys.recommenders.contract import SideInformation, Visits
from recsys.recommenders.fitted_arrays import ArrayRecommender
from recsys.recommenders.transformer import serving
from recsys.recommenders.transformer.settings import TransformerSettings
from recsys.schema import Floats

if TYPE_CHECKING:
    from recsys.recommenders.transformer.training import OnEpoch


@dataclass(frozen=True, eq=False)
class TransformerRecommender(TransformerSettings, ArrayRecommender):
    """Causal self-attention over the latest baskets; each item by its id and its content.

    After SASRec (Kang & McAuley, "Self-Attentive Sequential Recommendation", ICDM 2018), with the softmax over all
    items instead of sampled negatives (Klenitskiy & Vasilev, "Turning Dross Into Gold Loss", RecSys 2023). A score is
    the cosine of interest vector and item, times a learned scale. Without a history all scores are 0.
    """

    name = "transformer"
    label = "Transformer (interest vector)"
    parts = serving.PARTS

    def fit(
        self,
        training: Interactions,
        side: SideInformation,
        progress: Progress = silent,
        *,
        on_epoch: OnEpoch | None = None,
        should_stop: Callable[[], bool] | None = None,
        checkpoints: Path | None = None,
    ) -> Self:
        """Learn from the training histories; returns itself.

        `on_epoch(epoch, total, loss, validation_ndcg, seconds)` hears of each finished epoch; its nDCG@10 is on the
        baskets kept back, NaN when too few shoppers could be. When `should_stop()` is true the training ends with a
        TrainingStoppedError and what was learned before stays. With a folder for `checkpoints` each epoch is kept
        there, and a training that was cut off goes on from the latest, to the same result.

        Raises DataError when there is nothing to learn from, ModelError when the loss is not finite or a checkpoint is
        damaged or of another training, StorageError when a checkpoint cannot be written.
        """
        if len(training.items) == 0:
            raise DataError(
                f"{self.label} got {len(training):,} histories, all empty",
                allowed="at least one entry",
                remedy="give more history to learn from",
            )
        from recsys.recommenders.transformer import training as trainer

        observer = trainer.Observer(progress, on_epoch or trainer.unheard, should_stop or trainer.never, checkpoints)
        learned = trainer.train(training, side, self, observer)
        self.learned.clear()
        self.learned.update(learned)
        return self

    def interest_vectors(self, visits: Visits) -> Floats:
        """(b, dimension): each shopper's interest vector, of length 1; zeros without a history."""
        return serving.interest_vectors(self.learned, self.heads, visits)

    @classmethod
    def load(cls, folder: Path) -> Self:
        """The fitted recommender as it was saved. Raises ArtifactError when the files are not what they should be."""
        fitted = super().load(folder)
        serving.check_sizes(folder, fitted.learned, fitted)
        return fitted

    def _scores(self, visits: Visits) -> Floats:
        return serving.scores(self.learned, self.interest_vectors(visits))
