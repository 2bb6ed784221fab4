"""What is in the checkout runs anywhere and names no machine."""

import re

from tests.rules.source import ROOT, project_files

# Written so that this file does not hold what it looks for.
MACHINE_PATHS = re.compile(r"(?<![\w.$}/-])/(?:work|root|opt/wheels|opt/pypi)/")
INDEX_HOSTS = re.compile(
    r"\b(?:pypi\.org|pythonhosted\.org|registry\.npmjs\.org|deb\.debian\.org|download\.pytorch\.org)\b"
)


def traces(text: str) -> list[str]:
    """Paths of one machine and addresses of package indexes in a text."""
    return MACHINE_PATHS.findall(text) + INDEX_HOSTS.findall(text)


def test_no_file_names_a_machine_or_a_package_index() -> None:
    found = {}
    for path in project_files():
        if trace := traces(path.read_text(encoding="utf-8", errors="replace")):
            found[path.relative_to(ROOT).as_posix()] = trace
    assert found == {}


def test_the_readme_names_the_two_commands() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    assert [command for command in ("make demo", "make test") if command not in readme] == []


def test_the_rule_sees_paths_and_hosts() -> None:
    work, root = "work", "root"
    folders = f"cd /{work}/a; see '/{root}/.cache', ../{work}/b and example.com/{work}/c"
    assert len(traces(folders)) == 2
    assert len(traces(f"https://files.{'python'}hosted.org/x https://{'pypi'}.org/simple")) == 2
    assert traces("/workspace /var/root https://pypi.example.org") == []
