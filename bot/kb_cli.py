"""The commands of ``vigil kb``: look into what is known, and change it by hand."""

from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Annotated

import typer

from adapters.terminal.plain import safe
from bot.entries import STATUSES
from bot.running import Commands, Force, Json, run, settings
from core.desk.by_hand import IfKnown
from core.domain.errors import CallerError

kb = typer.Typer(cls=Commands, no_args_is_help=True, help="Look into what is known, and change it by hand.")
Entry = Annotated[str, typer.Argument(help="The entry; the beginning of its id is enough.")]
ShownEntry = Annotated[str, typer.Argument(help="The entry, by the beginning of its id; ID#N is a document's part.")]


def _one_of(option: str, words: Iterable[str]) -> Callable[[str], str]:
    """A parser that gives one of these words back, and refuses any other in one sentence."""
    known = list(words)

    def parse(word: str) -> str:
        if word not in known:
            raise CallerError(f"{option} {safe(word)} is not known: write {', '.join(known[:-1])} or {known[-1]}.")
        return word

    return parse


_STATUS = typer.Option(help="Only these.", parser=_one_of("--status", STATUSES), metavar="|".join(STATUSES))
_IF_KNOWN = typer.Option(
    help="Where an entry says the same or the contrary.",
    parser=_one_of("--if-known", IfKnown),
    metavar="|".join(IfKnown),
)


@kb.command("list")
def kb_list(
    words: Annotated[list[str] | None, typer.Argument(help="Only entries with all of these words.")] = None,
    as_json: Json = False,
    everything: Annotated[bool, typer.Option("--all", help="Retired ones too.")] = False,
    status: Annotated[str | None, _STATUS] = None,
) -> None:
    """List what is known."""
    from bot.lookup import Listed
    from bot.lookup import kb_list as listing

    run(listing(settings(), words or (), as_json, Listed(everything, status)))


@kb.command("show")
def kb_show(entry: ShownEntry, as_json: Json = False) -> None:
    """Show one entry with its sources."""
    from bot.lookup import kb_show as show

    run(show(settings(), entry, as_json))


@kb.command("history")
def kb_history(entry: Entry, as_json: Json = False) -> None:
    """Show every revision of an entry, and what each changed."""
    from bot.lookup import kb_history as history

    run(history(settings(), entry, as_json))


@kb.command("rebuild")
def kb_rebuild() -> None:
    """Make the knowledge store anew from the ledger."""
    from bot.lookup import kb_rebuild as rebuild

    typer.echo(f"The knowledge store was made anew: {run(rebuild(settings()))} entries.")


@kb.command("add")
def kb_add(
    question: str,
    answer: str,
    conditions: Annotated[str, typer.Option(help='Under which it holds, like "with the Go SDK below 2.1.4".')] = "",
    audience: Annotated[str, typer.Option(help="shared, internal, or a customer's team id.")] = "shared",
    expires: Annotated[
        str | None, typer.Option(help="The first day on which it no longer holds, like 2026-12-31.")
    ] = None,
    if_known: Annotated[str, _IF_KNOWN] = IfKnown.TELL.value,
    as_json: Json = False,
) -> None:
    """Write an entry by hand; secrets are masked, what is known already is told."""
    from bot.kb_changes import kb_add as add

    run(add(settings(), (question, answer, conditions), audience, expires, IfKnown(if_known), as_json))


@kb.command("retire")
def kb_retire(
    entry: Entry, why: Annotated[str, typer.Option(help="The reason to keep.")] = "", as_json: Json = False
) -> None:
    """Take an entry out of retrieval; its history stays."""
    from bot.kb_changes import kb_retire as retire

    run(retire(settings(), entry, why, as_json))


@kb.command("restore")
def kb_restore(
    entry: Entry,
    revision: Annotated[
        int | None, typer.Option(min=1, help="Which (default: the last one in retrieval before).")
    ] = None,
    as_json: Json = False,
) -> None:
    """Bring an entry back as it was at a revision."""
    from bot.kb_changes import kb_restore as restore

    run(restore(settings(), entry, revision, as_json))


@kb.command("approve")
def kb_approve(entry: Entry, as_json: Json = False) -> None:
    """Let a candidate into retrieval."""
    from bot.kb_changes import kb_approve as approve

    run(approve(settings(), entry, as_json))


@kb.command("reject")
def kb_reject(
    entry: Entry, why: Annotated[str, typer.Option(help="The reason to keep.")] = "", as_json: Json = False
) -> None:
    """Retire a candidate."""
    from bot.kb_changes import kb_reject as reject

    run(reject(settings(), entry, why, as_json))


@kb.command("export")
def kb_export(
    file: Annotated[Path, typer.Argument(help="Where to; - is standard output.")],
    heads: Annotated[bool, typer.Option("--heads", help="Without the histories.")] = False,
    force: Force = False,
) -> None:
    """Write everything known as JSON lines, with its history."""
    from bot.kb_exchange import kb_export as export

    run(export(settings(), file, heads, force))


@kb.command("import")
def kb_import(
    file: Annotated[Path, typer.Argument(help="What `vigil kb export` wrote.")],
    update: Annotated[bool, typer.Option("--update", help="Change known entries that differ.")] = False,
    as_json: Json = False,
) -> None:
    """Take in what another home has exported. A bad file is refused whole; killed in the middle, type the same again."""
    from bot.kb_exchange import kb_import as take

    run(take(settings(), file, update, as_json))


@kb.command("stats")
def kb_stats(as_json: Json = False) -> None:
    """Count what is known, what was learned and withdrawn this week, what is used, what expires soon."""
    from bot.kb_stats import kb_stats as stats

    run(stats(settings(), as_json))


@kb.command("withdrawn")
def kb_withdrawn(as_json: Json = False) -> None:
    """List the threads that were answered from what no longer stands."""
    from bot.kb_stats import kb_withdrawn as withdrawn

    run(withdrawn(settings(), as_json))
