"""A report as a browser's parser sees it: elements, their attributes, and the text outside of scripts and styles."""

from __future__ import annotations

from html.parser import HTMLParser
from typing import Final

LOADING: Final = {"src", "href", "srcset", "action", "data", "poster", "background", "formaction", "xlink:href"}


class Page(HTMLParser):
    """The file, read once."""

    def __init__(self, html: str) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.scripts: list[str] = []
        self.styles: list[str] = []
        self.words: list[str] = []
        self._inside = ""
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, {name: value or "" for name, value in attrs}))
        self._inside = tag
        if tag in ("script", "style"):
            (self.scripts if tag == "script" else self.styles).append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data
        elif self._inside == "style":
            self.styles[-1] += data
        else:
            self.words.append(data)

    @property
    def text(self) -> str:
        """All that can be read on it, with single spaces."""
        return " ".join(" ".join(self.words).split())

    def count(self, tag: str) -> int:
        """How many elements of that name there are."""
        return sum(each == tag for each, _ in self.tags)

    def of(self, tag: str) -> list[dict[str, str]]:
        """The attributes of each element of that name."""
        return [attributes for each, attributes in self.tags if each == tag]

    @property
    def policy(self) -> str:
        """What the browser may do with it."""
        return next(each["content"] for each in self.of("meta") if each.get("http-equiv") == "Content-Security-Policy")

    def loaded(self) -> list[str]:
        """What a browser would fetch, or lead to: everything but places in the file and pictures that lie in it."""
        addresses = [value for _, all_of in self.tags for name, value in all_of.items() if name in LOADING]
        styles = [each for each in self.styles if "url(" in each or "@import" in each]
        return [each for each in addresses if not each.startswith(("#", "data:image/"))] + styles

    def handlers(self) -> list[str]:
        """Attributes that would run a script."""
        return [name for _, all_of in self.tags for name in all_of if name.startswith("on")]
