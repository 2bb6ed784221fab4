"""Each promise of the README has a test file of its own, and the README names it."""

import re

from tests.rules.source import ROOT

PROMISE = re.compile(r"^(\d)\. (.+?)(?=^\d\. |^$)", re.MULTILINE | re.DOTALL)
FILE = re.compile(r"`(tests/promises/test_(\d)_[a-z_]+\.py)`")


def promised(readme: str) -> dict[str, str]:
    """The text of each promise by its number."""
    section = readme.partition("## What it promises\n")[2].partition("\n## ")[0]
    return {found[1]: found[2] for found in PROMISE.finditer(section + "\n")}


def files_named(readme: str) -> dict[str, str]:
    """The file that each promise names, by the promise's number."""
    named = {number: FILE.search(text) for number, text in promised(readme).items()}
    return {number: found[1] for number, found in named.items() if found and found[2] == number}


def test_each_promise_names_its_file_and_each_file_is_named() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    named = files_named(readme)
    assert list(named) == list(promised(readme)) == [str(n) for n in range(1, 8)]
    there = {path.relative_to(ROOT).as_posix() for path in (ROOT / "tests" / "promises").glob("test_*.py")}
    assert set(named.values()) == there


def test_each_file_says_which_promise_it_defends() -> None:
    for number, name in files_named((ROOT / "README.md").read_text(encoding="utf-8")).items():
        assert (ROOT / name).read_text(encoding="utf-8").startswith(f'"""Promise {number}: '), name


def test_the_rule_sees_a_promise_without_a_file_and_one_with_anothers() -> None:
    text = "1. A. `tests/promises/test_1_a.py`\n2. B\n   more.\n3. C `tests/promises/test_1_a.py`\n"
    text = f"## What it promises\n\n{text}\n## Next\n4. D\n"
    assert list(promised(text)) == ["1", "2", "3"]
    assert files_named(text) == {"1": "tests/promises/test_1_a.py"}
