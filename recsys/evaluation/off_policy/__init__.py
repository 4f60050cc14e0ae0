"""What another order would have earned, estimated from logs of the one that was shown."""
