"""The commands that measure and fit: ``vigil eval``, ``vigil engine fit``, ``vigil labels export``."""

from pathlib import Path
from typing import Annotated

import typer

from bot.called import called
from bot.running import Commands, HomeTeam, Json, run, settings
from core.evaluate.trial import Ablation, check_ablations

labels = typer.Typer(
    cls=Commands, no_args_is_help=True, help="What people's clicks and corrections say about Vigil's judgement."
)
engine = typer.Typer(cls=Commands, no_args_is_help=True, help="The offline engine's learned parts.")
GROWTH = "growth"
EVAL_HELP = """Measure a part of Vigil, on JSON lines with these keys (those in brackets may be left out), or on a Slack export.

\b
identify, scope    text, label, (history: role and text each), (scope), (domain)
should-answer      text, label, (history), (scope); --corpus
rewrite            user_turns, last_turn, relevant_ids; --corpus
retrieve           query, relevant_ids, (history); --corpus
refuse             query, answerability, (history); --corpus
answer             query, reference_answer, answerability, (history); --corpus
grounding          query, relevant_ids, (answerability), (history); --corpus
extract            messages: role, text, (user), (labels) each; (resolved)
dedup              old, new, duplicate
review             entry, question, answer, follow_up, verdict
ingest             query, relevant_ids; --corpus of raw pages: Markdown, or what their id ends in
--corpus FILE      id, text, (title), (url), (domain)
growth, replay-quality    a Slack export, a folder or its zip
"""
Ablated = Annotated[
    list[Ablation] | None,
    typer.Option(
        help="Leave a part out: identify for should-answer, learning (but in the first tenth) or review for growth and "
        "replay-quality; may be repeated."
    ),
]
Concurrency = Annotated[
    int | None, typer.Option(min=1, max=64, help="Rows in flight at once (default: 1 offline, 8 claude).")
]


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
    from bot.fitting import fit_engine

    typer.echo(run(fit_engine(settings(), into, labels or [])))


def evaluate(  # noqa: PLR0913, PLR0917  # the options of one command
    suite: str,
    file: Path,
    as_json: Json = False,
    corpus: Annotated[Path | None, typer.Option(help="The documents to search, or to know.")] = None,
    domain: Annotated[str | None, typer.Option(help="Only the documents of this domain.")] = None,
    scope: Annotated[
        str | None, typer.Option(help="What the team supports, for identify, scope, should-answer.")
    ] = None,
    limit: Annotated[int | None, typer.Option(min=1, help="Only the first N rows, or messages of an export.")] = None,
    history: Annotated[bool, typer.Option("--history/--no-history", help="With the dialogue or the last turn.")] = True,
    sweep: Annotated[bool, typer.Option("--sweep", help="At every theta, for dedup.")] = False,
    home_team: HomeTeam = None,
    ablate: Ablated = None,
    engine_name: Annotated[str | None, typer.Option("--engine", help="offline or claude (default: as set).")] = None,
    concurrency: Concurrency = None,
    record: Annotated[Path | None, typer.Option(help="Keep every request and its answer in this folder.")] = None,
    replay: Annotated[Path | None, typer.Option(help="Answer from such a folder; no engine is asked.")] = None,
    report: Annotated[Path | None, typer.Option(help="Write figures and costs to this file, as Markdown.")] = None,
) -> None:
    """Measure a part of Vigil on labelled data or on a Slack export; ``EVAL_HELP`` tells their formats."""
    from bot import growth, measure
    from bot.telling import Telling

    how = measure.Performing(engine_name, concurrency, record, replay)
    telling = Telling(as_json, report, called())
    telling.check()
    ablated = frozenset(ablate or ())
    if suite in measure.REPLAYED:
        check_ablations(suite, ablated)
        run_suite = growth.growth if suite == GROWTH else growth.quality
        run(run_suite(settings(), growth.Growing(file, home_team, ablated, limit), how, telling))
        return
    wanted = measure.Measurement(suite, file, corpus, domain, scope, limit, history, sweep, ablated)
    run(measure.evaluate(settings(), wanted, how, telling))
