"""The step that learns the order in which the storefront shows products."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Final

from recsys.datasets import storage
from recsys.errors import DataError
from recsys.progress import Progress
from recsys.settings import Settings
from recsys.shops import registry
from recsys.steps.contract import Basis, Context, Step


def _of_shop(settings: Settings) -> object:
    """What the validation of this shop chose, and which people form a group."""
    shop = registry.shop(settings.shop)
    return shop.tuned.recommenders, shop.people.cohort


def _make(context: Context, progress: Progress, folder: Path) -> dict[str, Any]:
    from recsys.ranking import learned_order
    from recsys.ranking.storefront import storefront_bases
    from recsys.recommenders.side_information import side_information

    dataset = context.opened("dataset")
    items, shoppers = storage.load_items(dataset.path), storage.load_shoppers(dataset.path)
    interactions = storage.load_interactions(dataset, len(items))
    if not len(interactions.items):
        return learned_order.nothing(len(interactions), folder, "nobody has done anything in this shop yet")
    shop = registry.shop(context.settings.shop)
    side = side_information(items, shoppers, context.opened("vectors"), shop.people.cohort)
    bases = storefront_bases(shop.tuned.recommenders, dated=interactions.dated)
    try:
        return learned_order.learn(bases, interactions, side, folder, progress)
    except DataError as error:  # too little data to learn an order from is no reason to have no shop
        return learned_order.nothing(len(interactions), folder, error.one_line())


STEP: Final = Step(
    "order",
    "Learn what each shopper buys next",
    __name__,
    _make,
    rests_on=(Basis("dataset"), Basis("vectors")),
    inputs=_of_shop,
)
