"""What the Transformer makes of somebody's visits: opened when it is asked, for torch takes seconds."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from recsys.datasets.interactions import Interactions
from recsys.engine.people import People
from recsys.errors import ArtifactError
from recsys.progress import Progress, silent
from recsys.schema import Floats, Request
from recsys.training import records

if TYPE_CHECKING:
    from recsys.explanation.sequence_attributions import Attributions
    from recsys.recommenders.transformer.settings import TransformerSettings

PREPARED: Final = "prepared"  # the one that places shoppers among pictures and words
TRANSFORMER: Final = "transformer"  # the model's name among trainings


@dataclass(frozen=True, slots=True)
class Opened:
    """A Transformer that can be asked: which it is, and where it lies."""

    id: str  # PREPARED, or a training's
    label: str
    path: Path


class Sequences:
    """The door to what Transformers make of a history. Holds no model: each question opens its own."""

    def __init__(
        self,
        prepared: Callable[[], Path | None],
        products: Callable[[], Floats],
        trainings: Path,
        shop: str,
        lines: Callable[[], Interactions],
        people: People,
    ) -> None:
        """`prepared` is the folder of the prepared one's weights, `products` are its products' vectors."""
        self._prepared, self._products, self._trainings, self._shop = prepared, products, trainings, shop
        self._lines, self._people = lines, people

    def there(self) -> tuple[Opened, ...]:
        """The Transformers of this shop: the prepared one, then those that were trained, the latest first."""
        found = []
        if (folder := self._prepared()) is not None:
            found.append(Opened(PREPARED, "the one that places shoppers among pictures and words", folder))
        for training in records.listed(self._trainings):
            if training.model == TRANSFORMER and training.done and training.data.dataset == self._shop:
                found.append(Opened(training.id, f"training {training.id}", training.path / records.MODEL))
        return tuple(found)

    def explained(self, request: Request, row: int, which: Opened, progress: Progress = silent) -> Attributions | None:
        """What each visit does for a product; None of somebody without visits.

        Raises BadRequestError for an unknown shopper, ArtifactError where the model's files are not what they should
        be or it learned from other products.
        """
        from recsys.explanation.sequence_attributions import attributions

        shopper = self._people.row(request.shopper)
        history = None if shopper is None else self._history(shopper, request)
        if history is None or not len(history.items):
            return None
        settings, learned = self._opened(which)
        today = int(self._lines().days.max(initial=-1)) + 1
        return attributions(learned, settings, history, today, row, progress)

    def _history(self, shopper: int, request: Request) -> Interactions:
        """All that a shopper bought, without what the request leaves out."""
        history = self._lines().take(np.array([shopper], np.int32))
        out = [self._people.row_of_item[item] for item in request.without if item in self._people.row_of_item]
        keep = ~np.isin(history.items, out)
        ends = np.array([0, int(keep.sum())], np.int64)
        return replace(
            history, indptr=ends, items=history.items[keep], baskets=history.baskets[keep], days=history.days[keep]
        )

    def _opened(self, which: Opened) -> tuple[TransformerSettings, dict[str, Any]]:
        """(its settings, what it learned). Raises ArtifactError."""
        from recsys.recommenders.transformer.recommender import TransformerRecommender

        if which.id == PREPARED:
            return _in_space(which.path, self._products())
        trained = TransformerRecommender.load(which.path)
        if trained.n_items != self._lines().n_items:
            raise ArtifactError(
                f"{which.label} learned from {trained.n_items:,} products",
                allowed=f"the {self._lines().n_items:,} of this shop",
                remedy="train it again",
            )
        return trained, trained.learned


def _in_space(folder: Path, products: Floats) -> tuple[TransformerSettings, dict[str, Any]]:
    """What the step `interests` kept, beside the products' vectors (n_items, d) of the space. Raises ArtifactError."""
    from recsys.recommenders import fitted_arrays
    from recsys.recommenders.transformer import serving
    from recsys.recommenders.transformer.in_space import InterestInSpace

    parts = {name: part for name, part in serving.PARTS.items() if name != "vectors"}
    settings, learned = fitted_arrays.load(folder, InterestInSpace.name, parts)
    model = InterestInSpace(**settings)
    vectors = np.asarray(products, np.float32)
    learned["vectors"] = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-12)
    serving.check_sizes(folder, learned, model)
    return model, learned
