"""The live view of a replay: a line per message, boxed cards, lessons in the margin."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import IO

from adapters.terminal.card import render
from adapters.terminal.margin import MARGIN, Margin, instead
from adapters.terminal.plain import columns, one_line, wrap
from adapters.terminal.words import count, silence
from core.domain.cards import Card
from core.domain.ids import MessageId
from core.domain.knowledge import Revision
from core.domain.sessions import Outcome
from core.ports.journal import AcceptTold, MessageTold, ReviewTold, Told, TurnTold

LEGEND = """A line per message, with the card that Vigil posted, or why it was silent; "would have answered" was not posted.
In the margin what it learned: + learned, ~ updated, ✓ confirmed or accepted, - retired, ~ as before (an earlier text is
back), each with its entry's id; and what review ruled on the entries behind its answers: = kept, ~ corrected, x misled."""


class View:
    """Prints what is told to a stream. Colours only on a terminal, and not where ``NO_COLOR`` is set (rich sees to both)."""

    def __init__(self, channels: Mapping[str, str], out: IO[str] | None = None) -> None:
        from rich.console import Console

        self._console = Console(file=out or sys.stdout, highlight=False, markup=False, soft_wrap=True)
        self._margin = Margin(self._console)
        self._width = self._margin.width
        self._channels = channels
        self._day: date | None = None
        self._unfinished: tuple[MessageId, int] | None = None
        """The message whose line can still be added to, and the columns that are left on it."""

    def show(self, told: Told, card: Card | None = None) -> None:
        """Print one thing; ``card`` is the card of a turn that was sent. The legend goes before the first."""
        if self._day is None and isinstance(told, MessageTold):
            self._console.print(LEGEND, style="dim")
        if isinstance(told, TurnTold) and self._small_talk(told):
            return
        self._finish_line()
        match told:
            case MessageTold():
                self._message(told)
            case TurnTold():
                self._turn(told, card)
            case AcceptTold():
                self._margin.accept(told)
            case ReviewTold():
                self._margin.review(told)
            case Revision():
                self._margin.lesson(told)

    def _message(self, told: MessageTold) -> None:
        message, session = told.message, told.session
        if message.at.date() != self._day:
            self._day = message.at.date()
            self._console.print(f"\n{message.at:%A}, {message.at.day} {message.at:%B %Y}", style="bold")
        channel = self._channels.get(session.channel.channel, session.channel.channel)
        head = f"{one_line(channel, 18):<18} {message.at:%H:%M}  {one_line(message.author.name, 16)} ({message.role})  "
        pictures = f" [{count(len(message.attachments), 'file')}]" if message.attachments else ""
        self._margin.hears(told, channel)
        self._console.print(head, style="cyan" if message.role == "requester" else "", end="")
        room = max(20, self._width - columns(head) - len(pictures))
        if message.role != "requester":
            self._console.print(one_line(message.text, room) + pictures)
            return
        first, rest = _two_lines(message.text, room, self._width - MARGIN)
        self._console.print(first + pictures, end="\n" if rest else "")
        self._console.print(f"{'':<{MARGIN}}{rest}" if rest else "", end="")
        left = self._width - MARGIN - columns(rest) if rest else room - columns(first)
        self._unfinished = message.id, left

    def _small_talk(self, told: TurnTold) -> bool:
        """Put the word for it behind a message that needed no answer, where its line has room; gives whether that was done."""
        said = [f"  · {silence(q.outcome, q.class_, q.reason)}" for q in told.turn.questions]
        last, left = self._unfinished or ("", 0)
        fits = len(said) == 1 and columns(said[0]) <= left and last in told.turn.messages
        if not fits or told.turn.questions[0].outcome is not Outcome.SILENT:
            return False
        self._console.print(said[0], style="dim")
        self._unfinished = None
        return True

    def _finish_line(self) -> None:
        if self._unfinished:
            self._console.print()
        self._unfinished = None

    def _turn(self, told: TurnTold, card: Card | None) -> None:
        if card is not None:
            self._margin.box(render(card, told.turn.at, self._margin.card_width - 4))
        answers = {answer.id: answer for answer in told.answers}
        for question in told.turn.questions:
            if question.outcome is not Outcome.ANSWERED or card is None:
                several = len(told.turn.questions) > 1
                said = instead(question, several, answers.get(question.answer) if question.answer else None)
                self._console.print(f"{'':<{MARGIN}}· {one_line(said, self._width - MARGIN - 2)}", style="dim")

    def say(self, text: str, *, dim: bool = False) -> None:
        """Print a plain line."""
        self._finish_line()
        self._console.print(text, style="dim" if dim else "")


def _two_lines(text: str, first: int, second: int) -> tuple[str, str]:
    """A text on a line of ``first`` columns and, where it is longer, one of ``second``."""
    flat = one_line(text, first + second)
    if columns(flat) <= first:
        return flat, ""
    head = wrap(flat, first)[0]
    return head, one_line(flat[len(head) :], second)
