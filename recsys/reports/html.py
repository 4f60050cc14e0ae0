"""A report as one HTML file: no address is loaded, no script but plotly's own runs, and what is data stays text."""

from __future__ import annotations

from base64 import b64encode
from functools import lru_cache
from hashlib import sha256
from pathlib import Path
from typing import TYPE_CHECKING, Final

from markupsafe import Markup

from recsys.reports.charts import call
from recsys.reports.contract import Chart, Fact, Group, Part, Report, Table, Words
from recsys.reports.markdown import Reader

if TYPE_CHECKING:
    from jinja2 import Template

FOLDER: Final = Path(__file__).parent
MOST_BYTES: Final = 20_000_000  # of the whole file
MOST_PICTURES: Final = 5_000_000  # bytes of all pictures; a shelf of twenty has some 300,000
MOST_CHARTS: Final = 9_000_000  # bytes of all figures; plotly's script, which draws them, has 4.9 million
MOST_ROWS: Final = 100  # of a table
FEW_COLUMNS: Final = 4  # fit beside something else


def render(report: Report) -> str:
    """The whole file, at most MOST_BYTES long; what had no room is said where it would stand."""
    return _Writer().document(report)


class _Writer:
    """Writes one report, and keeps what its parts share: the room that is left, charts, definitions."""

    def __init__(self) -> None:
        self._pictures, self._charts = MOST_PICTURES, MOST_CHARTS
        self._scripts: list[str] = []
        self._webgl = False
        self._meanings: dict[tuple[str, str], str] = {}  # (name, what it means) -> id of its place
        self._left_out = 0  # pictures
        self._read = Reader(self._room_for)

    def document(self, report: Report) -> str:
        """The file, from the first to the last line."""
        parts = self._parts(report.parts)
        card = self._read.block(report.card) if report.card else Markup("")
        scripts = [Markup(text) for text in ([_plotly(), *self._scripts] if self._scripts else [])]
        return _template().render(
            report=report,
            parts=parts,
            card=card,
            meanings=[
                (key, self._read.line(name), self._read.line(said)) for (name, said), key in self._meanings.items()
            ],
            notices=self._notices(report),
            scripts=scripts,
            policy=_policy(scripts, webgl=self._webgl),
            style=Markup((FOLDER / "report.css").read_text(encoding="utf-8")),
        )

    def _notices(self, report: Report) -> list[str]:
        many = "1 picture" if self._left_out == 1 else f"{self._left_out} pictures"
        lost = f"{many} had no room in this file; words stand in the place of each."
        return [*report.notices, *([lost] if self._left_out else [])]

    def _room_for(self, address: str) -> bool:
        if len(address) > self._pictures:
            self._left_out += 1
            return False
        self._pictures -= len(address)
        return True

    def _parts(self, parts: tuple[Part, ...]) -> Markup:
        return Markup("\n").join(self._part(each) for each in parts)

    def _part(self, part: Part) -> Markup:
        if isinstance(part, Words):
            inside = self._read.block(part.markdown)
            return Markup('<div class="{}">{}</div>').format(part.look, inside) if part.look else inside
        if isinstance(part, Fact):
            return Markup('<dl class="facts">{}</dl>').format(self._fact(part))
        if isinstance(part, Chart):
            return self._chart(part)
        return self._table(part) if isinstance(part, Table) else self._group(part)

    # --- figures ----------------------------------------------------------------------------------------------------

    def _fact(self, fact: Fact) -> Markup:
        value = self._read.line(fact.value)
        if fact.change:
            value += Markup(' <span class="change {}">{}</span>').format(fact.better, self._read.line(fact.change))
        return Markup("<div><dt>{}</dt><dd>{}</dd></div>").format(self._defined(fact.label, fact.help), value)

    def _defined(self, label: str, help: str) -> Markup:
        """The name of a figure, leading to what it means."""
        name = self._read.line(label)
        if not help:
            return name
        place = self._meanings.setdefault((label, help), f"meaning-{len(self._meanings) + 1}")
        return Markup('<a href="#{}">{}</a>').format(place, name)

    def _chart(self, chart: Chart) -> Markup:
        name = f"chart-{len(self._scripts) + 1}"
        script, height, webgl = call(name, chart.spec)
        size = len(script.encode())
        if size > self._charts:
            said = "This chart is left out: with it the file would be too large to hand on."
            return Markup('<p class="notice">{} {}</p>').format(said, chart.alt)
        self._charts -= size
        self._scripts.append(script)
        self._webgl = self._webgl or webgl
        return Markup('<figure class="chart" aria-label="{}"><div id="{}" style="height:{}px"></div></figure>').format(
            chart.alt or "Chart", name, height
        )

    def _table(self, table: Table) -> Markup:
        heads = Markup("").join(
            Markup('<th scope="col"{}>{}</th>').format(
                _side(each.numeric), self._defined(escape_markdown(each.label), each.help)
            )
            for each in table.columns
        )
        rows = Markup("\n").join(
            Markup("<tr>{}</tr>").format(
                Markup("").join(
                    Markup("<td{}>{}</td>").format(_side(column.numeric), cell)
                    for column, cell in zip(table.columns, row, strict=True)
                )
            )
            for row in table.rows[:MOST_ROWS]
        )
        out = Markup(
            '<div class="scroll" tabindex="0"><table><thead><tr>{}</tr></thead><tbody>\n{}\n</tbody></table></div>'
        ).format(heads, rows)
        shown = min(len(table.rows), MOST_ROWS)
        if table.of > shown:
            out += Markup('<p class="quiet">The first {} of {} rows; the app has all of them.</p>').format(
                shown, table.of
            )
        return out

    # --- groups -----------------------------------------------------------------------------------------------------

    def _group(self, group: Group) -> Markup:
        inside = self._inside(group)
        title = Markup("<h3>{}</h3>").format(self._read.line(group.title)) if group.title else ""
        if group.look == "box" or title:
            return Markup('<div class="box">{}{}</div>').format(title, inside)
        return inside

    def _inside(self, group: Group) -> Markup:
        if group.look == "cards":
            return self._cards(group)
        if group.look in ("row", "line") and not _wide(group):
            each = Markup("\n").join(
                Markup('<div style="{}">{}</div>').format(_flex(group.look, width), self._part(part))
                for part, width in zip(group.parts, group.widths, strict=True)
            )
            return Markup('<div class="{}">{}</div>').format(group.look, each)
        return self._parts(group.parts)

    def _cards(self, group: Group) -> Markup:
        if all(isinstance(each, Fact) for each in group.parts):
            facts = (self._fact(each) for each in group.parts if isinstance(each, Fact))
            return Markup('<dl class="facts">{}</dl>').format(Markup("").join(facts))
        cards = Markup("\n").join(Markup("<li>{}</li>").format(self._part(each)) for each in group.parts)
        return Markup('<ul class="cards" style="--narrowest:{}px">{}</ul>').format(group.narrowest or 96, cards)


def escape_markdown(text: str) -> str:
    """A plain text as Markdown that shows it letter by letter."""
    return "".join(f"\\{each}" if each in "\\`*_{}[]()#+-.!|>~$:<&=" else each for each in text)


def _wide(part: Part) -> bool:
    """Whether a part has a table that could not be read beside another part: a report is narrower than a page."""
    if isinstance(part, Group):
        return any(map(_wide, part.parts))
    return isinstance(part, Table) and len(part.columns) > FEW_COLUMNS


def _flex(look: str, width: float) -> str:
    if look == "row":
        return f"flex:{100 * width:g} 1 20rem"  # parts of a line that add up to less than 1 would not fill it
    return "flex:1 1 12rem" if width == 0 else "flex:none" if width < 0 else f"flex:0 0 {width:g}px"


def _side(numeric: bool) -> Markup:
    return Markup(' class="number"') if numeric else Markup("")


def _policy(scripts: list[Markup], *, webgl: bool) -> str:
    """What the browser may do with this file: run these very scripts, show pictures that lie in it, load nothing.

    Plotly makes the programs of WebGL charts by evaluating text; without such a chart that is forbidden too.
    """
    hashes = [f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'" for text in scripts]
    allowed = " ".join([*hashes, *(["'unsafe-eval'"] if webgl else [])]) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data: blob:; "
        "base-uri 'none'; form-action 'none'"
    )


@lru_cache(1)
def _template() -> Template:
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    found = Environment(loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True)
    return found.get_template("report.html.jinja")


def _plotly() -> str:
    """Plotly's script as a browser reads it; nothing in it ends a script early."""
    from plotly.offline import get_plotlyjs

    return str(get_plotlyjs()).replace("\r\n", "\n").replace("\r", "\n").replace("</script", "<\\/script")
