"""ShelfLens: an e-commerce search and recommendation engine that shows its reasons."""

__version__ = "0.1.0"
