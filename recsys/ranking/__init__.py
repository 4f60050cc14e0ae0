"""Scores of (shopper, query, product) and the order they give."""
