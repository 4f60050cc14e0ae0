"""Trainings that a person starts: kept on disk with their figures, resumed after an interruption, compared."""
