"""Why this product."""
