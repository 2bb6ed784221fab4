"""The commands of ``vigil card``: look at what people see, without a platform."""

import json
from collections.abc import Iterator

import typer

from bot.running import Json

card = typer.Typer(no_args_is_help=True, help="Look at the cards that people see.")


@card.callback()
def options() -> None:
    """Look at the cards that people see."""


@card.command("preview")
def card_preview(as_json: Json = False) -> None:
    """Print each state of a card as Slack's Block Kit, to be pasted into its builder, and as plain text."""
    for shown in _previews():
        if as_json:
            typer.echo(json.dumps({"v": 1, "platform": "slack", **shown}, ensure_ascii=False))
            continue
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
