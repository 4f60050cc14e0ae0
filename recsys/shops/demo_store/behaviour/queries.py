"""What is typed: a type and up to two wishes, taken from the best of a few products that the shopper thinks of."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

import numpy as np

from recsys.shops.demo_store.behaviour.catalogue import GIFT, SEARCH, TYPE, Catalogue
from recsys.shops.demo_store.behaviour.moment import Setting

WISHABLE: Final = ("", "colour", "style", "material", "pattern", "audience", "brand", "season", "cheap")
"""What a wish may be about; the first is no wish."""
_FIRST: Final = (0.20, 0.27, 0.12, 0.10, 0.06, 0.07, 0.07, 0.03, 0.08)
_SECOND: Final = (0.72, 0.10, 0.06, 0.03, 0.02, 0.03, 0.0, 0.0, 0.04)
_UNSAID: Final = frozenset({"", "everyone", "all year", "plain"})  # what goes without saying
_CHEAP: Final = -0.25  # log of a price beside its type's that is called cheap
_THOUGHT_OF: Final = 8
_SPOKEN: Final = ("cheap", "season", "style", "pattern", "colour", "material", "brand")  # in this order before the type
_NEVER_MET: Final = -1  # no product has this code
_MIN_TYPO: Final = 5  # letters of a word that is long enough to be mistyped


@dataclass(frozen=True)
class Wishes:
    """Up to two for each page: (n_pages, 2) rows of WISHABLE, 0 for none, and the codes wished for, -1 for none."""

    fields: np.ndarray
    codes: np.ndarray

    def of(self, rows: np.ndarray) -> Wishes:
        """Those of some pages."""
        return Wishes(self.fields[rows], self.codes[rows])


def wishable(goods: Catalogue) -> np.ndarray:
    """(len(WISHABLE), m): each product's code in each field; no wish is code 0 of all, cheap is 1 or 0."""
    cheap = (goods.relative_price < _CHEAP).astype(np.int32)
    special = {"": np.zeros(goods.m, np.int32), "cheap": cheap}
    return np.stack([special[f] if f in special else goods.codes[f] for f in WISHABLE])


def draw_wishes(
    shopper: np.ndarray, kind: np.ndarray, setting: Setting, live: np.ndarray, wished: np.ndarray,
    rng: np.random.Generator,
) -> Wishes:  # fmt: skip
    """Wishes for the pages of a search; `shopper` is -1 for other pages, `kind` the type looked for.

    A shopper thinks of eight products of the type and wishes for what the one of highest utility has.
    """
    n, goods = len(shopper), setting.goods
    table = goods.shelves[TYPE].rows
    sizes = (table >= 0).sum(axis=1)
    columns = (rng.random((n, _THOUGHT_OF)) * sizes[kind][:, None]).astype(np.int64)
    thought = table[kind[:, None], columns]  # (n, 8)
    worth = np.where(live[thought], setting.utility[np.maximum(shopper, 0)[:, None], thought], -np.inf)
    ideal = np.take_along_axis(thought, worth.argmax(axis=1)[:, None], axis=1)[:, 0]
    fields = np.stack([rng.choice(len(WISHABLE), n, p=p) for p in (_FIRST, _SECOND)], axis=1)
    fields[:, 1] = np.where(fields[:, 1] == fields[:, 0], 0, fields[:, 1])
    fields[(shopper < 0) | ~live[ideal]] = 0
    codes = wished[fields, ideal[:, None]]
    for row, field in enumerate(WISHABLE):
        if field in goods.words:
            unsaid = np.array([word in _UNSAID for word in goods.words[field]])
            fields[(fields == row) & unsaid[np.where(fields == row, codes, 0)]] = 0
    codes = np.where(WISHABLE.index("cheap") == fields, 1, codes)
    return Wishes(fields, np.where(fields == 0, _NEVER_MET, codes))


def texts(
    kind: np.ndarray, group: np.ndarray, wishes: Wishes, goods: Catalogue, typo: float, rng: np.random.Generator
) -> np.ndarray:
    """(n_pages,) of what was typed, None where nothing was; a share `typo` has two letters swapped or one left out."""
    done = np.full(len(kind), None, object)
    for row in np.flatnonzero(kind == SEARCH):
        said = dict(zip(wishes.fields[row], wishes.codes[row], strict=True))
        done[row] = _phrase(goods.words["type"][group[row]].lower(), said, goods)
    for row in np.flatnonzero(kind == GIFT):
        done[row] = f"gift for {goods.words['audience'][group[row]]}"
    mistyped = (rng.random(len(kind)) < typo) & ((kind == SEARCH) | (kind == GIFT))
    for row in np.flatnonzero(mistyped):
        done[row] = _mistyped(done[row], rng)
    return done


def _phrase(type_name: str, said: dict[int, int], goods: Catalogue) -> str:
    """As people put it: "cheap red summer dress for girls"."""
    named = {WISHABLE[field]: int(code) for field, code in said.items() if field}
    before = ["cheap" if field == "cheap" else goods.words[field][named[field]] for field in _SPOKEN if field in named]
    before = [word for word in before if word.lower() not in type_name]
    after = [f"for {goods.words['audience'][named['audience']]}"] if "audience" in named else []
    return " ".join([*before, type_name, *after])


def _mistyped(text: str, rng: np.random.Generator) -> str:
    """One slip in the longest word, never at its first letter."""
    word = max(text.split(), key=len)
    if len(word) < _MIN_TYPO:
        return text
    at = int(rng.integers(1, len(word) - 1))
    slip = word[:at] + word[at + 1] + word[at] + word[at + 2 :] if rng.random() < 0.5 else word[:at] + word[at + 1 :]
    return text.replace(word, slip, 1)
