"""The model studio for encoders: adapted to a shop's own texts, made smaller, measured before they are trusted."""
