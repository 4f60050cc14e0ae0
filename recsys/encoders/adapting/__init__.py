"""A text encoder made fit for one shop: it learns which of the shop's own texts speak of the same product."""
