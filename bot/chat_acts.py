"""What ``vigil chat`` does with what was typed: nearly all of it goes through the desk's one door, as on any platform."""

from dataclasses import replace
from datetime import datetime, timedelta

from adapters.terminal.pages import reply_lines
from adapters.terminal.plain import safe
from adapters.terminal.room import ANALYST, ANALYSTS, Post, Room
from adapters.terminal.typed import (
    HELP,
    Become,
    Click,
    Command,
    Edit,
    Known,
    Mode,
    NotUnderstood,
    Open,
    Plain,
    Said,
    Thread,
    Typed,
    Wait,
    Why,
)
from bot.called import as_called
from bot.chat_drive import Drive
from bot.chat_floor import Floor
from bot.chat_looks import known, no_click, open_, thread, why
from bot.clocks import MovableClock
from bot.wiring import Bot
from core.desk.consumers import mode_of
from core.desk.shortcuts import CLOSE
from core.domain.cards import Card
from core.domain.channels import ChannelRef, DeliveryMode
from core.domain.events import InboundEvent, MessagePosted
from core.text.catalogue import say
from core.text.language import language_of

AFTER_S = 2.0
"""How long after what came through a pipe at least the clock goes on: what it has ordered is done before the next line."""
_MODES = {
    DeliveryMode.AUTO: "answers at once",
    DeliveryMode.DRAFT: "drafts for analysts",
    DeliveryMode.SHADOW: "only records",
    DeliveryMode.OFF: "is off",
}


class Chat:
    """Does what is typed, one thing after the other. ``live``: somebody types, and time passes by itself; else each line
    has its full effect before the next one."""

    def __init__(self, bot: Bot, floor: Floor, drive: Drive, clock: MovableClock, *, live: bool) -> None:
        self.bot, self.floor, self.drive, self.clock, self.live = bot, floor, drive, clock, live
        self.room: Room = floor.room
        self.mode = ""
        """How Vigil works in the channel, in words."""

    def prompt(self) -> str:
        """What stands before the line that is being typed."""
        who = self.room.speaker
        new = "" if self.room.thread else " · new thread"
        return f"{len(self.room.posts) + 1:>3}  {who.name} ({who.role}) · {self.room.channel.channel}{new} > "

    def status(self) -> str:
        """What stands below it: the time, and what Vigil is about."""
        doing = "Vigil is at work …" if self.drive.works else f"Vigil {self.mode}"
        return f" {self.clock.now():%a %d %b, %H:%M} UTC · {doing} · /help"

    async def look_around(self) -> None:
        """Take up how Vigil works in the channel where one is."""
        async with self.bot.desk.records.read() as work:
            channel = await work.channels.get(self.room.channel)
        self.mode = _MODES[mode_of(channel.settings, self.bot.desk.policy)]

    async def enter(self, name: str, role: str, customer: str) -> str:
        """Let somebody type; gives why not, where they cannot."""
        told = self.room.enter(safe(name), role, customer, self.clock.now())
        if isinstance(told, str):
            return told
        await self.bot.intake.receive(told)
        return ""

    async def do(self, typed: Typed) -> bool:
        """Do it; gives whether to go on."""
        match typed:
            case Said():
                await self._said(typed.text)
            case Become():
                await self._become(typed)
            case Click():
                await self._click(typed)
            case Wait():
                await self._go_on_to(self.clock.now() + timedelta(seconds=typed.seconds))
            case Edit():
                await self._edit(typed.text)
            case Mode():
                await self._mode(typed)
            case NotUnderstood():
                self.say(typed.sentence, *([HELP] if typed.shows_help else []))
            case Plain():
                return await self._plain(typed)
            case _:
                await self._look(typed)
        return True

    async def _look(self, typed: Why | Open | Known | Command | Thread) -> None:
        match typed:
            case Why():
                await why(self, typed.n)
            case Open():
                await open_(self, typed.what)
            case Known():
                await known(self, typed.words)
            case Thread():
                thread(self, typed.n)
            case Command():
                await self.take(self.room.commanded(typed.text, self.clock.now()))

    async def _plain(self, typed: Plain) -> bool:
        match typed.what:
            case "new":
                await self._new()
            case "resolve":
                await self._resolve()
            case "help":
                self.say(HELP)
            case "nothing" | "quit":
                pass
        return typed.what != "quit"

    def say(self, *lines: str, dim: bool = False) -> None:
        """Show lines of the terminal's own."""
        self.floor.screen.say([safe(text) for line in lines for text in as_called(line).split("\n")], dim=dim)

    async def take(self, event: InboundEvent) -> None:
        """Hand an event to the desk, show what it replies at once, and let what it orders be done."""
        receipt = await self.bot.intake.receive(event)
        if receipt.stored and isinstance(event, MessagePosted):
            await self.floor.took(self.floor.id_of(Post(event.channel, event.message_id, "", "")))
        await self.floor.tell(self.bot.journal)
        self.say(*reply_lines(receipt.reply, self.clock.now(), self.floor.screen.width))
        if receipt.answers and self.live and isinstance(event, MessagePosted):
            self.say(f"  · {say(language_of(event.text), 'looking_up')}", dim=True)
        if not receipt.stored:
            self.say("Vigil is off in this channel: it reads and stores nothing. /mode auto switches it on.")
        if self.live:
            self.drive.ring()
        else:
            await self.drive.until(self.clock.now() + timedelta(seconds=self._after_s()))

    def _after_s(self) -> float:
        return max(self.bot.desk.policy.burst_quiet_s, AFTER_S)

    async def _said(self, text: str) -> None:
        await self.take(self.room.said(text, self.clock.now()))

    async def _become(self, typed: Become) -> None:
        if why_not := await self.enter(typed.name, typed.role, typed.customer):
            self.say(why_not)
            return
        who = self.room.speaker
        what = "an analyst" if who.role == ANALYST else f"a requester of {who.customer}"
        self.say(f"  · {who.name} is typing now, {what}, in #{self.room.channel.channel}.", dim=True)

    def sees(self, channel: ChannelRef) -> bool:
        """Whether whoever types sees a channel: their own, and analysts all of them. Says so where they do not; who only
        clicked in another customer's channel would be in it from then on."""
        who = self.room.speaker
        if who.role == ANALYST or channel == self.room.channel:
            return True
        what = "drafts are for analysts" if channel.channel == ANALYSTS else f"it stands in #{channel.channel}"
        self.say(f"{who.name} does not see that: {what}. /as NAME lets somebody else type.")
        return False

    async def _click(self, typed: Click) -> None:
        card = await self._card_with(typed)
        if card is None:
            again = typed.kind == "accept" and await self._card_with(Click("undo_accept", typed.n)) is not None
            self.say(no_click(typed, again=again, waits=self.live and await self.floor.waits()))
            return
        if not self.sees(card.destination.channel):
            return
        for action in card.actions:
            if action.kind == typed.kind:
                event = self.room.clicked(action.kind, action.target, self.clock.now(), at=card.destination.channel)
                await self.take(event)

    async def _card_with(self, typed: Click) -> Card | None:
        """The card about a message that has such a button, or the last one that has."""
        numbers = [typed.n] if typed.n else list(range(len(self.room.posts), 0, -1))
        cards = await self.floor.cards(numbers)
        if typed.n is None and self.floor.last_card is not None:
            async with self.bot.desk.records.read() as work:
                last = await work.outbox.get(self.floor.last_card.id)
            cards = [*([last.card] if last else []), *cards]
        return next((c for c in cards if any(action.kind == typed.kind for action in c.actions)), None)

    async def _resolve(self) -> None:
        thread = self.room.thread
        if thread is None:
            self.say("There is no thread here to close: /thread N goes into that of message N.")
            return
        root = Post(self.room.channel, thread, thread, "")
        await self.take(self.room.clicked(CLOSE, thread, self.clock.now(), at=root))

    async def _go_on_to(self, until: datetime) -> None:
        await self.drive.until(until)
        now = self.clock.now()
        self.say(f"  · It is {now:%A}, {now.day} {now:%B}, {now:%H:%M} UTC now.", dim=True)

    async def _new(self) -> None:
        """Leave the thread. A post of its own within minutes of another would join that one, as on any platform."""
        here = [post for post in self.room.posts if post.channel == self.room.channel]
        group_s = timedelta(seconds=self.bot.desk.policy.group_within_s + 1)
        self.room.leave_thread()
        self.say("  · The next message begins a new thread.", dim=True)
        if here and self.clock.now() < (apart := here[-1].at + group_s):
            await self._go_on_to(apart)

    async def _edit(self, text: str) -> None:
        post = self.room.own_last()
        if post is None:
            self.say(f"{self.room.speaker.name} has said nothing here that could be changed.")
            return
        self.say(f"  · Your last message {'says that now' if text else 'is deleted'}.", dim=True)
        await self.take(self.room.changed(post, text, self.clock.now()))

    async def _mode(self, typed: Mode) -> None:
        if typed.mode is not None:
            async with self.bot.desk.records.begin() as work:
                channel = await work.channels.get(self.room.channel)
                await work.channels.put(replace(channel, settings=replace(channel.settings, mode=typed.mode)))
        await self.look_around()
        self.say(f"  · In #{self.room.channel.channel} Vigil {self.mode}.", dim=True)
