"""What ``vigil chat`` shows when asked: why, sources and entries, what is known, the threads."""

import re
from collections.abc import Sequence
from typing import Protocol

from adapters.terminal.json_lines import moment
from adapters.terminal.plain import one_line
from adapters.terminal.room import Post, Room
from adapters.terminal.typed import Click, ClickKind
from bot.chat_floor import Floor
from bot.clocks import MovableClock
from bot.entries import list_line
from bot.lookup import all_heads
from bot.wiring import Bot
from core.desk.shortcuts import WHY
from core.domain.cards import ActionKind, CardState
from core.domain.channels import ChannelRef
from core.domain.events import InboundEvent
from core.domain.knowledge import EntryStatus, Revision
from core.text.card_wording import numbers_of

MOST_LISTED = 30
SHORTEST_ID = 4
_SOURCE = re.compile(r"\d{1,2}")
_ID = re.compile(r"[0-9a-f]{3,8}(-[0-9a-f-]*)?")
"""The beginning of an entry's id: fewer characters would find many."""
_NOTHING: dict[ClickKind, str] = {
    "accept": "There is no answer {where}that can be accepted.",
    "undo_accept": "There is no accepted answer {where}to undo.",
    "send_draft": "There is no draft {where}to send.",
    "dismiss_draft": "There is no draft {where}to dismiss.",
}
STILL_WAITS = (
    "Vigil has not answered the last message yet: it waits for a pause, and looks. Try again when its card is here."
)


def no_click(typed: Click, *, again: bool, waits: bool) -> str:
    """What is said where there is nothing to click on: because it was clicked before (``again``), or Vigil ``waits``."""
    where = f"to message {typed.n} " if typed.n else ""
    if again:
        return f"The answer {where}is accepted already: /undo{f' {typed.n}' if typed.n else ''} takes that back."
    return STILL_WAITS if waits else _NOTHING[typed.kind].format(where=where)


class Chatting(Protocol):
    """The chat in which something is looked up."""

    bot: Bot
    floor: Floor
    room: Room
    clock: MovableClock

    def say(self, *lines: str, dim: bool = False) -> None:
        """Show lines of the terminal's own."""
        ...

    def sees(self, channel: ChannelRef) -> bool:
        """Whether whoever types sees a channel; says so where they do not."""
        ...

    async def take(self, event: InboundEvent) -> None:
        """Hand an event to the desk, and show what it replies."""
        ...


async def why(chat: Chatting, n: int | None) -> None:
    """Why a message was answered or not; without its number the last one that was dealt with."""
    post = chat.room.post(n) if n is not None else await _last_dealt_with(chat)
    if post is None:
        chat.say(f"There is no message {n}." if n is not None else "Nothing was said yet.")
        return
    if chat.sees(post.channel):
        await chat.take(chat.room.clicked(WHY, post.thread, chat.clock.now(), at=post))


async def _last_dealt_with(chat: Chatting) -> Post | None:
    posts = chat.room.posts[::-1]
    async with chat.bot.desk.records.read() as work:
        for post in posts:
            message = await work.messages.get(chat.floor.id_of(post))
            if message is not None and message.turn is not None:
                return post
    return posts[0] if posts else None


async def open_(chat: Chatting, what: str) -> None:
    """Open a source of the last card, an entry, or the whole of the last card."""
    card = chat.floor.last_card
    if what and not (card and _SOURCE.fullmatch(what)):
        await _open_entry(chat, what)
        return
    if card is None:
        chat.say("No card was shown yet: /open ID opens an entry, and /kb lists them.")
        return
    action, target = ActionKind.SHOW_ALL, str(card.id)
    if what:
        cited = {n: entry for (entry, _), n in numbers_of(card).items()} | {c.n: c.entry for c in card.closest}
        if int(what) not in cited:
            chat.say(f"The last card has no source [{what}].")
            return
        action, target = ActionKind.OPEN_ENTRY, cited[int(what)]
    elif card.state is CardState.WITHDRAWN:
        action = ActionKind.SHOW_WITHDRAWN
    if chat.sees(card.destination.channel):
        await chat.take(chat.room.clicked(action, target, chat.clock.now(), at=card.destination.channel))


async def _open_entry(chat: Chatting, prefix: str) -> None:
    found = [head for head in await _heads(chat) if head.subject_id.startswith(prefix)]
    if len(found) != 1 or len(prefix) < SHORTEST_ID:
        many = f"{len(found)} entries begin" if len(found) > 1 else "No entry begins"
        chat.say(f"{many} with {one_line(prefix, 40)}: /kb lists them with their ids.")
        return
    event = chat.room.clicked(ActionKind.OPEN_ENTRY, found[0].subject_id, chat.clock.now(), at=chat.room.channel)
    await chat.take(event)


async def _heads(chat: Chatting) -> list[Revision]:
    async with chat.bot.desk.records.read() as work:
        return await all_heads(work)


async def known(chat: Chatting, words: str) -> None:
    """List what is known; words go the way of ``/vigil search``, but for the beginning of an entry's id."""
    heads = [head for head in await _heads(chat) if head.after.status is not EntryStatus.RETIRED]
    named = [head for head in heads if _ID.fullmatch(words) and head.subject_id.startswith(words)]
    if words and not named:
        await chat.take(chat.room.commanded(f"search {words}", chat.clock.now()))
        return
    heads = named or heads
    now, newest = chat.clock.now(), sorted(heads, key=lambda head: head.at, reverse=True)
    chat.say(*(list_line(head, now, chat.floor.screen.width) for head in newest[:MOST_LISTED]))
    if len(heads) > MOST_LISTED:
        chat.say(f"… and {len(heads) - MOST_LISTED} more: /kb WORDS finds what comes near.")
    if not heads:
        chat.say("Nothing is known yet.")


def thread(chat: Chatting, n: int | None) -> None:
    """Go into the thread of a message; without its number list the threads."""
    if n is None:
        chat.say(*(_opening(number, post) for number, post in _roots(chat.room.posts)))
        if not chat.room.posts:
            chat.say("There is no thread yet.")
        return
    post = chat.room.post(n)
    if post is None:
        chat.say(f"There is no message {n}.")
    elif chat.sees(post.channel):
        chat.room.go(post)
        chat.say(f"  · You are in the thread of message {n} in #{chat.room.channel.channel}.", dim=True)


def _roots(posts: Sequence[Post]) -> list[tuple[int, Post]]:
    """The first message of each thread with its number."""
    first: dict[tuple[object, str], tuple[int, Post]] = {}
    for number, post in enumerate(posts, start=1):
        first.setdefault((post.channel, post.thread), (number, post))
    return list(first.values())


def _opening(number: int, post: Post) -> str:
    return f"{number:>3}  {post.channel.channel}  {moment(post.at)[:16].replace('T', ' ')}  {one_line(post.text, 80)}"
