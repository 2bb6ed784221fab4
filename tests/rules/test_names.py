"""A name says what is inside: no drawers for what had no place."""

import re

from tests.rules.source import EVERYTHING, Source, classes, sources

DRAWERS = {"common", "helper", "helpers", "manager", "managers", "misc", "util", "utils"}


def drawers(files: list[Source]) -> list[str]:
    """Files, folders and classes that are named for nothing in particular."""
    found = [source.path for source in files if DRAWERS & set(re.split(r"[/_.]", source.path))]
    for source in files:
        for node in classes(source):
            if DRAWERS & {word.lower() for word in re.findall(r"[A-Z][a-z]*", node.name)}:
                found.append(f"{source.at(node)} {node.name}")
    return found


def test_nothing_is_named_for_nothing_in_particular() -> None:
    assert drawers(sources(*EVERYTHING)) == [], "name it for what it does, or put it where it is used"


def test_the_rule_sees_files_folders_and_classes() -> None:
    bad = [
        Source("core/text/utils.py", ""),
        Source("core/common/a.py", ""),
        Source("core/a.py", "class JobManager: ...\n"),
    ]
    assert drawers(bad) == ["core/text/utils.py", "core/common/a.py", "core/a.py:1 JobManager"]
    assert drawers([Source("core/text/commonness.py", "class Helped: ...\n")]) == []
