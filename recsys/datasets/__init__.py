"""One file per source of data; each gives a `Dataset` of items, shoppers and events."""
