"""The command line. Each command opens what it needs, prints, and ends with a documented exit code.

0 done; 1 could not be done; 2 the command was called wrongly; 3 asked and nothing reliable is known.
"""

import asyncio
import os
import sys
from collections.abc import Coroutine
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer

from bot.settings import load_settings, prepare_environment
from core.domain.errors import CallerError, VigilError

app = typer.Typer(
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
    help="Vigil follows support threads, answers what it can, and learns.",
)
kb = typer.Typer(no_args_is_help=True, help="Look into what is known.")
app.add_typer(kb, name="kb")

Json = Annotated[bool, typer.Option("--json", help="One JSON object a line, for programs.")]
HomeTeam = Annotated[
    str | None, typer.Option("--home-team", help="The team id of the support team, where it cannot be told.")
]


@app.command()
def replay(export: Path, as_json: Json = False, home_team: HomeTeam = None) -> None:
    """Replay a Slack export folder and watch; in a home of its own, never the real one."""
    from bot.replay import replay as run

    _run(run(load_settings(), export, home_team, as_json))


@app.command()
def backfill(export: Path, home_team: HomeTeam = None) -> None:
    """Learn from a Slack export into the real home; nothing is posted."""
    from bot.replay import backfill as run

    tally = _run(run(load_settings(), export, home_team))
    typer.echo(tally.sentence())


@app.command()
def ask(
    question: str,
    as_json: Json = False,
    customer: Annotated[str | None, typer.Option(help="Answer as this customer would see it.")] = None,
) -> None:
    """Ask the knowledge base a question."""
    from bot.lookup import ask as run

    raise typer.Exit(_run(run(load_settings(), question, customer, as_json)))


@kb.command("list")
def kb_list(
    as_json: Json = False, everything: Annotated[bool, typer.Option("--all", help="Retired ones too.")] = False
) -> None:
    """List what is known."""
    from bot.lookup import kb_list as run

    _run(run(load_settings(), as_json, everything))


@kb.command("show")
def kb_show(entry: str, as_json: Json = False) -> None:
    """Show one entry with its sources; the beginning of its id is enough."""
    from bot.lookup import kb_show as run

    _run(run(load_settings(), entry, as_json))


@kb.command("history")
def kb_history(entry: str, as_json: Json = False) -> None:
    """Show every revision of an entry."""
    from bot.lookup import kb_history as run

    _run(run(load_settings(), entry, as_json))


@kb.command("rebuild")
def kb_rebuild() -> None:
    """Make the knowledge store anew from the ledger."""
    from bot.lookup import kb_rebuild as run

    typer.echo(f"The knowledge store was made anew: {_run(run(load_settings()))} entries.")


@app.command()
def calibrate(
    into: Annotated[Path | None, typer.Option(help="The folder to write to (default: the home).")] = None,
) -> None:
    """Make the thresholds for the embedding model in use, and fit the offline engine to it."""
    from bot.measure import calibrate as run

    typer.echo(_run(run(load_settings(), into)))


@app.command("eval")
def evaluate(
    suite: str,
    file: Path,
    as_json: Json = False,
    corpus: Annotated[Path | None, typer.Option(help="The documents to search, for retrieve.")] = None,
    scope: Annotated[str | None, typer.Option(help="What the team supports, for identify.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N rows.")] = None,
) -> None:
    """Measure a part of Vigil on labelled data: identify, retrieve, extract or dedup."""
    from bot.measure import evaluate as run

    _run(run(load_settings(), suite, file, as_json, corpus, scope, limit))


def _run(work: Coroutine[Any, Any, Any]) -> Any:
    return asyncio.run(work)


def main() -> None:
    """The console script: one sentence instead of a traceback, unless ``--debug`` is given."""
    debug = "--debug" in sys.argv
    sys.argv = [argument for argument in sys.argv if argument != "--debug"]
    prepare_environment()
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(10 if debug else 40),
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    try:
        app()
    except VigilError as error:
        if debug:
            raise
        sys.stderr.write(f"{error.sentence}\n")
        sys.exit(2 if isinstance(error, CallerError) else 1)
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        sys.exit(1)
    except KeyboardInterrupt:
        sys.stderr.write("Stopped; what was done is kept, the same command goes on from there.\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
