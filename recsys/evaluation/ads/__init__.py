"""What sponsored places earn and cost against simple ways to sell them, over simulated days."""
