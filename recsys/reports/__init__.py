"""What a page shows, as one HTML file that opens without the app."""
