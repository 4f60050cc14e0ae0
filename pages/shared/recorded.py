"""What a page has drawn, as the parts of a report: each text, figure, chart and table where it stands, no controls.

It is read off the messages that the page sent to the browser, so that a report has no description of its own to keep
in step, and can tell no other story than the page. Nothing is made of them before somebody asks for the report.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from typing import TYPE_CHECKING, Any, Final

from pages.shared.tabled import table
from recsys.reports.contract import Chart, Fact, Group, Part, Words

if TYPE_CHECKING:
    from collections.abc import Sequence

    from recsys.schema.money import Money

MAIN: Final = 0  # the first place of what is drawn on the page itself; others are the sidebar and messages
FOLDED: Final = {"popover", "dialog"}  # what opens over the page is none of what it shows
SILENT: Final = {"empty", "skeleton", "spinner", "space", "bidi_component", "component_instance", "balloons", "snow"}
BETTER: Final = {"GREEN": "good", "RED": "bad"}
STRETCHED, NATURAL = 0.0, -1.0  # widths in a line
FINDINGS: Final = ("alike.",)  # what the keys of buttons begin with that are named by something found


class _Control:
    """Stands where a control stood."""


@dataclass(slots=True)
class _Node:
    """An element or a block of the page, with what stands in it by place."""

    block: Any = None
    element: Any = None
    children: dict[int, _Node] = field(default_factory=dict)


@contextmanager
def recording() -> Iterator[list[Any]]:
    """Keep what is drawn inside, as it is sent to the browser; the list fills while the page is drawn."""
    from streamlit.runtime.scriptrunner import get_script_run_ctx

    context = get_script_run_ctx()
    sent: list[Any] = []
    if context is None:
        yield sent
        return
    send = context.enqueue

    def noted(message: Any) -> None:
        if message.HasField("delta"):
            sent.append(message)
        send(message)

    context.enqueue = noted  # type: ignore[method-assign, assignment]
    try:
        yield sent
    finally:
        context.enqueue = send  # type: ignore[method-assign]


def parts(sent: Sequence[Any], money: Money) -> tuple[Part, ...]:
    """What was drawn, as parts of a report in the order of the page."""
    group = _group(_tree(sent), money)
    return group.parts if isinstance(group, Group) and group.look == "stack" else (group,) if group else ()


def _tree(sent: Sequence[Any]) -> _Node:
    """What is left on the page when all has been drawn: what was drawn over something else has taken its place."""
    root = _Node()
    for message in sent:
        path, delta = list(message.metadata.delta_path), message.delta
        what = delta.WhichOneof("type")
        if path[0] != MAIN or what not in ("new_element", "add_block"):
            continue
        node = root
        for place in path[1:]:
            node = node.children.setdefault(place, _Node())
        if what == "new_element":
            node.block, node.element, node.children = None, delta.new_element, {}
        else:
            node.block, node.element = delta.add_block, None
    return root


# --- blocks ---------------------------------------------------------------------------------------------------------


def _group(node: _Node, money: Money) -> Part | None:
    """A block with all that is left of it; None where that is nothing."""
    kind = node.block.WhichOneof("type") if node.block is not None else ""
    if kind in FOLDED:
        return None
    children = [node.children[place] for place in sorted(node.children)]
    found = [(child, _part(child, money)) for child in children]
    shown = [(child, part) for child, part in _without_stranded(found) if not isinstance(part, _Control)]
    made: tuple[Part, ...] = tuple(part for _, part in shown)
    if not made or (kind == "expandable" and _unasked(found)):
        return None
    title = _title(node.block, kind)
    if len(made) == 1 and not title and not _framed(node.block, kind):
        return made[0]
    return _made(node.block, kind, title, [child for child, _ in shown], made)


def _unasked(found: list[tuple[_Node, Part | _Control | None]]) -> bool:
    """Whether what is folded away only says what a button in it would find: nobody has pressed it."""
    there = [part for _, part in found if part is not None]
    quiet = all(isinstance(part, _Control) or (isinstance(part, Words) and part.look == "quiet") for part in there)
    return quiet and any(isinstance(part, _Control) for part in there)


def _made(block: Any, kind: str, title: str, children: list[_Node], made: tuple[Part, ...]) -> Group:
    if kind == "grid_container":
        return Group(made, "cards", title, narrowest=int(block.grid_container.min_column_width_px))
    if kind in ("flex_container", "horizontal") and _across(block, kind):
        if all(child.block is not None and child.block.WhichOneof("type") == "column" for child in children):
            return Group(made, "row", title, tuple(float(child.block.column.weight) for child in children))
        return Group(made, "line", title, tuple(map(_width, children)))
    return Group(made, "box" if _framed(block, kind) else "stack", title)


def _across(block: Any, kind: str) -> bool:
    container = block.flex_container
    return kind == "horizontal" or container.direction == container.Direction.HORIZONTAL


def _framed(block: Any, kind: str) -> bool:
    return bool(
        (kind == "flex_container" and block.flex_container.border and not _across(block, kind))
        or (kind == "column" and block.column.show_border)
        or kind == "expandable"
    )


def _title(block: Any, kind: str) -> str:
    return str(block.expandable.label if kind == "expandable" else block.tab.label if kind == "tab" else "")


def _width(child: _Node) -> float:
    config = (child.block if child.block is not None else child.element).width_config
    asked = config.WhichOneof("width_spec")
    if asked == "pixel_width":
        return float(config.pixel_width)
    return NATURAL if asked == "use_content" else STRETCHED


def _without_stranded(found: list[tuple[_Node, Part | _Control | None]]) -> list[tuple[_Node, Any]]:
    """The parts that are there, without headings under which only controls stood."""
    there = [(child, part) for child, part in found if part is not None]
    kept = []
    for at, (child, part) in enumerate(there):
        behind = there[at + 1][1] if at + 1 < len(there) else None
        last = next((later for _, later in there[at + 1 :] if not isinstance(later, _Control)), None)
        stranded = isinstance(behind, _Control) and (last is None or _begins(last))
        if not (_heading(part) and stranded):
            kept.append((child, part))
    return kept


def _begins(part: Any) -> bool:
    """Whether a part begins something of its own: a heading, or a box that has one."""
    boxed = isinstance(part, Group) and part.look == "box"
    return _heading(part) or (boxed and bool(part.title or _heading(next(iter(part.parts), None))))


def _heading(part: Any) -> bool:
    """Whether a part is nothing but a heading, or a line in bold letters that serves as one."""
    if not isinstance(part, Words):
        return False
    text = part.markdown.strip()
    bold = text.startswith("**") and text.endswith("**") and text.count("**") == 2
    return "\n" not in text and (text.startswith("#") or bold)


# --- elements -------------------------------------------------------------------------------------------------------


def _part(node: _Node, money: Money) -> Part | _Control | None:
    if node.element is None:
        return _group(node, money) or (_Control() if _controls(node) else None)
    kind = node.element.WhichOneof("type")
    if kind is None or kind in SILENT:
        return None
    made = {**ELEMENTS, "dataframe": partial(table, money=money), "table": partial(table, money=money)}.get(kind)
    return made(getattr(node.element, kind)) if made else _Control()


def _controls(node: _Node) -> bool:
    """Whether there is a control somewhere in a block that shows nothing else."""
    if node.element is not None:
        return node.element.WhichOneof("type") not in SILENT | ELEMENTS.keys() - {"button"}
    return any(map(_controls, node.children.values()))


def _words(element: Any) -> Part | None:
    if element.element_type == element.Type.DIVIDER or not element.body.strip():
        return None
    return Words(str(element.body), "quiet" if element.element_type == element.Type.CAPTION else "")


def _button(element: Any) -> Part | _Control:
    """A control, but for a button whose name is part of what the page found."""
    key = str(element.id).partition("-")[2].partition("-")[2]  # "$$ID-<hash>-<key>"
    return Words(f"- {element.label}") if key.startswith(FINDINGS) else _Control()


def _heading_words(element: Any) -> Part:
    return Words(f"### {' '.join(str(element.body).split())}")


def _notice(element: Any) -> Part:
    return Words(f"**{element.title}**  \n{element.body}" if element.title else str(element.body), "notice")


def _code(element: Any) -> Part:
    return Words("\n".join(f"    {line}" for line in str(element.code_text).splitlines()))


def _fact(element: Any) -> Part:
    colour = element.MetricColor.Name(element.color)
    arrow = {element.MetricDirection.UP: "▲ ", element.MetricDirection.DOWN: "▼ "}.get(element.direction, "")
    change = f"{arrow}{str(element.delta).lstrip('-+')}" if arrow else str(element.delta)
    better: Any = BETTER.get(colour, "") if element.delta else ""
    return Fact(str(element.label), str(element.body), change if element.delta else "", better, str(element.help))


def _chart(element: Any) -> Part:
    return Chart(str(element.spec), str(element.alt))


ELEMENTS: Final[dict[str, Any]] = {
    "markdown": _words,
    "heading": _heading_words,
    "alert": _notice,
    "code": _code,
    "metric": _fact,
    "plotly_chart": _chart,
    "button": _button,
}


def nothing(sent: Sequence[Any]) -> bool:
    """Whether a page has drawn none of what a report is for: notices and small print alone tell of nothing."""
    drawn = [each.delta.new_element for each in sent if each.delta.HasField("new_element")]
    return not any(map(_tells, drawn))


def _tells(element: Any) -> bool:
    kind = element.WhichOneof("type")
    if kind == "markdown":
        return bool(element.markdown.element_type != element.markdown.Type.CAPTION)
    return kind in ELEMENTS.keys() - {"button", "alert"} | {"dataframe", "table"}
