"""The step that indexes the products' words."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.datasets import storage
from recsys.progress import Progress
from recsys.schema.capabilities import Capability
from recsys.steps.contract import Basis, Context, Step


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.retrieval.lexical import LexicalRetriever, documents_of

    dataset = context.opened("dataset")
    described = storage.capabilities(dataset).has(Capability.ATTRIBUTES)
    attributes = storage.load_table(dataset.path, "attributes") if described else None
    return LexicalRetriever.build(*documents_of(storage.load_items(dataset.path), attributes), folder)


STEP: Final = Step("lexical", "Index the words", __name__, _make, rests_on=(Basis("dataset"),))
