"""requirements.lock is exact, names no place, and is what pyproject.toml asks for."""

import re
import tomllib

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.rules.source import ROOT

PIN = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*==[0-9][A-Za-z0-9.]*")
ACCELERATOR = re.compile(r"(?:nvidia|cuda|triton)")


def pins(text: str) -> list[str]:
    """The lock's lines without comments."""
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def inexact(lines: list[str]) -> list[str]:
    """Lines that are more or less than a name and a public version, or belong to one kind of machine."""
    return [line for line in lines if not PIN.fullmatch(line) or ACCELERATOR.match(line)]


def unmet(lines: list[str], wanted: list[str]) -> list[str]:
    """Requirements that no line satisfies."""
    locked = dict(line.split("==") for line in lines)
    versions = {canonicalize_name(name): version for name, version in locked.items()}
    found = []
    for requirement in map(Requirement, wanted):
        version = versions.get(canonicalize_name(requirement.name))
        if version is None or not requirement.specifier.contains(version):
            found.append(str(requirement))
    return found


def unbounded(wanted: list[str]) -> list[str]:
    """Requirements that the next incompatible release would satisfy."""
    return [text for text in wanted if not any(s.operator in {"<", "<=", "=="} for s in Requirement(text).specifier)]


def wanted() -> list[str]:
    """What the project asks for, with what its tests ask for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    return [*project["dependencies"], *project["optional-dependencies"]["dev"]]


def lock() -> list[str]:
    """The lines of requirements.lock; never none."""
    lines = pins((ROOT / "requirements.lock").read_text(encoding="utf-8"))
    assert lines, "the lock is empty"
    return lines


def test_the_lock_holds_exact_public_versions_and_nothing_else() -> None:
    assert inexact(lock()) == [], "renew it with `make lock`"


def test_the_lock_is_what_the_project_asks_for() -> None:
    assert unmet(lock(), wanted()) == [], "renew it with `make lock`"


def test_every_requirement_has_an_upper_bound() -> None:
    assert unbounded(wanted()) == []


def test_the_rules_see_bad_lines_and_open_ranges() -> None:
    bad = ["torch==2.13.0+cpu", "a>=1", "b @ file:///b.whl", "--index-url x", "nvidia-cublas==13.0", "triton==3.4.0"]
    assert inexact([*bad, "numpy==2.4.6"]) == bad
    assert unmet(["Foo_Bar==1.0"], ["foo-bar>=1,<2", "foo-bar>=2", "missing"]) == ["foo-bar>=2", "missing"]
    assert unbounded(["a>=1", "a>=1,<2", "a==1.*", "a"]) == ["a>=1", "a"]
