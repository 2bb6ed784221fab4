"""How ``vigil chat`` begins: who is there, what is known, and what to try first."""

import re
from collections import Counter
from collections.abc import Sequence
from datetime import datetime

from adapters.terminal.plain import one_line
from adapters.terminal.room import ANALYST, REQUESTER
from adapters.terminal.words import count
from bot.chat_acts import Chat
from bot.chat_home import Begun, customers_of
from bot.engines import is_remote
from bot.lookup import all_heads
from bot.settings import Settings
from core.domain.channels import Channel
from core.domain.knowledge import QA, SHARED, EntryStatus, Revision

NAMES = ("Anna", "Raj")
CUSTOMERS = ("northwind", "globex")
COLLEAGUE = "Mira"
LEAST_TRIED_CHARS, MOST_TRIED_CHARS = 30, 110
_GREETING = re.compile(r"^(?:q|question|hi|hello|hey|morning|good morning)\s*[:,.]\s*", re.IGNORECASE)
FIRST_TIME = """Nothing is known yet, so begin with teaching it something:
  1. Type a question as {asker} would: what do your customers ask?
  2. /as {colleague} analyst, and type the answer.   3. /wait 10m: Vigil learns it.
  4. /as {other} requester {customer}, and ask the same in other words.
`vigil chat examples/acme` begins with what an example team has learned, `vigil chat --home` with what yours has."""


async def first_speakers(chat: Chat, channels: Sequence[Channel]) -> None:
    """Let the people of the first lines enter, of customers that are known where there are some; who typed last in this home
    before goes on typing."""
    if chat.room.speaker.name:
        return
    known = customers_of(channels)
    named = [c.name.removeprefix("ext-").casefold() for c in channels if len(c.organisations) == 1 and c.name]
    usual = [one for one in CUSTOMERS if one in known or not named]
    customers = list(dict.fromkeys([*usual, *named, *CUSTOMERS]))
    await chat.enter(COLLEAGUE, ANALYST, "")
    for name, customer in reversed(list(zip(NAMES, customers, strict=False))):
        await chat.enter(name, REQUESTER, customer)


async def welcome(chat: Chat, begun: Begun, settings: Settings) -> None:
    """Say who is there, what is known, and what to try."""
    async with chat.bot.desk.records.read() as work:
        heads = [head for head in await all_heads(work) if head.after.status is EntryStatus.ACTIVE]
    who = chat.room.speaker
    engine = "Claude answers" if is_remote(settings) else "the offline engine answers, nothing leaves this machine"
    chat.say(f"Vigil in a terminal: {engine}.")
    chat.say(f"You are {who.name}, {who.role} in #{chat.room.channel.channel}, where it {chat.mode}.")
    chat.say("/help tells the rest; /quit or Ctrl-D leaves.")
    if not heads:
        other, customer = NAMES[1], CUSTOMERS[1]
        chat.say(FIRST_TIME.format(asker=who.name, colleague=COLLEAGUE, other=other, customer=customer), dim=True)
        return
    source = f" from {begun.source}" if begun.source else ""
    chat.say(f"It knows {count(len(heads), 'thing')}{source}; /kb lists them.")
    tries = to_try(heads, chat.clock.now())
    if tries:
        chat.say("Try asking, in these words or your own:", *(f"  {text}" for text in tries))


def to_try(heads: Sequence[Revision], now: datetime) -> list[str]:
    """Two things that people asked and everybody may be told, in their own words: in the language of most, short, the ones
    confirmed most often and learned last first."""
    known = [h.after for h in heads if h.after.kind == QA and h.after.audience == SHARED]
    usual = Counter(entry.language for entry in known).most_common(1)
    holds = [e for e in known if e.language == usual[0][0] and (e.expires_at is None or e.expires_at > now)]
    ranked = sorted(holds, key=lambda entry: (entry.confirmations, entry.created_at), reverse=True)
    asked = [_GREETING.sub("", one_line(entry.question.partition("\n")[0], 999)) for entry in ranked]
    return [text for text in asked if LEAST_TRIED_CHARS <= len(text) <= MOST_TRIED_CHARS][:2]
