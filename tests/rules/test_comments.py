"""What is switched off for a line says what and why."""

import io
import re
import tokenize

from tests.rules.source import EVERYTHING, Source, sources

SWITCH = re.compile(
    r"#\s*(?:type:\s*ignore(?P<ignored>\[[\w, -]+\])?"
    r"|noqa(?P<codes>:\s*[A-Z]+\d+(?:[, ]+[A-Z]+\d+)*)?"
    r"|pragma:\s*no cover(?P<cover>))"
    r"(?P<rest>[^#]*(?:#(?!\s*(?:noqa|type:)).*)?)"
)
WHOLE_FILE = re.compile(r"#\s*(?:ruff:\s*noqa|flake8:\s*noqa|mypy:)")


def unexplained(files: list[Source]) -> list[str]:
    """Comments that switch a check off without naming it, without a reason, or for a whole file."""
    found = []
    for source in files:
        for token in tokenize.generate_tokens(io.StringIO(source.text).readline):
            if token.type == tokenize.COMMENT and _is_unexplained(token.string):
                found.append(f"{source.path}:{token.start[0]} {token.string}")
    return found


def _is_unexplained(comment: str) -> bool:
    if WHOLE_FILE.search(comment):
        return True
    return any(
        _names_nothing(switch) or len(re.findall(r"\w+", switch["rest"])) < 2 for switch in SWITCH.finditer(comment)
    )


def _names_nothing(switch: re.Match[str]) -> bool:
    return all(switch[group] is None for group in ("ignored", "codes", "cover"))


def test_what_is_switched_off_is_named_and_explained() -> None:
    assert unexplained(sources(*EVERYTHING)) == [], "`# type: ignore[code]  # why` and `# noqa: CODE  # why`"


def test_the_rule_sees_missing_codes_and_reasons() -> None:
    bad = [
        "# type: ignore",
        "# type: ignore[attr-defined]",
        "# type: ignore  # lancedb is untyped",
        "# noqa",
        "# noqa: S608",
        "# type: ignore[misc]  # noqa: S608",
        "# pragma: no cover",
        "# ruff: noqa",
        "# mypy: ignore-errors",
    ]
    assert [comment for comment in bad if not unexplained([Source("core/a.py", f"a = 1  {comment}\n")])] == []


def test_the_rule_accepts_a_code_with_a_reason() -> None:
    good = [
        "# type: ignore[attr-defined]  # lancedb has no stubs",
        "# noqa: S608, S603 - the table name is a constant",
        "# pragma: no cover  # only on Windows",
        "# a sentence about types",
    ]
    assert unexplained([Source("core/a.py", "".join(f"a = 1  {comment}\n" for comment in good))]) == []
