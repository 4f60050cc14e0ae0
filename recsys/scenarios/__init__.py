"""What a business asks of the engine: one folder and one door for each question."""
