"""What completes a basket, what could stand in for a product of it, and how to reach an amount."""
