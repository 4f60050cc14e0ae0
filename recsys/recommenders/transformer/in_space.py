"""The Transformer among vectors that are given: a shopper's interest is a place in the space that products share."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from recsys.recommenders.transformer.recommender import TransformerRecommender


@dataclass(frozen=True, eq=False)
class InterestInSpace(TransformerRecommender):
    """As its parent, but items stay at their content vectors (`SideInformation.vectors`, unit rows of `dimension`).

    Only what turns a history into an interest vector is learned, by the same softmax over all items: one cosine then
    compares a shopper with products, and with the words and pictures that are encoded into the same space. It knows
    products that nobody took as well as all others, and nothing of what makes two alike products differ in sales.
    """

    name = "transformer-in-space"
    label = "Transformer in the space of pictures and words"
    learns_items: ClassVar[bool] = False
