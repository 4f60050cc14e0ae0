"""The step that learns to find the products by words of other languages."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

import pandas as pd

from recsys import schema as s
from recsys.datasets import storage
from recsys.encoders import any_language, multilingual, universal
from recsys.progress import Progress
from recsys.query.word_vectors import versions
from recsys.query.words import ShopWords
from recsys.settings import Settings
from recsys.shops import registry
from recsys.steps.contract import Basis, Context, Step


def _weights_and_words(settings: Settings) -> object:
    version = ShopWords.of(registry.shop(settings.shop)).version
    return universal.SHA256, multilingual.WEIGHTS_SHA256, any_language.missing(), version, *versions()


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.query.language import LanguageDetector, english_shop_words, subtitle_words
    from recsys.retrieval import crosslingual

    items = storage.load_items(context.opened("dataset").path)
    names = pd.unique(items[[s.NAME, s.CATEGORY, s.DEPARTMENT]].astype(str).to_numpy(object).ravel())
    words = ShopWords.of(registry.shop(context.settings.shop))
    detector = LanguageDetector.of([*names, *english_shop_words(words)], subtitle_words(), words.glossary)
    facts = detector.save(folder)
    if why := any_language.obstacle():  # it is said beside a query in another language, which is then read as English
        return facts | crosslingual.nothing(folder, why)
    encoder = any_language.AnyLanguage.here(threads=0)
    return facts | crosslingual.build(items, encoder, context.scratch(), folder, words.glossary, progress)


STEP: Final = Step(
    "languages",
    "Learn other languages' words for it",
    __name__,
    _make,
    rests_on=(Basis("dataset"),),
    inputs=_weights_and_words,
    needed=False,
)
