"""The commands of ``vigil card``: look at what people see, without a platform."""

import json
from collections.abc import Iterator
from html import unescape
from typing import Annotated

import typer

from adapters.terminal.plain import one_line, safe
from bot.called import as_called
from bot.running import Commands, Json
from core.domain.errors import CallerError

card = typer.Typer(cls=Commands, no_args_is_help=True, help="Look at the cards that people see.")


@card.callback()
def options() -> None:
    """Look at the cards that people see."""


@card.command("preview")
def card_preview(
    name: Annotated[str | None, typer.Argument(help="One state, whole (default: a line of each).")] = None,
    everything: Annotated[bool, typer.Option("--all", help="Every state, whole.")] = False,
    as_json: Json = False,
) -> None:
    """List the states of a card; with a name print it as Slack's Block Kit, to be pasted into its builder, and as text."""
    made = list(_previews())
    if name is not None:
        made = [one for one in made if one["name"] == name]
        if not made:
            raise CallerError(f"No card state is called {safe(name)}: `vigil card preview` lists them.")
    for shown in made:
        if as_json:
            typer.echo(json.dumps({"v": 1, "platform": "slack", **shown}, ensure_ascii=False))
        elif name is None and not everything:
            typer.echo(f"{shown['name']:<28} {one_line(unescape(str(shown.get('text', 'a page'))), 90)}")
        else:
            _whole(shown)
    if name is None and not everything and not as_json:
        typer.echo(as_called("`vigil card preview NAME` prints one whole, `vigil card preview --all` every one."))


def _whole(shown: dict[str, object]) -> None:
    payload = {key: value for key, value in shown.items() if key in {"blocks", "view"}}
    typer.echo(f"--- {shown['name']} ---\n{json.dumps(payload.get('view', payload), ensure_ascii=False, indent=2)}")
    if "text" in shown:
        typer.echo(f"\n{shown['text']}")
    typer.echo()


def _previews() -> Iterator[dict[str, object]]:
    from adapters.slack.render.card import render_card, render_notice
    from adapters.slack.render.pages import entry_page, whole_answer
    from bot.card_examples import NOW, cards, notices, pages

    made = {name: render_card(one, NOW) for name, one in cards().items()}
    made |= {name: render_notice(notice, "en") for name, notice in notices().items()}
    for name, message in made.items():
        yield {"name": name, "text": message.text, "blocks": list(message.blocks), "metadata": message.metadata}
    for name, page in pages().items():
        yield {"name": name, "view": entry_page(page)}
    for name in ("long", "withdrawn"):
        yield {"name": f"whole_answer_{name}", "view": whole_answer(cards()[name], NOW)}
