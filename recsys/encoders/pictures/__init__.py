"""Pictures -> vectors: what a frozen network sees, and the colours beside it."""
