"""The app as one person has it open: run from its entry point, used by its controls."""

from __future__ import annotations

from streamlit.testing.v1 import AppTest

from recsys.settings import PROJECT

SECONDS = 60  # the first run opens the engine; a slow machine is no failure of the page


def sound(app: AppTest) -> AppTest:
    """The same page, on which nothing went wrong and no error is shown."""
    assert not app.exception, [error.value for error in app.exception]
    assert not [error.value for error in app.error]
    return app


class App:
    """The app as one person has it open, from an address."""

    def __init__(self, **address: str | list[str]) -> None:
        self.at = AppTest.from_file(str(PROJECT / "app.py"), default_timeout=SECONDS)
        for name, value in address.items():
            self.at.query_params[name] = value
        self.run()

    def run(self) -> App:
        """Run the script again, as after a click; a traceback fails the test."""
        self.at.run()
        assert not self.at.exception, [error.value for error in self.at.exception]
        return self

    @property
    def address(self) -> dict[str, list[str]]:
        """The query parameters in the address bar."""
        found = self.at.query_params
        return {name: value if isinstance(value, list) else [value] for name, value in found.items()}

    @property
    def cards(self) -> list[str]:
        """The item ids on the shelf, best first."""
        return [b.key.removeprefix("why.") for b in self.at.button if b.key and b.key.startswith("why.")]

    @property
    def text(self) -> str:
        """Everything the page says, in one text."""
        said = [*self.at.markdown, *self.at.caption, *self.at.info, *self.at.warning, *self.at.error, *self.at.title]
        return "\n".join(str(element.value) for element in said).replace("\\", "").replace("\u00a0", " ")

    def press(self, key: str) -> App:
        """Press the button with that key."""
        self.at.button(key=key).click()
        return self.run()

    def facets(self, group: str) -> dict[str, str]:
        """The facets of a group as they are named, and as they are shown, with counts."""
        shown = [name for found in self.at.button_group if found.key == f"facets.{group}" for name in found.options]
        return {name.partition(" :small[")[0].replace("\\", ""): name for name in shown}

    def facet(self, group: str, name: str) -> App:
        """Press a facet: choose it, or take it back."""
        pills, shown = self.at.button_group(key=f"facets.{group}"), self.facets(group)[name]
        chosen = pills.value
        pills.set_value([each for each in chosen if each != shown] if shown in chosen else [*chosen, shown])
        return self.run()

    def ask(self, query: str) -> App:
        """Type a query and press Enter."""
        self.at.text_input(key="control.q").set_value(query)
        return self.run()

    def pick(self, shopper: str | None) -> App:
        """Pick a shopper."""
        self.at.selectbox(key="control.shopper").set_value(shopper)
        return self.run()
