"""``vigil kb stats|withdrawn``: what is known in numbers, and what was said that no longer stands."""

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import UTC, datetime, timedelta

from adapters.terminal.json_lines import moment
from adapters.terminal.plain import one_line, safe
from bot.entries import day, standing
from bot.lookup import all_heads, reading
from bot.settings import Settings
from core.desk.withdraw import Unsound, unsound
from core.domain.answers import Answer
from core.domain.ids import SHORT, EntryId, subject_of
from core.domain.knowledge import ChangeKind, EntryStatus, Revision
from core.ports.records import UnitOfWork

WEEK = timedelta(days=7)
AGES = (("this week", 7), ("this month", 30), ("this half-year", 182))
OLDER = "older"
BEGINNING = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Counted:
    """What is known, in numbers. ``by_*`` count entries, retired ones only in ``by_status``; ``by_age`` goes by when they were
    learned or last confirmed; ``uses`` are shown answers that cite an entry, counted once per answer; ``learned``, ``retired``
    and ``withdrawn`` (answers) are of the last seven days, ``expiring`` of the next seven."""

    by_kind: dict[str, int]
    by_status: dict[str, int]
    by_audience: dict[str, int]
    by_age: dict[str, int]
    confirmed: int
    confirmations: int
    used: int
    uses: int
    most_used: tuple[tuple[EntryId, int], ...]
    learned: int
    retired: int
    withdrawn: int
    expiring: tuple[EntryId, ...]


def counted(
    heads: Sequence[Revision], answers: Sequence[Answer], changes: Sequence[Revision], now: datetime
) -> Counted:
    """Count heads, all answers ever shown, and the changes of the last seven days, as of ``now``."""
    live = [h.after for h in heads if h.after.status is not EntryStatus.RETIRED]
    uses = Counter(entry for answer in answers for entry in {subject_of(c.entry) for c in answer.citations})
    soon = [e for e in live if e.expires_at and now < e.expires_at <= now + WEEK]
    return Counted(
        by_kind=dict(Counter(e.kind for e in live)),
        by_status=dict(Counter(standing(h.after, now) for h in heads)),
        by_audience=dict(Counter(e.audience.value for e in live).most_common()),
        by_age=dict(Counter(_age(max(e.created_at, e.confirmed_at or e.created_at), now) for e in live)),
        confirmed=sum(e.confirmations > 0 for e in live),
        confirmations=sum(e.confirmations for e in live),
        used=len(uses),
        uses=uses.total(),
        most_used=tuple((entry, n) for entry, n in uses.most_common(5)),
        learned=sum(r.change is ChangeKind.ADDED for r in changes),
        retired=sum(r.change is ChangeKind.RETIRED for r in changes),
        withdrawn=sum(a.withdrawn_at is not None and a.withdrawn_at > now - WEEK for a in answers),
        expiring=tuple(e.id for e in sorted(soon, key=lambda e: (e.expires_at or now, e.id))),
    )


def _age(at: datetime, now: datetime) -> str:
    days = (now - at).days
    return next((name for name, most in AGES if days < most), OLDER)


async def kb_stats(settings: Settings, as_json: bool) -> None:
    """Print the numbers."""
    now = datetime.now(UTC)
    async with reading(settings) as work:
        heads = await all_heads(work)
        numbers = counted(heads, await work.lineage.shown(BEGINNING), await work.lineage.changes(now - WEEK), now)
    if as_json:
        print(json.dumps({"v": 1, "type": "stats", **asdict(numbers)}, ensure_ascii=False))
        return
    titles = {h.subject_id: h.after.title for h in heads}
    print(f"{'by kind':<13}{_row(numbers.by_kind)}")
    print(f"{'by status':<13}{by_status(numbers.by_status)}")
    print(f"{'by audience':<13}{_row(numbers.by_audience)}")
    print(f"{'by age':<13}{_row({n: numbers.by_age.get(n, 0) for n in (*(name for name, _ in AGES), OLDER)})}")
    print(f"{'confirmed':<13}{numbers.confirmed} entries, {numbers.confirmations} times")
    print(f"{'used':<13}{numbers.used} entries, {numbers.uses} times")
    print(
        f"{'this week':<13}{numbers.learned} learned, {numbers.retired} retired, {numbers.withdrawn} answers withdrawn"
    )
    for entry, uses in numbers.most_used:
        print(f"{'':<13}used {uses} times: {entry[:SHORT]} {one_line(titles.get(entry, ''), 70)}")
    for entry in numbers.expiring:
        print(f"{'':<13}expires soon: {entry[:SHORT]} {one_line(titles.get(entry, ''), 70)}")


def by_status(counts: Mapping[str, int]) -> str:
    """What is not retired, as the other lines count it, then what is."""
    retired = counts.get(EntryStatus.RETIRED.value, 0)
    row = _row({name: n for name, n in counts.items() if name != EntryStatus.RETIRED})
    return f"{row}; and {retired} retired, counted only here" if retired else row


def _row(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{n} {safe(name)}" for name, n in counts.items()) or "none"


async def kb_withdrawn(settings: Settings, as_json: bool) -> None:
    """Print the threads that were answered from what no longer stands, newest first."""
    async with reading(settings) as work:
        found = await unsound(work, BEGINNING)
        for one in reversed(found):
            place = await _place(work, one)
            print(json.dumps(_as_json(one, place), ensure_ascii=False) if as_json else "\n".join(_as_lines(one, place)))
    if not found and not as_json:
        print("No thread was answered from what no longer stands.")


async def _place(work: UnitOfWork, one: Unsound) -> str:
    channel = await work.channels.get(one.session.channel)
    return channel.name or one.session.channel.channel


def _as_json(one: Unsound, channel: str) -> dict[str, object]:
    sent, gone = one.answer.sent_at, one.answer.withdrawn_at
    return {
        "v": 1, "type": "withdrawn", "channel": channel, "thread": one.session.thread, "answer": one.answer.id,
        "entry": one.head.subject_id, "reason": one.head.why, "sent_at": sent and moment(sent),
        "withdrawn_at": gone and moment(gone), "stands": one.stands,
    }  # fmt: skip


def _as_lines(one: Unsound, channel: str) -> list[str]:
    sent = f", {day(one.answer.sent_at)}" if one.answer.sent_at else ""
    if one.answer.withdrawn_at:
        state = f"card withdrawn on {day(one.answer.withdrawn_at)}"
    else:
        state = "the card still stands: post a correction"
    return [
        f"{safe(channel)}, thread {one.session.thread}{sent}: {state}",
        f"    {one_line(one.answer.plain_text, 100)}",
        f"    {one.head.subject_id[:SHORT]} {one.head.after.status}: {one_line(one.head.why, 90)}",
    ]
