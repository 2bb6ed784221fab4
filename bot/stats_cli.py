"""The command ``vigil stats``."""

from pathlib import Path
from typing import Annotated

import typer

from bot.running import Json, run, settings
from core.domain.errors import CallerError


def stats(  # the options of one command
    cost: Annotated[bool, typer.Option("--cost", help="What models have cost, by task and model.")] = False,
    days: Annotated[
        int | None,
        typer.Option(min=1, max=3650, help="How far to look back (default: 30 days, a replay whole; 7 with --cost)."),
    ] = None,
    channel: Annotated[str | None, typer.Option(help="One channel, by id or #name.")] = None,
    customer: Annotated[str | None, typer.Option(help="The channels of one customer.")] = None,
    plot: Annotated[Path | None, typer.Option(help="Draw them on a page: FILE.png or FILE.svg.")] = None,
    as_json: Json = False,
) -> None:
    """Tell what Vigil was worth: on-calls helped, answers, accepts, lead, knowledge; with --cost what models have cost."""
    if cost:
        from bot.stats import cost as run_cost

        if channel or customer or plot:
            raise CallerError("--cost is told of the whole home: leave --channel, --customer and --plot away.")
        run(run_cost(settings(), days or 7, as_json))
        return
    from bot.figures import Wanted
    from bot.figures import stats as run_stats

    run(run_stats(settings(), Wanted(days, channel, customer, plot), as_json))
