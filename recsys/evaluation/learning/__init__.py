"""What learning while people use the shop is worth, in a simulated shop whose people answer any page."""
