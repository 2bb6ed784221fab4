"""Importing does nothing, core stays pure, and the import contracts leave no room out. The contracts: `make check`."""

import ast
import json
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from tests.rules.source import EVERYTHING, PRODUCT, ROOT, Source, sources

CORE_LIBRARIES = {"numpy", "pydantic", "structlog"}
# Parts of the standard library that reach a database, the network or another process.
OUTSIDE = {
    *("asyncio.subprocess", "dbm", "ftplib", "http", "imaplib", "multiprocessing", "poplib", "selectors", "shelve"),
    *("smtplib", "socket", "socketserver", "sqlite3", "ssl", "subprocess", "urllib.request", "webbrowser", "xmlrpc"),
}
# What adapters may see of core: DESIGN section 2.
OPEN_TO_ADAPTERS = {"domain", "ports", "text"}
# Alembic runs this one as a script; imported, it would look for a migration in progress.
SCRIPTS = {"adapters/records/migrations/env.py"}


def imported_names(source: Source) -> Iterator[tuple[ast.AST, str]]:
    """Every absolute name that a file imports, wherever in the file."""
    for node in ast.walk(source.tree):
        if isinstance(node, ast.Import):
            yield from ((node, alias.name) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.level == 0:
            yield from ((node, f"{node.module}.{alias.name}") for alias in node.names)


def impure(files: list[Source]) -> list[str]:
    """Imports of core that are neither its own, nor its few libraries, nor the harmless part of the standard library."""
    return [
        f"{source.at(node)} {name}" for source in files for node, name in imported_names(source) if not _is_pure(name)
    ]


def _is_pure(name: str) -> bool:
    top = name.partition(".")[0]
    if top in CORE_LIBRARIES | {"core"}:
        return True
    return top in sys.stdlib_module_names and not any(f"{name}.".startswith(f"{module}.") for module in OUTSIDE)


def probe(modules: list[str], cwd: Path, path: Path = ROOT) -> dict[str, list[str]]:
    """What importing these modules in a fresh process does, by module."""
    command = [sys.executable, "-B", str(path / "tests/rules/import_probe.py"), *modules]
    environment = {"PATH": "", "HOME": str(cwd), "PYTHONPATH": str(path), "PYTHONWARNINGS": "ignore"}
    done = subprocess.run(command, cwd=cwd, env=environment, capture_output=True, text=True, timeout=120, check=False)
    assert done.returncode == 0, done.stderr[-3000:]
    found: dict[str, list[str]] = json.loads(done.stdout)
    return found


def test_importing_any_module_does_nothing(tmp_path: Path) -> None:
    modules = [source.module for source in sources(*PRODUCT) if source.path not in SCRIPTS]
    assert probe(modules, tmp_path) == {}, "do it in a function, and import heavy libraries there"
    assert list(tmp_path.iterdir()) == []


def test_the_probe_sees_threads_files_sockets_and_heavy_libraries(tmp_path: Path) -> None:
    rules = tmp_path / "tests" / "rules"
    rules.mkdir(parents=True)
    (rules / "import_probe.py").write_bytes((ROOT / "tests/rules/import_probe.py").read_bytes())
    lines = {
        "reads": "open(__file__).close()",
        "starts": "import threading, time\nthreading.Thread(target=time.sleep, args=(60,), daemon=True, name='idle').start()",
        "starts_and_joins": "import threading\nt = threading.Thread(target=print)\nt.start(); t.join()",
        "connects": "import socket\nsocket.socket().close()",
        "loads": "import lancedb",
        "nothing": "import json\nA = json.dumps({})",
    }
    for name, text in lines.items():
        (tmp_path / f"{name}.py").write_text(text)
    home = tmp_path / "home"
    home.mkdir()
    found = probe(list(lines), home, tmp_path)
    assert set(found) == set(lines) - {"nothing"}
    assert found["reads"] == ["reads.py:1 open"]
    assert "thread idle" in found["starts"]
    assert "loads lancedb" in found["loads"]


def test_core_imports_only_what_is_pure() -> None:
    assert impure(sources("core")) == [], "give core a port, and import this in the adapter behind it"


def test_the_rule_sees_libraries_and_the_reaching_part_of_the_standard_library() -> None:
    bad = [
        "import sqlalchemy",
        "from lancedb import connect",
        "import sqlite3",
        "from urllib import request",
        "import http.client",
        "import bot",
    ]
    assert [line for line in bad if not impure([Source("core/a.py", f"def f():\n    {line}\n")])] == []
    good = "import asyncio\nfrom urllib.parse import urlsplit\nimport numpy as np\nfrom core.domain import errors\n"
    assert impure([Source("core/a.py", good)]) == []


def test_nothing_that_is_shipped_imports_tests_or_benchmarks() -> None:
    names = [(s.path, name) for s in sources(*PRODUCT) for _, name in imported_names(s)]
    assert [pair for pair in names if pair[1].split(".")[0] in {"benchmarks", "tests"}] == []


def test_there_is_no_room_beside_those_the_contracts_know() -> None:
    unknown = {path.parent.name for path in ROOT.glob("*/*.py")} - set(EVERYTHING)
    assert unknown == set(), "a top-level package needs a place in the import contracts"
    assert list(ROOT.glob("*.py")) == [], "a module belongs into a package"


def test_adapters_are_forbidden_every_room_of_core_that_is_not_open_to_them() -> None:
    rooms = {path.parent.name for path in ROOT.glob("core/*/__init__.py")}
    assert rooms > OPEN_TO_ADAPTERS
    contracts = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["tool"]["importlinter"][
        "contracts"
    ]
    forbidden = next(contract["forbidden_modules"] for contract in contracts if contract["id"] == "adapters-see")
    assert set(forbidden) == {f"core.{room}" for room in rooms - OPEN_TO_ADAPTERS}
