"""What a person means by what they typed, and what they may want to type."""
