"""What people write about what they bought: how well it went, by what, how it moves, and what is not to be trusted."""
