"""How the product hangs together with what was bought: paths in words, as a picture, and as a table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

import streamlit as st

from pages.shared.drawing import draw
from pages.shared.tables import export
from pages.shared.wording import cut, plain
from recsys.engine.paths import FRIEND, PRODUCT, UNPROVEN, VALUE, YOU, Node
from recsys.schema import shown_parts

if TYPE_CHECKING:
    import pandas as pd

    from recsys.engine import Engine
    from recsys.engine.paths import Found
    from recsys.explanation.knowledge_graph import Path
    from recsys.schema import Answer, RankedItem

LISTED: Final = 5  # in words; the others are in the table
NAME_LENGTH: Final = 60
STRENGTH: Final = (
    "Paths stand by their strength, the product of their steps' shares: one purchase of all, then one product of those "
    "that share the thing with it. What many products share counts for little. Bought together counts by "
    f"how much more often than anywhere, as if {UNPROVEN} more had not bought both; own purchases prove nothing there."
)
NO_CAUSE: Final = "A connection says how things hang together. It is not what made the score, unless a path says so."


def connections(engine: Engine, answer: Answer, item: RankedItem) -> None:
    """The strongest paths, what of them the score counts, and the picture of what lies around."""
    with st.container(border=True):
        st.markdown("**How it hangs together with what was bought**", help=plain(STRENGTH))
        with st.spinner("Looking along the connections of the shop…", show_time=False):
            found = engine.paths.of(answer.request, item.row)
        if found.paths:
            lines = [_line(engine, path, item) for path in found.paths[:LISTED]]
            st.markdown("\n".join(f"{place}. {line}" for place, line in enumerate(lines, 1)))
        else:
            st.write(plain(_nothing(engine, answer, found)))
        st.caption(f"{NO_CAUSE} {_friends_said(engine, found)}".strip())
        if len(found.around.nodes) > 1:
            _drawn(engine, found, item)
        if found.paths:
            table = _table(engine, found)
            with st.expander("All paths as a table", icon=":material/table:"):
                st.dataframe(table, hide_index=True, key="whys.paths.table")
                export(table, "paths.csv", "whys.paths.csv")


def _line(engine: Engine, path: Path, item: RankedItem) -> str:
    """A path in words, with its strength and what the score has of it."""
    figures = f"strength {_one_in(engine, path)} · {_counted(engine, path, item)}"
    return f"{plain(engine.paths.said(path))} :small[:gray[{figures}]]"


def _one_in(engine: Engine, path: Path) -> str:
    """The strength as "1 in 18,900", rounded as it is."""
    times = 1 / path.strength
    return f"1 in {engine.shop.number(float(f'{times:.3g}'))}"


def _counted(engine: Engine, path: Path, item: RankedItem) -> str:
    name, exactly = engine.paths.counted(path)
    points = shown_parts(item.parts).get(name, 0.0)
    if points <= 0:
        return "not in the score"
    label = f"“{plain(engine.parts.labels[name])}” ({points:.1f} points)"
    return f"in the score: {label}" if exactly else f"the score counts such things by models of its own: {label}"


def _nothing(engine: Engine, answer: Answer, found: Found) -> str:
    """Why there is no path."""
    one = engine.shop.people.one
    if answer.request.shopper is None:
        return f"Nobody in particular asks: pick a {one}, and paths from what they bought are shown."
    if not found.products and not found.friends:
        return f"This {one} has bought nothing yet, so that no path begins anywhere."
    if not found.products:
        return f"This {one} has bought nothing yet, and no friend bought this product."
    return (
        f"No path leads from what this {one} bought to this product: they share no "
        f"{_shared(engine)}, and hardly anybody bought it together with any of it."
    )


def _shared(engine: Engine) -> str:
    kinds = list(dict.fromkeys(engine.paths.graph.values.kinds))
    named = kinds[:4]
    if len(named) < 2:
        return "".join(named) or "thing that the shop knows"
    return f"{', '.join(named[:-1])} or {named[-1]}"


def _friends_said(engine: Engine, found: Found) -> str:
    if engine.paths.graph.friends is None or not found.friends:
        return ""
    through = sum(path.through.kind == FRIEND for path in found.paths)
    return "" if through else "No friend who bought it is among the strongest paths."


def _drawn(engine: Engine, found: Found, item: RankedItem) -> None:
    from recsys.plots.graph import Dot, graph_figure

    around = found.around
    places = {node: place for place, node in enumerate(around.nodes)}
    on_path = {node for path in found.paths for node in path.nodes}
    bought = {path.nodes[1] for path in found.paths if path.nodes[1].kind == PRODUCT}
    dots = []
    for node in around.nodes:
        name, group = cut(engine.paths.name(node), NAME_LENGTH), _group(node, item.row, bought)
        dots.append(Dot(name, group, _layer(node, found, item.row), node in on_path, _hover(engine, node)))
    lines = [(places[start], places[to], (start, to) in around.on_path) for start, to, _ in around.edges]
    title = "What lies around it" + (", and the paths to it" if found.paths else "")
    said = " ".join(engine.paths.said(path) for path in found.paths[:LISTED])
    alt = f"{len(dots)} things and {len(lines)} connections around {item.title}. {said or 'No path leads to it.'}"
    draw(graph_figure(dots, lines, title), "whys.paths", alt)
    st.caption(plain(_around_said(engine, found, item)))


def _around_said(engine: Engine, found: Found, item: RankedItem) -> str:
    """How the picture is read, and what of it no path says."""
    this = Node(PRODUCT, item.row)
    names: dict[str, list[str]] = {VALUE: [], PRODUCT: []}
    for start, to, _ in found.around.edges:
        other = to if start == this else start if to == this else None
        if other is not None and other.kind in names:
            kind = f"{engine.paths.kind(other)} " if other.kind == VALUE else ""
            names[other.kind].append(f"{kind}“{cut(engine.paths.name(other), NAME_LENGTH)}”")
    read = "From left to right: who asks, what was bought, what connects, this product, and what else hangs together."
    said = [read if found.paths else "What the product shares, the product, and what else hangs together with it."]
    if names[VALUE]:
        said.append(f"It is of {', '.join(names[VALUE])}.")
    if names[PRODUCT]:
        said.append(f"Bought together with it: {', '.join(names[PRODUCT][:LISTED])}.")
    return " ".join(said)


def _group(node: Node, row: int, bought: set[Node]) -> str:
    if node.kind == PRODUCT:
        return "this product" if node.at == row else "bought" if node in bought else "other product"
    return {YOU: "you", VALUE: "shared", FRIEND: "friend"}[node.kind]


def _layer(node: Node, found: Found, row: int) -> int:
    """You, what was bought, what is between, the product, and then all that only lies around."""
    if node == (PRODUCT, row):
        return 3
    on_paths = [path.nodes.index(node) for path in found.paths if node in path.nodes]
    if not on_paths:
        return 2 if node.kind == VALUE else 4
    return 2 if node.kind in (VALUE, FRIEND) else min(on_paths)


def _hover(engine: Engine, node: Node) -> str:
    if node.kind == VALUE:
        products = len(engine.paths.graph.with_value(node.at))
        return f"{engine.paths.kind(node)} of {engine.shop.number(products)} products"
    return ""


def _table(engine: Engine, found: Found) -> pd.DataFrame:
    import pandas as pd

    rows = [
        {
            "Path": " → ".join(cut(engine.paths.name(node), NAME_LENGTH) for node in path.nodes),
            "In words": engine.paths.said(path),
            "Strength": _one_in(engine, path),
        }
        for path in found.paths
    ]
    return pd.DataFrame(rows)
