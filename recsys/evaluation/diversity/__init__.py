"""What diversity costs everybody: re-ranked lists against held-out purchases, and who is shown and served by them."""
