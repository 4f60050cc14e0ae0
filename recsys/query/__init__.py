"""From what a person types to what they mean, given a shop's words; and what they may want to type."""
