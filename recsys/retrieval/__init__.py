"""One file per way of finding candidates."""
