"""What a room declares of the files it prepares, and the code on which they rest."""
