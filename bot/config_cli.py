"""The commands of ``vigil config``."""

from pathlib import Path
from typing import Annotated

import typer

from bot.running import Commands, Force, Json, check_new, run, settings

config = typer.Typer(cls=Commands, no_args_is_help=True, help="What is set for the process and for each channel.")


@config.command("show")
def config_show(
    channel: Annotated[str | None, typer.Option(help="All that holds in one channel, by id or #name.")] = None,
    as_json: Json = False,
) -> None:
    """Print each value and where it comes from: default, environment, .env, or the channel's own."""
    from bot.config import show

    run(show(settings(), channel, as_json))


@config.command("export")
def config_export(
    file: Annotated[Path | None, typer.Argument(help="Where to (default: standard output).")] = None,
    force: Force = False,
) -> None:
    """Write what is set for each channel as YAML."""
    from bot.config_file import export

    if file is not None:
        check_new(file, force)
    run(export(settings(), file))


@config.command("import")
def config_import(
    file: Path,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only print what would change.")] = False,
) -> None:
    """Set the channels that a file names to what it says, all of it or nothing; what it leaves out of one is the default."""
    from bot.config_file import import_file

    run(import_file(settings(), file, dry_run=dry_run))
