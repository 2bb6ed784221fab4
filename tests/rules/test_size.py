"""Files near 100 lines, functions near 10; beyond 250 or 40 there is a reason, and it stands here."""

from tests.rules.source import MEASURED, Source, functions, sources

FILE_LINES = 250
FUNCTION_LINES = 40

# path, or path::dotted name of the function -> why it is better long.
REASONS: dict[str, str] = {
    "adapters/records/migrations/versions/0001_tables.py::upgrade": "a migration is one list of tables, in order",
    "core/ports/records.py": "one small protocol per kind of row and the unit of work that joins them, read as one page",
}


def long_places(files: list[Source]) -> dict[str, int]:
    """Files and functions beyond the limit, with their number of lines."""
    found = {source.path: lines for source in files if (lines := source.text.count("\n")) > FILE_LINES}
    for source in files:
        for name, node in functions(source.tree):
            lines = (node.end_lineno or node.lineno) - node.lineno
            if lines > FUNCTION_LINES:
                found[f"{source.path}::{name}"] = lines
    return found


def test_what_is_long_has_a_reason() -> None:
    without = {place: lines for place, lines in long_places(sources(*MEASURED)).items() if place not in REASONS}
    assert without == {}, "split it where a reader would, or give the reason in REASONS"


def test_every_reason_is_still_needed_and_says_something() -> None:
    long = long_places(sources(*MEASURED))
    assert [place for place, why in REASONS.items() if place not in long or len(why.split()) < 3] == []


def test_the_rule_sees_long_files_and_functions() -> None:
    body = "        a = 1\n" * 41
    long = Source("core/a.py", f"class A:\n    async def b(self) -> None:\n{body}" + "\n" * 250)
    assert set(long_places([long])) == {"core/a.py", "core/a.py::A.b"}
    assert long_places([Source("core/a.py", f"def b() -> None:\n{'    a = 1' + chr(10)}" * 40)]) == {}
