"""Where ``vigil chat`` shows things: a terminal for people, JSON lines for programs."""

import json
import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Protocol

from adapters.terminal.card import render
from adapters.terminal.json_lines import VERSION, line
from adapters.terminal.margin import Margin, instead
from adapters.terminal.plain import columns, one_line
from core.domain.cards import Card, CardKind
from core.domain.knowledge import Revision
from core.domain.sessions import Outcome
from core.ports.journal import AcceptTold, MessageTold, ReviewTold, Told, TurnTold


@dataclass(frozen=True, slots=True)
class Shown:
    """A card with what is said about it: the number of the message that it answers, if any, and when it is shown."""

    card: Card
    n: int | None
    at: datetime


class Screen(Protocol):
    """Shows what happens, in the order in which it is called. Ends the process where nobody reads it any more."""

    width: int
    card_width: int
    """In columns."""

    def told(self, told: Told, n: int | None) -> None:
        """What the journal tells; ``n`` is the number of the message that it is about, if any."""
        ...

    def card(self, shown: Shown) -> None:
        """A card, new or changed."""
        ...

    def say(self, lines: Sequence[str], *, dim: bool = False) -> None:
        """What the terminal itself has to say."""
        ...


class PeopleScreen:
    """A terminal for people. ``echoes`` shows messages, too: what was typed into a pipe is not on the screen yet."""

    def __init__(self, *, echoes: bool) -> None:
        from rich.console import Console

        self._console = Console(highlight=False, markup=False, soft_wrap=True)  # asks for standard output each time
        self._margin = Margin(self._console)
        self._echoes = echoes
        self._day: date | None = None
        self.width = self._margin.width
        self.card_width = self._margin.card_width

    def told(self, told: Told, n: int | None) -> None:
        """As the protocol says."""
        match told:
            case MessageTold():
                self._message(told, n)
            case TurnTold():
                self._turn(told, n)
            case ReviewTold():
                self._margin.review(told)
            case Revision():
                self._margin.lesson(told)
            case AcceptTold():
                pass  # the card says it

    def _message(self, told: MessageTold, n: int | None) -> None:
        message, channel = told.message, told.session.channel.channel
        self._margin.hears(told, channel)
        if not self._echoes:
            return
        if message.at.date() != self._day:
            self._day = message.at.date()
            self._print(f"\n{message.at:%A}, {message.at.day} {message.at:%B %Y}", style="bold")
        who = f"{one_line(message.author.name, 16)} ({message.role})"
        head = f"{n or '':>3}  {one_line(channel, 18)}  {message.at:%H:%M}  {who}  "
        text = one_line(message.text, max(20, 3 * self.width - columns(head)))
        self._print(head + text, style="cyan" if message.role == "requester" else "")

    def _turn(self, told: TurnTold, n: int | None) -> None:
        answers, several = {answer.id: answer for answer in told.answers}, len(told.turn.questions) > 1
        sent = told.turn.delivery == "sent"
        for question in told.turn.questions:
            if question.outcome is Outcome.ANSWERED and sent:
                continue
            said = instead(question, several, answers.get(question.answer) if question.answer else None)
            dropped = told.turn.delivery == "dropped" and question.outcome is Outcome.ANSWERED
            why = f"not sent: {told.turn.delivery_reason}" if dropped else said
            self._print(f"{n or '':>3}  · {one_line(why, 2 * self.width - 8)}", style="dim")

    def card(self, shown: Shown) -> None:
        """As the protocol says."""
        text = render(shown.card, shown.at, self._margin.card_width - 4)
        self._margin.box(text, _title(shown))

    def say(self, lines: Sequence[str], *, dim: bool = False) -> None:
        """As the protocol says."""
        for text in lines:
            self._print(text, style="dim" if dim else "")

    def _print(self, text: str, style: str = "") -> None:
        self._console.print(text, style=style)  # where nobody reads any more, rich ends the process


def _title(shown: Shown) -> str:
    """Which message a card is about; what only its asker sees needs none."""
    return f"to {shown.n}" if shown.n and shown.card.kind is not CardKind.LOOKUP else ""


class JsonScreen:
    """JSON lines on standard output: what the journal tells as ``vigil replay --json`` prints it, cards as ``card``, the rest
    as ``said``."""

    width = card_width = 100

    def __init__(self, channels: Mapping[str, str]) -> None:
        self._channels = channels

    def told(self, told: Told, n: int | None) -> None:
        """As the protocol says; a message has its number, too."""
        for text in line(told, self._channels).splitlines():
            self._write({**json.loads(text), **({"n": n} if isinstance(told, MessageTold) else {})})

    def card(self, shown: Shown) -> None:
        """As the protocol says."""
        card = shown.card
        text = render(card, shown.at, self.card_width)
        named = {"id": card.id, "turn": card.turn, "kind": card.kind.value, "state": card.state.value}
        self._write({"v": VERSION, "type": "card", **named, "to": shown.n, "text": text})

    def say(self, lines: Sequence[str], *, dim: bool = False) -> None:  # noqa: ARG002  # as the protocol has it
        """As the protocol says."""
        if lines:
            self._write({"v": VERSION, "type": "said", "text": "\n".join(lines)})

    def _write(self, fields: Mapping[str, object]) -> None:
        text = json.dumps(fields, ensure_ascii=False)
        try:
            sys.stdout.write(text.encode("utf-8", "replace").decode() + "\n")
            sys.stdout.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
            raise SystemExit(1) from None
