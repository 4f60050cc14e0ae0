"""How well baskets are completed and complements and substitutes found, against the simple ways to do it."""
