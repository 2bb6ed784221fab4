"""The nouns do not change under anybody's hands."""

import ast

from tests.rules.source import Source, bare_name, classes, sources


def loose_dataclasses(files: list[Source]) -> list[str]:
    """Dataclasses that can be assigned to, or can take attributes nobody declared."""
    found = []
    for source in files:
        for node in classes(source):
            for decorator in node.decorator_list:
                if bare_name(decorator) == "dataclass" and not {"frozen", "slots"} <= _switched_on(decorator):
                    found.append(f"{source.at(node)} {node.name}")
    return found


def _switched_on(decorator: ast.expr) -> set[str | None]:
    keywords = decorator.keywords if isinstance(decorator, ast.Call) else []
    return {k.arg for k in keywords if isinstance(k.value, ast.Constant) and k.value.value is True}


def test_every_noun_is_frozen_and_slotted() -> None:
    domain = sources("core/domain")
    assert any(bare_name(d) == "dataclass" for s in domain for c in classes(s) for d in c.decorator_list), (
        "no noun was found"
    )
    assert loose_dataclasses(domain) == [], "@dataclass(frozen=True, slots=True)"


def test_the_rule_sees_each_way_to_be_loose() -> None:
    for decorator in (
        "dataclass",
        "dataclass()",
        "dataclasses.dataclass(frozen=True)",
        "dataclass(frozen=False, slots=True)",
    ):
        assert loose_dataclasses([Source("core/domain/a.py", f"@{decorator}\nclass A: ...\n")]) == [
            "core/domain/a.py:2 A"
        ]
    good = "@dataclass(frozen=True, slots=True, kw_only=True)\nclass A: ...\n"
    assert loose_dataclasses([Source("core/domain/a.py", good)]) == []
