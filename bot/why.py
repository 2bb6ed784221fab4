"""``vigil why``: why something was answered, or not, from the records alone."""

import json
from dataclasses import dataclass

from adapters.terminal.json_lines import turn_record
from adapters.terminal.plain import one_line, safe
from bot.lookup import all_heads
from bot.settings import Settings
from bot.stats import reading_stats
from core.desk.why import linked, reasons_of, reasons_of_turn, words_gone
from core.domain.errors import CallerError
from core.domain.ids import SHORT, AnswerId, CardId, MessageId, QuestionId, SessionId, TurnId
from core.domain.knowledge import Viewer
from core.domain.pages import PageItem
from core.domain.sessions import Message, Question, Turn
from core.ports.records import UnitOfWork
from core.session.lifecycle import message_id

NOTHING_TO_TELL = "there is nothing to explain"
UNKNOWN = (
    "Nothing on record goes by that: name a link to a message, CHANNEL:TS, or the whole id of a message, turn, question, "
    "answer, card or session, as `vigil replay --json` prints them."
)


@dataclass(frozen=True, slots=True)
class Found:
    """What a name stands for: a message, a turn, or both."""

    message: Message | None
    turn: Turn | None


async def why(settings: Settings, name: str, as_json: bool) -> None:
    """Print what is on record of what a name stands for, also where no entry is known. Raises ``CallerError`` for a name that
    nothing goes by, ``NothingKnownError`` where there are no records."""
    async with reading_stats(settings, NOTHING_TO_TELL) as work:
        found = await _found(work, name.strip())
        if found is None:
            raise CallerError(await _unknown(work, name.strip()))
        if found.turn:
            items = await reasons_of_turn(work, found.turn, Viewer.operator(), "en", settings.retention_days)
        else:
            assert found.message is not None
            items = await reasons_of(work, found.message, Viewer.operator(), "en", settings.retention_days)
        head = await _head(work, found, settings.retention_days)
    print(json.dumps(_as_json(found, items), ensure_ascii=False) if as_json else "\n".join([head, *_as_lines(items)]))


async def _found(work: UnitOfWork, name: str) -> Found | None:
    message = await _message(work, name)
    if message is not None:
        return Found(message, await work.turns.get(message.turn) if message.turn else None)
    turn = await work.turns.get(TurnId(name)) or await _turn(work, name)
    return Found(await work.messages.get(turn.messages[0]) if turn.messages else None, turn) if turn else None


async def _unknown(work: UnitOfWork, name: str) -> str:
    """What is said where nothing on record goes by a name; entries are shown by another command."""
    entry = name.partition("#")[0]
    if len(entry) >= SHORT and any(one.subject_id.startswith(entry) for one in await all_heads(work)):
        return f"{safe(name)} names an entry, not a message: `vigil kb show {safe(name)}` shows it."
    return UNKNOWN


async def _message(work: UnitOfWork, name: str) -> Message | None:
    own = await work.messages.get(MessageId(name))
    if own is not None:
        return own
    channel, _, ts = (":".join(linked(name) or ()) or name).partition(":")
    for known in await work.channels.all():
        if channel.removeprefix("#") in (known.ref.channel, known.name):
            found = await work.messages.get(message_id(known.ref.key, ts))
            if found is not None:
                return found
    return None


async def _turn(work: UnitOfWork, name: str) -> Turn | None:
    """The newest turn that dealt with a question, gave an answer, made a card, or was in a session."""
    question: Question | None = await work.questions.get(QuestionId(name))
    answer = await work.answers.get(AnswerId(name))
    card = await work.outbox.get(CardId(name))
    session = (question and question.session) or (answer and answer.session) or (card and card.card.session)
    turns = await work.turns.of_session(session or SessionId(name))
    if not session:
        return turns[-1] if turns else None
    held = [t for t in turns if t.card == name or any(name in (one.question, one.answer) for one in t.questions)]
    return held[-1] if held else None


async def _head(work: UnitOfWork, found: Found, kept_days: int) -> str:
    """Who wrote what, where and when."""
    said = found.message
    if said is None:
        return "The messages of this turn are no longer kept."
    session = await work.sessions.get(said.session)
    channel = await work.channels.get(session.channel) if session else None
    where = f" in #{channel.name}" if channel and channel.name else ""
    kept = "deleted since" if said.deleted_at else one_line(said.text, 100)
    words = words_gone([said], "en", kept_days) or kept
    who = said.author.name or said.author.id or "Somebody"
    return safe(f"{who} ({said.role}){where}, {said.at:%Y-%m-%d %H:%M} UTC: {words}")


def _as_lines(items: tuple[PageItem, ...]) -> list[str]:
    return [safe(text) for item in items for text in (item.heading, *(f"    {line}" for line in item.lines))]


def _as_json(found: Found, items: tuple[PageItem, ...]) -> dict[str, object]:
    told = [{"heading": item.heading, "lines": list(item.lines)} for item in items]
    record = turn_record(found.turn) if found.turn else None
    named = {"message": found.message and found.message.id, "turn": found.turn and found.turn.id}
    return {"v": 1, "type": "why", **named, "record": record, "told": told}
