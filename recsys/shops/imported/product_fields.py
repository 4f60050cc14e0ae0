"""One nested product object -> id, title, brand, category, description, attributes, price and picture.

Names of fields are those of schema.org Product, Google product feeds, Icecat and the common shop systems.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, Final

from recsys.files.bounds import CATALOGUE
from recsys.files.values import number_text
from recsys.shops.imported.markup import shown
from recsys.shops.imported.prices import Numeral, amount

MAX_VALUES: Final = 2_000  # of one product: the rest is left out
MAX_TEXT: Final = 20_000  # characters of one field
MAX_ATTRIBUTE: Final = 400  # characters of one attribute's value; longer is a manual, not an attribute

# The first name that a product has wins, except for what is marked "all" in `product_of`, where texts are joined.
ID: Final = ("id", "product_id", "productid", "sku", "asin", "item_id", "itemid", "docid", "doc_id", "article_id",
             "code")  # fmt: skip
TITLE: Final = ("title", "product_title", "product_name", "productname", "item_name", "name", "label", "display_name")
BRAND: Final = ("brand", "brand_name", "supplier", "manufacturer", "vendor", "maker", "product_brand")
CATEGORY: Final = ("category", "categories", "category_name", "category_path", "main_category", "product_category",
                   "google_product_category", "product_type", "product_class", "department", "breadcrumbs",
                   "breadcrumb", "sub_category", "type", "category_hierarchy")  # fmt: skip
DESCRIPTION: Final = ("short_description", "description", "product_description", "long_description", "summary",
                      "bullet_points", "bullets", "features", "product_features", "product_bullet_point",
                      "about")  # fmt: skip
PRICE: Final = ("price", "sale_price", "price_value", "price_amount", "list_price", "current_price", "offers_price")
IMAGE: Final = ("image", "image_url", "image_link", "img", "img_high", "img_500x500", "img_low", "img_thumb", "images",
                "thumbnail", "picture", "main_image", "primary_image")  # fmt: skip
_KNOWN: Final = frozenset((*ID, *TITLE, *BRAND, *CATEGORY, *DESCRIPTION, *PRICE, *IMAGE))
_TYPED: Final = re.compile(
    r"^(?:attr|attrs|attribute|attributes|spec|specs|specifications|properties|param)_(?:[a-z]_)?"
)
_ADDRESS: Final = re.compile(r"^(?:https?:)?//\S+$")


@dataclass(frozen=True, slots=True)
class Product:
    """A product as search sees it; what is missing is "" or NaN."""

    id: str
    title: str
    brand: str
    category: str
    description: str
    attributes: tuple[tuple[str, str], ...]
    priced: str  # as the shop writes it; a `Numeral` where it is a number
    image: str

    @property
    def price(self) -> float:
        """What it costs as far as its own text says: how the rest of the shop writes prices is not known here."""
        return amount(self.priced)


def product_of(raw: dict[str, Any]) -> Product | None:
    """The product that an object describes; None when it has no id or no text at all."""
    values: dict[str, list[str]] = {}
    for number, (name, value) in enumerate(_leaves(raw, "", 0)):
        if number >= MAX_VALUES:
            break
        values.setdefault(name, []).append(value)
    key = _first(values, ID)
    description = _joined(values, DESCRIPTION, " ")
    title = _first(values, TITLE) or description[:200]
    if not key or not title:
        return None
    return Product(
        key,
        title,
        _first(values, BRAND),
        _joined(values, CATEGORY, " > "),
        description,
        tuple(_attributes(values)),
        _first(values, PRICE),
        _first(values, IMAGE),
    )


def _leaves(value: Any, name: str, depth: int) -> Iterator[tuple[str, str]]:
    """(field, text) of every value: objects are entered, lists of {name, value} are attributes of those names."""
    if isinstance(value, dict):
        if depth >= CATALOGUE.depth:
            return
        named = _named_value(value)
        if named is not None:
            yield from _leaves(named[1], named[0], depth + 1)
            return
        for key, inner in value.items():
            if str(key).startswith("@"):  # JSON-LD: "@type" is "Product" for all of them
                continue
            yield from _leaves(inner, _field(name, str(key)), depth + 1)
    elif isinstance(value, list):
        for inner in value if depth < CATALOGUE.depth else ():
            yield from _leaves(inner, name, depth + 1)
    elif (text := _text(value)) and name:
        yield name, text


def _named_value(value: dict[str, Any]) -> tuple[str, Any] | None:
    """("colour", "red") for {"name": "colour", "value": "red"}, the common way to write an attribute."""
    for key in ("name", "key", "attribute", "label"):
        if isinstance(value.get(key), str) and "value" in value and len(value) <= 4:
            return "attr_" + _snake(str(value[key])), value["value"]
    return None


def _field(outer: str, key: str) -> str:
    """The name of a field within an object: "brand" for {"brand": {"name": ...}}, else outer_inner."""
    inner = _snake(key)
    if outer in _KNOWN and inner in {"name", "label", "title", "text", "url", "value", "en", "amount"}:
        return outer
    return f"{outer}_{inner}" if outer else inner


def _snake(name: str) -> str:
    """productName -> product_name."""
    return re.sub(r"[^0-9a-z]+", "_", re.sub(r"(?<=[a-z0-9])(?=[A-Z])", "_", name[:100]).lower()).strip("_")


def _text(value: Any) -> str:
    """A value as text, numbers with all of their digits: rounded ones make one product of two."""
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, int | float | Decimal):
        return Numeral(number_text(Decimal(value) if isinstance(value, int) else value))
    if not isinstance(value, str):
        return ""
    return shown(value[:MAX_TEXT].encode("utf-8", "replace").decode("utf-8"))


def _first(values: dict[str, list[str]], names: tuple[str, ...]) -> str:
    return next((values[name][0] for name in names if name in values), "")


def _joined(values: dict[str, list[str]], names: tuple[str, ...], between: str) -> str:
    texts = dict.fromkeys(text for name in names for text in values.get(name, ()))
    return between.join(texts)[:MAX_TEXT]


def _attributes(values: dict[str, list[str]]) -> Iterator[tuple[str, str]]:
    """Everything that is no other field, under a readable name; addresses of pictures and pages say nothing."""
    title = _first(values, TITLE)
    for name, texts in values.items():
        if name in _KNOWN and not (name in TITLE and texts[0] != title):  # a second name is often the model's number
            continue
        said = " / ".join(dict.fromkeys(text[:MAX_ATTRIBUTE] for text in texts[:20] if not _ADDRESS.match(text)))
        if said:
            yield _TYPED.sub("", name).replace("_", " "), said[:MAX_ATTRIBUTE]
