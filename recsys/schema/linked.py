"""How settings, a dataclass of plain values, travel in a link: what differs from the defaults, and what can be used."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import fields
from typing import TYPE_CHECKING, Any, TypeVar

from recsys.errors import BadRequestError

if TYPE_CHECKING:
    from _typeshed import DataclassInstance

    Linked = TypeVar("Linked", bound=DataclassInstance)


def read_linked(cls: type[Linked], raw: Mapping[str, str], read: Callable[[str, str], Any]) -> tuple[Linked, list[str]]:
    """(settings, one plain sentence per value that was not used): what cannot be used falls back to its default.

    `read` makes a value of a field's name and text; the class raises BadRequestError for one that is none.
    Unknown names are ignored.
    """
    good: dict[str, Any] = {}
    complaints: list[str] = []
    for f in fields(cls):
        if f.name not in raw:
            continue
        value = read(f.name, str(raw[f.name]))
        try:
            cls(**{f.name: value})
        except BadRequestError as error:
            complaints.append(error.one_line())
        else:
            good[f.name] = value
    return cls(**good), complaints


def changed_settings(settings: DataclassInstance) -> dict[str, str]:
    """What differs from the defaults, as text for the address bar; `read_linked` reads it back."""
    values = {f.name: (getattr(settings, f.name), f.default) for f in fields(settings)}
    return {name: _as_text(value) for name, (value, default) in values.items() if value != default}


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return ",".join(value) if isinstance(value, tuple) else f"{value:g}"
