"""A page of the lab as one person has it open: reached through the app's own navigation."""

from __future__ import annotations

from typing import Any, ClassVar, Self

from streamlit.testing.v1 import AppTest

from recsys.settings import PROJECT
from tests.pages.app_visit import SECONDS


class LabPage:
    """The page as one person has it open. A page's own class says which, and where else it speaks."""

    page: ClassVar[str]
    also_said: ClassVar[tuple[str, ...]] = ()

    def __init__(self, **address: str) -> None:
        self.at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=SECONDS)
        for name, value in address.items():
            self.at.query_params[name] = value
        self.at.run()
        self.at.switch_page(self.page)
        self.run()

    def run(self) -> Self:
        """Run the script again, as after a click; a traceback fails the test."""
        self.at.run()
        assert not self.at.exception, [error.value for error in self.at.exception]
        return self

    def press(self, key: str) -> Self:
        """Press the button with that key."""
        self.at.button(key=key).click()
        return self.run()

    @property
    def text(self) -> str:
        """Everything the page says, in one text."""
        kinds = ("markdown", "caption", "info", "warning", "error", *self.also_said)
        said = [element for kind in kinds for element in getattr(self.at, kind)]
        return "\n".join(str(element.value) for element in said).replace("\\", "").replace("\u00a0", " ")

    @property
    def address(self) -> dict[str, Any]:
        """The query parameters in the address bar, the first value of each."""
        return {name: value[0] if isinstance(value, list) else value for name, value in self.at.query_params.items()}
