"""What all commands share: the settings with what is strange about them, and a run that Ctrl-C may stop."""

import asyncio
import ctypes
import sys
from collections.abc import Coroutine
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated, Any

import typer
from typer.core import TyperGroup

from adapters.terminal.plain import safe
from bot.settings import Settings, load_settings, strange_settings
from core.domain.errors import CallerError

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
HomeTeam = Annotated[
    str | None, typer.Option("--home-team", help="The team id of the support team, where it cannot be told.")
]
Force = Annotated[bool, typer.Option("--force", help="Write over a file that is there.")]
_ARENA_MAX = -8
WHOLE = 1000
"""Characters of a sentence that is not cut."""
STOPPED = 130
"""The exit code of a command that Ctrl-C has stopped, as shells give it."""


class Commands(TyperGroup):
    """A command with commands of its own, which its help lists with a whole sentence each: by itself it cuts them at the width
    of the terminal."""

    def format_commands(self, ctx: Any, formatter: Any) -> None:
        """Write the list of commands."""
        known = [(name, self.get_command(ctx, name)) for name in self.list_commands(ctx)]
        with formatter.section("Commands"):
            formatter.write_dl([(name, one.get_short_help_str(limit=WHOLE)) for name, one in known if one])


def settings() -> Settings:
    """The settings, with a line for each that is spelled in a way Vigil does not know."""
    loaded = load_settings()
    for line in strange_settings():
        sys.stderr.write(f"{line}\n")
    return loaded


def run(work: Coroutine[Any, Any, Any], stopped: str = "Stopped.") -> Any:
    """Run it to its end; Ctrl-C ends the command with one sentence and code 130."""
    try:
        return asyncio.run(work)
    except KeyboardInterrupt:
        sys.stderr.write(f"{stopped}\n")
        raise typer.Exit(STOPPED) from None


def day_named(option: str, text: str | None) -> datetime | None:
    """The day (UTC) that an option names. Raises ``CallerError`` for what is none."""
    if text is None:
        return None
    try:
        return datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=UTC)
    except ValueError as error:
        raise CallerError(f"{option} {safe(text)} is not a day: write it like 2026-12-31.") from error


def check_new(file: Path, force: bool) -> None:
    """Raise ``CallerError`` where a file that is to be written is there already, unless ``force``."""
    if not force and file.is_file():
        raise CallerError(f"{file} is there already: name another file, or --force to write over it.")


def share_heaps() -> None:
    """Let the threads of the libraries share two heaps: glibc would give each its own and seldom return what is free. Measured
    on the running bot with 10,000 entries: 628 MB before, 507 MB after, no slower."""
    try:
        ctypes.CDLL(None).mallopt(_ARENA_MAX, 2)
    except (AttributeError, OSError, TypeError):
        return  # another C library, which does without
