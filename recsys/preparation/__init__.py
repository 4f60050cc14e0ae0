"""What the engine opens, made step by step; what is there and current is left alone."""

from recsys.preparation.graph import FIRST_SHELF, STEPS
from recsys.preparation.plan import Plan
from recsys.preparation.running import StepResult, prepare

LABELS = {name: step.label for name, step in STEPS.items()}

__all__ = ["FIRST_SHELF", "LABELS", "STEPS", "Plan", "StepResult", "prepare"]
