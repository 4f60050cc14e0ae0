"""The shopper side: what a household bought, and the interest vector that sums it up."""
