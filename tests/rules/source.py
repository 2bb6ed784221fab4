"""The project's own files as the rules see them. Asking for nothing is an error, so that no rule passes without looking."""

import ast
import os
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatch
from functools import cache
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PRODUCT = ("adapters", "bot", "core")
MEASURED = (*PRODUCT, "benchmarks")
EVERYTHING = (*MEASURED, "tests")


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file: its path from the checkout with forward slashes, and its text."""

    path: str
    text: str

    @property
    def tree(self) -> ast.Module:
        """The parsed file."""
        return _parse(self.text, self.path)

    @property
    def module(self) -> str:
        """The dotted name under which it is imported."""
        return self.path.removesuffix(".py").removesuffix("/__init__").replace("/", ".")

    def at(self, node: ast.AST) -> str:
        """Where a node stands, as path:line."""
        return f"{self.path}:{getattr(node, 'lineno', 1)}"


@cache
def _parse(text: str, path: str) -> ast.Module:
    return ast.parse(text, path)


def sources(*folders: str) -> list[Source]:
    """Every Python file below these folders; each folder must hold one besides ``__init__.py``."""
    found = []
    for folder in folders:
        paths = sorted((ROOT / folder).rglob("*.py"))
        assert any(path.name != "__init__.py" for path in paths), (
            f"{folder}/ holds no module: this rule would pass without looking"
        )
        found += [Source(path.relative_to(ROOT).as_posix(), path.read_text(encoding="utf-8")) for path in paths]
    return found


def project_files() -> list[Path]:
    """Every file that is or would be tracked: all that ``.gitignore`` does not name."""
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    ignored = [line.rstrip("/") for line in lines if line.strip() and not line.startswith("#")]
    assert not any("/" in name or name.startswith("!") for name in ignored), (
        ".gitignore: one plain name or *pattern a line"
    )
    files = list(_walk(ROOT, [*ignored, ".git"]))
    assert len(files) > len(sources(*PRODUCT)), "the checkout was not found"
    return files


def _walk(folder: Path, ignored: list[str]) -> Iterator[Path]:
    for entry in sorted(os.scandir(folder), key=lambda entry: entry.name):
        if any(fnmatch(entry.name, name) for name in ignored):
            continue
        if entry.is_dir(follow_symlinks=False):
            yield from _walk(Path(entry.path), ignored)
        elif entry.is_file(follow_symlinks=False):
            yield Path(entry.path)


def functions(tree: ast.AST, prefix: str = "") -> Iterator[tuple[str, ast.FunctionDef | ast.AsyncFunctionDef]]:
    """Every function and method with its dotted name inside the file."""
    for node in ast.iter_child_nodes(tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield f"{prefix}{node.name}", node
            yield from functions(node, f"{prefix}{node.name}.")
        elif isinstance(node, ast.ClassDef):
            yield from functions(node, f"{prefix}{node.name}.")
        else:
            yield from functions(node, prefix)


def classes(source: Source) -> list[ast.ClassDef]:
    """Every class of a file, nested ones too."""
    return [node for node in ast.walk(source.tree) if isinstance(node, ast.ClassDef)]


def bare_name(node: ast.expr) -> str:
    """The last word of a name, an attribute, a call or a subscript: ``dataclass`` of ``dataclasses.dataclass(frozen=True)``."""
    match node:
        case ast.Call():
            return bare_name(node.func)
        case ast.Subscript():
            return bare_name(node.value)
        case ast.Attribute():
            return node.attr
        case ast.Name():
            return node.id
    return ""
