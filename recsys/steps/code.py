"""Which code something rests on: a module with all that it imports of `recsys`, found without running any of it.

The closure follows `import` statements through syntax trees, those inside functions included, those for type checkers
left out. What counts of a file is its tree without docstrings: a comment, a docstring or a line break makes nothing
again. Reading the trees of a hundred files takes half a second, so what was found in a file is remembered under the
SHA-256 of its content; hashing them takes some milliseconds.
"""

from __future__ import annotations

import ast
import hashlib
import importlib.util
import json
from collections.abc import Iterable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Self, TypeGuard

from recsys.artifacts import fingerprint, write_whole
from recsys.errors import StorageError
from recsys.settings import PROJECT, Settings

MEMORY: Final = Path("shared") / "code.json"  # in the cache folder
BY_NAME: Final = "recsys.schema"
"""The one room that counts by the definitions used and not by whole files: everybody imports it for its column names,
and the sliders of the storefront stand beside them."""
LEFT_OUT: Final = {
    "recsys.errors": "what is said when something fails is in no file",
    "recsys.progress": "so is how long it takes",
    "recsys.settings": "a step declares the settings it reads, by their values",
    "recsys.artifacts": "how a folder is written whole and checked; what lies in it is the steps' own",
    "recsys.steps": "how steps are declared and fingerprinted",
    "recsys.ranking.blend.keeping": "how a learned blend is kept and opened again; prepared are its shortlists",
    "recsys.retrieval.part": "what is said of a part of a score, and its weight, when an answer is made",
    "recsys.shops.registry": "it names every shop; the step that reads one declares that one's code",
}
"""Where a closure stops, and why a change there cannot change what is made. A room stands for all of its modules."""


@dataclass(frozen=True, slots=True)
class Found:
    """What one file's syntax tree says, as far as it matters here."""

    code: str  # SHA-256 of the tree without docstrings
    imports: tuple[tuple[int, str, str], ...]  # (dots in front, module, name in it or "")
    names: tuple[str, ...]  # of BY_NAME that it uses; "*" where it cannot be told
    defines: dict[str, tuple[str, tuple[str, ...]]]  # top-level name -> (SHA-256 of its tree, names in it)

    @classmethod
    def of(cls, source: bytes) -> Self:
        """Read a file's tree. Raises SyntaxError."""
        tree = ast.parse(source)
        tree.body = [kept for node in tree.body for kept in (node.orelse if _types_only(node) else [node])]
        _drop_docstrings(tree)
        imports = tuple(sorted(set(_imports(tree))))
        return cls(_digest(tree), imports, tuple(sorted(_names_used(tree))), dict(_definitions(tree)))

    @classmethod
    def remembered(cls, raw: Any) -> Self:
        """From JSON. Raises KeyError, TypeError or ValueError when it is not that."""
        imports = tuple((int(dots), str(module), str(name)) for dots, module, name in raw["imports"])
        defines = {str(name): (str(code), tuple(used)) for name, (code, used) in raw["defines"].items()}
        return cls(str(raw["code"]), imports, tuple(raw["names"]), defines)

    def as_json(self) -> dict[str, Any]:
        """For `remembered`."""
        return {"code": self.code, "imports": self.imports, "names": self.names, "defines": self.defines}


def _types_only(node: ast.AST) -> TypeGuard[ast.If]:
    """Whether a statement is `if TYPE_CHECKING:`, which never runs."""
    return isinstance(node, ast.If) and ast.unparse(node.test) in {"TYPE_CHECKING", "typing.TYPE_CHECKING"}


def _drop_docstrings(tree: ast.Module) -> None:
    """Take out every string that stands as a statement of its own."""
    for node in ast.walk(tree):
        body = getattr(node, "body", None)
        if isinstance(body, list):
            node.body = [each for each in body if not _is_text(each)]  # type: ignore[attr-defined]


def _is_text(node: ast.AST) -> bool:
    return isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)


def _digest(node: ast.AST) -> str:
    return hashlib.sha256(ast.dump(node).encode()).hexdigest()[:32]


def _imports(tree: ast.Module) -> Iterator[tuple[int, str, str]]:
    """(dots, module, name) of every import."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from ((0, alias.name, "") for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield from ((node.level, node.module or "", alias.name) for alias in node.names)


def _names_used(tree: ast.Module) -> set[str]:
    """The names of BY_NAME that a file takes: imported one by one, or looked up in the imported module."""
    package, _, module = BY_NAME.rpartition(".")
    aliases, names = set(), set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and not node.level and node.module == package:
            aliases |= {alias.asname or alias.name for alias in node.names if alias.name == module}
        elif isinstance(node, ast.ImportFrom) and not node.level and (node.module or "").startswith(BY_NAME):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.Import) and any(alias.name.startswith(BY_NAME) for alias in node.names):
            names.add("*")
    looked_up: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id in aliases:
            names.add(node.attr)
            looked_up.add(node.value)
    bare = (node for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id in aliases)
    return names | ({"*"} if any(node not in looked_up for node in bare) else set())


def _definitions(tree: ast.Module) -> Iterator[tuple[str, tuple[str, tuple[str, ...]]]]:
    """Every name that the file defines at its top, with its tree's hash and the names that the definition uses."""
    for node in tree.body:
        used = tuple(sorted({each.id for each in ast.walk(node) if isinstance(each, ast.Name)}))
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            yield node.name, (_digest(node), used)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            yield from ((each.id, (_digest(node), used)) for each in targets if isinstance(each, ast.Name))


_seen: dict[str, tuple[int, int, str]] = {}  # path -> (time, size, SHA-256 of the content)
_known: dict[str, Found] = {}  # SHA-256 of a content -> what its tree says; true for ever


@dataclass(slots=True, eq=False)
class Code:
    """The source under `project` as it is when it is first asked for; make another one to see later changes.

    `memory` is a JSON file that spares the next process the reading of trees.
    """

    project: Path = PROJECT
    memory: Path | None = None
    _paths: dict[str, Path | None] = field(default_factory=dict)
    _imports: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _read: dict[Path, Found] = field(default_factory=dict)
    _fingerprints: dict[tuple[str, ...], str] = field(default_factory=dict)

    @classmethod
    def of(cls, settings: Settings) -> Self:
        """The project's own source; what was read of it is remembered in the cache folder."""
        return cls(memory=settings.cache_dir / MEMORY)

    def fingerprint(self, *modules: str) -> str:
        """A short text that changes with the code on which these modules rest. Raises SyntaxError."""
        if modules not in self._fingerprints:  # one step serves several shops
            files = self.closure(*modules)
            contents = [(module, self._of(path).code) for module, path in files.items()]
            self._fingerprints[modules] = fingerprint(contents, self._shared_definitions(files.values()))
        return self._fingerprints[modules]

    def closure(self, *modules: str) -> dict[str, Path]:
        """Every module that these import, they included, by name in order.

        LEFT_OUT and the modules of BY_NAME are not among them, nor what they import from outside of `project`. A
        package's `__init__` is, where a name is imported from it; that Python runs it on the way to a module inside
        changes nothing. Raises ImportError for a module of `modules` that is nowhere.
        """
        found = {module: self._path(module) or _elsewhere(module) for module in modules}
        waiting = list(found)
        while waiting:
            module = waiting.pop()
            for imported in self._imported(module, found[module]):
                if imported not in found and (path := self._path(imported)):
                    found[imported] = path
                    waiting.append(imported)
        return dict(sorted(found.items()))

    def remember(self) -> None:
        """Write what is known of the files seen so far to `memory`; not being able to costs the next process 0.5 s."""
        if self.memory is None:
            return
        told = {sha: _known[sha].as_json() for _, _, sha in list(_seen.values())}
        if told.keys() <= self._recalled().keys():
            return
        with suppress(OSError, StorageError):
            self.memory.parent.mkdir(parents=True, exist_ok=True)
            write_whole(self.memory, json.dumps(told).encode())
            _recall.cache_clear()

    def _imported(self, module: str, path: Path) -> tuple[str, ...]:
        """The modules under `project` that a module imports, those left out excepted."""
        if module not in self._imports:
            package = module.split(".") if path.name == "__init__.py" else module.split(".")[:-1]
            found = {self._named(package, *each) for each in self._of(path).imports}
            self._imports[module] = tuple(sorted(each for each in found if each and not _left_out(each)))
        return self._imports[module]

    def _named(self, package: list[str], dots: int, base: str, name: str) -> str:
        """The module that an import in that package means, "" for one of another project."""
        parts = package[: len(package) - dots + 1] if dots else []
        whole = ".".join([*parts, *([base] if base else [])])
        inner = f"{whole}.{name}"  # from recsys.index import exact: the module, not a name in the package
        for module in (inner, whole) if name else (whole,):
            if self._path(module):
                return module
        return ""

    def _shared_definitions(self, files: Iterable[Path]) -> list[tuple[str, str, str]]:
        """(module, name, hash) of every definition of BY_NAME that the files use, and of those that these use."""
        waiting = sorted({name for path in files for name in self._of(path).names})
        room = sorted(self.project.joinpath(*BY_NAME.split(".")).glob("*.py"))
        told = {path.stem: self._of(path) for path in room}
        imported = {*waiting, *(name for each in told.values() for name in each.names)}  # a field may be called so too
        used: set[tuple[str, str, str]] = set()
        names: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in names:
                continue
            names.add(name)
            for module, each in told.items():
                if name == "*" or (name == module and name in imported):
                    used.add((module, "*", each.code))
                elif name in each.defines:
                    code, further = each.defines[name]
                    used.add((module, name, code))
                    waiting += further
        return sorted(used)

    def _path(self, module: str) -> Path | None:
        """The file of a module, None for one that lies elsewhere."""
        if module not in self._paths:
            first, _, rest = module.partition(".")
            found = None
            if not rest or self._path(first):  # spares a look for each module of a library
                base = self.project.joinpath(*module.split("."))
                files = (base.parent / f"{base.name}.py", base / "__init__.py")
                found = next((file for file in files if file.is_file()), None)
            self._paths[module] = found
        return self._paths[module]

    def _of(self, path: Path) -> Found:
        """What the file says; its tree is read only if no file of this content was seen before."""
        if path not in self._read:
            self._read[path] = _known[self._sha256(path)]
        return self._read[path]

    def _sha256(self, path: Path) -> str:
        """The hash of a file's content, of which is known what it says."""
        facts = path.stat()
        seen = _seen.get(str(path))
        if seen is None or seen[:2] != (facts.st_mtime_ns, facts.st_size):
            source = path.read_bytes()
            seen = facts.st_mtime_ns, facts.st_size, hashlib.sha256(source).hexdigest()
            if seen[2] not in _known:
                _known[seen[2]] = self._recalled().get(seen[2]) or Found.of(source)
            _seen[str(path)] = seen
        return seen[2]

    def _recalled(self) -> Mapping[str, Found]:
        return {} if self.memory is None else _recall(self.memory)


@lru_cache(8)
def _recall(memory: Path) -> Mapping[str, Found]:
    """What an earlier process found; nothing when there is no such file, or it is none."""
    try:
        return {sha: Found.remembered(raw) for sha, raw in json.loads(memory.read_bytes()).items()}
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return {}


def _elsewhere(module: str) -> Path:
    """The file of an installed module, which is not imported for it."""
    spec = importlib.util.find_spec(module)
    if spec is None or spec.origin is None:
        raise ImportError(f"the code of {module} is not found")
    return Path(spec.origin)


def _left_out(module: str) -> bool:
    return any(module == name or module.startswith(f"{name}.") for name in (*LEFT_OUT, BY_NAME))
