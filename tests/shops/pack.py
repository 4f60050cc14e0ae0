"""The made-up shops as a pack: `SHELFLENS_SHOP_PACKS='["tests.shops.pack"]'` adds them to the others."""

from dataclasses import replace

from recsys.shops.demo_store import demo_store
from recsys.shops.demo_store.loader import Size
from tests.shops.bare import BARE
from tests.shops.catalogue import CATALOGUE
from tests.shops.outdoor import OUTDOOR

SMALL = replace(demo_store(lambda: Size(products=600, shoppers=80, seed=7)), name="small_demo")

SHOPS = (OUTDOOR, BARE, CATALOGUE, SMALL)
