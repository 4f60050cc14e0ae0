"""What a screen was asked, in words: who, what, and every setting that is not as it is at first."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields
from typing import TYPE_CHECKING, Any, Final

from pages.shared import address_bar, state
from pages.shared.views import LABELS, SAID, VIEWS, names_of
from recsys.errors import FeedbackError
from recsys.schema import NEW_SHOPPER, Request
from recsys.schema.understood import LANGUAGES

if TYPE_CHECKING:
    from recsys.engine import Engine

NARROWED: Final = {"departments": "Departments", "categories": "Categories", "sizes": "Sizes"}
BROUGHT: Final = "A picture that was brought; a link cannot carry it"


COMPARED: Final = "compare"  # the page that may show what another screen asked


def asked(engine: Engine, page: str) -> Iterator[tuple[str, str]]:
    """(name, what is set), in the order of the screen; `page` as in its address."""
    request = state.current_request()
    yield "Shop", engine.shop.title
    if page == COMPARED and state.choices()["comparison"]:  # it brought its own question, which its page says
        yield from _of_saved(engine, str(state.choices()["comparison"]))
        return
    yield from who_and_what(engine, request)
    changed = list(_changed(engine, request))
    changed += [(_label(name), _of_view(engine, name, value)) for name, value in _views(page)]
    yield from changed
    if not changed:
        yield "Settings", "All as they are at first"


def who_and_what(engine: Engine, request: Request) -> Iterator[tuple[str, str]]:
    people = engine.shop.people
    if request.shopper and request.shopper != NEW_SHOPPER:
        label = state.shopper_labels(engine).get(request.shopper, "")
        yield people.one.capitalize(), f"{request.shopper}{f' ({label})' if label else ''}"
    elif not engine.shoppers.empty:
        who = f"A new {people.one}, of whom nothing is known" if request.shopper else "Nobody in particular"
        yield people.one.capitalize(), who
    yield "Query", f"“{request.query.strip()}”" if request.query.strip() else "None"
    if request.looks is not None:
        yield "Looks like", _in_words(engine, request.looks.item) if request.looks.item else BROUGHT


def _of_saved(engine: Engine, comparison: str) -> Iterator[tuple[str, str]]:
    """What a saved comparison asked when it was saved; its id alone where that cannot be read."""
    yield "Saved comparison", comparison
    try:
        found = engine.comparisons.find(comparison)
    except FeedbackError:
        return
    if found is not None and found.shop == engine.shop.name and found.address:
        read, _ = address_bar.read_address(address_bar.in_lists(found.address), engine)
        yield from who_and_what(engine, state.request_of(read))
        yield from _changed(engine, state.request_of(read))


def _changed(engine: Engine, request: Request) -> Iterator[tuple[str, str]]:
    if request.k != state.DEFAULT_K:
        yield "Products on the shelf", engine.shop.number(request.k)
    if request.verbatim:
        yield "Words", "Taken as they were typed"
    if request.language:
        yield "Language of the query", LANGUAGES.get(request.language, request.language)
    if request.sort:
        yield "Sorted by", request.sort.replace("_", " ")
    for name, label in NARROWED.items():
        if values := getattr(request, name):
            yield label, ", ".join(values)
    if request.learning is not None:
        yield "Learning from what is pressed", f"On, by steps of {request.learning.step:g}"
    for settings in (request.knobs, request.reranking):
        for each in fields(settings):
            value, first = getattr(settings, each.name), each.default
            if value != first:
                unit = str(each.metadata.get("unit", ""))
                yield str(each.metadata["label"]), f"{_in_words(engine, value)}{_told(unit, first)}"


def _told(unit: str, first: Any) -> str:
    """The unit, and what the setting is at first."""
    said = f" {unit}" if unit else ""
    return f"{said} (at first {first:g})" if isinstance(first, int | float) else said


def _views(page: str) -> list[tuple[str, Any]]:
    chosen, first = state.choices(), state.defaults()
    told = [name for name in names_of(page) if LABELS.get(name) != ""]
    return [(name, chosen[name]) for name in told if chosen[name] != first[name]]


def _of_view(engine: Engine, name: str, value: Any) -> str:
    """A choice of a page in the words of the page; of a few that are offered none is a product's id."""
    if name not in VIEWS:
        return _in_words(engine, value)
    people = engine.shop.people
    said = SAID.get(name, {}).get(str(value), str(value))
    return said.format(one=people.one, many=people.many.capitalize())


def _label(name: str) -> str:
    return LABELS.get(name, name.replace("_", " ").capitalize())


def _in_words(engine: Engine, value: Any) -> str:
    """A value; ids of products, of which a link may carry several, by their titles."""
    if isinstance(value, int | float):
        return f"{value:g}"
    several = value if isinstance(value, list | tuple) else str(value).split(",")
    if all(engine.catalogue.row(each) is not None for each in several):
        return ", ".join(f"“{engine.catalogue.titles[engine.catalogue.row(each)]}”" for each in several)
    return ", ".join(value) if isinstance(value, list | tuple) else str(value)
