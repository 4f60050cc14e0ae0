"""How well redemptions are foretold, against recency, past redemption and popularity."""
