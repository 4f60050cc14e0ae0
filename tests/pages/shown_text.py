"""All that a page has Streamlit read as Markdown, and what Streamlit would make of what was typed in it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any, Final

from streamlit.testing.v1 import AppTest

# Fields of elements that are shown as text or not at all.
TEXT: Final = {"id", "key", "placeholder", "value", "default", "options", "data", "spec", "config", "url", "url_path",
               "query_string", "page_script_hash", "icon", "raw_value", "set_value", "form_id", "element_id", "columns",
               "arrow_data", "styler", "query_params", "code_text", "file_name", "type", "mime", "alt", "imgs",
               "default_values", "raw_values", "format", "string_value", "page_name", "user_key", "src"}  # fmt: skip
# Elements whose texts are no Markdown: tables, charts, pictures, code, and boxes whose options are text.
PLAIN: Final = {
    "dataframe",
    "plotly_chart",
    "bidi_component",
    "component_instance",
    "imgs",
    "code",
    "arrow_data_frame",
    "json",
}
_ESCAPED: Final = re.compile(r"\\([!-/:-@\[-`{-~])")
# GFM's autolinks as mdast-util-gfm-autolink-literal finds them, in the text that is left when all is parsed
_ADDRESS: Final = re.compile(r"https?://[-.\w]+|www\.[-.\w]+|(?<![-.\w+])[-.\w+]+@[-\w]+(?:\.[-\w]+)+", re.IGNORECASE)
_AFTERWARDS: Final = re.compile(r":material[/_]rocket:|:streamlit:|:pizza:|(?:^|\s)(?:<->|->|<-|--|>=|<=|~=)(?=\s|$)")
_MARKUP: Final = re.compile(
    r"\*\*bold|__it|~~gone|`code|\]\(|<https|<a |\$x\^2|:red\[|:small\[x|:green-badge\[y|\]: http"
)


def markdown_of(app: AppTest) -> Iterator[tuple[str, str]]:
    """(kind of element and field, text) of everything on the page that is read as Markdown."""
    yield from _of_block(app._tree)


def _of_block(block: Any) -> Iterator[tuple[str, str]]:
    proto = getattr(block, "proto", None)
    if proto is not None and getattr(block, "type", "") not in PLAIN:
        yield from _of_proto(str(getattr(block, "type", "")), proto)
    for child in getattr(block, "children", {}).values():
        yield from _of_block(child)


def _of_proto(kind: str, proto: Any) -> Iterator[tuple[str, str]]:
    for about, value in proto.ListFields():
        if about.name in TEXT:
            continue
        for each in value if about.is_repeated else [value]:
            if isinstance(each, str):
                yield f"{kind}.{about.name}", each
            elif hasattr(each, "ListFields"):
                yield from _of_proto(f"{kind}.{about.name}", each)


def made_of(markdown: str) -> list[str]:
    """What of the hostile texts of `tests.shops.hostile` would be more than letters."""
    unescaped = _ESCAPED.sub("\0", markdown.replace("](data:image/svg+xml;base64,", ""))  # a dot that the page drew
    live = [found[0] for found in _MARKUP.finditer(unescaped)]
    finished = _ESCAPED.sub(r"\1", markdown)
    return live + [found[0] for pattern in (_ADDRESS, _AFTERWARDS) for found in pattern.finditer(finished)]
