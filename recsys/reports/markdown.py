"""The Markdown of the pages as HTML: what Streamlit makes of it, less links, icons, and any HTML that is typed in."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, Final

from markupsafe import Markup, escape

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.rules_inline import StateInline
    from markdown_it.token import Token

COLOURS: Final = frozenset(["red", "orange", "yellow", "green", "blue", "violet", "gray", "grey", "primary", "rainbow"])
LOOKS: Final = frozenset({"small", *COLOURS, *(f"{c}-{what}" for c in COLOURS for what in ("badge", "background"))})
_DIRECTIVE: Final = re.compile(r":([a-z]+(?:-[a-z]+)?)\[")
_ICON: Final = re.compile(r":material/\w+:\s?")
_PICTURE: Final = re.compile(r"data:image/(?:png|jpeg|webp|gif|svg\+xml);base64,[A-Za-z0-9+/=]+")
_UNHEARD: Final = re.compile("[\u2060\ud800-\udfff]")  # joiners that keep Streamlit's linkifier away; broken letters
_JUNK: Final = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")

TakePicture = Callable[[str], bool]
"""Whether a picture of this address still has room in the file."""


class Reader:
    """Makes HTML of the pages' Markdown; `room` is asked for each picture, which else stays its description."""

    def __init__(self, room: TakePicture) -> None:
        self._room = room
        self._parser = _parser()
        self._parser.add_render_rule("image", lambda _, tokens, at, *__: self._image(tokens[at]))

    def block(self, text: str) -> Markup:
        """Paragraphs, headings (all of one level), lists and tables."""
        return Markup(self._parser.render(_clean(text)))

    def line(self, text: str) -> Markup:
        """A text without paragraphs: a label, a cell."""
        return Markup(self._parser.renderInline(" ".join(_clean(text).split())))

    def _image(self, token: Token) -> str:
        alt, address = token.content.replace("\\", ""), str(token.attrs.get("src", ""))
        if _PICTURE.fullmatch(address) and self._room(address):
            return str(Markup('<img src="{}" alt="{}">').format(address, alt))
        return str(Markup('<span class="no-picture">{}</span>').format(alt)) if alt else ""


def _clean(text: str) -> str:
    return _JUNK.sub("", _UNHEARD.sub("", text))


def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt

    parser = MarkdownIt("commonmark", {"html": False}).enable(["table", "strikethrough"])
    parser.inline.ruler.before("emphasis", "directive", _directive)
    # without this the run of plain text swallows the colon that a directive begins with
    parser.inline.ruler.at("text", _text)
    parser.validateLink = lambda url: True  # type: ignore[method-assign]
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.add_render_rule("link_open", _nothing)
    parser.add_render_rule("link_close", _nothing)
    parser.add_render_rule("heading_open", lambda *_: "<h3>")
    parser.add_render_rule("heading_close", lambda *_: "</h3>\n")
    parser.add_render_rule("table_open", lambda *_: '<div class="scroll" tabindex="0"><table>\n')
    parser.add_render_rule("table_close", lambda *_: "</table></div>\n")
    parser.add_render_rule("th_open", _head_cell)
    parser.add_render_rule("td_open", _cell)
    parser.add_render_rule("look_open", _look_open)
    parser.add_render_rule("look_close", lambda *_: "</span>")
    return parser


_STOPS: Final = re.compile(r"[\n!#$%&*+\-:<=>@\[\]\\^_`{}~]")


def _text(state: StateInline, silent: bool) -> bool:
    """A run of letters up to the next sign that may mean something."""
    found = _STOPS.search(state.src, state.pos)
    end = found.start() if found else state.posMax
    if end == state.pos:
        return False
    if not silent:
        state.pending += state.src[state.pos : end]
    state.pos = end
    return True


def _directive(state: StateInline, silent: bool) -> bool:
    """`:small[...]`, `:green-badge[...]` and their like; `:material/name:` is left out."""
    if state.src[state.pos] != ":":
        return False
    if icon := _ICON.match(state.src, state.pos):
        state.pos = icon.end()
        return True
    found = _DIRECTIVE.match(state.src, state.pos)
    if found is None or found[1] not in LOOKS:
        return False
    start = found.end()
    end = state.md.helpers.parseLinkLabel(state, start - 1)
    if end < 0:
        return False
    if not silent:
        last = state.posMax
        state.pos, state.posMax = start, end
        state.push("look_open", "span", 1).meta = {"look": found[1]}
        state.md.inline.tokenize(state)
        state.push("look_close", "span", -1)
        state.posMax = last
    state.pos = end + 1
    return True


def _nothing(*_: Any) -> str:
    return ""


def _look_open(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return f'<span class="{escape(tokens[at].meta["look"])}">'


def _head_cell(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return f'<th scope="col"{_side(tokens[at])}>'


def _cell(_: Any, tokens: Sequence[Token], at: int, *__: Any) -> str:
    return f"<td{_side(tokens[at])}>"


def _side(token: Token) -> str:
    return ' class="number"' if "right" in str(token.attrs.get("style", "")) else ""
