"""Text, picture, attributes and price of a product -> one vector, whichever of them there are."""
