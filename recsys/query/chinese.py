"""Chinese in simplified characters, as glossaries are compared: 雞蛋 is 鸡蛋."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING, Final

from recsys.errors import DataError

if TYPE_CHECKING:
    from opencc import OpenCC

_HAN: Final = re.compile("[\u3400-\u4dbf\u4e00-\u9fff]")


def simplified(text: str) -> str:
    """The text with traditional Chinese characters simplified, one for one; any other text as it is.

    By OpenCC's table "t2s", read only once a text has a Chinese character. Raises DataError when it is not installed.
    """
    return _converter().convert(text) if _HAN.search(text) else text


@cache
def _converter() -> OpenCC:
    try:
        from opencc import OpenCC
    except ImportError as error:
        raise DataError(
            "OpenCC is not installed, so traditional Chinese cannot be read", remedy="pip install OpenCC"
        ) from error
    return OpenCC("t2s")
