"""The commands that measure and fit: ``vigil eval``, ``vigil engine fit``, ``vigil labels export``."""

from pathlib import Path
from typing import Annotated

import typer

from bot.running import HomeTeam, Json, run, settings

labels = typer.Typer(no_args_is_help=True, help="What people's clicks and corrections say about Vigil's judgement.")
engine = typer.Typer(no_args_is_help=True, help="The offline engine's learned parts.")
GROWTH = "growth"


@labels.command("export")
def labels_export(
    file: Annotated[Path | None, typer.Argument(help="Where to (default: standard output).")] = None,
) -> None:
    """Write labelled examples as JSON lines, without names: accepts, and what became of lessons and reviews."""
    from bot.labels import export

    run(export(settings(), file))


@engine.command("fit")
def engine_fit(
    labels: Annotated[
        list[Path] | None,
        typer.Option(help="Your team's own labels, as `vigil labels export` writes them; may be repeated."),
    ] = None,
    into: Annotated[Path | None, typer.Option(help="The folder to write to (default: the home).")] = None,
) -> None:
    """Fit the offline engine and all thresholds to the embedding model in use."""
    from bot.measure import fit_engine

    typer.echo(run(fit_engine(settings(), into, labels or [])))


def evaluate(  # noqa: PLR0913, PLR0917  # the options of one command
    suite: str,
    file: Path,
    as_json: Json = False,
    corpus: Annotated[Path | None, typer.Option(help="The documents to search, or to know.")] = None,
    scope: Annotated[str | None, typer.Option(help="What the team supports, for identify and scope.")] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N rows.")] = None,
    history: Annotated[bool, typer.Option("--history/--no-history", help="With the dialogue or the last turn.")] = True,
    sweep: Annotated[bool, typer.Option("--sweep", help="At every theta, for dedup.")] = False,
    home_team: HomeTeam = None,
    no_learning: Annotated[
        bool, typer.Option("--no-learning", help="Only the first tenth teaches, for growth.")
    ] = False,
    no_review: Annotated[bool, typer.Option("--no-review", help="Nothing known is corrected, for growth.")] = False,
) -> None:
    """Measure a part of Vigil: identify, scope, rewrite, retrieve, refuse, extract, review or dedup on labelled data, or
    growth on a Slack export."""
    if suite == GROWTH:
        from bot.growth import Growing, growth

        run(growth(settings(), Growing(file, home_team, not no_learning, not no_review), as_json))
        return
    from bot import measure

    wanted = measure.Measurement(suite, file, corpus, scope, limit, history, sweep)
    run(measure.evaluate(settings(), wanted, as_json))
