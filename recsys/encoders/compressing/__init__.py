"""A text encoder made smaller: fewer bits, heads, layers, numbers a vector, or no network at all."""
