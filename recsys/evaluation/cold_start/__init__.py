"""How well shoppers nobody knows and products nobody bought are served."""
