"""Whether planning ahead pays: people of a simulated shop browse, tire, leave and come back, or do not tire at all."""
