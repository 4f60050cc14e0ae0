"""Speed and size, measured beside the peers in the same run. See README.md in this folder."""
