"""A test claims something, and none is left out."""

import ast
from collections.abc import Iterator

from tests.rules.source import Source, bare_name, functions, sources

CLAIMS = {"raises", "warns", "fail"}
LEFT_OUT = {"skip", "skipif", "xfail", "importorskip", "skipTest", "expectedFailure", "SkipTest"}


def claimless(files: list[Source]) -> list[str]:
    """Tests that pass whatever happens: no assert, no expected error, no call of a function of the tests that asserts."""
    everything = [(source, name, node) for source in files for name, node in functions(source.tree)]
    asserting = {node.name for _, _, node in everything if _claims(node, set())}
    while more := {node.name for _, _, node in everything if _claims(node, asserting)} - asserting:
        asserting |= more
    return [
        f"{s.at(node)} {name}"
        for s, name, node in everything
        if node.name.startswith("test_") and not _claims(node, asserting)
    ]


def _claims(function: ast.AST, asserting: set[str]) -> bool:
    return any(
        (isinstance(node, ast.Assert) and not isinstance(node.test, ast.Constant))
        or (isinstance(node, ast.Call) and bare_name(node.func) in CLAIMS | asserting)
        for node in ast.walk(function)
    )


def left_out(files: list[Source]) -> Iterator[str]:
    """Tests that are skipped or expected to fail."""
    for source in files:
        for node in ast.walk(source.tree):
            match node:
                case ast.Attribute(value=value, attr=name) if name in LEFT_OUT and bare_name(value) in {
                    "pytest",
                    "mark",
                    "unittest",
                }:
                    yield f"{source.at(node)} {name}"
                case ast.ImportFrom(module="pytest" | "unittest", names=names):
                    yield from (f"{source.at(node)} {alias.name}" for alias in names if alias.name in LEFT_OUT)


def test_every_test_claims_something() -> None:
    files = sources("tests")
    assert any(name.startswith("test_") for source in files for name, _ in functions(source.tree))
    assert claimless(files) == [], "assert what must hold"


def test_no_test_is_left_out() -> None:
    assert list(left_out(sources("tests"))) == [], "mend it or remove it"


def test_the_rule_sees_a_test_without_a_claim() -> None:
    text = (
        "def test_a():\n    run()\n"
        "def test_b():\n    assert True\n"
        "def sound(x):\n    assert x\n"
        "def both(x):\n    sound(x)\n"
        "async def test_c():\n    both(1)\n"
        "def test_d():\n    with pytest.raises(KeyError):\n        run()\n"
    )
    assert claimless([Source("tests/a.py", text)]) == ["tests/a.py:1 test_a", "tests/a.py:3 test_b"]


def test_the_rule_sees_each_way_to_leave_a_test_out() -> None:
    ways = [
        "@pytest.mark.skip\ndef a(): ...\n",
        "pytest.importorskip('x')\n",
        "@mark.xfail(strict=True)\ndef a(): ...\n",
        "from pytest import skip\n",
    ]
    assert all(len(list(left_out([Source("tests/a.py", way)]))) == 1 for way in ways)
