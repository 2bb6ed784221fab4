"""The command ``vigil learn``."""

from typing import Annotated

import typer

from bot.running import Json, run, settings

GOES_ON = "Stopped; what was learned is kept, the same command goes on from there."


def learn(
    documents: Annotated[list[str], typer.Argument(help="Addresses, files, or folders of .md, .html, .pdf, .txt.")],
    audience: Annotated[
        str | None,
        typer.Option(
            help="shared, internal, or a customer's team id: no longer for who had it (default: as known, else web pages "
            "shared, files and what needs credentials internal)."
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Learn documents from the web or from files, and read them again later; one that changed is changed here too."""
    from bot.learn_documents import learn as learned

    raise typer.Exit(run(learned(settings(), documents, audience, as_json), GOES_ON))
