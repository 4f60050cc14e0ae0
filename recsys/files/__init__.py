"""Files that people bring: opened, unpacked, decoded and split within bounds. Nothing here knows what they mean."""
