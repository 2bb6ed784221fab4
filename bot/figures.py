"""``vigil stats``: what Vigil was worth, as a table, as JSON and as a picture; ``core.domain.figures`` defines it."""

import json
import sys
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from adapters.picture import check_file, draw
from adapters.terminal.figures import table
from adapters.terminal.plain import safe
from adapters.terminal.words import count
from bot.home import is_replay
from bot.lookup import check_customer
from bot.settings import Settings
from bot.stats import reading_stats
from core.desk.figures import figures
from core.domain.channels import Channel, ChannelRef
from core.domain.errors import CallerError
from core.domain.figures import Figures, Over
from core.ports.records import UnitOfWork

DAYS = 30
DAY = timedelta(days=1)
NO_FIGURES = "there are no figures yet"


@dataclass(frozen=True, slots=True)
class Wanted:
    """Which figures: of the last ``days`` (``None``: 30; in a replay's home all of them), of one ``channel`` by name or id, of
    one ``customer``'s channels; where the picture goes, if there is to be one."""

    days: int | None = None
    channel: str | None = None
    customer: str | None = None
    plot: Path | None = None


async def stats(settings: Settings, wanted: Wanted, as_json: bool) -> None:
    """Print the figures and draw them. Raises ``CallerError`` for a channel or customer that is not known, or a file that
    cannot be a picture."""
    if wanted.plot:
        check_file(wanted.plot)
    async with reading_stats(settings, NO_FIGURES) as work:
        channels = await _channels(work, wanted)
        found = await figures(work, await _over(work, settings, wanted, channels))
        newest = await work.figures.span(found.over.channels)
    about = _about(channels, wanted)
    if wanted.plot:
        draw(found, about, wanted.plot)
    if as_json:
        sys.stdout.write(json.dumps(_as_json(found, wanted)) + "\n")
        return
    table(found, about, sys.stdout)
    sys.stdout.writelines(f"{one}\n" for one in _remarks(found, newest, wanted))


async def _channels(work: UnitOfWork, wanted: Wanted) -> list[Channel] | None:
    """The channels that are asked for; ``None`` means all."""
    if wanted.channel is None and wanted.customer is None:
        return None
    known = await work.channels.all()
    if wanted.customer is not None:
        await check_customer(work, wanted.customer)
        known = [one for one in known if one.customer == wanted.customer]
    if wanted.channel is None:
        return known
    name = wanted.channel.removeprefix("#")
    found = [one for one in known if name in (one.name, one.ref.channel)]
    if not found:
        names = ", ".join(sorted(f"#{safe(one.name)}" for one in known if one.name))
        raise CallerError(f"No channel {safe(name)} is known here: known are {names or 'none'}.")
    return found


async def _over(work: UnitOfWork, settings: Settings, wanted: Wanted, channels: list[Channel] | None) -> Over:
    """Whole UTC days up to today; a replay's end with its last message, and begin with its first."""
    refs: tuple[ChannelRef, ...] | None = None if channels is None else tuple(one.ref for one in channels)
    replay = is_replay(settings.home)
    span = await work.figures.span(refs) if replay else None
    last = span[1] if span else datetime.now(UTC)
    until = last.replace(hour=0, minute=0, second=0, microsecond=0) + DAY
    days = wanted.days or (max(1, (until - span[0]).days + 1) if span else DAYS)
    return Over(until - days * DAY, until, refs)


def _about(channels: Sequence[Channel] | None, wanted: Wanted) -> str:
    if channels is None:
        return "all channels"
    named = f"#{safe(wanted.channel.removeprefix('#'))}" if wanted.channel else count(len(channels), "channel")
    return f"{named} of {safe(wanted.customer)}" if wanted.customer else named


def _remarks(found: Figures, span: tuple[datetime, datetime] | None, wanted: Wanted) -> Iterator[str]:
    if span and span[1] < found.over.since:
        back = (found.over.until - span[1]).days + 1
        yield f"The newest message on record is of {span[1]:%Y-%m-%d}: --days {back} looks back that far."
    elif found.recorded and not found.answers.posted:
        yield "Nothing was posted: a backfill and shadow mode only record what they would have said."
    if wanted.plot:
        yield f"The picture is in {wanted.plot}."


def _as_json(found: Figures, wanted: Wanted) -> dict[str, object]:
    """One object; the README tells its keys."""
    over, answers, known = found.over, found.answers, found.knowledge
    return {
        "v": 1, "type": "stats",
        "since": over.since.date().isoformat(), "until": (over.until - DAY).date().isoformat(),
        "channel": wanted.channel, "customer": wanted.customer,
        "on_calls": {"in_scope": found.on_calls, **{f"helped_{when}": n for when, n in found.helped.items() if when != "none"}},
        "answers_per_on_call": dict(zip(("0", "1", "2", "3", "4+"), found.answers_per_on_call, strict=True)),
        "answers": {
            "posted": answers.posted, "withdrawn": answers.withdrawn, "only_recorded_turns": found.recorded,
            "accepted": answers.by_requester + answers.by_analyst, "accepted_by_requester": answers.by_requester,
            "accepted_by_analyst": answers.by_analyst,
        },
        "lead_s": asdict(found.lead),
        "knowledge": {"before": known.before, "size": known.size, "changes": known.changes},
        "days": [{**asdict(one), "day": one.day.isoformat()} for one in found.days],
        "growth": [
            {**asdict(one), "day": one.day.isoformat()} for one in found.growth if one.day >= over.since.date()
        ],
    }  # fmt: skip
