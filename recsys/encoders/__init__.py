"""Texts to vectors: the weights, the encoders that read them, and the maps drawn from what they make."""
