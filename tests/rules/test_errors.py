"""Everything is caught only at the edges, where it is logged and turned into a state or a sentence."""

import ast

from tests.rules.source import MEASURED, ROOT, Source, bare_name, sources

EDGES = {
    "adapters/documents/parse_process.py": "a parser fails on a damaged document in every way; it is told as a refusal",
    "adapters/slack/connection.py": "one connection that fails must not stop the bot; it is logged and another takes over",
    "bot/cli.py": "turns what nobody expected into one sentence and an exit code",
    "core/desk/catch_up.py": "one bad event of the past must not keep the others away; it is logged and left out",
    "core/desk/intake.py": "one bad event must not stop the next; it stays unacknowledged and comes again",
    "core/desk/runner.py": "one bad job must not stop the others; it is retried, then parked with its reason",
}
EVERYTHING_ERRORS = {"Exception", "BaseException"}


def catch_alls(files: list[Source]) -> list[str]:
    """Handlers that would also swallow the mistakes nobody thought of."""
    found = []
    for source in files:
        for node in ast.walk(source.tree):
            if (isinstance(node, ast.ExceptHandler) and _catches_all(node.type)) or _suppresses_all(node):
                found.append(source.at(node))
    return found


def _catches_all(caught: ast.expr | None) -> bool:
    if caught is None:
        return True
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(bare_name(name) in EVERYTHING_ERRORS for name in names)


def _suppresses_all(node: ast.AST) -> bool:
    return (
        isinstance(node, ast.Call)
        and bare_name(node.func) == "suppress"
        and any(_catches_all(arg) for arg in node.args)
    )


def test_only_the_edges_catch_everything() -> None:
    inside = [source for source in sources(*MEASURED) if source.path not in EDGES]
    assert catch_alls(inside) == [], "catch the error that is meant, or use try/finally"


def test_the_edges_exist() -> None:
    assert [path for path in EDGES if not (ROOT / path).is_file()] == []


def test_the_rule_sees_each_way_to_catch_everything() -> None:
    for caught in ("", " Exception", " BaseException as error", " (KeyError, Exception)", " builtins.Exception"):
        assert catch_alls([Source("core/a.py", f"try:\n    a()\nexcept{caught}:\n    raise\n")]) == ["core/a.py:3"]
    assert catch_alls([Source("core/a.py", "with contextlib.suppress(Exception):\n    a()\n")]) == ["core/a.py:1"]
    assert catch_alls([Source("core/a.py", "try:\n    a()\nexcept (KeyError, TransientError):\n    raise\n")]) == []
