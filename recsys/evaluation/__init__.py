"""Honest evaluation: splits, metrics, significance, and runs that keep what they found."""
