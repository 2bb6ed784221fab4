"""The live view of a replay: a line per message, boxed cards, lessons in the margin."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import IO

from adapters.terminal.card import render
from adapters.terminal.plain import one_line
from core.domain.cards import Card
from core.domain.knowledge import ChangeKind, Revision
from core.domain.sessions import Message, Outcome, Session, TurnQuestion
from core.ports.journal import MessageTold, Told, TurnTold

_MARKS = {
    ChangeKind.ADDED: ("+ learned", "green"),
    ChangeKind.UPDATED: ("~ updated", "yellow"),
    ChangeKind.CONFIRMED: ("✓ confirmed", "green"),
    ChangeKind.RETIRED: ("- retired", "red"),
    ChangeKind.RESTORED: ("+ restored", "green"),
}
_SILENCES = {Outcome.ABSTAINED: "not sure", Outcome.REPEAT: "already said"}
_WIDEST = 120
_CARD_WIDTH = 84


class View:
    """Prints what is told to a stream. Colours only on a terminal, and not where ``NO_COLOR`` is set (rich sees to both)."""

    def __init__(self, channels: Mapping[str, str], out: IO[str] | None = None) -> None:
        from rich.console import Console

        self._console = Console(file=out or sys.stdout, highlight=False, markup=False, soft_wrap=True)
        if not self._console.is_terminal:
            self._console.width = _WIDEST
        self._width = max(60, min(self._console.width, _WIDEST))
        self._card_width = min(self._width - 4, _CARD_WIDTH)
        self._channels = channels
        self._day: date | None = None

    def show(self, told: Told, card: Card | None = None) -> None:
        """Print one thing; ``card`` is the card of a turn that was sent."""
        match told:
            case MessageTold():
                self._message(told.message, told.session)
            case TurnTold():
                self._turn(told, card)
            case Revision():
                self._lesson(told)

    def _message(self, message: Message, session: Session) -> None:
        if message.at.date() != self._day:
            self._day = message.at.date()
            self._console.print(f"\n{message.at:%A, %d %B %Y}", style="bold")
        channel = self._channels.get(session.channel.channel, session.channel.channel)
        head = f"{one_line(channel, 18):<18} {message.at:%H:%M}  {one_line(message.author.name, 16)} ({message.role})  "
        pictures = f" [{len(message.attachments)} file(s)]" if message.attachments else ""
        text = one_line(message.text, max(20, self._width - len(head) - len(pictures)))
        self._console.print(head, style="cyan" if message.role == "requester" else "", end="")
        self._console.print(text + pictures)

    def _turn(self, told: TurnTold, card: Card | None) -> None:
        if card is not None:
            self._box(render(card, told.turn.at, self._card_width - 4))
        for question in told.turn.questions:
            if question.outcome is not Outcome.ANSWERED or card is None:
                several = len(told.turn.questions) > 1
                self._console.print(f"{'':<26}· {_silence(question, several)}", style="dim")

    def _box(self, text: str) -> None:
        from rich import box
        from rich.padding import Padding
        from rich.panel import Panel
        from rich.text import Text

        panel = Panel(Text(text), box=box.ROUNDED, border_style="blue", width=self._card_width)
        self._console.print(Padding(panel, (0, 0, 0, 4)), soft_wrap=False)

    def _lesson(self, revision: Revision) -> None:
        mark, style = _MARKS[revision.change]
        audience = "" if revision.after.audience.value == "shared" else f" [{revision.after.audience.value}]"
        because = one_line(f"{audience} ({revision.why})", self._width // 2)
        title = one_line(revision.after.title, max(20, self._width - 26 - len(because)))
        self._console.print(f"{'':<12}{mark:<12} {title} {because.strip()}", style=style)

    def say(self, text: str) -> None:
        """Print a plain line."""
        self._console.print(text)


def _silence(question: TurnQuestion, several: bool) -> str:
    word = _SILENCES.get(question.outcome, question.outcome.value)
    return f"{word}: {question.reason}" + (f" ({one_line(question.query, 60)})" if several else "")
