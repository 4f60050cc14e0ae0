"""What is wished for beside the thing itself: filters, sizes, labels; what proves them, and what nothing here proves.

The thing asked for stays: a size that none of it has gives way to the nearest one of the same dimension, and a label
that no text of it bears is said to be missing, never passed over. A product whose text denies a word is no match for
who asks for it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np

from recsys import schema as s
from recsys.engine.catalogue import Catalogue
from recsys.engine.reading import Reading
from recsys.engine.unproven import NOTHING_TOLD, Told
from recsys.query.asides import OCCASION
from recsys.query.circumstances import MANY
from recsys.query.filters import Filtered, ItemFilters, relax
from recsys.query.measures import Claim
from recsys.query.parts import Part, SizePart, WithoutPart
from recsys.query.tokens import STOP_WORDS
from recsys.query.understanding import Understanding
from recsys.query.wording import WORD, fold, words_of
from recsys.retrieval.fielded import QueryWords
from recsys.retrieval.lexical import LexicalRetriever
from recsys.schema import Floats, Mask, Rows

FREED: Final = 0.9  # of a wish: what says that it is without the unwanted comes before the size that is near
FEW: Final = 20  # products that hold a word: with fewer, it is not what the shop calls them
PACK: Final = "pack"
ROLL: Final = "roll"
IN_SEASON: Final = 0.5  # of a wish: it colours the order of what was asked for


@dataclass(frozen=True, slots=True)
class Wished:
    """What the wishes of a request come to."""

    allowed: Mask | None = None  # the products that may be shown; None: all
    filtered: Filtered | None = None  # None: the query has no filters
    nearness: Floats | None = None  # (n_items,) 0..1; None: nothing comes near, or nothing was wished
    missing: tuple[str, ...] = ()  # labels that none of the thing asked for bears
    told: Told = NOTHING_TOLD  # words beside its name that no text of such a thing holds


class Wishes:
    """Weighs the wishes of requests over one catalogue; nothing in it changes."""

    def __init__(self, understanding: Understanding, catalogue: Catalogue, lexical: LexicalRetriever | None) -> None:
        self._filters: ItemFilters = understanding.filters
        self._asides = understanding.asides
        self._vocabulary = understanding.vocabulary
        self._labels = catalogue.items[s.SIZE]
        self._lexical, self._size = lexical, catalogue.size

    def weigh(
        self, reading: Reading, words: QueryWords | None, told: Told, among: Mask | None, groups: Rows, k: int
    ) -> Wished:
        """What the wishes of a query leave of the products in `among` (None: all), and which come nearest.

        `told` are the words of it that nothing proves, and `groups` (n_items,) says which products are look-alikes, of
        which a shelf of k shows one each.
        """
        if reading.intent is None:
            return Wished(among)
        everything = np.ones(self._size, np.bool_) if among is None else among
        thing = self._thing(words) & everything
        masks = self._filters.masks(reading.intent)
        claims = reading.intent.claims
        sizes = [part for part, _ in masks if isinstance(part, SizePart)] if thing.any() else []
        others = [(part, mask) for part, mask in masks if part not in sizes]
        filtered = relax(others, everything) if masks else None
        left = everything if filtered is None else filtered.mask
        left = self._without_denied(reading, claims, left, thing)
        nearness = self._in_season(reading, thing & left)
        missing = self._free(reading, claims, thing, left, nearness)
        amounts: list[SizePart | Claim] = [*sizes, *(claim for claim in claims if claim.unit)]
        if amounts:
            missing += [part.label for part in amounts if not self._says(part, thing & left)]
            said = [part for part in amounts if part.label not in missing] or amounts  # "2% milk gallon" is a gallon
            filtered, left = self._sized(masks, said, filtered, left, thing & left, nearness, groups, k)
        return Wished(
            None if left.all() else left,
            filtered,
            nearness if nearness.any() else None,
            tuple(dict.fromkeys(missing)),
            told,
        )

    def _thing(self, words: QueryWords | None) -> Mask:
        if self._lexical is None or words is None:
            return np.zeros(self._size, np.bool_)
        return self._lexical.named(words)

    def _without_denied(self, reading: Reading, claims: Sequence[Claim], left: Mask, thing: Mask) -> Mask:
        """What is left without the products that deny a word asked for, or hold one that is to be denied.

        Nothing is taken away where none of the thing asked for would stay.
        """
        asked = [] if self._vocabulary.is_name(reading.searched) else _content(reading.searched)
        takes = [self._filters.denies(word) for word in asked]
        takes += [self._filters.holds(claim.denied) for claim in claims if claim.denied]
        for taken in takes:
            if taken.any() and (thing & left & ~taken).any():
                left = left & ~taken
        return left

    def _in_season(self, reading: Reading, thing: Mask) -> Floats:
        """How near each product comes to the occasion that was named, (n_items,): of the thing asked for, none else."""
        nearness = np.zeros(self._size, np.float32)
        seasons = self._vocabulary.words.phrases("season")
        for word in words_of(reading.occasion):
            if self._lexical is not None and self._asides.role(word, new=False) == OCCASION:
                for said in (word, "seasonal", "holiday") if word in seasons else (word,):
                    nearness[thing & self._lexical.holding(said)] = IN_SEASON
        if reading.people >= MANY:
            nearness[self._filters.large(thing)] = IN_SEASON
        return nearness

    def _free(self, reading: Reading, claims: Sequence[Claim], thing: Mask, left: Mask, nearness: Floats) -> list[str]:
        """Let products come first that say they are without the unwanted; returns the labels that none bears."""
        assert reading.intent is not None
        missing = []
        unwanted = [(claim.denied, claim.label) for claim in claims if claim.denied]
        told = set[str]()  # names of the thing tell which has it; "nut free" asks for more than a name without nuts
        for part in reading.intent.only(WithoutPart):
            free = reading.intent.said(part).lower().endswith("free")
            unwanted.append((part.words, f"{part.words}-free" if free else part.label))
            if not free and (self._filters.holds(part.words) & thing).any():
                told.add(part.words)
        for word, label in unwanted:
            denying = self._filters.denies(word.split()[-1]) & thing & left
            nearness[denying] = FREED
            if not denying.any() and word not in told:
                missing.append(label)
        return missing

    def _says(self, wish: SizePart | Claim, thing: Mask) -> bool:
        return bool((self._near(wish, thing) > 0)[thing].any())

    def _near(self, wish: SizePart | Claim, thing: Mask) -> Floats:
        """How near each label comes to an amount, (n_items,); of what is sold in rolls, a pack is of rolls."""
        near = self._filters.nearness(wish)
        if not isinstance(wish, SizePart) or wish.unit != PACK or wish.low != wish.high:
            return near
        rolls = self._filters.nearness(Claim((0, 0), wish.label, amount=wish.low, unit=ROLL))
        return np.maximum(near, rolls) if (rolls[thing] > 0).any() else near

    def _sized(
        self,
        masks: Sequence[tuple[Part, Mask]],
        amounts: Sequence[SizePart | Claim],
        filtered: Filtered | None,
        left: Mask,
        thing: Mask,
        nearness: Floats,
        groups: Rows,
        k: int,
    ) -> tuple[Filtered | None, Mask]:
        """Keep to the sizes asked for where a whole shelf of the thing has them, else let them come first."""
        near = np.min([self._near(amount, thing) for amount in amounts], axis=0)
        exact = thing & (near == 1.0)
        counts = tuple((part, int((mask & left).sum())) for part, mask in masks)
        sizes = [amount for amount in amounts if isinstance(amount, SizePart)]
        if len(np.unique(groups[exact])) >= k:
            return (replace(filtered, mask=exact, counts=counts) if filtered else None), exact
        nearness[thing] = np.maximum(nearness, near)[thing]
        if exact.any():
            return (replace(filtered, mask=left, counts=counts, matching=int(exact.sum())) if filtered else None), left
        best = thing & (near > 0) & (near >= near[thing].max(initial=0.0) - 1e-6)
        sentence = self._nearest(amounts, best)
        if filtered is None:
            return (Filtered(left, (), (), sentence, int(best.sum())) if sentence else None), left
        said = " ".join(filter(None, [filtered.sentence, sentence]))
        given_up = (*filtered.given_up, *sizes)
        return replace(
            filtered, mask=left, counts=counts, given_up=given_up, sentence=said, matching=int(best.sum())
        ), left

    def _nearest(self, amounts: Sequence[SizePart | Claim], best: Mask) -> str:
        if not best.any():
            return ""
        asked = " and ".join(f"\u201c{amount.label}\u201d" for amount in amounts)
        label = self._labels[best].mode()
        nearest = str(label.iloc[0]) if len(label) and label.iloc[0] else "of another size"
        units = [amount.unit for amount in amounts if isinstance(amount, Claim)]  # "81 mg" of "120 count, 81 mg"
        nearest = next((each for each in nearest.split(", ") if each.split()[-1:] == units[:1]), nearest)
        return f"None of it is {asked}; the nearest, {nearest}, comes first."


def _content(text: str) -> list[str]:
    return list(
        dict.fromkeys(word for word in map(fold, WORD.findall(text)) if word not in STOP_WORDS and len(word) > 2)
    )
