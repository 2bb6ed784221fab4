"""``vigil ask`` and ``vigil kb``: looking things up by hand."""

import json
import shutil
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from pathlib import Path

from adapters.records import open_records
from adapters.terminal.card import render
from adapters.terminal.json_lines import answer_json, knowledge, moment
from adapters.terminal.messenger import RecordedMessenger
from adapters.terminal.plain import one_line, safe
from adapters.terminal.words import count
from bot.called import as_called
from bot.clocks import SystemClock
from bot.entries import day, entry_json, list_line, rows, standing
from bot.home import hold
from bot.settings import Settings
from bot.shown_documents import is_document, shown_document
from bot.sources import acceptances_of, sources_of
from bot.wiring import Parts, opened
from core.desk.cards import OUT_OF_SCOPE, CardStyle, card_for
from core.desk.documents import as_read
from core.domain.channels import ChannelRef
from core.domain.dialogue import Line
from core.domain.errors import CallerError, NothingKnownError
from core.domain.ids import SHORT, MessageId, SessionId, TurnId
from core.domain.knowledge import EntryStatus, Revision, Viewer
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.sessions import Message, Outcome, Session
from core.knowledge.projection import Projector
from core.ports.records import UnitOfWork
from core.respond.reduced import respond_anyhow
from core.respond.situation import Resolved, Situation, Tools
from core.text.language import language_of
from core.text.redaction import redact

EXIT_ANSWERED, EXIT_NOTHING = 0, 3
PAGE = 500
SCOPE_UNSET = "What your team supports is not set: say it in a sentence or two in VIGIL_SCOPE (environment or .env)."
NOTHING_KNOWN = "Nothing is known yet: `vigil backfill EXPORT` learns from a Slack export."


async def ask(settings: Settings, question: str, customer: str | None, as_json: bool) -> int:
    """Answer one question from the home's knowledge; gives the exit code."""
    text = redact(question).text.strip()
    if not text:
        raise CallerError('There is no question: write one, as in `vigil ask "why does the upload fail?"`.')
    from bot.calibrations import key_of, load_calibration

    async with opened(settings, existing(settings), SystemClock(), RecordedMessenger()) as parts:
        async with parts.records.read() as work:
            await check_known(work)
            if customer is not None:
                await check_customer(work, customer)
        calibration = load_calibration(key_of(parts.embedder, parts.reranker), settings.home)
        tools = Tools(parts.engine, parts.embedder, parts.store, calibration, parts.clock, parts.reranker)
        now = datetime.now(UTC)
        budget_s = settings.policy().answer_budget_s if parts.local else None
        served = await respond_anyhow(_situation(settings, text, customer, now), tools, parts.local, budget_s)
        response, reduced = await as_read(served.response, parts.records), bool(served.reduced)
        if served.reduced:
            sys.stderr.write(as_called(f"Answered offline: {served.reduced}. `vigil doctor` says more.\n"))
        answered = [r for r in response.resolved if r.outcome is Outcome.ANSWERED]
        if as_json:
            for resolved in response.resolved:
                print(json.dumps({**_as_json(resolved), "reduced": reduced}, ensure_ascii=False))
        else:
            style = CardStyle(served.engine.quotes, settings.scope, calibration.answer_cutoff / 2, reduced)
            card = card_for(TurnId("asked"), _session(now), [_message(text, now)], response, style)
            assert card is not None, "a direct question always gets a card"
            print(render(card, now, posted=False))
            if cited := [c.entry for r in answered if r.answer for c in r.answer.citations]:
                print(as_called(f"`vigil kb show {cited[0][:SHORT]}` opens a source."))
            if card.notice == OUT_OF_SCOPE:
                print(SCOPE_UNSET)
        sys.stdout.flush()
        await _tell_lost(parts)  # last: at 272,325 entries it takes as long as the answer
    return EXIT_ANSWERED if answered else EXIT_NOTHING


async def _tell_lost(parts: Parts) -> None:
    if lost := len(await _projector(parts).lost()):
        told = f"{lost} entries are missing from the knowledge store: `vigil kb rebuild` finds them again.\n"
        sys.stderr.write(as_called(told))


def existing(settings: Settings) -> Path:
    """The home. Raises ``NothingKnownError`` when nothing was ever learned in it."""
    if not settings.records_url and not (settings.home / "records.db").is_file():
        raise NothingKnownError(NOTHING_KNOWN)
    return settings.home


async def check_known(work: UnitOfWork) -> None:
    """Raise ``NothingKnownError`` when there is no entry."""
    if not await work.ledger.heads(None, 1):
        raise NothingKnownError(NOTHING_KNOWN)


async def check_customer(work: UnitOfWork, customer: str) -> None:
    """Raise ``CallerError`` when there is no such customer."""
    channels = await work.channels.all()
    known = {one for c in channels for one in c.organisations} | {c.customer for c in channels if c.customer}
    if customer not in known:
        named = ", ".join(sorted(known)) or "none"
        raise CallerError(f"No customer {safe(customer)} is known here: known are {named}.")


def _situation(settings: Settings, text: str, customer: str | None, now: datetime) -> Situation:
    async def current() -> bool:
        return True

    line = Line(MessageId("asked"), Role.REQUESTER, RoleBasis.CONFIGURED, "you", text, now)
    viewer = Viewer.of_customer(customer) if customer else Viewer.operator()
    return Situation(
        session=SessionId("asked"), as_of=0, now=now, scope=settings.scope, language=language_of(text), direct=True,
        viewer=viewer, dialogue=(), burst=(line,), answered=False, stale=False, sent=(), still_current=current,
    )  # fmt: skip


def _session(now: datetime) -> Session:
    person = Person("you")
    return Session(SessionId("asked"), ChannelRef("terminal", "home", "ask"), "ask", person, now, now)


def _message(text: str, now: datetime) -> Message:
    standing = Standing(Role.REQUESTER, RoleBasis.CONFIGURED)
    return Message(MessageId("asked"), SessionId("asked"), "asked", 1, now, Person("you"), standing, text, direct=True)


def _as_json(resolved: Resolved) -> dict[str, object]:
    return {
        "v": 1,
        "type": "answer",
        "query": resolved.question.query,
        "outcome": resolved.outcome.value,
        "reason": resolved.reason,
        "passages": [
            {"entry": p.entry.id, "revision": p.revision, "score": round(p.relevance, 4)} for p in resolved.passages
        ],
        "answer": answer_json(resolved.answer) if resolved.answer else None,
    }


@asynccontextmanager
async def reading(settings: Settings) -> AsyncIterator[UnitOfWork]:
    """Read the home's records. Raises ``NothingKnownError`` when no entry is in them."""
    home = existing(settings)
    records = await open_records(settings.records_url or f"sqlite+aiosqlite:///{home / 'records.db'}")
    try:
        async with records.read() as work:
            await check_known(work)
            yield work
    finally:
        await records.close()


async def all_heads(work: UnitOfWork) -> list[Revision]:
    """The newest revision of every entry, by id."""
    heads: list[Revision] = []
    while page := await work.ledger.heads(heads[-1].subject_id if heads else None, PAGE):
        heads += page
    return heads


async def kb_list(settings: Settings, as_json: bool, everything: bool, status: str | None = None) -> None:
    """Print a line per entry, newest first; retired ones only when asked for, or those of one status alone."""
    now, width = datetime.now(UTC), shutil.get_terminal_size((120, 24)).columns
    async with reading(settings) as work:
        heads = await all_heads(work)
    if status:
        shown = [h for h in heads if standing(h.after, now) == status]
    else:
        shown = [h for h in heads if everything or h.after.status is not EntryStatus.RETIRED]
    for head in sorted(shown, key=lambda h: h.at, reverse=True):
        print(json.dumps(entry_json(head, now), ensure_ascii=False) if as_json else list_line(head, now, width))
    if not shown and not as_json:
        nothing = "Everything that was learned is retired: `vigil kb list --all` shows it."
        print(f"No entry is {status}." if status else as_called(nothing))


async def entry_named(work: UnitOfWork, prefix: str) -> Revision:
    """The head of the one entry whose id begins so. Raises ``CallerError`` where there is none, or several."""
    if not prefix.strip():
        raise CallerError("Name an entry by the beginning of its id: `vigil kb list` shows them.")
    found = [head for head in await all_heads(work) if head.subject_id.startswith(prefix)]
    if not found:
        raise CallerError(f"No entry begins with {safe(prefix)}: `vigil kb list --all` names them.")
    if len(found) > 1:
        raise CallerError(f"{len(found)} entries begin with {safe(prefix)}: write more of the id.")
    return found[0]


async def kb_show(settings: Settings, prefix: str, as_json: bool) -> None:
    """Print one entry whole, with what it was learned from."""
    async with reading(settings) as work:
        head = await entry_named(work, prefix)
        sources = await sources_of(head.subject_id, work)
        accepted = await acceptances_of(head.subject_id, work)
        uses = len(await work.lineage.citing(head.subject_id))
        document = await shown_document(work, head.after) if is_document(head.after) else None
    now = datetime.now(UTC)
    if as_json:
        taught = {"from": [one.message for one in sources], "sources": [one.as_json() for one in sources]}
        life = {"uses": uses, "accepted": [one.as_json() for one in accepted]} | (
            document.as_json() if document else {}
        )
        print(json.dumps({**entry_json(head, now), **life, **taught}, ensure_ascii=False))
        return
    if document:
        print("\n".join(document.lines(head, now)))
        return
    told = {
        "used": f"in {count(uses, 'shown answer')}" if uses else "",
        "accepted": "; ".join(one.said() for one in accepted),
    }
    for name, value in {**rows(head, now), **told}.items():
        if value:
            print(f"{name:<11}{safe(value)}")
    for source in sources:
        print("\n".join(source.as_lines()))


async def kb_history(settings: Settings, prefix: str, as_json: bool) -> None:
    """Print every revision of an entry, oldest first."""
    async with reading(settings) as work:
        head = await entry_named(work, prefix)
        revisions = await work.ledger.history(head.subject_id)
    for one in revisions:
        if as_json:
            print(json.dumps({"v": 1, "type": "knowledge", **knowledge(one), "at": moment(one.at)}, ensure_ascii=False))
        else:
            print(f"{one.n:>3}  {day(one.at):>11} {one.at:%H:%M}  {one.change:<10} {safe(one.why)}")
            print(f"     {one_line(one.after.answer, 100)}")


async def kb_rebuild(settings: Settings) -> int:
    """Make the knowledge store anew from the ledger; gives how many entries it has."""
    with hold(existing(settings)) as home:
        async with opened(settings, home, SystemClock(), RecordedMessenger(), anew=True) as parts:
            entries = await _projector(parts).refill()
    if not entries:
        raise NothingKnownError(NOTHING_KNOWN)
    return entries


def _projector(parts: Parts) -> Projector:
    return Projector(parts.records, parts.store, parts.embedder, parts.clock)
