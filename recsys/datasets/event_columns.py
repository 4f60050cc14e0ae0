"""What the columns of an event log are called in the world: names as `files.tables.plain_name` writes them."""

from __future__ import annotations

from typing import Final

USER: Final = ("user", "userid", "uid", "customer", "customerid", "shopper", "shopperid", "visitor", "visitorid",
               "member", "memberid", "client", "clientid", "account",
               "accountid", "buyer", "buyerid", "reviewerid", "reviewer", "author", "authorid", "person", "personid",
               "session", "sessionid", "kunde", "kundennummer", "kundennr", "cliente", "utilisateur", "usuario",
               "u")  # fmt: skip
ITEM: Final = ("item", "itemid", "iid", "product", "productid", "sku", "asin", "parentasin", "article", "articleid",
               "movie", "movieid", "book", "bookid", "isbn", "track", "trackid", "song", "songid",
               "artist", "artistid", "stockcode", "upc", "ean", "gtin", "goods", "goodsid", "content", "contentid",
               "doc", "docid", "artikel", "artikelnummer", "artikelnr", "producto", "produit", "i")  # fmt: skip
TIME: Final = ("timestamp", "time", "datetime", "date", "ts", "eventtime", "createdat", "when", "unixreviewtime",
               "tdat", "purchasedate", "purchasedat", "orderdate", "orderedat", "occurredat", "invoicedate",
               "day", "zeit", "zeitpunkt", "datum", "fecha", "heure", "t")  # fmt: skip
EVENT: Final = ("event", "eventtype", "action", "behavior", "behaviour", "interaction", "type", "rating", "score",
                "stars", "weight", "quantity", "qty", "overall")  # fmt: skip
MEANINGS: Final = {"user": USER, "item": ITEM, "time": TIME, "event": EVENT}
HISTORY: Final = (
    "items",
    "itemids",
    "itemlist",
    "itemidlist",
    "itemsequence",
    "sequence",
    "history",
    "products",
    "productids",
)
