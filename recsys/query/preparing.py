"""The step that learns from the products how this shop's queries are read."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.datasets import storage
from recsys.progress import Progress
from recsys.query.food_list import installed_foods
from recsys.query.label_words import installed_label_words
from recsys.query.word_vectors import installed, versions
from recsys.query.words import ShopWords
from recsys.settings import Settings
from recsys.shops import registry
from recsys.steps.contract import Basis, Context, Step


def _words(settings: Settings) -> object:
    return [ShopWords.of(registry.shop(settings.shop)).version, *versions()]


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.query.spelling import english_words
    from recsys.query.understanding import Understanding

    items = storage.load_items(context.opened("dataset").path)
    words = ShopWords.of(registry.shop(context.settings.shop))
    english = english_words()
    labels = installed_label_words(english)
    return Understanding.of(items, english, words, installed(), installed_foods(), labels).save(folder)


STEP: Final = Step(
    "understanding",
    "Learn the shop's words, brands and sizes",
    __name__,
    _make,
    rests_on=(Basis("dataset"),),
    inputs=_words,
)
