"""The live view of a replay: a line per message, boxed cards, lessons in the margin."""

import sys
from collections.abc import Mapping
from datetime import date
from typing import IO

from adapters.terminal.card import render
from adapters.terminal.plain import columns, one_line, wrap
from adapters.terminal.words import WHO, silence
from core.domain.answers import Answer
from core.domain.cards import Card
from core.domain.ids import MessageId
from core.domain.knowledge import ChangeKind, Revision
from core.domain.reviews import Verdict
from core.domain.sessions import Message, Outcome, Session, TurnQuestion
from core.ports.journal import AcceptTold, MessageTold, ReviewTold, Told, TurnTold

_MARKS = {
    ChangeKind.ADDED: ("+ learned", "green"),
    ChangeKind.UPDATED: ("~ updated", "yellow"),
    ChangeKind.CONFIRMED: ("✓ confirmed", "green"),
    ChangeKind.RETIRED: ("- retired", "red"),
    ChangeKind.RESTORED: ("+ restored", "green"),
}
_VERDICTS = {
    Verdict.KEEP: ("= kept", "dim"),
    Verdict.DELETE: ("x misled", "red"),
    Verdict.UPDATE: ("~ corrected", "yellow"),
}
LEGEND = """A line per message, with the card that Vigil posted, or why it was silent; "would have answered" was not posted.
In the margin what it learned: + learned, ~ updated, ✓ confirmed or accepted, - retired, each with its entry's id;
and what review ruled on the entries behind its answers: = kept, ~ corrected, x misled."""
_WIDEST = 120
_CARD_WIDTH = 84
_MARGIN = 26


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
        self._unfinished: tuple[MessageId, int] | None = None
        """The message whose line can still be added to, and the columns that are left on it."""
        self._threads: dict[MessageId, str] = {}
        self._opened: dict[str, str] = {}
        self._ruled: dict[tuple[str, tuple[str, ...]], tuple[Verdict, str]] = {}

    def show(self, told: Told, card: Card | None = None) -> None:
        """Print one thing; ``card`` is the card of a turn that was sent. The legend goes before the first."""
        if self._day is None and isinstance(told, MessageTold):
            self._console.print(LEGEND, style="dim")
        if isinstance(told, TurnTold) and self._small_talk(told):
            return
        self._finish_line()
        match told:
            case MessageTold():
                self._message(told.message, told.session)
            case TurnTold():
                self._turn(told, card)
            case AcceptTold():
                self._accept(told)
            case ReviewTold():
                self._review(told)
            case Revision():
                self._lesson(told)

    def _message(self, message: Message, session: Session) -> None:
        if message.at.date() != self._day:
            self._day = message.at.date()
            self._console.print(f"\n{message.at:%A}, {message.at.day} {message.at:%B %Y}", style="bold")
        channel = self._channels.get(session.channel.channel, session.channel.channel)
        head = f"{one_line(channel, 18):<18} {message.at:%H:%M}  {one_line(message.author.name, 16)} ({message.role})  "
        pictures = f" [{len(message.attachments)} file(s)]" if message.attachments else ""
        self._opened.setdefault(session.id, f"{channel}: {one_line(message.text, 60)}")
        self._threads[message.id] = session.id
        self._console.print(head, style="cyan" if message.role == "requester" else "", end="")
        room = max(20, self._width - columns(head) - len(pictures))
        if message.role != "requester":
            self._console.print(one_line(message.text, room) + pictures)
            return
        first, rest = _two_lines(message.text, room, self._width - _MARGIN)
        self._console.print(first + pictures, end="\n" if rest else "")
        self._console.print(f"{'':<{_MARGIN}}{rest}" if rest else "", end="")
        left = self._width - _MARGIN - columns(rest) if rest else room - columns(first)
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
            self._box(render(card, told.turn.at, self._card_width - 4))
        answers = {answer.id: answer for answer in told.answers}
        for question in told.turn.questions:
            if question.outcome is not Outcome.ANSWERED or card is None:
                several = len(told.turn.questions) > 1
                said = _instead(question, several, answers.get(question.answer) if question.answer else None)
                self._console.print(f"{'':<{_MARGIN}}· {one_line(said, self._width - _MARGIN - 2)}", style="dim")

    def _box(self, text: str) -> None:
        from rich import box
        from rich.padding import Padding
        from rich.panel import Panel
        from rich.text import Text

        panel = Panel(Text(text), box=box.ROUNDED, border_style="blue", width=self._card_width)
        self._console.print(Padding(panel, (0, 0, 0, 4), expand=False), soft_wrap=False)

    def _review(self, told: ReviewTold) -> None:
        """What review ruled, once: a later run that says the same is not told again."""
        thread = self._opened.get(told.session, "")
        for one in told.verdicts:
            if self._ruled.get((one.answer, one.entries)) == (one.verdict, one.reason):
                continue
            self._ruled[one.answer, one.entries] = (one.verdict, one.reason)
            mark, style = _VERDICTS[one.verdict]
            entries = " ".join(entry[:8] for entry in one.entries)
            said = one_line(f"{entries} {one.reason} · {thread}", self._width - _MARGIN)
            self._console.print(f"{'':<12}{mark:<12}  {said}", style=style)

    def _lesson(self, revision: Revision) -> None:
        mark, style = _MARKS[revision.change]
        audience = "" if revision.after.audience.value == "shared" else f" [{revision.after.audience.value}]"
        title = one_line(revision.after.title, self._width - _MARGIN - 9 - len(audience))
        self._console.print(f"{'':<12}{mark:<12}  {revision.subject_id[:8]} {title}{audience}", style=style)
        taught = next((self._threads[m] for m in revision.from_messages[::-1] if m in self._threads), None)
        thread = f" · {self._opened[taught]}" if taught else ""
        self._console.print(f"{'':<{_MARGIN}}{one_line(revision.why + thread, self._width - _MARGIN)}", style="dim")

    def _accept(self, told: AcceptTold) -> None:
        undone = told.click.kind == "undo"
        mark, style = ("- undone", "yellow") if undone else ("✓ accepted", "green")
        asked = one_line(told.question.query, self._width - _MARGIN)
        self._console.print(f"{'':<12}{mark:<12}  {asked}", style=style)
        who = f"{'taken back' if undone else 'clicked'} by {WHO[told.click.role]} · {self._opened.get(told.session.id, '')}"
        self._console.print(f"{'':<{_MARGIN}}{one_line(who, self._width - _MARGIN)}", style="dim")

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


def _instead(question: TurnQuestion, several: bool, answer: Answer | None) -> str:
    """What to say of a question for which no card was posted."""
    asked = f' ("{one_line(question.query, 60)}")' if several else ""
    if answer:
        return f"would have answered{asked}: {answer.marked_text}"
    nearest = ""
    if question.outcome is Outcome.ABSTAINED and question.passages:
        best = max(question.passages, key=lambda passage: passage.score)
        nearest = f"; nearest {best.entry[:8]} at {best.score:.0%}"
    word = silence(question.outcome, question.class_, question.reason)
    why = question.reason if question.reason.startswith(word) else f"{word}: {question.reason}"
    return f"{why}{nearest}{asked}"
