"""How well reviews are read, and how well the stars of unseen ones are foretold."""
