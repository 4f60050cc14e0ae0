"""Every recommender: from histories to a score for every item, fitted once and saved as arrays."""
