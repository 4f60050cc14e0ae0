"""The names of all columns and of the one id that stands for nobody known: written once, here."""

from __future__ import annotations

from typing import Final

ITEM: Final = "item"  # row of the item, 0..n_items-1
ITEM_ID: Final = "item_id"  # the source's own id
TITLE: Final = "title"  # what a person reads: name, size, make
NAME: Final = "name"  # the title without size and brand: the kind of product
SIZE: Final = "size"  # readable package size, "" where the source has none
BRAND: Final = "brand"  # the make; "" where it is not known
CATEGORY: Final = "category"
DEPARTMENT: Final = "department"
ICON: Final = "icon"
PRICE: Final = "price"  # in the shop's currency, per unit
PURCHASES: Final = "purchases"  # purchase lines
BUYERS: Final = "buyers"  # distinct shoppers
LAST_DAY: Final = "last_day"  # whole days from the first event of the data set to the item's last purchase
KIND: Final = "kind"  # code of (name, brand): products of one kind differ in size or maker only
TEXT: Final = "text"  # what the encoder reads
SOURCE_TEXT: Final = "source_text"  # how the source spelt it, for the analyst

# what an item may have besides, where the shop has the capability
DESCRIPTION: Final = "description"
PICTURE: Final = "picture"  # path of a file under the shop's folder of pictures
RATING: Final = "rating"  # mean stars, 1 to 5
RATINGS: Final = "ratings"  # how many rated it
STOCK: Final = "stock"  # pieces
LAUNCH_DATE: Final = "launch_date"
COST: Final = "cost"  # in the shop's currency, what the shop pays per unit

ATTRIBUTE: Final = "attribute"  # name of one, "colour"
VALUE: Final = "value"  # of an attribute, "black"
STARS: Final = "stars"  # of a review, 1 to 5
REVIEW: Final = "review"  # its text
POSITION: Final = "position"  # on the list on which an item was shown, from 1
PROPENSITY: Final = "propensity"  # chance that the policy of then showed it there, in (0, 1]
FRIEND: Final = "friend"  # row of a shopper who is a friend of the shopper in the same row of the table
OFFER_PRICE: Final = "offer_price"
STARTS: Final = "starts"
ENDS: Final = "ends"

SHOPPER: Final = "shopper"  # row of the shopper, 0..n_shoppers-1
SHOPPER_ID: Final = "shopper_id"
LABEL: Final = "label"  # a plain sentence built from the shopper's own data
BASKETS: Final = "baskets"
LINES: Final = "lines"
PRODUCTS: Final = "products"
SPEND: Final = "spend"  # in the shop's currency, over the whole period
DAYS_BETWEEN: Final = "days_between"  # median days between baskets
FEATURED: Final = "featured"  # 0..11 for the short list worth picking first, -1 for the rest

TIME: Final = "time"
BASKET: Final = "basket"
QUANTITY: Final = "quantity"
PAID: Final = "paid"  # in the shop's currency for the line, after discounts
EVENT: Final = "event"  # kind of behaviour, one of `capabilities.EVENT_KINDS`
QUERY: Final = "query"  # what was searched for, of a search

RULE: Final = "rule"
DROPPED: Final = "dropped"
WHY: Final = "why"

NEW_SHOPPER: Final = "new"  # the shopper id of a person with no history
