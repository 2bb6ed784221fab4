"""Only bot/settings.py reads the environment, and .env.example tells all of it."""

import ast
import re

from pydantic import AliasChoices
from pydantic_settings import BaseSettings

from tests.rules.source import MEASURED, ROOT, Source, sources

READER = "bot/settings.py"
ACCESS = {"environ", "environb", "getenv", "getenvb", "putenv", "unsetenv", "expandvars"}
LIBRARIES = {"dotenv", "environs", "pydantic_settings"}


def environment_reads(files: list[Source]) -> list[str]:
    """Every place outside the one reader that touches the environment, by itself or through a library."""
    found = []
    for source in files:
        if source.path != READER:
            found += [f"{source.at(node)} {what}" for node in ast.walk(source.tree) if (what := _touches(node))]
    return found


def _touches(node: ast.AST) -> str | None:
    match node:
        case ast.Attribute(attr=name) if name in ACCESS:
            return name
        case ast.ImportFrom(module=module, names=names):
            if (module or "").split(".")[0] in LIBRARIES:
                return module
            return next((alias.name for alias in names if module in {"os", "os.path"} and alias.name in ACCESS), None)
        case ast.Import(names=names):
            return next((alias.name for alias in names if alias.name.split(".")[0] in LIBRARIES), None)
        case ast.keyword(arg="envvar"):
            return "envvar= of the command line"
    return None


def names_read_by(settings: type[BaseSettings]) -> set[str]:
    """The environment variables behind the fields: alias, or prefix and field name."""
    names = set()
    for field_name, field in settings.model_fields.items():
        match field.validation_alias:
            case str() as alias:
                names.add(alias.upper())
            case AliasChoices(choices=choices):
                names.update(choice.upper() for choice in choices if isinstance(choice, str))
            case _:
                names.add(f"{settings.model_config.get('env_prefix', '')}{field_name}".upper())
    return names


def names_told_in(example: str) -> set[str]:
    """The variables of an env file, set or commented out as ``#NAME=value``."""
    return set(re.findall(r"^(?:#\s?)?([A-Z][A-Z0-9_]*)=", example, flags=re.MULTILINE))


def test_only_the_settings_read_the_environment() -> None:
    assert environment_reads(sources(*MEASURED)) == [], f"read it in {READER} and pass the value on"


def test_the_env_example_names_every_setting_and_no_other() -> None:
    from bot.settings import Settings

    read = names_read_by(Settings)
    assert read, "the settings have no fields"
    told = names_told_in((ROOT / ".env.example").read_text(encoding="utf-8"))
    assert told == read, f"missing in .env.example: {sorted(read - told)}; unknown to {READER}: {sorted(told - read)}"


def test_the_rule_sees_each_way_to_the_environment() -> None:
    ways = [
        "import os\nhome = os.environ['HOME']\n",
        "from os import getenv\n",
        "from pydantic_settings import BaseSettings\n",
        "import dotenv\n",
        "import typer\nhome = typer.Option(envvar='VIGIL_HOME')\n",
    ]
    assert all(len(environment_reads([Source("core/a.py", way)])) == 1 for way in ways)
    assert environment_reads([Source(READER, ways[0])]) == []


def test_the_example_is_read_with_and_without_comment_marks() -> None:
    assert names_told_in("# What NAME=x is\nVIGIL_A=1\n#VIGIL_B=\n# VIGIL_C=a b\n") == {"VIGIL_A", "VIGIL_B", "VIGIL_C"}
