"""What stands beside a dialogue in a terminal: cards in boxes, lessons in the margin, why nothing was said."""

import re
from typing import TYPE_CHECKING

from adapters.terminal.plain import one_line
from adapters.terminal.words import WHO, silence
from core.domain.answers import Answer
from core.domain.ids import MessageId
from core.domain.knowledge import ChangeKind, Revision
from core.domain.reviews import Verdict
from core.domain.sessions import Outcome, TurnQuestion
from core.ports.journal import AcceptTold, MessageTold, ReviewTold

if TYPE_CHECKING:
    from rich.console import Console

_MARKS = {
    ChangeKind.ADDED: ("+ learned", "green"),
    ChangeKind.UPDATED: ("~ updated", "yellow"),
    ChangeKind.CONFIRMED: ("✓ confirmed", "green"),
    ChangeKind.RETIRED: ("- retired", "red"),
    ChangeKind.RESTORED: ("~ as before", "green"),
}
_VERDICTS = {
    Verdict.KEEP: ("= kept", "dim"),
    Verdict.DELETE: ("x misled", "red"),
    Verdict.UPDATE: ("~ corrected", "yellow"),
}
_GREETING = re.compile(
    r"(?:hi|hello|hey|(?:good )?(?:morning|afternoon|evening|day))(?: (?:there|all|team|everybody|everyone|folks))?[\s,.!👋]*"
    r"|(?:你好|您好|大家好|早上好|下午好)[，。！!\s]*",
    re.IGNORECASE,
)
WIDEST = 120
CARD_WIDTH = 84
MARGIN = 26


class Margin:
    """Prints to a console what happened beside the messages, which ``hears`` has to be told of first."""

    def __init__(self, console: "Console") -> None:
        self._console = console
        if not console.is_terminal:
            console.width = WIDEST
        self.width = max(60, min(console.width, WIDEST))
        self.card_width = min(self.width - 4, CARD_WIDTH)
        self._threads: dict[MessageId, str] = {}
        self._opened: dict[str, str] = {}
        self._ruled: dict[tuple[str, tuple[str, ...]], tuple[Verdict, str]] = {}

    def hears(self, told: MessageTold, channel: str) -> None:
        """Remember by what words its thread was opened, in which channel; a greeting is not what it is about."""
        known = self._opened.get(told.session.id)
        if known is None or _GREETING.fullmatch(known.partition(": ")[2]):
            self._opened[told.session.id] = f"{channel}: {one_line(told.message.text, 60)}"
        self._threads[told.message.id] = told.session.id

    def box(self, text: str, title: str = "") -> None:
        """A card; ``title`` stands in its frame."""
        from rich import box
        from rich.padding import Padding
        from rich.panel import Panel
        from rich.text import Text

        panel = Panel(
            Text(text), title=title or None, title_align="left", box=box.ROUNDED, border_style="blue", width=self.card_width
        )  # fmt: skip
        self._console.print(Padding(panel, (0, 0, 0, 4), expand=False), soft_wrap=False)

    def review(self, told: ReviewTold) -> None:
        """What review ruled, once: a later run that says the same is not told again."""
        thread = self._opened.get(told.session, "")
        for one in told.verdicts:
            if self._ruled.get((one.answer, one.entries)) == (one.verdict, one.reason):
                continue
            self._ruled[one.answer, one.entries] = (one.verdict, one.reason)
            mark, style = _VERDICTS[one.verdict]
            entries = " ".join(entry[:8] for entry in one.entries)
            said = one_line(f"{entries} {one.reason} · {thread}", self.width - MARGIN)
            self._console.print(f"{'':<12}{mark:<12}  {said}", style=style)

    def lesson(self, revision: Revision) -> None:
        """What has changed of what is known, why, and which thread taught it."""
        mark, style = _MARKS[revision.change]
        audience = "" if revision.after.audience.value == "shared" else f" [{revision.after.audience.value}]"
        title = one_line(revision.after.title, self.width - MARGIN - 9 - len(audience))
        self._console.print(f"{'':<12}{mark:<12}  {revision.subject_id[:8]} {title}{audience}", style=style)
        taught = next((self._threads[m] for m in revision.from_messages[::-1] if m in self._threads), None)
        thread = f" · {self._opened[taught]}" if taught else ""
        self._console.print(f"{'':<{MARGIN}}{one_line(revision.why + thread, self.width - MARGIN)}", style="dim")

    def accept(self, told: AcceptTold) -> None:
        """An Accept, or its undo."""
        undone = told.click.kind == "undo"
        mark, style = ("- undone", "yellow") if undone else ("✓ accepted", "green")
        asked = one_line(told.question.query, self.width - MARGIN)
        self._console.print(f"{'':<12}{mark:<12}  {asked}", style=style)
        who = f"{'taken back' if undone else 'clicked'} by {WHO[told.click.role]} · {self._opened.get(told.session.id, '')}"
        self._console.print(f"{'':<{MARGIN}}{one_line(who, self.width - MARGIN)}", style="dim")


def instead(question: TurnQuestion, several: bool, answer: Answer | None) -> str:
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
