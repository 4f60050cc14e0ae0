"""What quick and careful reading reach on reviews that they never learned from, as `benchmarks/results/` say.

They are said on a page beside the choice between both, which need not open the files.
"""

from __future__ import annotations

from typing import Final

ENGLISH_FILE, CHINESE_FILE = "reviews_clothing.json", "reviews_chinese.json"  # their task "transfer"
ENGLISH_QUICK: Final = 0.776  # balanced accuracy of "transfer"
ENGLISH_CAREFUL: Final = 0.8815  # of "transfer_careful"
CHINESE: Final = 0.8976  # accuracy of "transfer_unseen": careful reading leaves Chinese to the same heads
