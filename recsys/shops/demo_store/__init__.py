"""A simulated marketplace, made from a seed: products with pictures, people with tastes, and the truth behind them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING, Final

from recsys.datasets.contract import Dataset
from recsys.progress import Progress
from recsys.schema.money import Money
from recsys.settings import load_settings
from recsys.shops.contract import Crowd, Drawer, Examples, People, Shop, Words, Worth
from recsys.shops.demo_store.about import ICONS, LICENCE

if TYPE_CHECKING:
    from recsys.shops.demo_store.loader import Size


def _configured() -> Size:
    """The size and the seed that the settings say."""
    from recsys.shops.demo_store.loader import Size

    settings = load_settings()
    return Size(settings.simulated_products, settings.simulated_shoppers, settings.simulated_seed)


def _load(progress: Progress, size: Callable[[], Size]) -> Dataset:
    from recsys.shops.demo_store import loader

    return loader.load(progress, size())


def _version(size: Callable[[], Size]) -> str:
    from recsys.shops.demo_store import loader

    return loader.version(size())


def _truth(size: Callable[[], Size]) -> Worth:
    from recsys.shops.demo_store import loader

    return loader.worth(size())


def _crowd(size: Callable[[], Size]) -> Crowd:
    from recsys.shops.demo_store.crowd import crowd

    return crowd(size())


def _kind(traits: Mapping[str, str]) -> str:
    return traits.get("life_stage", "")


def demo_store(size: Callable[[], Size] = _configured) -> Shop:
    """The shop, of the size that is configured or of another."""
    return Shop(
        name="demo_store",
        title="Demo store",
        description="A simulated marketplace: everything in it is made up, and the truth behind it is known",
        licence=LICENCE,
        load=partial(_load, size=size),
        version=partial(_version, size=size),
        loader=f"{__name__}.loader",
        people=People(
            traits={"life_stage": "Stage of life", "age": "Age", "region": "Region"},
            cohort=("life_stage", "age"),
            kind=_kind,
        ),
        money=Money("EUR", "en_IE"),
        department_icons=ICONS,
        icon="🎁",
        examples=Examples(
            queries=(
                "red evening dress",
                "something warm for winter",
                "gift for a girl",
                "wireless headphones",
                "white sneakers under 60 euros",
                "garden chair",
            ),
            placeholder="red evening dress",
            finds=("teapot",),
            search_set=(
                "red evening dress",
                "black leather handbag",
                "white sneakers",
                "cotton t-shirt for men",
                "wool sweater",
                "striped mug",
                "gift for a girl",
                "wireless headphones",
                "something warm for winter",
                "lipstick",
            ),
            person="young parents",
            foreign="vestido rojo",
            command="red evening dress",
        ),
        words=Words(),
        drawer=Drawer(f"{__name__}.drawer", libraries=("libGL.so.1", "libEGL.so.1")),
        simulated=True,
        truth=partial(_truth, size=size),
        crowd=partial(_crowd, size=size),
        card="demo_store.md",
    )


SHOPS: Final = (demo_store(),)
