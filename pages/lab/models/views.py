"""What the page of models shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

STUDIO: Final = "studio"
RECOMMENDERS, ENCODERS = "recommenders", "encoders"

VIEWS: Final = {STUDIO: (RECOMMENDERS, ENCODERS)}
LABELS: Final = {STUDIO: "Models shown"}
TEXTS: Final = ("training", "beside")
