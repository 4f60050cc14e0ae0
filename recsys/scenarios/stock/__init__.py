"""What will be sold in the next weeks, what will run out, and how new products do."""
