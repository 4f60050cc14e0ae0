"""A fingerprint of code follows what is imported: no file of it can change unseen, and none beside it counts."""

from __future__ import annotations

import shutil
import time
from pathlib import Path

import pytest

from recsys.preparation.graph import STEPS
from recsys.settings import PROJECT
from recsys.steps.code import LEFT_OUT, Code, Found

A_TREE = {
    "recsys/__init__.py": "",
    "recsys/start.py": "from recsys.room import first\nfrom recsys import schema as s\nNAME = s.ITEM\n",
    "recsys/room/__init__.py": "from recsys.room.never import nothing\n",
    "recsys/room/first.py": "def make():\n    from .second import double\n    return double(2)\n",
    "recsys/room/second.py": "import numpy\nfrom recsys.errors import Wrong\ndouble = numpy.abs\n",
    "recsys/room/never.py": "nothing = 1\n",
    "recsys/errors.py": "class Wrong(Exception): ...\n",
    "recsys/types.py": "Kind = int\n",
    "recsys/schema/__init__.py": "WIDTH = 3\nITEM = 'item' * WIDTH\nPRICE = 'price'\n",
}


@pytest.fixture
def tree(tmp_path: Path) -> Path:
    """A small project of its own."""
    for name, text in A_TREE.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(text, encoding="utf-8")
    return tmp_path


def fingerprint(tree: Path) -> str:
    return Code(tree).fingerprint("recsys.start")


def test_the_closure_follows_imports_inside_functions_and_relative_ones(tree: Path) -> None:
    assert list(Code(tree).closure("recsys.start")) == ["recsys.room.first", "recsys.room.second", "recsys.start"]


def test_a_package_counts_where_a_name_is_taken_from_it(tree: Path) -> None:
    (tree / "recsys" / "start.py").write_text("from recsys.room import nothing\n")
    assert list(Code(tree).closure("recsys.start")) == ["recsys.room", "recsys.room.never", "recsys.start"]


@pytest.mark.parametrize("guard", ["TYPE_CHECKING", "typing.TYPE_CHECKING"])
def test_what_is_imported_for_type_checkers_alone_is_left_out(tree: Path, guard: str) -> None:
    start = tree / "recsys" / "start.py"
    start.write_text(f"if {guard}:\n    from recsys.types import Kind\nelse:\n    from recsys.room import first\n")
    assert list(Code(tree).closure("recsys.start"))[:1] == ["recsys.room.first"]
    assert "recsys.types" not in Code(tree).closure("recsys.start")


@pytest.mark.parametrize("file", ["recsys/start.py", "recsys/room/first.py", "recsys/room/second.py"])
def test_a_change_in_any_file_of_the_closure_changes_the_fingerprint(tree: Path, file: str) -> None:
    before = fingerprint(tree)
    (tree / file).write_text(A_TREE[file] + "MORE = 1\n")
    assert fingerprint(tree) != before


@pytest.mark.parametrize("file", ["recsys/types.py", "recsys/errors.py", "recsys/room/__init__.py"])
def test_a_change_in_any_other_file_does_not(tree: Path, file: str) -> None:
    before = fingerprint(tree)
    (tree / file).write_text(A_TREE[file] + "MORE = 1\n")
    assert fingerprint(tree) == before


def test_comments_docstrings_and_line_breaks_make_nothing_again(tree: Path) -> None:
    before = fingerprint(tree)
    text = A_TREE["recsys/room/first.py"].replace("make():\n", 'make(\n):\n    """What it does."""\n')
    (tree / "recsys" / "room" / "first.py").write_text(f'"""A module."""\n\n# why\n{text}')
    assert fingerprint(tree) == before


@pytest.mark.parametrize(
    ("schema", "same"),
    [
        ("WIDTH = 3\nITEM = 'item' * WIDTH\nPRICE = 'cost'\nMORE = 1\n", True),  # no name that is used
        ("WIDTH = 3\nITEM = 'thing' * WIDTH\nPRICE = 'price'\n", False),  # the one that is
        ("WIDTH = 4\nITEM = 'item' * WIDTH\nPRICE = 'price'\n", False),  # one that it is made of
    ],
)
def test_of_the_schema_count_the_definitions_that_are_used(tree: Path, schema: str, same: bool) -> None:
    before = fingerprint(tree)
    (tree / "recsys" / "schema" / "__init__.py").write_text(schema)
    assert (fingerprint(tree) == before) is same


def test_it_does_not_matter_that_the_schema_has_modules(tree: Path) -> None:
    room = tree / "recsys" / "schema"
    (room / "columns.py").write_text("WIDTH = 3\nITEM = 'item' * WIDTH\n")
    (room / "prices.py").write_text("PRICE = 'price'\n")
    (room / "__init__.py").write_text("from recsys.schema.columns import *\nfrom recsys.schema.prices import PRICE\n")
    before = fingerprint(tree)
    (room / "prices.py").write_text("PRICE = 'cost'\n")
    assert fingerprint(tree) == before
    (room / "columns.py").write_text("WIDTH = 4\nITEM = 'item' * WIDTH\n")
    assert fingerprint(tree) != before


@pytest.mark.parametrize(
    ("taken", "same"),
    [
        ("from recsys.schema import Answer", True),  # whose field is called what a module is, too
        ("from recsys.schema import Answer, request", False),
    ],
)
def test_a_module_of_the_schema_counts_as_a_whole_where_it_is_imported(tree: Path, taken: str, same: bool) -> None:
    room = tree / "recsys" / "schema"
    (room / "request.py").write_text("class Request: ...\n")
    (room / "answer.py").write_text("from recsys.schema.request import Request\nclass Answer:\n    request: Request\n")
    (tree / "recsys" / "start.py").write_text(f"{taken}\n")
    before = fingerprint(tree)
    (room / "request.py").write_text("class Request: ...\nMORE = 1\n")
    assert (fingerprint(tree) == before) is same


def test_a_schema_handed_on_as_a_whole_counts_as_a_whole(tree: Path) -> None:
    (tree / "recsys" / "start.py").write_text("from recsys import schema as s\nALL = vars(s)\n")
    before = fingerprint(tree)
    (tree / "recsys" / "schema" / "__init__.py").write_text(A_TREE["recsys/schema/__init__.py"] + "MORE = 1\n")
    assert fingerprint(tree) != before


def test_what_was_read_is_remembered_for_the_next_process(
    tree: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    memory = tmp_path / "cache" / "code.json"
    before = Code(tree, memory)
    said = before.fingerprint("recsys.start")
    before.remember()
    monkeypatch.setattr("recsys.steps.code._known", {})
    monkeypatch.setattr("recsys.steps.code._seen", {})
    monkeypatch.setattr(Found, "of", lambda source: pytest.fail("a tree was read again"))
    assert Code(tree, memory).fingerprint("recsys.start") == said


@pytest.mark.parametrize("content", [b"{half", b"[]", b'{"x": 3}', b'{"x": {"code": "y"}}'])
def test_a_damaged_memory_is_none(tree: Path, tmp_path: Path, content: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "code.json").write_bytes(content)
    monkeypatch.setattr("recsys.steps.code._known", {})
    monkeypatch.setattr("recsys.steps.code._seen", {})
    assert Code(tree, tmp_path / "code.json").fingerprint("recsys.start") == fingerprint(tree)


def test_a_module_that_is_nowhere_is_an_error(tree: Path) -> None:
    with pytest.raises(ImportError, match="no_such_pack"):
        Code(tree).fingerprint("no_such_pack")


def test_a_module_outside_of_the_project_counts_with_what_it_imports_of_it(
    tree: Path, tmp_path_factory: pytest.TempPathFactory, monkeypatch: pytest.MonkeyPatch
) -> None:
    packs = tmp_path_factory.mktemp("packs")
    (packs / "a_pack_of_a_test.py").write_text("from recsys.room import first\n")
    monkeypatch.syspath_prepend(str(packs))
    assert set(Code(tree).closure("a_pack_of_a_test")) == {
        "a_pack_of_a_test",
        "recsys.room.first",
        "recsys.room.second",
    }


# --- the real thing -------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def copied(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the project's code that may be changed."""
    project = tmp_path_factory.mktemp("project")
    shutil.copytree(PROJECT / "recsys", project / "recsys", ignore=shutil.ignore_patterns("__pycache__", "tables"))
    return project


def test_every_file_of_every_step_makes_it_stale_and_no_step_that_does_not_import_it(copied: Path) -> None:
    code = Code(copied)
    before = {name: code.fingerprint(step.module) for name, step in STEPS.items()}
    closures = {name: code.closure(step.module) for name, step in STEPS.items()}
    for module in sorted({module for closure in closures.values() for module in closure}):
        file = next(closure[module] for closure in closures.values() if module in closure)
        text = file.read_text(encoding="utf-8")
        file.write_text(text + "\n_CHANGED = 1\n", encoding="utf-8")
        changed = Code(copied)
        stale = {name for name, step in STEPS.items() if changed.fingerprint(step.module) != before[name]}
        file.write_text(text, encoding="utf-8")
        assert stale == {name for name, closure in closures.items() if module in closure}, module


@pytest.mark.parametrize(
    ("file", "old", "new", "stale"),
    [
        ("knobs.py", "0: not at all.", "0: never.", set()),  # what a slider says is in no file
        ("answer.py", "rank: int", "place: int", set()),
        ("columns.py", '"stars"', '"stars_given"', {"reviews"}),
        ("columns.py", 'BASKET: Final = "basket"', 'BASKET: Final = "visit"',
         set(STEPS) - {"encoder", "maps", "picture_encoder", "picture_features", "picture_maps", "things",
                       "review_heads"}),
        ("request.py", "MAX_QUERY_CHARS: Final = 500", "MAX_QUERY_CHARS: Final = 400",
         {"lexical", "understanding", "languages"}),
    ],
)  # fmt: skip
def test_of_the_real_schema_only_what_a_step_uses_makes_it_stale(
    copied: Path, file: str, old: str, new: str, stale: set[str]
) -> None:
    code = Code(copied)
    before = {name: code.fingerprint(step.module) for name, step in STEPS.items()}
    path = copied / "recsys" / "schema" / file
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")
    changed = Code(copied)
    found = {name for name, step in STEPS.items() if changed.fingerprint(step.module) != before[name]}
    path.write_text(text, encoding="utf-8")
    assert found == stale


@pytest.mark.parametrize(
    ("step", "module"),
    [
        ("order", "recsys.ranking.shortlists"),
        ("order", "recsys.ranking.weighted_parts"),
        ("order", "recsys.recommenders.fitted_arrays"),
        ("order", "recsys.recommenders.side_information"),
        ("order", "recsys.ranking.storefront"),
        ("vectors", "recsys.encoders.contract"),
        ("vectors", "recsys.encoders.weights"),
        ("vectors", "recsys.datasets.storage"),
        ("encoder", "recsys.encoders.torch_encoder"),
        ("maps", "recsys.encoders.neighbour_maps"),
        ("understanding", "recsys.query.wording"),
        ("languages", "recsys.retrieval.dense"),
    ],
)
def test_what_a_hand_written_list_once_missed_counts(step: str, module: str) -> None:
    assert module in Code().closure(STEPS[step].module)


@pytest.mark.parametrize(
    ("step", "room"),
    [
        ("order", "recsys.recommenders.transformer"),
        ("order", "recsys.recommenders.ease"),
        ("order", "recsys.evaluation"),
        ("maps", "recsys.datasets"),
        ("maps", "recsys.query"),
        ("encoder", "recsys.datasets"),
        ("vectors", "recsys.query"),
        ("vectors", "recsys.ranking"),
        ("dataset", "recsys.shops.contract"),
    ],
)
def test_a_step_does_not_rest_on_half_of_the_project(step: str, room: str) -> None:
    assert [m for m in Code().closure(STEPS[step].module) if m == room or m.startswith(f"{room}.")] == []


def test_what_is_left_out_is_there_and_has_a_reason() -> None:
    for module, why in LEFT_OUT.items():
        path = PROJECT.joinpath(*module.split("."))
        assert path.is_dir() or path.with_suffix(".py").is_file(), module
        assert len(why) > 10


def test_fingerprints_are_cheap_once_remembered(tmp_path: Path) -> None:
    memory = tmp_path / "code.json"
    first = Code(memory=memory)
    for step in STEPS.values():
        first.fingerprint(step.module)
    first.remember()
    seconds = []
    for _ in range(5):
        code, started = Code(memory=memory), time.thread_time()
        for step in STEPS.values():
            code.fingerprint(step.module)
        seconds.append(time.thread_time() - started)
    assert min(seconds) < 0.05, "on the way to the first screen"
    assert memory.stat().st_size < 1_000_000
