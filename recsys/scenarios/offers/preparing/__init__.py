"""What is made of campaigns at preparation."""
