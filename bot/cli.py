"""The command line. Each command opens what it needs, prints, and ends with a documented exit code.

0 done; 1 could not be done; 2 the command was called wrongly; 3 nothing reliable, or nothing at all, is known; 130 stopped with
Ctrl-C.
"""

import io
import logging
import os
import sys
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import structlog
import typer

from bot.called import as_called
from bot.card_cli import card
from bot.config_cli import config
from bot.forget_cli import forget
from bot.kb_cli import kb
from bot.learn_cli import learn
from bot.measure_cli import EVAL_HELP, engine, evaluate, labels
from bot.prompt_cli import prompt
from bot.running import STOPPED, Commands, HomeTeam, Json, day_named, share_heaps
from bot.running import run as _run
from bot.running import settings as _settings
from bot.settings import prepare_environment
from bot.stats_cli import stats
from core.domain.errors import CallerError, NothingKnownError, VigilError

if TYPE_CHECKING:
    from adapters.terminal.summary import Backfilled

app = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,  # its boxes call a flag <bool>, as if it took a value
    help="Vigil follows support threads, answers what it can, and learns.",
)
app.add_typer(kb, name="kb")
app.add_typer(forget, name="forget")
app.add_typer(config, name="config")
app.add_typer(card, name="card")
app.add_typer(prompt, name="prompt")
app.add_typer(labels, name="labels")
app.add_typer(engine, name="engine")
app.command("learn")(learn)
app.command("eval", help=EVAL_HELP)(evaluate)
app.command()(stats)


GOES_ON = "Stopped; what was done is kept, the same command goes on from there."


def _version(wanted: bool) -> None:
    if wanted:
        from importlib.metadata import version

        typer.echo(f"Vigil {version('vigil-support')}")
        raise typer.Exit


@app.callback()
def options(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Options of the program itself."""


@app.command()
def replay(export: Path, as_json: Json = False, home_team: HomeTeam = None) -> None:
    """Replay a Slack export, a folder or its zip, and watch; in a home of its own, never the real one."""
    from bot.replay import replay as run

    _run(run(_settings(), export, home_team, as_json), GOES_ON)


@app.command()
def backfill(
    export: Annotated[Path | None, typer.Argument(help="A Slack export: its folder or its zip.")] = None,
    channel: Annotated[str | None, typer.Option(help="A Slack channel, by id or #name, in place of an export.")] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only threads from this day (UTC) on, like 2026-01-31.")
    ] = None,
    home_team: HomeTeam = None,
) -> None:
    """Learn from a Slack export or a channel's past into the real home; nothing is posted."""
    if (export is None) == (channel is None):
        raise CallerError("Name one of both: an export, or a channel with --channel.")
    if channel is None and since is not None:
        raise CallerError("--since goes with --channel: an export is read as a whole.")
    done = _run(_backfill(export, channel, day_named("--since", since), home_team), GOES_ON)
    typer.echo(done.sentence())
    typer.echo(as_called("Next: `vigil kb list`, `vigil ask QUESTION`."))


async def _backfill(
    export: Path | None, channel: str | None, since: datetime | None, home_team: str | None
) -> "Backfilled":
    if export is not None:
        from bot.export_backfill import backfill as of_export

        return await of_export(_settings(), export, home_team)
    from bot.channel_backfill import backfill as of_channel

    return await of_channel(_settings(), channel or "", since)


@app.command()
def run() -> None:
    """Connect to Slack and work until stopped."""
    from bot.live import live

    _log_lines()
    if code := _run(live(_settings())):
        sys.stderr.write("Stopped.\n")
        raise typer.Exit(code)


@app.command()
def doctor(
    as_json: Json = False,
    channel: Annotated[
        str | None, typer.Option(help="Post a test card there, by id or #name, and wait for a click on it.")
    ] = None,
) -> None:
    """Check tokens, scopes, channels and the home, and say where to mend what is missing (exit code 1)."""
    from bot.doctor_run import doctor as run

    logging.disable(logging.CRITICAL)  # what the SDK has to say of clicks that are not for us is no finding
    if not _run(run(_settings(), channel, as_json)):
        raise typer.Exit(1)


@app.command()
def ask(
    question: Annotated[list[str], typer.Argument(help="In quotation marks, or as several words.")],
    as_json: Json = False,
    customer: Annotated[str | None, typer.Option(help="Answer as this customer would see it.")] = None,
) -> None:
    """Ask the knowledge base a question."""
    from bot.asking import ask as run

    raise typer.Exit(_run(run(_settings(), " ".join(question), customer, as_json)))


@app.command()
def chat(
    begin_with: Annotated[
        Path | None,
        typer.Argument(metavar="[FROM]", help="Begin with what a Slack export teaches, or what a home knows."),
    ] = None,
    home: Annotated[bool, typer.Option("--home", help="Begin with what your own home knows.")] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Forget what was said in this chat before.")] = False,
    as_json: Json = False,
) -> None:
    """Feel the whole bot in this terminal, with nothing installed: ask, answer, accept, let time pass."""
    from bot.chat import Wanted
    from bot.chat import chat as run
    from bot.lookup import existing

    loaded = _settings()
    if home and begin_with is not None:
        raise CallerError("Name one of both to begin with: a folder, or --home.")
    # anew for each line: while somebody types, standard error is what prints above them
    structlog.configure(logger_factory=lambda *_: structlog.PrintLogger(sys.stderr))
    wanted = Wanted(existing(loaded) if home else begin_with, fresh, as_json)
    if code := _run(run(loaded, wanted)):
        raise typer.Exit(code)


@app.command()
def why(name: str, as_json: Json = False) -> None:
    """Tell why a message was answered, or not: by its link, CHANNEL:TS, or the id of it or of what it led to."""
    from bot.why import why as run

    _run(run(_settings(), name, as_json))


@app.command()
def shadow(
    channel: Annotated[str | None, typer.Option(help="One channel (default: all in shadow mode).")] = None,
    days: Annotated[int, typer.Option(min=1, max=3650, help="How far to look back.")] = 30,
    as_json: Json = False,
) -> None:
    """Tell what Vigil would have answered where it only records, and what analysts said instead."""
    from bot.shadow import shadow as run

    _run(run(_settings(), channel, days, as_json))


def main() -> None:
    """The console script: one sentence instead of a traceback, unless ``--debug`` is given."""
    debug = "--debug" in sys.argv
    sys.argv = [argument for argument in sys.argv if argument != "--debug"]
    prepare_environment()
    share_heaps()
    _print_anything(as_json="--json" in sys.argv)
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(10 if debug else 40),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            # plain: a traceback with its locals would print what people wrote
            structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
        ],
    )
    try:
        app()
    except VigilError as error:
        if debug:
            raise
        sys.stderr.write(f"{as_called(error.sentence)}\n")
        sys.exit(3 if isinstance(error, NothingKnownError) else 2 if isinstance(error, CallerError) else 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped.\n")
        sys.exit(STOPPED)


def _log_lines() -> None:
    """A running bot tells what it does: ids, never what people wrote."""
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(20))
    for sdk in ("slack_bolt", "slack_sdk", "vigil"):
        logging.getLogger(sdk).setLevel(logging.ERROR)


def _print_anything(as_json: bool) -> None:
    """Print what the terminal's encoding lacks as a replacement; JSON is UTF-8 wherever it goes."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(encoding="utf-8" if as_json else None, errors="replace")


if __name__ == "__main__":
    main()
