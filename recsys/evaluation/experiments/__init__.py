"""Tests on people before and while they run: how many it takes, when to stop, what an earlier period saves."""
