"""A port is small and says what it promises; so do the nouns."""

import ast
from itertools import chain

from tests.rules.source import ROOT, Source, bare_name, classes, sources

MOST_METHODS = 5
# A port that nothing implements yet -> why it has no contract suite.
WITHOUT_SUITE = {"data_source": "tools for answers come later; there is neither an adapter nor a fake to hold to it"}


def wide_protocols(files: list[Source]) -> list[str]:
    """Protocols with more public methods than an implementer can keep in mind; properties are not counted."""
    found = []
    for source in files:
        for node in protocols(source):
            names = {m.name for m in _public_functions(node) if not _is_property(m)}
            if len(names) > MOST_METHODS:
                found.append(f"{source.at(node)} {node.name} has {len(names)}")
    return found


def protocols(source: Source) -> list[ast.ClassDef]:
    """The classes that are written as a Protocol."""
    return [node for node in classes(source) if any(bare_name(base) == "Protocol" for base in node.bases)]


def undocumented(files: list[Source]) -> list[str]:
    """Public classes, functions and methods without a docstring."""
    found = []
    for source in files:
        public = [node for node in source.tree.body if isinstance(node, ast.ClassDef) and not node.name.startswith("_")]
        callables = chain(_public_functions(source.tree), *(_public_functions(node) for node in public))
        found += [f"{source.at(node)} {node.name}" for node in (*public, *callables) if not ast.get_docstring(node)]
    return found


def _public_functions(node: ast.Module | ast.ClassDef) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    return [
        f for f in node.body if isinstance(f, ast.FunctionDef | ast.AsyncFunctionDef) and not f.name.startswith("_")
    ]


def _is_property(node: ast.FunctionDef | ast.AsyncFunctionDef) -> bool:
    return any(bare_name(decorator) in {"property", "cached_property", "setter"} for decorator in node.decorator_list)


def test_a_port_has_at_most_five_public_methods() -> None:
    ports = sources("core/ports")
    assert any(protocols(source) for source in ports), "core/ports holds no Protocol"
    assert wide_protocols(ports) == [], "split the port by who calls it"


def test_ports_and_nouns_say_what_they_are() -> None:
    assert undocumented(sources("core/ports", "core/domain")) == [], "say what it gives, shapes, units, errors"


def test_every_port_has_a_contract_suite() -> None:
    ports = {path.stem for path in ROOT.glob("core/ports/*.py")} - {"__init__"}
    suites = {path.stem.removeprefix("test_") for path in ROOT.glob("tests/contract/test_*.py")}
    assert ports - suites == set(WITHOUT_SUITE), "say in tests/contract what every implementation promises"


def test_the_rules_see_a_wide_port_and_a_missing_docstring() -> None:
    methods = "".join(f"    async def m{n}(self) -> None: ...\n" for n in range(6))
    port = Source("core/ports/a.py", f"class Wide(Protocol[T]):\n{methods}    @property\n    def p(self) -> int: ...\n")
    assert wide_protocols([port]) == ["core/ports/a.py:1 Wide has 6"]
    assert len(undocumented([port])) == 8
    narrow = port.text.replace("m5", "m4")
    assert wide_protocols([Source("core/ports/a.py", narrow)]) == []
