"""The suites: labelled rows through the same objects that run in production."""

import time
from collections.abc import Awaitable, Callable, Sequence

from core.domain.ids import MessageId, QuestionId, SessionId
from core.domain.sessions import Question
from core.domain.tasks import Lesson, Line
from core.evaluate.metrics import macro_f1, measured, share, weighted_f1
from core.evaluate.report import Report, report
from core.evaluate.retrieval import fill, refuse_suite, retrieve_suite, rewrite_suite, situation
from core.evaluate.rows import Row, history_lines, line, needed
from core.learn.extract import extract
from core.respond.identify import identify
from core.respond.situation import Tools
from core.respond.skip_repeat import find_repeat
from core.respond.steps import Steps

CLASSES = {"no_assistance": "no_assistance_needed"}
Suite = Callable[[Sequence[Row], Sequence[Row], Tools, str], Awaitable[Report]]


async def identify_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Three classes: macro-F1."""
    begun = time.monotonic()
    await fill(corpus, tools)
    pairs: list[tuple[str, str]] = []
    for row in rows:
        text, label = needed(row, "text", "label")
        history = history_lines(row)
        burst = (line(len(history), "customer", str(text)),)
        said = await identify(situation(history, burst, str(row.get("scope") or scope)), tools, Steps(tools.clock))
        pairs.append((CLASSES.get(str(label), str(label)), said.class_.value))
    return report("identify", len(rows), begun, {"macro_f1": measured(pairs, macro_f1)})


async def extract_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Which message solved it (top-1, over solved threads with two replies or more), and is there a definite answer."""
    begun = time.monotonic()
    hits: list[bool] = []
    definite: list[tuple[str, str]] = []
    for row in rows:
        (messages,) = needed(row, "messages")
        dialogue = [line(n, str(m["role"]), str(m["text"]), str(m.get("user", ""))) for n, m in enumerate(messages)]
        gold = {f"m{n}" for n, m in enumerate(messages) if "accepted_solution" in (m.get("labels") or ())}
        reply = await extract(_asked(dialogue[0]), dialogue, final=True, engine=tools.engine)
        found = reply.output.found
        best = found.from_messages if isinstance(found, Lesson) else found.likely
        definite.append((str(bool(row.get("resolved"))), str(isinstance(found, Lesson))))
        if gold and len(messages) > 2:
            hits.append(bool(set(best[:1]) & gold))
    figures = {"top_1": measured(hits, share), "macro_f1": measured(definite, macro_f1)}
    return report("extract", len(rows), begun, figures)


def _asked(first: Line) -> Question:
    return Question(QuestionId("q"), SessionId("evaluated"), (MessageId(first.id),), first.at, first.text)


async def dedup_suite(rows: Sequence[Row], corpus: Sequence[Row], tools: Tools, scope: str) -> Report:
    """Would the new answer repeat the old one: weighted F1 at the shipped theta."""
    begun = time.monotonic()
    pairs: list[tuple[str, str]] = []
    for row in rows:
        old, new, duplicate = needed(row, "old", "new", "duplicate")
        repeat = await find_repeat(str(new), [str(old)], tools.embedder, tools.calibration.repeat_theta)
        pairs.append(("skip" if duplicate else "send", "send" if repeat is None else "skip"))
    return report("dedup", len(rows), begun, {"weighted_f1": measured(pairs, weighted_f1)})


SUITES: dict[str, Suite] = {
    "identify": identify_suite,
    "rewrite": rewrite_suite,
    "retrieve": retrieve_suite,
    "refuse": refuse_suite,
    "extract": extract_suite,
    "dedup": dedup_suite,
}
