"""What the page of models shows, by its names in the address bar."""

from __future__ import annotations

from typing import Final

TEXTS: Final = ("training", "beside")
