"""What code a result comes from: the modules behind an entry point, the package files they name, their libraries.

Imports are read from the sources and not from a running process, so that the answer is the same before a step has run,
on every worker, and for `dvc.yaml`.
"""

from __future__ import annotations

import ast
import hashlib
import sys
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

_PACKAGE = "corpus_tools"
_ROOT = Path(__file__).parents[1]
_WITHOUT_RESULT = frozenset({_PACKAGE, f"{_PACKAGE}.errors"})  # lazy names, and error messages
_NO_DATA = {".py", ".pyi", ".pyc", ".tmp", ".typed"}
# Libraries whose name on the package index differs from the one they are imported by.
_DISTRIBUTIONS = {"sklearn": "scikit-learn", "yaml": "pyyaml"}


@dataclass(frozen=True)
class Code:
    """The code behind some entry points.

    Parameters
    ----------
    modules
        Dotted names of the package's modules, sorted.
    files
        Files of the package that these modules name, such as word lists; their packages' templates, styles and scripts.
    libraries
        Names on the package index of the libraries that they import, sorted.
    """

    modules: tuple[str, ...]
    files: tuple[Path, ...]
    libraries: tuple[str, ...]


@cache
def code_of(*entries: str) -> Code:
    """Follow the imports of some modules through the package.

    Imports inside functions count, those for type checkers do not.

    Parameters
    ----------
    entries
        Dotted names; those of other packages are left out.

    Examples
    --------
    >>> "corpus_tools.text.gazetteer" in code_of("corpus_tools.clean.cleaning").modules
    True
    >>> [path.name for path in code_of("corpus_tools.text.numerals").files]
    ['vague_numbers.yaml']
    """
    waiting = [name for name in entries if name.split(".")[0] == _PACKAGE]
    seen: dict[str, _Source] = {}
    while waiting:
        name = waiting.pop()
        if name in seen or name in _WITHOUT_RESULT or _file(name).with_suffix(".pyi").exists():
            continue  # an `__init__` with a stub only hands names on, when they are asked for
        seen[name] = _source(name)
        waiting += [*seen[name].imports, name.rpartition(".")[0]]
    named = {text for source in seen.values() for text in source.texts}
    files = sorted(path for name, path in _data_files().items() if name in named or _page_package(path) in seen)
    libraries = {_DISTRIBUTIONS.get(top, top) for source in seen.values() for top in source.libraries}
    return Code(tuple(sorted(seen)), tuple(files), tuple(sorted(libraries, key=str.lower)))


@cache
def code_digest(*entries: str) -> str:
    """Return the digest of the code behind some entry points: its files' bytes and its libraries' versions."""
    code = code_of(*entries)
    files = [*map(_file, code.modules), *code.files]
    lines = [f"{path.relative_to(_ROOT).as_posix()} {file_digest(path)}" for path in files]
    return digest_of(*lines, *(f"{name} {version_of(name)}" for name in code.libraries))


def rooms(modules: Iterable[str]) -> list[str]:
    """List the folders that hold some modules, as paths from the project's folder; none lies in another.

    Examples
    --------
    >>> rooms(["corpus_tools.topics.fitting.matrix", "corpus_tools.stats.intervals"])
    ['corpus_tools/stats', 'corpus_tools/topics/fitting']
    >>> rooms(["corpus_tools.topics.fitting.matrix", "corpus_tools.topics.model"])
    ['corpus_tools/topics']
    """
    folders = {_file(name).parent.relative_to(_ROOT.parent).as_posix() for name in modules}
    return sorted(name for name in folders if not any(name.startswith(f"{other}/") for other in folders))


def version_of(library: str) -> str:
    """Return the installed version of a library, or a note where no package has that name."""
    try:
        return version(library)
    except PackageNotFoundError:  # an extra that is not installed, or a spaCy model in a folder of the user's
        return "of no package"


def file_digest(path: Path) -> str:
    """Return the digest of a file's bytes."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, lambda: hashlib.blake2b(digest_size=16)).hexdigest()


def digest_of(*texts: str) -> str:
    """Return one digest of several texts.

    Examples
    --------
    >>> digest_of("a", "b") == digest_of("ab", "")
    False
    """
    return hashlib.blake2b("\0".join(texts).encode(), digest_size=16).hexdigest()


@dataclass(frozen=True)
class _Source:
    imports: frozenset[str]
    libraries: frozenset[str]
    texts: frozenset[str]


def _file(module: str) -> Path:
    base = _ROOT.joinpath(*module.split(".")[1:])
    return base / "__init__.py" if base.is_dir() else base.with_suffix(".py")


def _is_module(name: str) -> bool:
    base = _ROOT.joinpath(*name.split(".")[1:])
    return (base / "__init__.py").is_file() or base.with_suffix(".py").is_file()


def _page_package(path: Path) -> str:
    """Return the package of a template, style sheet or script, which other templates name; empty for other files."""
    parts = path.relative_to(_ROOT).parts
    folder = next((name for name in ("templates", "static") if name in parts), None)
    return ".".join((_PACKAGE, *parts[: parts.index(folder)])) if folder else ""


@cache
def _data_files() -> dict[str, Path]:
    """Index the package's files that are not modules by name; names are unique (a test sees to it)."""
    return {p.name: p for p in _ROOT.rglob("*") if p.is_file() and p.suffix not in _NO_DATA}


@cache
def _source(module: str) -> _Source:
    reader = _Reader()
    reader.visit(ast.parse(_file(module).read_bytes()))
    imported = {name for name in reader.names if name.split(".")[0] == _PACKAGE}
    # `from corpus_tools.a import b`: a module b, or a name in a.
    modules = {name if _is_module(name) else name.rpartition(".")[0] for name in imported}
    libraries = {name.split(".")[0] for name in reader.names - imported} - sys.stdlib_module_names
    texts = frozenset(text.rpartition("/")[2] for text in reader.texts)
    return _Source(frozenset(modules), frozenset(libraries), texts)


class _Reader(ast.NodeVisitor):
    """Collects imported names and string constants."""

    def __init__(self) -> None:
        self.names: set[str] = set()
        self.texts: set[str] = set()

    def visit_If(self, node: ast.If) -> None:
        if isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING":
            for other in node.orelse:
                self.visit(other)
        else:
            self.generic_visit(node)

    def visit_Import(self, node: ast.Import) -> None:
        self.names.update(alias.name for alias in node.names)

    def visit_ImportFrom(self, node: ast.ImportFrom) -> None:
        self.names.update(f"{node.module}.{alias.name}" for alias in node.names)

    def visit_Constant(self, node: ast.Constant) -> None:
        if isinstance(node.value, str):
            self.texts.add(node.value)
