"""Sponsored places on a shelf: who may stand there, who wins them, what they pay, and what a day of it brings."""
