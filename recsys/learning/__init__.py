"""What changes while people use the shop: beside the engine, which never changes."""
