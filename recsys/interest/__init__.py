"""The shopper side: what somebody bought, and the interest vector that sums it up."""
