"""The made-up shops as a pack: `SHELFLENS_SHOP_PACKS='["tests.shops.pack"]'` adds them to the others."""

from tests.shops.bare import BARE
from tests.shops.catalogue import CATALOGUE
from tests.shops.outdoor import OUTDOOR

SHOPS = (OUTDOOR, BARE, CATALOGUE)
