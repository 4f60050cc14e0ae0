"""The whole list at once: what should not stand beside what."""
