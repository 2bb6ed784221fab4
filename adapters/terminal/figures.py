"""The figures of ``vigil stats`` as a table."""

from collections.abc import Iterator
from datetime import timedelta
from typing import IO

from adapters.terminal.words import count
from core.domain.documents import DOCUMENT
from core.domain.figures import FEW, Figures, Help, Over
from core.domain.knowledge import CHUNK, QA, ChangeKind

KINDS = {QA: "question and answer", DOCUMENT: "document", CHUNK: "part of a document"}
Row = tuple[str, str, str]


def table(found: Figures, about: str, out: IO[str]) -> None:
    """Print them: a heading with period and channels, then a line each."""
    from rich import box
    from rich.console import Console
    from rich.table import Table

    console = Console(file=out, highlight=False, markup=False)
    if not console.is_terminal:
        console.width = 100
    shown = Table(title=f"{period(found.over)}, {about}", title_justify="left", box=box.SIMPLE, show_header=False)
    shown.add_column()
    shown.add_column(justify="right")
    shown.add_column(style="dim")
    for name, number, remark in rows(found):
        shown.add_row(name, number, remark, style="" if name.startswith(" ") else "bold")
    console.print(shown)


def period(over: Over) -> str:
    """The first and the last day, and how many they are."""
    last, days = over.until - timedelta(days=1), (over.until - over.since).days
    return f"{over.since:%Y-%m-%d} to {last:%Y-%m-%d} ({count(days, 'day')})"


def rows(found: Figures) -> Iterator[Row]:
    """What is counted, the number, and what it means."""
    before, after = found.helped[Help.BEFORE], found.helped[Help.AFTER]
    yield "On-calls in scope", f"{found.on_calls:,}", "sessions opened with a question in scope"
    yield "  helped", f"{found.helped_at_all:,}", share(found.helped_at_all, found.on_calls)
    yield "    before the analyst", f"{before:,}", share(before, found.on_calls)
    yield "    after the analyst", f"{after:,}", share(after, found.on_calls)
    yield "Answers per on-call", "", _distribution(found)
    yield from _answers(found)
    yield "Ahead of the human", minutes(found.lead.median_s) if found.lead.n >= FEW else "", _lead(found)
    yield from _knowledge(found)


def _answers(found: Figures) -> Iterator[Row]:
    total, days = found.answers, (found.over.until - found.over.since).days
    accepted = total.by_requester + total.by_analyst
    most = max(found.days, key=lambda day: day.posted, default=None)
    peak = f", most on {most.day} ({most.posted})" if most else ""
    yield "Answers posted", f"{total.posted:,}", f"{total.posted / days:.1f} a day{peak}"
    yield "  withdrawn since", f"{total.withdrawn:,}", share(total.withdrawn, total.posted)
    who = f"{total.by_requester} by the requester, {total.by_analyst} by an analyst"
    yield "  accepted", f"{accepted:,}", f"{share(accepted, total.posted)}; {who}" if accepted else ""
    if found.recorded:
        yield "Only recorded", f"{found.recorded:,}", "turns with an answer that nobody saw (shadow, backfill)"


def _knowledge(found: Figures) -> Iterator[Row]:
    known = found.knowledge
    yield "Known at the end", f"{sum(known.size.values()):,}", f"{sum(known.before.values()):,} before"
    for kind in sorted(known.size, key=lambda kind: -known.size[kind]):
        yield f"  {KINDS.get(kind, kind)}", f"{known.size[kind]:,}", ""
    did = [f"{known.changes[change]:,} {change.value}" for change in ChangeKind if known.changes.get(change)]
    yield "  changes", f"{sum(known.changes.values()):,}", ", ".join(did)


def _distribution(found: Figures) -> str:
    names = ("none", "1", "2", "3", "4 or more")
    return ", ".join(f"{name}: {n:,}" for name, n in zip(names, found.answers_per_on_call, strict=True))


def _lead(found: Figures) -> str:
    if found.lead.n < FEW:
        return f"too few to say: a human answered after {count(found.lead.n, 'card')}"
    low, high = minutes(found.lead.p25_s), minutes(found.lead.p75_s)
    return f"median of {found.lead.n:,}; half of them {low} to {high}"


def share(part: int, whole: int) -> str:
    """A share for people; where it is of too few, only the counts."""
    if not whole:
        return ""
    return f"{part / whole:.0%}" if whole >= FEW else f"{part} of {whole}, too few for a share"


def minutes(seconds: float | None) -> str:
    """A time as a person says it."""
    if seconds is None:
        return ""
    if seconds < 90:
        return f"{seconds:.0f} s"
    return f"{seconds / 60:.0f} min" if seconds < 5400 else f"{seconds / 3600:.1f} h"
