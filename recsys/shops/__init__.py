"""All that is true of one shop: a folder a shop, behind one contract. Nothing outside it knows any of them."""
