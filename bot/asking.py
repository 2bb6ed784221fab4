"""``vigil ask``: one question, answered from what the home knows."""

import json
import sys
from datetime import UTC, datetime

from adapters.terminal.card import render
from adapters.terminal.json_lines import answer_json
from adapters.terminal.messenger import RecordedMessenger
from bot.called import as_called
from bot.clocks import SystemClock
from bot.lookup import check_customer, check_known, existing
from bot.opening import opening, seen_by
from bot.settings import Settings
from bot.wiring import Parts, opened
from core.desk.cards import OUT_OF_SCOPE, CardStyle, card_for
from core.desk.read_dates import as_read
from core.domain.channels import ChannelRef
from core.domain.dialogue import Line
from core.domain.errors import CallerError
from core.domain.ids import MessageId, SessionId, TurnId
from core.domain.knowledge import Passage, Viewer
from core.domain.people import Person, Role, RoleBasis, Standing
from core.domain.sessions import Message, Outcome, Session
from core.knowledge.projection import Projector
from core.respond.reduced import respond_anyhow
from core.respond.situation import Resolved, Situation, Tools
from core.text.language import language_of
from core.text.redaction import redact

EXIT_ANSWERED, EXIT_NOTHING = 0, 3
SCOPE_UNSET = "What your team supports is not set: say it in a sentence or two in VIGIL_SCOPE (environment or .env)."


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
            print(render(card, now, posted=False, marks={} if customer else seen_by(response)))
            async with parts.records.read() as work:
                print("".join(f"{line}\n" for line in await opening(work, card)), end="")
            if card.notice == OUT_OF_SCOPE:
                print(SCOPE_UNSET)
        sys.stdout.flush()
        await _tell_lost(parts)  # last: at 272,325 entries it takes as long as the answer
    return EXIT_ANSWERED if answered else EXIT_NOTHING


async def _tell_lost(parts: Parts) -> None:
    if lost := len(await Projector(parts.records, parts.store, parts.embedder, parts.clock).lost()):
        told = f"{lost} entries are missing from the knowledge store: `vigil kb rebuild` finds them again.\n"
        sys.stderr.write(as_called(told))


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
        "passages": [_passage(p) for p in resolved.passages],
        "answer": answer_json(resolved.answer) if resolved.answer else None,
    }


def _passage(one: Passage) -> dict[str, object]:
    audience = one.entry.audience.value
    return {"entry": one.entry.id, "revision": one.revision, "score": round(one.relevance, 4), "audience": audience}
