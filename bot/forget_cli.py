"""The commands of ``vigil forget``."""

from typing import Annotated

import typer

from bot.running import Commands, Json, run, settings
from core.domain.forgetting import WhomKind

forget = typer.Typer(
    cls=Commands,
    no_args_is_help=True,
    help="Forget a person, a channel or a customer: what they said, and what was learned from it. Chats begun here are copies"
    " and go, too. It cannot be undone.",
)
Yes = Annotated[bool, typer.Option("--yes", help="Do not ask.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Tell what would go, and leave it.")]
KeepShared = Annotated[
    bool,
    typer.Option("--keep-shared", help="Keep lessons that every customer may see: analysts' words that name nobody."),
]
Replays = Annotated[bool, typer.Option("--replays", help="Remove all replays of exports, too.")]
GOES_ON = "Stopped; the same command goes on from there."


@forget.command("person")
def person(
    who: Annotated[str, typer.Argument(metavar="ID|NAME", help="Their user id, or their whole name as it is shown.")],
    yes: Yes = False,
    dry_run: DryRun = False,
    keep_shared: KeepShared = False,
    replays: Replays = False,
    as_json: Json = False,
) -> None:
    """Forget what one person wrote; what others said to them stays, without their name."""
    _forget(WhomKind.PERSON, who, (yes, dry_run, keep_shared, replays, as_json))


@forget.command("channel")
def channel(
    which: Annotated[str, typer.Argument(metavar="ID|NAME", help="The channel's id or #name.")],
    yes: Yes = False,
    dry_run: DryRun = False,
    keep_shared: KeepShared = False,
    replays: Replays = False,
    as_json: Json = False,
) -> None:
    """Forget all that was said in a channel; its settings stay."""
    _forget(WhomKind.CHANNEL, which, (yes, dry_run, keep_shared, replays, as_json))


@forget.command("customer")
def customer(
    organisation: Annotated[str, typer.Argument(metavar="TEAM", help="The customer's team id.")],
    yes: Yes = False,
    dry_run: DryRun = False,
    keep_shared: KeepShared = False,
    replays: Replays = False,
    as_json: Json = False,
) -> None:
    """Forget a customer: its people, the channels shared with it alone, and what only it may see."""
    _forget(WhomKind.CUSTOMER, organisation, (yes, dry_run, keep_shared, replays, as_json))


def _forget(kind: WhomKind, name: str, options: tuple[bool, bool, bool, bool, bool]) -> None:
    from bot.forget import Options
    from bot.forget import forget as work

    run(work(settings(), kind, name, Options(*options)), GOES_ON)
